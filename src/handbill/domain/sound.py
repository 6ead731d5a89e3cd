"""Speech with its word times."""

from __future__ import annotations

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
