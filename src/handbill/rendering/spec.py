"""What renderers are asked for and what they answer.

Specs hold everything that decides the pixels, so that `digest(spec)` is the key of the result.
They pickle, so that they can be drawn in another process.
"""

from __future__ import annotations

from dataclasses import dataclass

from handbill.domain.brandkit import BrandKit, Palette
from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Finding
from handbill.domain.placement import ImageSpec, VideoSpec
from handbill.domain.verdict import BrandVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterSpec:
    """One poster to draw.

    Attributes:
        canvas: size, formats (the first one is written), cap in bytes, safe zone, bleed, dpi.
        palette: the account's or the brand's.
        locale: decides fonts, direction and line breaking.
        seed: decides layout and ground among those that fit; see `domain.order.Order.seed`.
        variant: 1-based; variants of one seed differ in layout, crop and ground.
        url: for a QR code on print, or empty for none.
        ai_label: words of the visible AI label, or empty for none.
        background: absolute path of a picture made by a provider, or empty to draw one.
        scene: absolute path of a picture made by a provider that shows the product itself, and
            stands in the place of `pictures`; or empty.
        subject: where the product stands in `scene`, in shares of it: left, top, right, bottom;
            empty where that is not known.
        remarks: findings of earlier steps that belong to this poster.
    """

    canvas: ImageSpec
    display: DisplayText
    kit: BrandKit
    palette: Palette
    pictures: tuple[Picture, ...]
    locale: str
    seed: int
    variant: int = 1
    url: str = ""
    ai_label: str = ""
    background: str = ""
    scene: str = ""
    subject: tuple[float, ...] = ()
    remarks: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where one element came to lie, in pixels; right and bottom exclusive.

    `text_px` is the size of its smallest type, 0 where it has none.
    """

    role: str
    left_px: int
    top_px: int
    right_px: int
    bottom_px: int
    text_px: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterResult:
    """A drawn poster.

    Attributes:
        path: the file, or empty where a finding blocked it before anything was drawn.
        layout: name of the layout that was chosen, or empty.
        boxes: where each element lies (for checks and hit tests), the product's picture last.
        strange_fonts: families that stand in for the brand's own.
        verdict: how it keeps to its brand, where it was judged.
        ground_hidden: whether nothing is seen of the spec's `background`.
        findings: missing glyphs, low contrast, text that had to shrink too far, a picture that
            could not be read, …
    """

    path: str
    mime: str
    width_px: int
    height_px: int
    layout: str
    boxes: tuple[Box, ...] = ()
    findings: tuple[Finding, ...] = ()
    strange_fonts: tuple[str, ...] = ()
    verdict: BrandVerdict | None = None
    ground_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmSpec:
    """One film to cut.

    Attributes:
        canvas: size, fps, safe zone, duration limits, loudness.
        speech: sentences of the voice-over, in order, as captions show them.
        length_s: wished length, exactly kept where the placement allows it; 0 for as needed.
        captions: ``karaoke``, ``block`` or ``none``; empty for what the storyboard says.
        music: absolute path of the user's own music, or empty.
        music_from_s: where in it to begin.
        music_to_s: where in it to end; 0 for where it ends itself.
        music_gain_db: how much louder than usual music is against the voice.
        music_licence: under which terms it may be used, or empty.
        said: the same sentences as the voice says them; empty where they do not differ.
        video: absolute paths of the user's own clips, one a line, or empty.
        footage: what is done to them: ``mend``, ``restore`` or ``as_is``.
        clip_by: identity of the plug-in that makes a clip, or empty.
        effects: identities of the plug-ins that change the clips.
        names: of product, brand and shop; no line of the film tears one of them.
    """

    canvas: VideoSpec
    display: DisplayText
    speech: tuple[str, ...]
    kit: BrandKit
    palette: Palette
    pictures: tuple[Picture, ...]
    locale: str
    seed: int
    variant: int = 1
    url: str = ""
    ai_label: str = ""
    video: str = ""
    said: tuple[str, ...] = ()
    length_s: float = 0.0
    captions: str = ""
    music: str = ""
    music_from_s: float = 0.0
    music_to_s: float = 0.0
    music_gain_db: float = 0.0
    music_licence: str = ""
    footage: str = "mend"
    clip_by: str = ""
    effects: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmResult:
    """A finished film with what goes beside it; paths of files, empty where there is none.

    Attributes:
        film: MP4, H.264 + AAC, moov first.
        cover: JPEG of a good frame.
        srt, vtt: captions.
        voice: the voice-over alone, or empty when silent.
        loudness_lufs: measured, integrated.
        cover_at_s: moment of the frame that became the cover.
    """

    film: str
    cover: str
    srt: str
    vtt: str
    voice: str
    width_px: int
    height_px: int
    duration_s: float
    loudness_lufs: float
    storyboard: str
    cover_at_s: float = 0.0
    findings: tuple[Finding, ...] = ()
