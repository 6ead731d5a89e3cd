"""What the places of words and logo tell of a poster, and the pixels at those places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.brandkit import BrandKit, Palette
from handbill.domain.placement import ImageSpec
from handbill.domain.verdict import RuleVerdict

# A picture of a feed on a phone is about this wide (iPhone SE and most Androids: 360 to 390).
FEED_PX = 375
_LOGO_SPACE = 0.25
# WCAG 2.2, 1.4.3: text and large text; what compression and smoothing take off is forgiven.
_TEXT_CONTRAST, _LARGE_CONTRAST, _FORGIVEN = 4.5, 3.0, 0.88
_LARGE_SHARE = 32 / 1080
# Smallest type: of a headline and of other words in a feed, and on paper in points.
_FEED_HEADLINE_PX, _FEED_TEXT_PX, _PRINT_TEXT_PT = 15.0, 7.0, 6.0
# Wider than this in heights are banners, which are shown at their own size.
_BANNER = 2.0
# Strips at the foot of a phone, such as 320 × 50, have room for smaller headlines.
_STRIP_PX, _STRIP_HEADLINE_PX = 64, 11.0
_FINE_PRINT = frozenset({"legal", "label", "address", "plate"})
# What is read: buttons, tags and labels come with the plate that they stand on.
_ON_PLATES = frozenset({"cta", "badge", "label", "plate"})
_WORDLESS = frozenset({"logo", "code", "picture"})
_LEAST_PX = 4
# The knee of sRGB's curve (IEC 61966-2-1).
_KNEE = 0.04045

Bgr = npt.NDArray[np.uint8]


class Placed(Protocol):
    """Where an element lies, in pixels, right and bottom exclusive; `rendering.spec.Box`."""

    @property
    def role(self) -> str:
        """What it is."""
        ...

    @property
    def left_px(self) -> int:
        """Its left edge."""
        ...

    @property
    def top_px(self) -> int:
        """Its upper edge."""
        ...

    @property
    def right_px(self) -> int:
        """Its right edge."""
        ...

    @property
    def bottom_px(self) -> int:
        """Its lower edge."""
        ...

    @property
    def text_px(self) -> float:
        """Size of its type, 0 where it has none or it is not known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPoster:
    """What is known of a poster that Handbill drew, beside its pixels.

    Attributes:
        boxes: where its elements lie.
        strange_fonts: families that stand in for the brand's own, though these have the letters.
    """

    canvas: ImageSpec
    kit: BrandKit
    palette: Palette
    boxes: Sequence[Placed]
    strange_fonts: tuple[str, ...] = ()


def judge_fonts(poster: DrawnPoster) -> RuleVerdict:
    """Whether the words are set in the brand's own fonts."""
    own = f"{poster.kit.heading.family} and {poster.kit.body.family}"
    strange = ", ".join(poster.strange_fonts)
    return RuleVerdict(
        rule="font",
        score=0.0 if strange else 1.0,
        measured=f"set in {strange} instead" if strange else "set in the brand's fonts",
        wanted=own,
    )


def wanted_space() -> str:
    """The rule of the logo's space in words."""
    return f"{_LOGO_SPACE:g} of the logo's height clear around it"


def judge_logo_space(boxes: Sequence[Placed]) -> RuleVerdict:
    """Whether the logo has clear space around it."""
    logo = next((box for box in boxes if box.role == "logo"), None)
    others = [box for box in boxes if box.role not in {"logo", "picture"}]
    if logo is None or not others:
        told = "not measured: there is no logo on it"
        return RuleVerdict(rule="logo_space", score=None, measured=told, wanted=wanted_space())
    gap, nearest = min((_gap(logo, box), box.role) for box in others)
    share = gap / max(1, logo.bottom_px - logo.top_px)
    return RuleVerdict(
        rule="logo_space",
        score=min(1.0, max(0.0, share / _LOGO_SPACE)),
        measured=f"the {nearest} is {share:.2f} of the logo's height away from it",
        wanted=wanted_space(),
    )


def _gap(one: Placed, other: Placed) -> float:
    across = max(one.left_px - other.right_px, other.left_px - one.right_px, 0)
    down = max(one.top_px - other.bottom_px, other.top_px - one.bottom_px, 0)
    return float(np.hypot(across, down))


def wanted_contrast() -> str:
    """The rule of contrast in words."""
    return f"{_TEXT_CONTRAST:g}:1, and {_LARGE_CONTRAST:g}:1 for large type (WCAG 2.2, 1.4.3)"


