"""Capabilities that look at what is made instead of making it: moderation and transcription."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from handbill.domain.sound import WordEvent
from handbill.providers.vendor_calls import Usage, VendorCall


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationRequest:
    """Ask whether this may be shown to people: a text, and a picture (PNG, JPEG or WebP) or none.

    `picture_mime` is empty without a picture.
    """

    text: str
    picture: bytes = b""
    picture_mime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModerationAnswer:
    """What a vendor says of it.

    Attributes:
        flagged: categories that the vendor would not let through, sorted.
        scores: category → 0 to 1, how sure it is of each.
    """

    flagged: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionRequest:
    """Ask what is said in mono 16-bit WAV bytes, in the language of `locale`."""

    wav: bytes
    locale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionAnswer:
    """What was heard; `words` is empty where the vendor gives no times."""

    text: str
    words: tuple[WordEvent, ...] = ()
    usage: Usage = field(default_factory=Usage)


@runtime_checkable
class ModerationProvider(Protocol):
    """Looks at texts and pictures."""

    def prepare_moderation(self, request: ModerationRequest) -> VendorCall[ModerationAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...


@runtime_checkable
class TranscriptionProvider(Protocol):
    """Listens to speech."""

    def prepare_transcription(
        self, request: TranscriptionRequest
    ) -> VendorCall[TranscriptionAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...
