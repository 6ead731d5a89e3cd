"""Speech with its word times, and sound as WAV bytes."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WordEvent:
    """One spoken word and when: milliseconds from the start of the sound, end exclusive."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """One sentence of the voice-over as sound.

    Attributes:
        text: as it is read in captions.
        wav: mono 16-bit WAV bytes.
        words: word times in this sound; empty when the provider gives none.
    """

    text: str
    wav: bytes
    words: tuple[WordEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """16-bit samples, little endian, channels interleaved."""

    pcm: bytes
    rate_hz: int
    channels: int

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds, rounded down."""
        return len(self.pcm) * 1000 // (2 * self.channels * self.rate_hz)


def parse_wav(wav: bytes) -> Samples:
    """The samples of 16-bit WAV bytes.

    Raises:
        ValueError: not a WAV file, or not 16 bits a sample.
    """
    try:
        with wave.open(io.BytesIO(wav)) as reader:
            if reader.getsampwidth() != 2:  # noqa: PLR2004 - two bytes are 16 bits
                raise ValueError(f"{8 * reader.getsampwidth()} bits a sample, 16 wanted")
            pcm = reader.readframes(reader.getnframes())
            return Samples(pcm=pcm, rate_hz=reader.getframerate(), channels=reader.getnchannels())
    except (wave.Error, EOFError) as fault:
        raise ValueError(f"not a WAV file: {fault}") from fault


def wav_bytes(samples: Samples) -> bytes:
    """`samples` as WAV bytes."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as writer:
        writer.setnchannels(samples.channels)
        writer.setsampwidth(2)
        writer.setframerate(samples.rate_hz)
        writer.writeframes(samples.pcm)
    return stream.getvalue()
