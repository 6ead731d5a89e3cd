"""Moderation through ``moderations.create``: free, and it takes a picture beside the text.

Facts: openai 3.52 types/moderation_create_params.py (a list of ``text`` and ``image_url`` parts,
omni-moderation-latest by default) and types/moderation.py, read 2026-11-21.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbill.errors import BadAnswer
from handbill.providers.listening import ModerationAnswer, ModerationRequest
from handbill.providers.openai.answers import read_json
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.settings import OFFICIAL_URL, OpenAISettings
from handbill.providers.ports import RawAnswer, Usage, VendorCall

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "omni-moderation-latest"
_NOTHING = Usage(cost_usd_micros=None)


class Moderator:
    """Asks about one text and one picture a call."""

    def __init__(self, settings: OpenAISettings, connection: Connection) -> None:
        self._settings = settings
        self._connection = connection
        self.model = settings.model or DEFAULT_MODEL

    def prepare_moderation(self, request: ModerationRequest) -> VendorCall[ModerationAnswer]:
        """The call for `request`; pure."""
        settings = self._settings
        picture = sha256(request.picture).hexdigest() if request.picture else ""
        content = {"base_url": settings.base_url, "model": self.model, "text": request.text}
        return VendorCall(
            provider="openai",
            model=self.model,
            endpoint="moderations",
            content=MappingProxyType(content | {"picture_sha256": picture}),
            at_most=_NOTHING,
            send=partial(self._send, request),
            measure=lambda _: _NOTHING,
            parse=partial(_parse, model=self.model),
            # A repeated question costs nothing there either.
            resend_is_free=settings.base_url == OFFICIAL_URL or settings.honours_idempotency_key,
            prices=replace(settings.prices, free=settings.base_url == OFFICIAL_URL),
            rates=settings.rates,
            at_least=_NOTHING,
        )

    async def _send(self, request: ModerationRequest, ticket: str) -> RawAnswer:
        headers = {"Idempotency-Key": ticket} if ticket else {}
        parts: list[dict[str, Any]] = [{"type": "text", "text": request.text}]
        if request.picture:
            encoded = base64.b64encode(request.picture).decode()
            url = f"data:{request.picture_mime};base64,{encoded}"
            parts.append({"type": "image_url", "image_url": {"url": url}})

        async def ask(client: AsyncOpenAI) -> Any:
            moderations: Any = client.moderations.with_raw_response
            return await moderations.create(model=self.model, input=parts, extra_headers=headers)

        return await self._connection.send(ask, model=self.model)


def _parse(body: bytes, *, model: str) -> ModerationAnswer:
    """Flags and scores, the highest score of a category where several results came."""
    results = read_json(body, model).get("results")
    found = (
        [each for each in results if isinstance(each, dict)] if isinstance(results, list) else []
    )
    if not found:
        raise BadAnswer("the answer holds no result", provider="openai", model=model)
    flagged: set[str] = set()
    scores: dict[str, float] = {}
    for result in found:
        flags = _mapping(result.get("categories"))
        named = {name for name, is_flagged in flags.items() if is_flagged is True}
        flagged |= named or ({"unnamed"} if result.get("flagged") is True else set())
        for name, score in _mapping(result.get("category_scores")).items():
            if isinstance(score, int | float):
                scores[name] = max(float(score), scores.get(name, 0.0))
    return ModerationAnswer(
        flagged=tuple(sorted(flagged)), scores=MappingProxyType(dict(sorted(scores.items())))
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
