"""One slot on a channel, with every limit that the platform sets and where we read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How sure a figure is.

    Attributes:
        confidence: ``A`` official source, ``B`` third party, ``C`` unverified (never blocks).
        sources: keys of the catalogue's source list.
        note: a remark for people.
    """

    confidence: str = "C"
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """One text that a placement takes.

    Attributes:
        limit: the most that fits, in `unit`; 0 means the field does not exist.
        unit: a counting rule of `channels.units`, such as ``x_weighted``.
        soft: a display limit: longer texts are cut on screen, not refused.
        min_items, max_items: how many texts of this field one asset holds (RSA: 3 to 15).
    """

    name: str
    limit: int
    unit: str
    soft: bool = False
    min_items: int = 1
    max_items: int = 1
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeZone:
    """Margins that the platform's own controls cover, in pixels of the canvas (≥ 0)."""

    top_px: int = 0
    bottom_px: int = 0
    left_px: int = 0
    right_px: int = 0

    def scaled(self, factor: float) -> SafeZone:
        """The same zone on a canvas `factor` times as large, rounded up."""
        edges = (self.top_px, self.bottom_px, self.left_px, self.right_px)
        top, bottom, left, right = (-int(-edge * factor // 1) for edge in edges)
        return SafeZone(top_px=top, bottom_px=bottom, left_px=left, right_px=right)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSpec:
    """A picture that a placement takes, at the size that Handbill makes.

    Attributes:
        width_px, height_px: canvas, bleed included.
        formats: accepted, the one that we write first: ``jpeg``, ``png``, ``webp``, ``pdf``.
        max_bytes: cap of the file, or 0 for none.
        bleed_px: margin on every edge that a print shop cuts off.
        dpi: 0 for screens.
        role: empty, or what the picture is for (``cover``).
    """

    width_px: int
    height_px: int
    formats: tuple[str, ...] = ("jpeg",)
    max_bytes: int = 0
    min_width_px: int = 0
    min_height_px: int = 0
    safe_zone: SafeZone = SafeZone()
    bleed_px: int = 0
    dpi: int = 0
    role: str = ""
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSpec:
    """A film that a placement takes. Durations in seconds, `max_bytes` 0 for no cap."""

    width_px: int
    height_px: int
    min_s: float = 0.0
    max_s: float = 0.0
    max_bytes: int = 0
    fps: int = 30
    safe_zone: SafeZone = SafeZone()
    loudness_lufs: float = -14.0
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """How the platform wants AI content declared.

    Attributes:
        field: the API's own field (``post_info.is_aigc``), or empty where only metadata or a
            manual switch exists.
        how: one line for a person.
    """

    field: str = ""
    how: str = ""
    provenance: Provenance = Provenance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One slot on one channel.

    Attributes:
        id: ``channel.slot``, such as ``instagram.reel``.
        kind: ``organic``, ``ad``, ``commerce``, ``message`` or ``print``.
        makes: media that Handbill makes for it, of ``copy``, ``image``, ``film``, ``document``;
            empty while the placement is only described.
        texts: field name → rule.
        hashtags_max: None when the platform states no cap.
        link_in: the text field that takes the URL inline, ``link`` for a field of its own, or
            empty where links do not work.
        bulk_formats: native import sheets that can carry it.
        checked_on: ISO date on which the figures were last read.
    """

    id: str
    platform: str
    kind: str
    makes: tuple[str, ...] = ()
    texts: Mapping[str, TextField] = field(default_factory=lambda: MappingProxyType({}))
    hashtags_max: int | None = None
    link_in: str = ""
    image: ImageSpec | None = None
    video: VideoSpec | None = None
    disclosure: Disclosure = Disclosure()
    bulk_formats: tuple[str, ...] = ()
    checked_on: str = ""

    @property
    def channel(self) -> str:
        """The part before the dot."""
        return self.id.split(".", 1)[0]

    @property
    def slot(self) -> str:
        """The part after the dot."""
        return self.id.split(".", 1)[1]
