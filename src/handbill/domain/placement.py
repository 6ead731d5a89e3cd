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
        min_items, max_items: how many texts of this field one asset holds (RSA: 5 to 15);
            `min_items` 0 means that the field may stay empty.
        written: a copy provider writes it. False for what Handbill derives (``link``, ``html``),
            for alternative text (it has its own place in `Copy`), and for figures that are kept
            for people (``premium_text``).
        min_chars: the fewest units of one text, 0 for no minimum.
        rule: a condition in words that the counts do not hold, or empty.
    """

    name: str
    limit: int
    unit: str
    soft: bool = False
    min_items: int = 1
    max_items: int = 1
    provenance: Provenance = Provenance()
    written: bool = True
    min_chars: int = 0
    rule: str = ""


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
        max_width_px, max_height_px, min_bytes: 0 for no such limit.
        aspects: proportions that the platform names, as ``4:5``.
        aspect_range: least and greatest width / height, or empty when the platform states none.
        sizes: exact pixel sizes where the platform takes a list of them.
        min_items, max_items: how many pictures one asset holds; 0 when not stated.
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
    max_width_px: int = 0
    max_height_px: int = 0
    min_bytes: int = 0
    aspects: tuple[str, ...] = ()
    aspect_range: tuple[float, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    min_items: int = 0
    max_items: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoSpec:
    """A film that a placement takes. Durations in seconds, `max_bytes` 0 for no cap.

    Attributes:
        master: name of the master film whose figures these are (`vertical`, `square`, `wide`),
            or empty for a platform's own figures. Placements of one master share one film.
        min_width_px … max_height_px, min_bytes: 0 for no such limit.
        aspects, aspect_range: as in `ImageSpec`.
        containers, video_codecs, audio_codecs: accepted, lower case; empty when not stated.
        fps_range: least and most frames per second, both inclusive, or empty.
        min_kbps, min_audio_kbps: least bit rates, 0 when not stated.
    """

    width_px: int
    height_px: int
    min_s: float = 0.0
    max_s: float = 0.0
    max_bytes: int = 0
    fps: int = 30
    safe_zone: SafeZone = SafeZone()
    loudness_lufs: float = -14.0
    provenance: Provenance = Provenance()
    master: str = ""
    min_width_px: int = 0
    min_height_px: int = 0
    max_width_px: int = 0
    max_height_px: int = 0
    min_bytes: int = 0
    aspects: tuple[str, ...] = ()
    aspect_range: tuple[float, ...] = ()
    containers: tuple[str, ...] = ()
    video_codecs: tuple[str, ...] = ()
    audio_codecs: tuple[str, ...] = ()
    fps_range: tuple[float, ...] = ()
    min_kbps: int = 0
    min_audio_kbps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """How the platform wants AI content declared.

    Attributes:
        field: the API's own field (``post_info.is_aigc``), or empty where only metadata or a
            manual switch exists.
        how: one line for a person.
        manual: a person has to switch the label on in the app: no field, or not for every way in.
    """

    field: str = ""
    how: str = ""
    provenance: Provenance = Provenance()
    manual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """One slot on one channel.

    Attributes:
        id: ``channel.slot``, such as ``instagram.reel``.
        kind: ``organic``, ``ad``, ``commerce``, ``message`` or ``print``.
        makes: media that Handbill makes for it, of ``copy``, ``image``, ``film``, ``document``;
            empty while the placement is only described.
        texts: field name → rule; see `written_texts` for those that a copy provider writes.
        hashtags_in: the text field that hashtags are added to and counted in, or empty where they
            have a field of their own or do not work.
        image: the picture that Handbill makes, within the platform's limits.
        video: the film that Handbill makes: a master's figures where `makes` holds ``film``.
        video_limits: the platform's own figures for films, None when it takes none.
        image_slots: further pictures by name, where a placement takes several kinds.
        items: counts of parts of one asset, name → (least, most).
        confidence: of the figures that block, as in `Provenance`.
        rules: conditions in words.
        figures: facts without a field of their own, dotted name → value as text.
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
    video_limits: VideoSpec | None = None
    image_slots: Mapping[str, ImageSpec] = field(default_factory=lambda: MappingProxyType({}))
    items: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    confidence: str = "C"
    rules: tuple[str, ...] = ()
    figures: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    hashtags_provenance: Provenance = Provenance()
    hashtags_in: str = ""

    @property
    def written_texts(self) -> dict[str, TextField]:
        """The text fields that a copy provider writes, in catalogue order."""
        return {name: rule for name, rule in self.texts.items() if rule.written and rule.limit}

    @property
    def channel(self) -> str:
        """The part before the dot."""
        return self.id.split(".", 1)[0]

    @property
    def slot(self) -> str:
        """The part after the dot."""
        return self.id.split(".", 1)[1]
