"""What a provider can be asked for: one small Protocol per capability.

Adapters never sleep and never retry; the press owns both. They raise the `ProviderError` family
and nothing else. They are used from one event loop a process.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.copy import Draft
from handbill.domain.order import Order
from handbill.domain.prompt import Prompt
from handbill.domain.sound import WordEvent
from handbill.providers.listening import ModerationProvider, TranscriptionProvider
from handbill.providers.vendor_calls import (
    BatchDesk,
    BatchLine,
    BatchOffer,
    BatchState,
    PriceTerms,
    RateTerms,
    RawAnswer,
    Usage,
    VendorCall,
)

__all__ = [
    "BatchDesk",
    "BatchLine",
    "BatchOffer",
    "BatchState",
    "CopyAnswer",
    "CopyProvider",
    "CopyRequest",
    "ImageAnswer",
    "ImageProvider",
    "ImageRequest",
    "KnowsLocales",
    "ModelFact",
    "MusicAnswer",
    "MusicProvider",
    "MusicRequest",
    "PreparesCopies",
    "PreparesCopy",
    "PreparesImage",
    "PreparesMusic",
    "PreparesSpeech",
    "PriceTerms",
    "ProbeAnswer",
    "ProviderHandle",
    "RateTerms",
    "RawAnswer",
    "SpeechAnswer",
    "SpeechRequest",
    "Usage",
    "VendorCall",
    "VideoAnswer",
    "VideoProvider",
    "VideoRequest",
    "VoiceProvider",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRequest:
    """Ask for the copy of all orders of one brief in one locale, account and variant.

    Attributes:
        orders: one or more, all with the same brief, locale, account, audience and variant
            (hence the same `creative_key`).
        facts: slot name → text in the locale (``price`` → ``19,90 €``): what may be referred to.
            Drafts must use slots for these, and must not write numbers, dates or contacts.
        findings: for a second try: order key → what was wrong with the first draft.
        attempt: 1 for the first try; part of the question, so that a repeated one is a new one.
        prompt: the text for a language model, written by the press; None for providers that
            need none.
    """

    brief: Brief
    kit: BrandKit
    locale: str
    account: str
    audience: str
    variant: int
    seed: int
    orders: tuple[Order, ...]
    facts: Mapping[str, str]
    findings: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    prompt: Prompt | None = None
    attempt: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyAnswer:
    """Drafts by order key; an order may be missing, which is a fault of that order alone."""

    drafts: Mapping[str, Draft]
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRequest:
    """Ask for one line of speech.

    Attributes:
        text: as it is to be said: figures, addresses and names already in words.
        voice: the provider's own name of a voice, or empty for its choice.
        pace: 1.0 for normal, 0.5 to 2.0.
        mood: how to say it, in words, or empty; providers that cannot be told leave it out.
        phonemes: words of `text` and their sounds in espeak-ng's names, for providers that know
            these.
    """

    text: str
    locale: str
    voice: str = ""
    pace: float = 1.0
    mood: str = ""
    phonemes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechAnswer:
    """Mono 16-bit WAV bytes, 22 050 to 48 000 Hz; `words` empty when the vendor gives no times."""

    wav: bytes
    words: tuple[WordEvent, ...] = ()
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicRequest:
    """Ask for a bed of music.

    Attributes:
        mood: ``bright``, ``warm``, ``calm``, ``bold`` or ``playful``.
        duration_ms: exact length wanted.
        bpm: 60 to 180.
        accents_ms: moments that the music should mark (cuts, the end card).
    """

    mood: str
    duration_ms: int
    bpm: int
    seed: int
    accents_ms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicAnswer:
    """Stereo 16-bit WAV bytes at 48 000 Hz, and the licence line for the manifest."""

    wav: bytes
    licence: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRequest:
    """Ask for a picture, or for an edit when `reference_png` is given. No text in the picture."""

    prompt: str
    width_px: int
    height_px: int
    reference_png: bytes = b""
    transparent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageAnswer:
    """Encoded picture as the vendor sent it (PNG, JPEG or WebP)."""

    data: bytes
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoRequest:
    """Ask for a clip without words in it.

    Attributes:
        width_px, height_px: decide the shape; vendors make the nearest that they offer.
        duration_s: wished length, above 0; vendors make the next one that they offer.
        reference_png: a picture that the clip begins with, or empty.
    """

    prompt: str
    width_px: int
    height_px: int
    duration_s: float
    seed: int = 0
    reference_png: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoAnswer:
    """A clip as the vendor sent it; its bytes say ``video/mp4`` or ``video/webm``."""

    data: bytes
    mime: str
    usage: Usage = field(default_factory=Usage)


class CopyProvider(Protocol):
    """Writes drafts."""

    def writes(self, locale: str) -> bool:
        """Whether this provider writes `locale`."""
        ...

    async def write_copy(self, request: CopyRequest) -> CopyAnswer:
        """Drafts for all orders of one request.

        Raises:
            ProviderError: of any kind.
        """
        ...


class VoiceProvider(Protocol):
    """Speaks."""

    async def speak(self, request: SpeechRequest) -> SpeechAnswer:
        """One line of speech, with word times where known.

        Raises:
            ProviderError: of any kind.
        """
        ...


@runtime_checkable
class KnowsLocales(Protocol):
    """A voice provider that can tell beforehand which locales it speaks."""

    def speaks(self, locale: str) -> bool:
        """Whether it has a voice for `locale`."""
        ...


class MusicProvider(Protocol):
    """Composes."""

    async def compose(self, request: MusicRequest) -> MusicAnswer:
        """A bed of music of the exact length.

        Raises:
            ProviderError: of any kind.
        """
        ...


class ImageProvider(Protocol):
    """Makes pictures."""

    async def make_image(self, request: ImageRequest) -> ImageAnswer:
        """One picture.

        Raises:
            ProviderError: of any kind.
        """
        ...


@runtime_checkable
class VideoProvider(Protocol):
    """Makes clips. They take minutes, and waiting is the press's: so there is only the call."""

    def prepare_video(self, request: VideoRequest) -> VendorCall[VideoAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFact:
    """One model of a vendor; `shuts_down_on` is an ISO date, or empty when none is announced."""

    name: str
    shuts_down_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeAnswer:
    """Whether a provider can be reached with its key; `message` says why not."""

    answers: bool
    message: str = ""
    models: tuple[ModelFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderHandle:
    """One configured provider: what it can do. A capability it lacks is None.

    Attributes:
        name: registered name.
        mode: ``offline``, ``live`` or ``mock``, for the manifest.
        models: capability → model name, for the manifest.
        locales: locales that its copy capability writes; empty means any.
        probe: asks whether it answers, without cost; None for providers that always do.
        close: gives up the connections of the running event loop; None where there are none.
        batch: takes many calls at once; None where the vendor has no such desk.
    """

    name: str
    mode: str
    copy: CopyProvider | None = None
    voice: VoiceProvider | None = None
    music: MusicProvider | None = None
    image: ImageProvider | None = None
    video: VideoProvider | None = None
    models: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    locales: tuple[str, ...] = ()
    probe: Callable[[], Awaitable[ProbeAnswer]] | None = None
    moderation: ModerationProvider | None = None
    transcription: TranscriptionProvider | None = None
    close: Callable[[], Awaitable[None]] | None = None
    batch: BatchDesk | None = None


@runtime_checkable
class PreparesCopy(Protocol):
    """A copy provider that costs money."""

    def prepare_copy(self, request: CopyRequest) -> VendorCall[CopyAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...


@runtime_checkable
class PreparesCopies(Protocol):
    """A copy provider that can be asked for several languages at once."""

    def fit_together(self, requests: Sequence[CopyRequest]) -> bool:
        """Whether one answer can hold the copy of all `requests`, one a language."""
        ...

    def prepare_copies(
        self, requests: Sequence[CopyRequest], prompt: Prompt
    ) -> VendorCall[tuple[CopyAnswer, ...]]:
        """The call for all `requests`, with the one `prompt` for them; pure, sends nothing."""
        ...


@runtime_checkable
class PreparesSpeech(Protocol):
    """A voice provider that costs money."""

    def prepare_speech(self, request: SpeechRequest) -> VendorCall[SpeechAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...


@runtime_checkable
class PreparesMusic(Protocol):
    """A music provider that costs money."""

    def prepare_music(self, request: MusicRequest) -> VendorCall[MusicAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...


@runtime_checkable
class PreparesImage(Protocol):
    """An image provider that costs money."""

    def prepare_image(self, request: ImageRequest) -> VendorCall[ImageAnswer]:
        """The call for `request`; pure, sends nothing."""
        ...
