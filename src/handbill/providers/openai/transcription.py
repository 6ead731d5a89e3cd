"""Transcription through ``audio.transcriptions``: what was heard, with word times by whisper-1.

Facts: openai 3.52 types/audio/transcription_create_params.py (``verbose_json`` and
``timestamp_granularities`` are whisper-1's alone; it shuts down on 2027-02-26, and its successor
gives no word times), read 2026-11-21.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbill.domain.sound import WordEvent, parse_wav
from handbill.errors import BadAnswer
from handbill.providers.listening import TranscriptionAnswer, TranscriptionRequest
from handbill.providers.openai.answers import read_json
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.settings import OpenAISettings
from handbill.providers.ports import RawAnswer, Usage, VendorCall

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "whisper-1"
_WITH_WORDS = "whisper"


class Listener:
    """Listens to one line a call."""

    def __init__(self, settings: OpenAISettings, connection: Connection) -> None:
        self._settings = settings
        self._connection = connection
        self.model = settings.model or DEFAULT_MODEL

    def prepare_transcription(
        self, request: TranscriptionRequest
    ) -> VendorCall[TranscriptionAnswer]:
        """The call for `request`; pure."""
        settings = self._settings
        body: dict[str, Any] = {"model": self.model, "language": request.locale[:2].lower()}
        if _WITH_WORDS in self.model:
            body |= {"response_format": "verbose_json", "timestamp_granularities": ["word"]}
        else:
            body |= {"response_format": "json"}
        body |= settings.extra
        seconds = math.ceil(parse_wav(request.wav).duration_ms / 1000)
        usage = Usage(units=MappingProxyType({"audio_seconds": seconds}), cost_usd_micros=None)
        content = {
            "base_url": settings.base_url,
            "wav_sha256": sha256(request.wav).hexdigest(),
            **body,
        }
        return VendorCall(
            provider="openai",
            model=self.model,
            endpoint="audio.transcriptions",
            content=MappingProxyType(content),
            at_most=usage,
            send=partial(self._send, body, request.wav),
            measure=lambda _: usage,  # it is paid by the length of what was sent
            parse=partial(_parse, model=self.model, usage=usage),
            resend_is_free=settings.honours_idempotency_key,
            prices=settings.prices,
            rates=settings.rates,
            at_least=usage,
        )

    async def _send(self, body: Mapping[str, Any], wav: bytes, ticket: str) -> RawAnswer:
        headers = {"Idempotency-Key": ticket} if ticket else {}

        async def ask(client: AsyncOpenAI) -> Any:
            listening: Any = client.audio.transcriptions.with_raw_response
            sound = ("speech.wav", wav, "audio/wav")
            return await listening.create(file=sound, **body, extra_headers=headers)

        return await self._connection.send(ask, model=self.model)


def _parse(body: bytes, *, model: str, usage: Usage) -> TranscriptionAnswer:
    answer = read_json(body, model)
    text = answer.get("text")
    if not isinstance(text, str):
        raise BadAnswer("the answer holds no text", provider="openai", model=model)
    listed = answer.get("words")
    words = [_word(each) for each in listed] if isinstance(listed, list) else []
    return TranscriptionAnswer(
        text=text.strip(), words=tuple(word for word in words if word), usage=usage
    )


def _word(found: object) -> WordEvent | None:
    """One word with its times, or None for what is none."""
    if not isinstance(found, dict):
        return None
    start, end, text = found.get("start"), found.get("end"), found.get("word")
    if not isinstance(start, int | float) or not isinstance(end, int | float) or start > end:
        return None
    if not isinstance(text, str) or not text.strip():
        return None
    return WordEvent(text=text.strip(), start_ms=round(start * 1000), end_ms=round(end * 1000))
