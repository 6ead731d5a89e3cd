"""Copy by a language model: one call for all orders of a brief, in a strict JSON shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from handbill.domain.digest import digest
from handbill.domain.placement import Placement
from handbill.domain.prompt import Prompt
from handbill.errors import CapabilityMissing
from handbill.providers.openai.answers import read_drafts, read_languages, read_usage
from handbill.providers.openai.batches import MOST_BYTES, MOST_LINES, Batches
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.schema import NAME, schema_for, schema_of_languages, written
from handbill.providers.openai.settings import OpenAISettings
from handbill.providers.ports import (
    BatchOffer,
    CopyAnswer,
    CopyRequest,
    RawAnswer,
    Usage,
    VendorCall,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

AnswerT = TypeVar("AnswerT")

DEFAULT_MODEL = "gpt-6-luna"
# Reasoning and JSON around the texts; the texts themselves are counted from their limits.
_SPARE_TOKENS = 3000
_MOST_TOKENS = 32_000
# What one answer in several languages may hold.
_MOST_JOINT_ORDERS = 24
_MOST_JOINT_TOKENS = 16_000
_MOST_CHARS_A_FIELD = 2200
_CHARS_A_TOKEN = 3
_PROMPT_BYTES_A_TOKEN = 2
_MOST_PROMPT_BYTES_A_TOKEN = 5
# The shortest good answer: short texts in the fewest numbers, and the JSON around them.
_LEAST_CHARS_A_TEXT = 40
_LEAST_TOKENS_AN_ORDER = 60


class Copywriter:
    """Writes drafts through Responses or Chat Completions."""

    def __init__(self, settings: OpenAISettings, connection: Connection, batches: Batches) -> None:
        self._settings = settings
        self._connection = connection
        self._batches = batches
        self._schemas: dict[tuple[str, ...], dict[str, Any]] = {}
        self.model = settings.model or DEFAULT_MODEL

    def writes(self, locale: str) -> bool:
        """Any locale: today's models write them all, and checks look at the language."""
        return bool(locale)

    async def write_copy(self, request: CopyRequest) -> CopyAnswer:
        """Drafts for all orders of one request, by one call.

        Raises:
            ProviderError: of any kind.
        """
        call = self.prepare_copy(request)
        return call.parse((await call.send("")).body)

    def prepare_copy(self, request: CopyRequest) -> VendorCall[CopyAnswer]:
        """The call for `request`; pure.

        Raises:
            CapabilityMissing: the request has no prompt.
        """
        if request.prompt is None:
            raise CapabilityMissing(
                "a model needs a prompt, and none was written", provider="openai"
            )
        schema = self._schema(tuple(order.placement for order in request.orders))
        parse = partial(_parse, request=request, model=self.model)
        return self._call([request], request.prompt, schema, parse)

    def fit_together(self, requests: Sequence[CopyRequest]) -> bool:
        """Whether one answer can hold several languages: long ones grow careless at their end."""
        orders = sum(len(request.orders) for request in requests)
        return orders <= _MOST_JOINT_ORDERS and _output_tokens(requests) <= _MOST_JOINT_TOKENS

    def prepare_copies(
        self, requests: Sequence[CopyRequest], prompt: Prompt
    ) -> VendorCall[tuple[CopyAnswer, ...]]:
        """The call for several languages of one brief; pure."""
        parts = {one.locale: tuple(o.placement for o in one.orders) for one in requests}
        parse = partial(_parse_languages, requests=tuple(requests), model=self.model)
        return self._call(requests, prompt, schema_of_languages(parts), parse)

    def _call(
        self,
        requests: Sequence[CopyRequest],
        prompt: Prompt,
        schema: Mapping[str, Any],
        parse: Callable[[bytes], AnswerT],
    ) -> VendorCall[AnswerT]:
        chat = self._settings.api == "chat"
        most = self._settings.max_output_tokens or _output_tokens(requests)
        body = self._body(prompt, schema, most)
        bytes_in = sum(len(part.encode()) for part in (prompt.rules, prompt.brand, prompt.ask))
        at_least = {
            "input_tokens": bytes_in // _MOST_PROMPT_BYTES_A_TOKEN,
            "output_tokens": sum(_least_output_tokens(request) for request in requests),
        }
        at_most = {
            "input_tokens": bytes_in // _PROMPT_BYTES_A_TOKEN + len(str(body)) // 8,
            "output_tokens": most,
        }
        return VendorCall(
            provider="openai",
            model=self.model,
            endpoint="chat.completions" if chat else "responses",
            content=MappingProxyType({"base_url": self._settings.base_url, **body}),
            at_most=Usage(units=MappingProxyType(at_most), cost_usd_micros=None),
            send=partial(self._send, body),
            measure=read_usage,
            parse=parse,
            resend_is_free=self._settings.honours_idempotency_key,
            prices=self._settings.prices,
            rates=self._settings.rates,
            at_least=Usage(units=MappingProxyType(at_least), cost_usd_micros=None),
            batch=BatchOffer(
                desk=self._batches,
                url="/v1/chat/completions" if chat else "/v1/responses",
                body=body,
                most_lines=MOST_LINES,
                most_bytes=MOST_BYTES,
            ),
        )

    def _body(self, prompt: Prompt, schema: Mapping[str, Any], most: int) -> dict[str, Any]:
        lasting = f"{prompt.rules}\n\n{prompt.brand}"
        if self._settings.api == "chat":
            shape = {"name": NAME, "schema": schema, "strict": True}
            return {
                "model": self.model,
                "messages": [
                    {"role": "system", "content": lasting},
                    {"role": "user", "content": prompt.ask},
                ],
                "response_format": {"type": "json_schema", "json_schema": shape},
                "max_completion_tokens": most,
                **self._settings.extra,
            }
        return {
            "model": self.model,
            "instructions": lasting,
            "input": prompt.ask,
            "text": {
                "format": {"type": "json_schema", "name": NAME, "schema": schema, "strict": True}
            },
            "max_output_tokens": most,
            "store": False,
            "prompt_cache_key": f"handbill-{digest(lasting)[:16]}",
            **self._settings.extra,
        }

    def _schema(self, placements: tuple[Placement, ...]) -> dict[str, Any]:
        """Built once for each set of placements, so that vendors compile it once too."""
        ids = tuple(placement.id for placement in placements)
        return self._schemas.setdefault(ids, schema_for(placements))

    async def _send(self, body: Mapping[str, Any], ticket: str) -> RawAnswer:
        headers = {"Idempotency-Key": ticket} if ticket else {}

        async def ask(client: AsyncOpenAI) -> Any:
            chat = self._settings.api == "chat"
            create: Any = (
                client.chat.completions.with_raw_response.create
                if chat
                else client.responses.with_raw_response.create
            )
            return await create(**self._settings.arguments(body), extra_headers=headers)

        return await self._connection.send(ask, model=self.model)


def _parse(body: bytes, *, request: CopyRequest, model: str) -> CopyAnswer:
    return read_drafts(body, request, model)


def _parse_languages(
    body: bytes, *, requests: tuple[CopyRequest, ...], model: str
) -> tuple[CopyAnswer, ...]:
    return read_languages(body, requests, model)


def _least_output_tokens(request: CopyRequest) -> int:
    """Short texts in every field that must hold one, and their JSON."""
    chars = sum(
        min(field.limit, _LEAST_CHARS_A_TEXT) * field.min_items
        for order in request.orders
        for field in written(order.placement)
    )
    return len(request.orders) * _LEAST_TOKENS_AN_ORDER + chars // (_CHARS_A_TOKEN + 1)


def _output_tokens(requests: Sequence[CopyRequest]) -> int:
    """Enough for every field of every order at its limit, and for thinking."""
    chars = sum(
        min(field.limit, _MOST_CHARS_A_FIELD) * max(1, field.max_items)
        for request in requests
        for order in request.orders
        for field in written(order.placement)
    )
    return min(_MOST_TOKENS, _SPARE_TOKENS + chars // _CHARS_A_TOKEN)
