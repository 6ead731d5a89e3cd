"""Planar YUV: frames as the encoder takes them, and sprites that are laid over them.

Everything is converted to limited-range BT.709 once, when it is drawn; frames are composed in that
form by OpenCV, which costs a fraction of composing in RGB and converting each frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float64]

# Rows Y, U, V over columns B, G, R, A of premultiplied pixels. The offsets (16 and 128) are
# premultiplied too, so they come from alpha.
_BT709 = np.array(
    [
        [0.0620, 0.6142, 0.1826, 16.0 / 255.0],
        [0.4392, -0.3386, -0.1006, 128.0 / 255.0],
        [-0.0403, -0.3989, 0.4392, 128.0 / 255.0],
    ],
    np.float32,
)
# Back again: rows B, G, R over columns Y, U, V and a constant.
_BACK = np.array(
    [[1.1644, 2.1124, 0.0], [1.1644, -0.2132, -0.5329], [1.1644, 0.0, 1.7927]], np.float64
)
_TO_BGR = np.hstack([_BACK, -_BACK @ np.array([[16.0], [128.0], [128.0]])]).astype(np.float32)
_INVERSE = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP


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


@dataclass(frozen=True, slots=True)
class Sprite:
    """A drawn element: premultiplied planes, and how much of what is below shows through.

    Attributes:
        y, keep: full size; `keep` is 255 minus alpha.
        u, v, keep_half: half size.
        opaque: nothing below shows anywhere.
        flat: its one colour as Y, U, V, when it has only one; then `y`, `u`, `v` follow from
            `keep` and need not be moved themselves.
        outline: of a flat sprite: closed lines of points (x, y) in its own pixels; painted
            straight into the planes, which costs less than moving its pixels.
    """

    y: Plane
    keep: Plane
    u: Plane
    v: Plane
    keep_half: Plane
    opaque: bool
    flat: tuple[int, int, int] | None = None
    outline: tuple[Points, ...] = ()

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height, both even."""
        return int(self.y.shape[1]), int(self.y.shape[0])

    @property
    def size_bytes(self) -> int:
        """Memory held."""
        return 2 * int(self.y.nbytes) + 3 * int(self.u.nbytes)


