"""Planar YUV: frames as the encoder takes them, and sprites that are laid over them.

Everything is converted to limited-range BT.709 once, when it is drawn; frames are composed in that
form by OpenCV (see `painting`), which costs a fraction of composing in RGB and converting each
frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]
Corners = npt.NDArray[np.int32]

_NONE: Plane = np.zeros((0, 0), np.uint8)

# Rows Y, U, V over columns B, G, R and a constant.
_OFFSETS = (16.0, 128.0, 128.0)
_BT709 = np.array(
    [
        [0.0620, 0.6142, 0.1826, _OFFSETS[0]],
        [0.4392, -0.3386, -0.1006, _OFFSETS[1]],
        [-0.0403, -0.3989, 0.4392, _OFFSETS[2]],
    ],
    np.float32,
)
# Back again: rows B, G, R over columns Y, U, V and a constant.
_BACK = np.array(
    [[1.1644, 2.1124, 0.0], [1.1644, -0.2132, -0.5329], [1.1644, 0.0, 1.7927]], np.float64
)
_TO_BGR = np.hstack([_BACK, -_BACK @ np.array([[16.0], [128.0], [128.0]])]).astype(np.float32)
# Clear pixels around the planes of `Sprite.bordered`.
BORDER_PX = 64


class Pose(NamedTuple):
    """How a sprite stands at one moment, against where it rests.

    Attributes:
        dx, dy: pixels from its resting place.
        scale: 1.0 is as drawn; about its middle.
        angle: degrees, clockwise, about its middle.
        opacity: 0 to 1.
        clip: shares of its box that show: left, top, right, bottom.
        fine: place it between pixels (for slow moves, which would jitter otherwise).
    """

    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    angle: float = 0.0
    opacity: float = 1.0
    clip: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    fine: bool = False


AT_REST = Pose()


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: `pixels` holds the planes Y, U, V one after another; the others are views."""

    pixels: Plane
    y: Plane
    u: Plane
    v: Plane

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height, both even."""
        return int(self.y.shape[1]), int(self.y.shape[0])

    def copy_from(self, other: Frame) -> None:
        """Take over all pixels of `other`, of the same size."""
        np.copyto(self.pixels, other.pixels)


def as_plane(array: npt.NDArray[Any]) -> Plane:
    """`array` as 8-bit pixels, without a copy when it is that already."""
    return np.asarray(array, dtype=np.uint8)


def new_frame(width_px: int, height_px: int) -> Frame:
    """A black frame; both sides even."""
    luma, chroma = width_px * height_px, width_px * height_px // 4
    pixels = np.full(luma + 2 * chroma, 128, np.uint8)
    pixels[:luma] = 16
    half = (height_px // 2, width_px // 2)
    return Frame(
        pixels=pixels,
        y=pixels[:luma].reshape(height_px, width_px),
        u=pixels[luma : luma + chroma].reshape(half),
        v=pixels[luma + chroma :].reshape(half),
    )


@dataclass(frozen=True)  # without slots: other forms of it are made when they are first needed
class Sprite:
    """A drawn element: premultiplied planes, and how much of what is below shows through.

    Attributes:
        y, keep: full size; `keep` is 255 minus alpha.
        u, v, keep_half: half size.
        opaque: nothing below shows anywhere.
        flat: its one colour as Y, U, V, when it has only one; then `y`, `u`, `v` are empty: they
            follow from `keep`.
        outline: of a flat sprite: closed lines of points (x, y) in its own pixels; painted
            straight into the planes, which costs less than moving its pixels.
        chroma: U and V in full size, of a see-through sprite of many colours, for `packed`.
    """

    y: Plane
    keep: Plane
    u: Plane
    v: Plane
    keep_half: Plane
    opaque: bool
    flat: tuple[int, int, int] | None = None
    outline: tuple[Points, ...] = ()
    chroma: tuple[Plane, Plane] | None = None

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height, both even."""
        return int(self.keep.shape[1]), int(self.keep.shape[0])

    @cached_property
    def planes(self) -> tuple[tuple[int, Plane, Plane], ...]:
        """Y, U and V in that order: share of full size as a divisor, the plane, its `keep`."""
        luma, blue, red = self.y, self.u, self.v
        if self.flat:
            luma = tinted(self.keep, self.flat[0])
            blue, red = (tinted(self.keep_half, level) for level in self.flat[1:])
        return (1, luma, self.keep), (2, blue, self.keep_half), (2, red, self.keep_half)

    @cached_property
    def centred_outline(self) -> tuple[Points, ...]:
        """`outline` about the sprite's middle."""
        middle = np.array(self.size_px) / 2
        return tuple(line - middle for line in self.outline)

    @cached_property
    def packed(self) -> Plane:
        """Y, U, V and `keep` of every pixel side by side, which turn together at less cost."""
        full = self.chroma or tuple(cv2.resize(plane, self.size_px) for plane in (self.u, self.v))
        return as_plane(cv2.merge([self.y, *full, self.keep]))

    @cached_property
    def bordered(self) -> Sprite:
        """The same with `BORDER_PX` of clear pixels around each of its planes."""
        keep, keep_half = _bordered(self.keep, 255), _bordered(self.keep_half, 255)
        if self.flat:
            return replace(self, keep=keep, keep_half=keep_half, opaque=False)
        luma, blue, red = (_bordered(plane, 0) for plane in (self.y, self.u, self.v))
        return Sprite(luma, keep, blue, red, keep_half, opaque=False)