def judge_contrast(pixels: Bgr, boxes: Sequence[Placed]) -> RuleVerdict:
    """The weakest contrast of any words."""
    large_px = _LARGE_SHARE * min(pixels.shape[:2])
    worst, told = 9.9, "no words to measure"
    for box in boxes:
        found = 0.0 if box.role in _WORDLESS else contrast_in(pixels, box)
        if not found:
            continue
        large = box.text_px >= large_px
        ratio = found / (_LARGE_CONTRAST if large else _TEXT_CONTRAST)
        if ratio < worst:
            worst = ratio
            told = f"the {box.role} has {found:.1f}:1" + (" (large type)" if large else "")
    return RuleVerdict(
        rule="contrast",
        score=min(1.0, worst / _FORGIVEN),
        measured=told,
        wanted=wanted_contrast(),
    )


def contrast_in(pixels: Bgr, box: Placed) -> float:
    """The contrast of the words in a box against what lies around them there; 0 when empty."""
    high, wide = box.bottom_px - box.top_px, box.right_px - box.left_px
    inset = round(0.14 * high) if box.role in _ON_PLATES else 0
    part = pixels[
        max(0, box.top_px + inset) : box.bottom_px - inset,
        max(0, box.left_px + min(wide // 4, 2 * inset)) : box.right_px - min(wide // 4, 2 * inset),
    ]
    if min(part.shape[:2]) < _LEAST_PX:
        return 0.0
    light = _luminance(part).ravel()
    grey = np.clip(255 * light ** (1 / 2.2), 0, 255).astype(np.uint8)
    cut, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark, bright = light[grey <= cut], light[grey > cut]
    if not len(dark) or not len(bright):
        return 0.0
    # Strokes are thin: the far half of either side is what ink and ground are, not their seam.
    low, top = float(np.quantile(dark, 0.35)), float(np.quantile(bright, 0.65))
    return (top + 0.05) / (low + 0.05)


def _luminance(part: Bgr) -> npt.NDArray[np.float32]:
    return np.asarray(_linear()[part] @ np.array([0.0722, 0.7152, 0.2126]), np.float32)


@cache
def _linear() -> npt.NDArray[np.float32]:
    """The light of each of the 256 steps of a channel."""
    share = np.arange(256, dtype=np.float32) / 255
    return np.where(share <= _KNEE, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def judge_safe_zone(poster: DrawnPoster) -> RuleVerdict:
    """Whether words and logo keep clear of what the platform or the knife takes."""
    canvas, zone = poster.canvas, poster.canvas.safe_zone
    left, top = zone.left_px + canvas.bleed_px, zone.top_px + canvas.bleed_px
    right = canvas.width_px - zone.right_px - canvas.bleed_px
    bottom = canvas.height_px - zone.bottom_px - canvas.bleed_px
    outside = sorted(
        {
            box.role
            for box in poster.boxes
            if box.role != "picture"
            and not (
                left - 1 <= box.left_px <= box.right_px <= right + 1
                and top - 1 <= box.top_px <= box.bottom_px <= bottom + 1
            )
        }
    )
    told = f"{', '.join(outside)} reach under the platform's controls" if outside else "all inside"
    return RuleVerdict(
        rule="safe_zone",
        score=0.0 if outside else 1.0,
        measured=told,
        wanted="words and logo clear of the edges that platform or knife take",
    )


def wanted_size() -> str:
    """The rule of type sizes in words."""
    return (
        f"on a phone ({FEED_PX} px) headlines of {_FEED_HEADLINE_PX:g} px, on strips below "
        f"{_STRIP_PX} px of {_STRIP_HEADLINE_PX:g} px, and words of {_FEED_TEXT_PX:g} px; on "
        f"paper {_PRINT_TEXT_PT:g} pt"
    )


def judge_type_size(poster: DrawnPoster) -> RuleVerdict:
    """The smallest type, at the size of a phone's feed or on paper."""
    worst, told = 9.9, "no words to measure"
    banner = poster.canvas.width_px > _BANNER * poster.canvas.height_px
    strip = poster.canvas.height_px < _STRIP_PX
    shown = 1.0 if banner else FEED_PX / poster.canvas.width_px
    for box in poster.boxes:
        if not box.text_px or (not poster.canvas.dpi and box.role in _FINE_PRINT):
            continue
        if poster.canvas.dpi:
            size, least, unit = box.text_px * 72 / poster.canvas.dpi, _PRINT_TEXT_PT, "pt"
        else:
            size, unit = box.text_px * shown, "px"
            headline = _STRIP_HEADLINE_PX if strip else _FEED_HEADLINE_PX
            least = headline if box.role == "headline" else _FEED_TEXT_PX
        if size / least < worst:
            worst, told = size / least, f"the {box.role} is {size:.1f} {unit} high"
    return RuleVerdict(
        rule="feed_text", score=min(1.0, worst), measured=told, wanted=wanted_size()
    )