def sprite_of(
    bgra: Plane,
    flat_bgr: tuple[int, int, int] | None = None,
    outline: tuple[Points, ...] = (),
) -> Sprite:
    """The sprite of premultiplied BGRA pixels; odd sides grow by an empty row or column.

    Args:
        bgra: height × width × 4.
        flat_bgr: the one colour of everything in it, where it has only one.
        outline: the lines that enclose that colour, where they are known.
    """
    height, width = bgra.shape[:2]
    if height % 2 or width % 2:
        bgra = as_plane(cv2.copyMakeBorder(bgra, 0, height % 2, 0, width % 2, cv2.BORDER_CONSTANT))
    yuv = cv2.transform(bgra, _BT709)
    keep = 255 - bgra[:, :, 3]
    half = (bgra.shape[1] // 2, bgra.shape[0] // 2)
    small = cv2.resize(yuv[:, :, 1:], half, interpolation=cv2.INTER_AREA)
    return Sprite(
        y=np.ascontiguousarray(yuv[:, :, 0]),
        keep=np.ascontiguousarray(keep),
        u=np.ascontiguousarray(small[:, :, 0]),
        v=np.ascontiguousarray(small[:, :, 1]),
        keep_half=as_plane(cv2.resize(keep, half, interpolation=cv2.INTER_AREA)),
        opaque=bool(not keep.any()),
        flat=None if flat_bgr is None else yuv_of(flat_bgr),
        outline=outline,
    )


def yuv_of(bgr: tuple[int, int, int]) -> tuple[int, int, int]:
    """One colour as the encoder takes it."""
    pixel = np.array([[[*bgr, 255]]], np.uint8)
    luma, blue, red = cv2.transform(pixel, _BT709)[0, 0]
    return int(luma), int(blue), int(red)


def paint(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose = AT_REST) -> None:
    """Lay `sprite` over `frame`, its top left corner resting at `at`."""
    if pose.opacity <= 0.004 or pose.scale <= 0.004:
        return
    if sprite.outline and pose.opacity > 0.996 and pose.clip == AT_REST.clip:
        _paint_outline(frame, sprite, at, pose)
    elif pose.scale != 1.0 or pose.angle != 0.0:
        _paint_warped(frame, sprite, at, pose)
    else:
        _paint_shifted(frame, sprite, (at[0] + pose.dx, at[1] + pose.dy), pose)


def frame_to_bgr(frame: Frame) -> Plane:
    """The frame's colours, for covers and tests: BGR, 8 bit."""
    size = frame.size_px
    blue_diff, red_diff = (cv2.resize(plane, size) for plane in (frame.u, frame.v))
    return as_plane(cv2.transform(cv2.merge([frame.y, blue_diff, red_diff]), _TO_BGR))


def _paint_shifted(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> None:
    """Neither turned nor scaled: on whole pixels, or between them where the pose is fine."""
    half = (at[0] / 2, at[1] / 2)
    keep = None if sprite.opaque else sprite.keep
    keep_half = None if sprite.opaque else sprite.keep_half
    for below, above, veil, corner in (
        (frame.y, sprite.y, keep, at),
        (frame.u, sprite.u, keep_half, half),
        (frame.v, sprite.v, keep_half, half),
    ):
        if pose.fine and veil is not None:
            x, y = math.floor(corner[0]), math.floor(corner[1])
            shift = (corner[0] - x, corner[1] - y)
            _lay(below, _between(above, shift, 0), _between(veil, shift, 255), (x, y), pose)
        else:
            _lay(below, above, veil, (round(corner[0]), round(corner[1])), pose)


def _lay(below: Plane, above: Plane, keep: Plane | None, at: tuple[int, int], pose: Pose) -> None:
    """Blend the clipped part of one plane of a sprite over a plane of the frame."""
    high, wide = above.shape
    x0 = max(round(pose.clip[0] * wide), -at[0])
    y0 = max(round(pose.clip[1] * high), -at[1])
    x1 = min(round(pose.clip[2] * wide), below.shape[1] - at[0])
    y1 = min(round(pose.clip[3] * high), below.shape[0] - at[1])
    if x1 <= x0 or y1 <= y0:
        return
    part = np.s_[y0:y1, x0:x1]
    target = below[at[1] + y0 : at[1] + y1, at[0] + x0 : at[0] + x1]
    _blend(target, above[part], None if keep is None else keep[part], pose.opacity)


def _between(plane: Plane, shift: tuple[float, float], outside: int) -> Plane:
    """`plane` moved right and down by parts of a pixel (0 to 1), one pixel larger where moved."""
    for share, (top, left) in ((shift[0], (0, 1)), (shift[1], (1, 0))):
        if share > 0.02:
            grown = (
                cv2.copyMakeBorder(plane, *edges, cv2.BORDER_CONSTANT, value=outside)
                for edges in ((0, top, 0, left), (top, 0, left, 0))
            )
            near, far = grown
            plane = as_plane(cv2.addWeighted(near, 1 - share, far, share, 0))
    return plane


def _paint_warped(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> None:
    wide, high = sprite.size_px
    middle = (at[0] + pose.dx + wide / 2, at[1] + pose.dy + high / 2)
    turn = np.deg2rad(pose.angle)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    reach_x = pose.scale * (abs(cos) * wide + abs(sin) * high) / 2 + 2
    reach_y = pose.scale * (abs(sin) * wide + abs(cos) * high) / 2 + 2
    frame_w, frame_h = frame.size_px
    left = max(0, int(middle[0] - reach_x) // 2 * 2)
    top = max(0, int(middle[1] - reach_y) // 2 * 2)
    right = min(frame_w, -int(-(middle[0] + reach_x) // 2) * 2)
    bottom = min(frame_h, -int(-(middle[1] + reach_y) // 2) * 2)
    if right <= left or bottom <= top:
        return
    a, b = cos / pose.scale, sin / pose.scale
    shift = (left + 0.5 - middle[0], top + 0.5 - middle[1])
    full = _matrix(a, b, shift, (wide / 2 - 0.5, high / 2 - 0.5))
    size = (right - left, bottom - top)
    keep = _warped(sprite.keep, full, size, 255)
    luma = _tinted(sprite, 0, keep) if sprite.flat else _warped(sprite.y, full, size, 0)
    _blend(frame.y[top:bottom, left:right], luma, keep, pose.opacity)
    shift = (left / 2 + 0.5 - middle[0] / 2, top / 2 + 0.5 - middle[1] / 2)
    half = _matrix(a, b, shift, (wide / 4 - 0.5, high / 4 - 0.5))
    size = (size[0] // 2, size[1] // 2)
    keep = _warped(sprite.keep_half, half, size, 255)
    rows, columns = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
    for index, plane, source in ((1, frame.u, sprite.u), (2, frame.v, sprite.v)):
        colour = _tinted(sprite, index, keep) if sprite.flat else _warped(source, half, size, 0)
        _blend(plane[rows, columns], colour, keep, pose.opacity)


def _tinted(sprite: Sprite, index: int, keep: Plane) -> Plane:
    """The premultiplied plane of a sprite of one colour, from what shows through it."""
    level = sprite.flat[index] if sprite.flat else 0
    return as_plane(cv2.convertScaleAbs(keep, alpha=-level / 255, beta=level))


def _paint_outline(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> None:
    """A flat figure filled into the planes, with smooth edges, at parts of a pixel."""
    level = sprite.flat or (16, 128, 128)
    middle = np.array(sprite.size_px) / 2
    turn = np.deg2rad(pose.angle)
    turned = pose.scale * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    place = middle + at + (pose.dx, pose.dy)
    lines = [(line - middle) @ turned + place for line in sprite.outline]
    for share, plane, value in (
        (1, frame.y, level[0]),
        (2, frame.u, level[1]),
        (2, frame.v, level[2]),
    ):
        # OpenCV counts from the middle of a pixel, and takes sixteenths of one.
        points = [np.round((line / share - 0.5) * 16).astype(np.int32) for line in lines]
        cv2.fillPoly(plane, points, value, lineType=cv2.LINE_AA, shift=4)


def _warped(
    plane: Plane, matrix: npt.NDArray[np.float32], size: tuple[int, int], outside: int
) -> Plane:
    return as_plane(cv2.warpAffine(plane, matrix, size, flags=_INVERSE, borderValue=outside))


def _matrix(
    a: float, b: float, shift: tuple[float, float], origin: tuple[float, float]
) -> npt.NDArray[np.float32]:
    """From a pixel of the patch to a pixel of the sprite: turn and scale about both middles."""
    return np.array(
        [
            [a, b, a * shift[0] + b * shift[1] + origin[0]],
            [-b, a, -b * shift[0] + a * shift[1] + origin[1]],
        ],
        np.float32,
    )


def _blend(below: Plane, above: Plane, keep: Plane | None, opacity: float) -> None:
    """``below = below × keep + above``, in place."""
    if opacity < 0.999:
        above = as_plane(cv2.convertScaleAbs(above, alpha=opacity))
        veil = np.zeros_like(above) if keep is None else keep
        keep = as_plane(cv2.convertScaleAbs(veil, alpha=opacity, beta=255 * (1 - opacity)))
    if keep is None:
        np.copyto(below, above)
        return
    shown = cv2.multiply(below, keep, scale=1 / 255)
    np.copyto(below, cv2.add(shown, above))