def sprite_of(bgra: Plane, flat_bgr: tuple[int, int, int] | None = None) -> Sprite:
    """The sprite of premultiplied BGRA pixels; odd sides grow by an empty row or column.

    Args:
        bgra: height × width × 4.
        flat_bgr: the one colour of everything in it, where it has only one.
    """
    height, width = bgra.shape[:2]
    if height % 2 or width % 2:
        bgra = as_plane(cv2.copyMakeBorder(bgra, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT))
    keep = as_plane(cv2.bitwise_not(cv2.extractChannel(bgra, 3)))
    opaque = not cv2.countNonZero(keep)
    keep_half = _halved(keep)
    if flat_bgr is not None:
        return Sprite(_NONE, keep, _NONE, _NONE, keep_half, opaque, flat=yuv_of(flat_bgr))
    luma, blue, red = _converted(bgra, None if opaque else keep)
    return Sprite(
        y=luma,
        keep=keep,
        u=_halved(blue),
        v=_halved(red),
        keep_half=keep_half,
        opaque=opaque,
        chroma=None if opaque else (blue, red),
    )


def outlined_sprite_of(
    size_px: tuple[int, int], outline: tuple[Points, ...], bgr: tuple[int, int, int]
) -> Sprite:
    """The sprite of a figure in one colour.

    Args:
        size_px: width and height of its box, both even.
        outline: closed lines of points (x, y) in its pixels; where two of them lie over each
            other, nothing is filled.
        bgr: its colour.
    """
    keeps = []
    for share in (1, 2):
        keep = np.full((size_px[1] // share, size_px[0] // share), 255, np.uint8)
        fill_lines(keep, line_corners([16 * line for line in outline], share), 0)
        keeps.append(keep)
    return Sprite(
        _NONE, keeps[0], _NONE, _NONE, keeps[1], opaque=False, flat=yuv_of(bgr), outline=outline
    )


def line_corners(lines: Sequence[Points], share: int) -> list[Corners]:
    """Closed lines as `fill_lines` takes them, for a plane of one `share` th of the full size.

    Args:
        lines: points (x, y) in sixteenths of a pixel of the full size.
        share: 1 or 2.
    """
    # OpenCV counts from the middle of a pixel.
    return [np.rint(line / share - 8).astype(np.int32) for line in lines]


def fill_lines(plane: Plane, corners: Sequence[Corners], level: int) -> None:
    """Fill what the lines enclose, with smooth edges."""
    cv2.fillPoly(plane, corners, level, lineType=cv2.LINE_AA, shift=4)


def doubled_sprite_of(bgra: Plane) -> Sprite:
    """The sprite of opaque and smooth pixels at twice their size, at a quarter of the cost."""
    luma, blue, red = _converted(bgra, None)
    half = np.zeros_like(blue)
    full = np.zeros((2 * half.shape[0], 2 * half.shape[1]), np.uint8)
    grown = as_plane(cv2.resize(luma, full.shape[::-1]))
    return Sprite(y=grown, keep=full, u=blue, v=red, keep_half=half, opaque=True)


def tinted(keep: Plane, level: int) -> Plane:
    """The premultiplied plane of one level, from how much shows through it."""
    return as_plane(cv2.convertScaleAbs(keep, alpha=-level / 255, beta=level))


def _converted(bgra: Plane, keep: Plane | None) -> list[Plane]:
    """Y, U, V of premultiplied pixels, all of full size, premultiplied too."""
    yuv = cv2.split(cv2.transform(cv2.cvtColor(bgra, cv2.COLOR_BGRA2BGR), _BT709))
    if keep is None:
        return [as_plane(plane) for plane in yuv]
    # The constants belong to what is opaque alone: take back what they gave to the rest.
    return [
        as_plane(cv2.addWeighted(plane, 1, keep, -offset / 255, 0))
        for plane, offset in zip(yuv, _OFFSETS, strict=True)
    ]


def _halved(plane: Plane) -> Plane:
    size = (plane.shape[1] // 2, plane.shape[0] // 2)
    return as_plane(cv2.resize(plane, size, interpolation=cv2.INTER_AREA))


def _bordered(plane: Plane, outside: int) -> Plane:
    edges = (BORDER_PX,) * 4
    return as_plane(cv2.copyMakeBorder(plane, *edges, cv2.BORDER_CONSTANT, value=outside))


def yuv_of(bgr: tuple[int, int, int]) -> tuple[int, int, int]:
    """One colour as the encoder takes it."""
    pixel = np.array([[bgr]], np.uint8)
    luma, blue, red = cv2.transform(pixel, _BT709)[0, 0]
    return int(luma), int(blue), int(red)


def frame_to_bgr(frame: Frame) -> Plane:
    """The frame's colours, for covers and tests: BGR, 8 bit."""
    size = frame.size_px
    blue_diff, red_diff = (cv2.resize(plane, size) for plane in (frame.u, frame.v))
    return as_plane(cv2.transform(cv2.merge([frame.y, blue_diff, red_diff]), _TO_BGR))
