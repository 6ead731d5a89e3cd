"""Speech through ``audio.speech``; the vendor gives no word times."""

from __future__ import annotations

import io
import struct
import wave
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from handbill.errors import BadAnswer, CapabilityMissing
from handbill.providers.openai.connection import Connection
from handbill.providers.openai.settings import OpenAISettings
from handbill.providers.ports import RawAnswer, SpeechAnswer, SpeechRequest, Usage, VendorCall

if TYPE_CHECKING:
    from openai import AsyncOpenAI

DEFAULT_MODEL = "gpt-4o-mini-tts"
DEFAULT_VOICE = "marin"
# openai 3.51 types/audio/speech_create_params: "The maximum length is 4096 characters."
_MOST_CHARS = 4096
_SAMPLE_BYTES = 2
_RATES_HZ = range(22_050, 48_001)
_RIFF_HEAD = 12
_CHUNK_HEAD = 8
_PCM, _EXTENSIBLE = 1, 0xFFFE


class Speaker:
    """Speaks one line a call."""

    def __init__(self, settings: OpenAISettings, connection: Connection) -> None:
        self._settings = settings
        self._connection = connection
        self.model = settings.model or DEFAULT_MODEL

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        """One line of speech, by one call.

        Raises:
            ProviderError: of any kind.
        """
        call = self.prepare_speech(request)
        return call.parse((await call.send("")).body)

    def prepare_speech(self, request: SpeechRequest) -> VendorCall[SpeechAnswer]:
        """The call for `request`; pure.

        Raises:
            CapabilityMissing: the line is longer than the vendor takes.
        """
        if not 0 < len(request.text) <= _MOST_CHARS:
            raise CapabilityMissing(
                f"a line must have 1 to {_MOST_CHARS} characters, not {len(request.text)}",
                provider="openai",
                model=self.model,
            )
        body = {
            "model": self.model,
            "input": request.text,
            "voice": request.voice or self._settings.voice or DEFAULT_VOICE,
            "response_format": "wav",
            "speed": request.pace,
            **_told(request.mood, self.model),
            **self._settings.extra,
        }
        units = MappingProxyType({"input_characters": len(request.text)})
        usage = Usage(units=units, cost_usd_micros=None)
        return VendorCall(
            provider="openai",
            model=self.model,
            endpoint="audio.speech",
            content=MappingProxyType({"base_url": self._settings.base_url, **body}),
            at_most=usage,
            send=partial(self._send, body),
            measure=lambda _: usage,  # the vendor says nothing: it bills what was sent
            parse=partial(_parse, model=self.model, usage=usage),
            resend_is_free=self._settings.honours_idempotency_key,
            prices=self._settings.prices,
            rates=self._settings.rates,
            at_least=usage,
        )

    async def _send(self, body: Mapping[str, Any], ticket: str) -> RawAnswer:
        headers = {"Idempotency-Key": ticket} if ticket else {}

        async def ask(client: AsyncOpenAI) -> Any:
            speech: Any = client.audio.speech.with_raw_response
            return await speech.create(**self._settings.arguments(body), extra_headers=headers)

        return await self._connection.send(ask, model=self.model, wants="audio")


def _told(mood: str, model: str) -> dict[str, str]:
    """How to say it, for models that can be told; the tts-1 family cannot (OpenAI, 2025-03)."""
    return {"instructions": mood} if mood and not model.startswith("tts-1") else {}


def _parse(body: bytes, *, model: str, usage: Usage) -> SpeechAnswer:
    """Clean mono WAV bytes: streamed files state no length, and some servers send stereo."""
    try:
        channels, rate_hz, samples = _pcm(body)
    except (ValueError, struct.error) as fault:
        raise BadAnswer(
            f"what came is not 16-bit WAV sound: {fault}", provider="openai", model=model
        ) from None
    sound = io.BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(_SAMPLE_BYTES)
        writer.setframerate(rate_hz)
        writer.writeframes(_mono(samples, channels))
    return SpeechAnswer(wav=sound.getvalue(), usage=usage)


def _pcm(body: bytes) -> tuple[int, int, bytes]:
    """Channels, rate and samples of a RIFF file whose lengths may be missing or too large."""
    if body[:4] != b"RIFF" or body[8:_RIFF_HEAD] != b"WAVE":
        message = f"it begins with {body[:4]!r}"
        raise ValueError(message)
    at, form = _RIFF_HEAD, b""
    while at + _CHUNK_HEAD <= len(body):
        name, length = struct.unpack_from("<4sI", body, at)
        chunk = body[at + _CHUNK_HEAD : at + _CHUNK_HEAD + length]
        if name == b"fmt ":
            form = chunk
        if name == b"data":
            return (*_form(form), chunk)
        at += _CHUNK_HEAD + length + length % 2
    message = "it holds no sound"
    raise ValueError(message)


def _form(form: bytes) -> tuple[int, int]:
    kind, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", form)
    fits = kind in (_PCM, _EXTENSIBLE) and bits == 8 * _SAMPLE_BYTES and channels in (1, 2)
    if not fits or rate_hz not in _RATES_HZ:
        message = f"format {kind}, {bits} bits, {channels} channels, {rate_hz} Hz"
        raise ValueError(message)
    return channels, rate_hz


def _mono(samples: bytes, channels: int) -> bytes:
    whole = len(samples) // (_SAMPLE_BYTES * channels) * _SAMPLE_BYTES * channels
    if not whole:
        message = "it holds no sound"
        raise ValueError(message)
    if channels == 1:
        return samples[:whole]
    import numpy as np  # noqa: PLC0415 - only for servers that send stereo

    pairs = np.frombuffer(samples[:whole], dtype="<i2").reshape(-1, channels)
    return bytes(pairs.mean(axis=1).astype("<i2").tobytes())
