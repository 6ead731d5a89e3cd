"""Frames and boxes in pixels: page, trim, live, body, and shares of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from handbill.domain.placement import ImageSpec
from handbill.rendering.spec import Box

# No design unit is smaller than this many pixels: a button's type would fall below 11 pixels.
_LEAST_UNIT_PX, _LEAST_SHORT_PX = 0.42, 64
# How much of the type's size a long canvas's shorter side decides, by its proportions.
_LONGEST = ((0.53, 1.8), (1.0, 1.15), (2.6, 1.3), (1e6, 2.4))
# Pictures may reach this far from the safe zone's edge to the trim: apps cover that part at times.
_REACH = 0.5
# Width over height, exclusive, up to which a canvas has the aspect's name.
_ASPECT_STEPS = (
    (0.53, "skyscraper"),
    (0.64, "story"),
    (0.92, "portrait"),
    (1.25, "square"),
    (2.6, "landscape"),
    (5.0, "billboard"),
    (1e6, "leaderboard"),
)


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels, right and bottom exclusive."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """In pixels."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """In pixels."""
        return self.bottom - self.top

    def inset(self, by: float) -> Area:
        """Smaller by `by` on every side."""
        return Area(self.left + by, self.top + by, self.right - by, self.bottom - by)

    def part(self, box: tuple[float, ...], *, mirrored: bool = False) -> Area:
        """The box ``[left, top, right, bottom]`` in shares of this area."""
        left, top, right, bottom = box
        if mirrored:
            left, right = 1 - right, 1 - left
        return Area(
            self.left + left * self.width,
            self.top + top * self.height,
            self.left + right * self.width,
            self.top + bottom * self.height,
        )

    def point(self, at: tuple[float, ...], *, mirrored: bool = False) -> tuple[float, float]:
        """The point ``[x, y]`` in shares of this area."""
        x = 1 - at[0] if mirrored else at[0]
        return self.left + x * self.width, self.top + at[1] * self.height

    def overlaps(self, other: Area) -> bool:
        """Whether the two share any pixel."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def contains(self, other: Area, slack: float = 0.5) -> bool:
        """Whether `other` lies inside, `slack` pixels forgiven."""
        return (
            other.left >= self.left - slack
            and other.top >= self.top - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def clear_of(self, other: Area, gap: float, aspect: float, *, sides: bool) -> Area:
        """The part of this area that keeps `gap` pixels away from `other`.

        Of the possible ones (above, below, and with `sides` left and right of it) that in which
        a picture of `aspect` (width over height) stands largest.
        """
        parts = self.parts_beside(other.inset(-gap), sides=sides)
        return max(parts, key=lambda part: min(part.width, part.height * aspect))

    def parts_beside(self, wall: Area, *, sides: bool) -> tuple[Area, ...]:
        """What is left above and below `wall`, with `sides` left and right of it too."""
        if not self.overlaps(wall):
            return (self,)
        parts = (
            Area(self.left, self.top, self.right, wall.top),
            Area(self.left, wall.bottom, self.right, self.bottom),
            Area(self.left, self.top, wall.left, self.bottom),
            Area(wall.right, self.top, self.right, self.bottom),
        )
        return parts if sides else parts[:2]

    def snapped(self, grid_px: float) -> Area:
        """Shrunk to a grid, so that near-equal areas share cached pictures."""
        return Area(
            math.ceil(self.left / grid_px) * grid_px,
            math.ceil(self.top / grid_px) * grid_px,
            math.floor(self.right / grid_px) * grid_px,
            math.floor(self.bottom / grid_px) * grid_px,
        )

    def box(self, role: str) -> Box:
        """The same as a result's box, grown to whole pixels."""
        return Box(
            role=role,
            left_px=math.floor(self.left),
            top_px=math.floor(self.top),
            right_px=math.ceil(self.right),
            bottom_px=math.ceil(self.bottom),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frames:
    """The frames of one canvas.

    Attributes:
        safe: where text may stand: trim less the margin and less the platform's safe zone.
        live: where pictures should stay: between `safe` and `trim`.
        unit: pixels of one design unit; sizes in layouts count units (1 at 1080 × 1080).
    """

    page: Area
    trim: Area
    live: Area
    safe: Area
    unit: float

    @property
    def short(self) -> float:
        """The trim's shorter side, in pixels."""
        return min(self.trim.width, self.trim.height)


def hull(areas: Sequence[Area]) -> Area:
    """The smallest area that holds all of `areas` (at least one)."""
    return Area(
        min(area.left for area in areas),
        min(area.top for area in areas),
        max(area.right for area in areas),
        max(area.bottom for area in areas),
    )


def frames_of(canvas: ImageSpec) -> Frames:
    """The frames of a canvas."""
    page = Area(0, 0, canvas.width_px, canvas.height_px)
    trim = page.inset(canvas.bleed_px)
    short, unit = min(trim.width, trim.height), _unit_px(trim)
    margin = round(max(short * 0.06, 20 * unit))
    zone = canvas.safe_zone
    safe = Area(
        trim.left + max(margin, zone.left_px),
        trim.top + max(margin, zone.top_px),
        trim.right - max(margin, zone.right_px),
        trim.bottom - max(margin, zone.bottom_px),
    )
    return Frames(page=page, trim=trim, live=_between(safe, trim), safe=safe, unit=unit)


def aspect_of(canvas: ImageSpec) -> str:
    """The name of a canvas's aspect, as layout files have it."""
    ratio = canvas.width_px / canvas.height_px
    name = next(name for most, name in _ASPECT_STEPS if ratio < most)
    return "print" if canvas.dpi >= 150 and name == "portrait" else name


def _unit_px(trim: Area) -> float:
    """Pixels of one design unit: by the area, and by the shorter side of long canvases."""
    ratio = trim.width / trim.height
    most = next(most for limit, most in _LONGEST if ratio <= limit)
    short = min(trim.width, trim.height)
    by_area = math.sqrt(trim.width * trim.height) if ratio < 2.6 else math.inf
    least = _LEAST_UNIT_PX * min(1.0, short / _LEAST_SHORT_PX)
    return max(min(by_area, most * short) / 1080, least)


def _between(safe: Area, trim: Area) -> Area:
    return Area(
        safe.left + (trim.left - safe.left) * _REACH,
        safe.top + (trim.top - safe.top) * _REACH,
        safe.right + (trim.right - safe.right) * _REACH,
        safe.bottom + (trim.bottom - safe.bottom) * _REACH,
    )
