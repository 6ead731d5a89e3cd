"""Laying sprites over frames: on whole pixels, between them, enlarged, turned, or filled.

Enlarging is done by `cv2.resize`, which costs a quarter of a warp but works on whole pixels only.
So a window of whole pixels is looked for that resizes to (very nearly) the wanted size and place;
the few moments where none comes near enough are warped.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from handbill.rendering.films.planes import (
    AT_REST,
    BORDER_PX,
    Corners,
    Frame,
    Plane,
    Pose,
    Sprite,
    as_plane,
    fill_lines,
    line_corners,
    tinted,
)

_INVERSE = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
_LEAST_SHIFT = 0.02  # parts of a pixel below which nothing is moved between pixels
# Places and sizes of windows tried along each axis, how far off a pixel may come to lie, and from
# how many pixels on the search costs less than it saves.
_PLACES, _SIZES = 64, 32
_NEAR_PX = 0.12
_LARGE_PX = 100_000
_LEAST_SCALE = 0.3  # below that, a linear resize of a window of whole pixels is too coarse


def paint(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose = AT_REST) -> None:
    """Lay `sprite` over `frame`, its top left corner resting at `at`."""
    if pose.opacity <= 0.004 or pose.scale <= 0.004:
        return
    if sprite.outline and pose.clip == AT_REST.clip:
        _paint_outline(frame, sprite, at, pose)
    elif pose.angle != 0.0:
        _paint_warped(frame, sprite, at, pose)
    elif pose.scale != 1.0:
        if not _paint_scaled(frame, sprite, at, pose):
            _paint_warped(frame, sprite, at, pose)
    else:
        _paint_shifted(frame, sprite, (at[0] + pose.dx, at[1] + pose.dy), pose)


def _paint_shifted(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> None:
    """Neither turned nor scaled: on whole pixels, or between them where the pose is fine."""
    for below, (share, above, keep) in zip(_planes(frame), sprite.planes, strict=True):
        corner = (at[0] / share, at[1] / share)
        place = [math.floor(edge) if pose.fine else round(edge) for edge in corner]
        parts = (corner[0] - place[0], corner[1] - place[1]) if pose.fine else (0.0, 0.0)
        parts = (_moved(parts[0]), _moved(parts[1]))
        window = _visible(below, above, place, parts, pose)
        if window is None:
            continue
        left, top, right, bottom = window
        target = below[place[1] + top : place[1] + bottom, place[0] + left : place[0] + right]
        covers = sprite.opaque and _inside(above, window, parts)
        veil = None if covers else _part(keep, window, parts, 255)
        _blend(target, _part(above, window, parts, 0), veil, pose.opacity)


def _moved(share: float) -> float:
    return share if share > _LEAST_SHIFT else 0.0


def _visible(
    below: Plane, above: Plane, place: list[int], parts: tuple[float, float], pose: Pose
) -> tuple[int, int, int, int] | None:
    """What of a plane shows on the one below: left, top, right, bottom, in its own pixels."""
    wide, high = above.shape[1] + (parts[0] > 0), above.shape[0] + (parts[1] > 0)
    left = max(round(pose.clip[0] * wide), -place[0])
    top = max(round(pose.clip[1] * high), -place[1])
    right = min(round(pose.clip[2] * wide), below.shape[1] - place[0])
    bottom = min(round(pose.clip[3] * high), below.shape[0] - place[1])
    return None if right <= left or bottom <= top else (left, top, right, bottom)


def _inside(plane: Plane, window: tuple[int, int, int, int], parts: tuple[float, float]) -> bool:
    """Whether every pixel of a window, moved by parts of one, comes from the plane alone."""
    left, top = window[0] - (parts[0] > 0), window[1] - (parts[1] > 0)
    return left >= 0 and top >= 0 and window[2] <= plane.shape[1] and window[3] <= plane.shape[0]


def _part(
    plane: Plane, window: tuple[int, int, int, int], parts: tuple[float, float], outside: int
) -> Plane:
    """The window of `plane`, moved right and down by parts of a pixel (0 to 1)."""
    right, down = parts
    left, top = window[0] - (right > 0), window[1] - (down > 0)
    cut = _cut(plane, (left, top, window[2], window[3]), outside)
    if right:
        cut = as_plane(cv2.addWeighted(cut[:, 1:], 1 - right, cut[:, :-1], right, 0))
    if down:
        cut = as_plane(cv2.addWeighted(cut[1:], 1 - down, cut[:-1], down, 0))
    return cut


def _cut(plane: Plane, window: tuple[int, int, int, int], outside: int) -> Plane:
    """A window of `plane`; what lies beyond its edges is `outside`."""
    left, top, right, bottom = window
    high, wide = plane.shape
    part = plane[max(0, top) : bottom, max(0, left) : right]
    edges = (max(0, -top), max(0, bottom - high), max(0, -left), max(0, right - wide))
    if not any(edges):
        return part
    return as_plane(cv2.copyMakeBorder(part, *edges, cv2.BORDER_CONSTANT, value=outside))


class _Span(NamedTuple):
    """Along one axis: source pixels [first, first + taken) become target pixels [at, at + size).

    Attributes:
        low, high: the target pixels that are painted; within the ones above.
    """

    first: int
    taken: int
    at: int
    size: int
    low: int
    high: int


def _paint_scaled(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> bool:
    """Enlarged or reduced about its middle; False, and nothing is painted, where none fits."""
    wide, high = sprite.size_px
    if wide * high < _LARGE_PX or pose.scale < _LEAST_SCALE:
        return False
    middle = (at[0] + pose.dx + wide / 2, at[1] + pose.dy + high / 2)
    for border in (0, BORDER_PX) if sprite.opaque else (BORDER_PX,):
        spans = _spans(middle, sprite.size_px, pose.scale, frame.size_px, border)
        if spans:
            _resize_into(frame, sprite.bordered if border else sprite, spans, border, pose.opacity)
            return True
    return False


def _spans(
    middle: tuple[float, float],
    size_px: tuple[int, int],
    scale: float,
    limits_px: tuple[int, int],
    border: int,
) -> list[_Span]:
    """Across and down the full planes, then the half ones; empty where one is not found."""
    spans: list[_Span] = []
    for share in (1, 2):
        for axis in (0, 1):
            length, limit = size_px[axis] / share, limits_px[axis] // share
            span = _span(middle[axis] / share, length, scale, limit, border)
            if span is None:
                return []
            spans.append(span)
    return spans


def _span(middle: float, length: float, scale: float, limit: int, border: int) -> _Span | None:
    """The window that resizes to what shows along one axis; None when none comes near enough.

    Args:
        middle: of the sprite, in target pixels.
        length: of the sprite, in source pixels.
        scale: target pixels for one source pixel.
        limit: target pixels there are.
        border: clear source pixels on both sides.
    """
    low = max(0, math.floor(middle - length * scale / 2))
    high = min(limit, math.ceil(middle + length * scale / 2))
    if high <= low:
        return _Span(0, 0, 0, 0, 0, 0)
    # Target pixel x shows the source at x / scale + origin.
    origin = length / 2 - middle / scale
    at = low - np.arange(_PLACES)[:, None]
    count = np.ceil((high - at) / scale).astype(int) + np.arange(_SIZES)[None, :]
    size = np.rint(count * scale).astype(int)
    first = np.rint(at / scale + origin).astype(int)
    ratio = count / np.maximum(size, 1)
    misses = [np.abs(first + (edge - at) * ratio - edge / scale - origin) for edge in (low, high)]
    miss = np.maximum(*misses)
    miss[(size < high - at) | (first < -border) | (first + count > length + border)] = math.inf
    best = np.unravel_index(int(np.argmin(miss)), miss.shape)
    if miss[best] > _NEAR_PX:
        return None
    row = best[0]
    return _Span(
        first=int(first[row, 0]) + border,
        taken=int(count[best]),
        at=int(at[row, 0]),
        size=int(size[best]),
        low=low,
        high=high,
    )


def _resize_into(
    frame: Frame, sprite: Sprite, spans: list[_Span], border: int, opacity: float
) -> None:
    """Paint with the spans of the full and the half planes, across and down each."""
    if not all(span.size for span in spans):
        return
    veils: list[Plane | None] = [None, None]
    if border:
        veils = [_resized(sprite.keep, *spans[:2]), _resized(sprite.keep_half, *spans[2:])]
    for below, (share, above, _) in zip(_planes(frame), sprite.planes, strict=True):
        across, down = spans[:2] if share == 1 else spans[2:]
        target = below[down.low : down.high, across.low : across.high]
        _blend(target, _resized(above, across, down), veils[share - 1], opacity)


def _resized(plane: Plane, across: _Span, down: _Span) -> Plane:
    part = plane[down.first : down.first + down.taken, across.first : across.first + across.taken]
    grown = as_plane(cv2.resize(part, (across.size, down.size), interpolation=cv2.INTER_LINEAR))
    rows = slice(down.low - down.at, down.high - down.at)
    return grown[rows, across.low - across.at : across.high - across.at]


def _paint_warped(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> None:
    """Turned and scaled about its middle, at parts of a pixel."""
    middle = (at[0] + pose.dx + sprite.size_px[0] / 2, at[1] + pose.dy + sprite.size_px[1] / 2)
    box = _reach(sprite, middle, pose, frame.size_px)
    left, top, right, bottom = box
    if right <= left or bottom <= top:
        return
    size = (right - left, bottom - top)
    matrix = _matrix(sprite, pose, (left + 0.5 - middle[0], top + 0.5 - middle[1]))
    rows, columns = slice(top // 2, bottom // 2), slice(left // 2, right // 2)
    targets = (frame.y[top:bottom, left:right], frame.u[rows, columns], frame.v[rows, columns])
    full, half = (_turned_flat if sprite.flat else _turned)(sprite, matrix, size)
    _blend(targets[0], full[0], full[1], pose.opacity)
    for target, plane in zip(targets[1:], half[:2], strict=True):
        _blend(target, plane, half[2], pose.opacity)


def _reach(
    sprite: Sprite, middle: tuple[float, float], pose: Pose, size_px: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The even box of the frame that a turned sprite may touch: left, top, right, bottom."""
    wide, high = sprite.size_px
    turn = np.deg2rad(pose.angle)
    cos, sin = abs(float(np.cos(turn))), abs(float(np.sin(turn)))
    reach_x = pose.scale * (cos * wide + sin * high) / 2 + 2
    reach_y = pose.scale * (sin * wide + cos * high) / 2 + 2
    left = max(0, int(middle[0] - reach_x) // 2 * 2)
    top = max(0, int(middle[1] - reach_y) // 2 * 2)
    right = min(size_px[0], -int(-(middle[0] + reach_x) // 2) * 2)
    bottom = min(size_px[1], -int(-(middle[1] + reach_y) // 2) * 2)
    return left, top, right, bottom


def _matrix(sprite: Sprite, pose: Pose, shift: tuple[float, float]) -> npt.NDArray[np.float32]:
    """From a pixel of the patch to a pixel of the sprite: turn and scale about both middles."""
    turn = np.deg2rad(pose.angle)
    a, b = float(np.cos(turn)) / pose.scale, float(np.sin(turn)) / pose.scale
    wide, high = sprite.size_px
    return np.array(
        [
            [a, b, a * shift[0] + b * shift[1] + wide / 2 - 0.5],
            [-b, a, -b * shift[0] + a * shift[1] + high / 2 - 0.5],
        ],
        np.float32,
    )


def _turned(
    sprite: Sprite, matrix: npt.NDArray[np.float32], size: tuple[int, int]
) -> tuple[list[Plane], list[Plane]]:
    """The patch's Y and `keep`, and at half size its U, V and `keep`."""
    clear = (0, 0, 0, 255)
    patch = cv2.warpAffine(sprite.packed, matrix, size, flags=_INVERSE, borderValue=clear)
    half = cv2.resize(patch, (size[0] // 2, size[1] // 2), interpolation=cv2.INTER_AREA)
    full = [as_plane(cv2.extractChannel(patch, channel)) for channel in (0, 3)]
    return full, [as_plane(plane) for plane in cv2.split(half)[1:]]


def _turned_flat(
    sprite: Sprite, matrix: npt.NDArray[np.float32], size: tuple[int, int]
) -> tuple[list[Plane], list[Plane]]:
    """The same of a sprite of one colour, of which only `keep` need be turned."""
    levels = sprite.flat or (16, 128, 128)
    keep = as_plane(cv2.warpAffine(sprite.keep, matrix, size, flags=_INVERSE, borderValue=255))
    half = (size[0] // 2, size[1] // 2)
    keep_half = as_plane(cv2.resize(keep, half, interpolation=cv2.INTER_AREA))
    full = [tinted(keep, levels[0]), keep]
    return full, [tinted(keep_half, levels[1]), tinted(keep_half, levels[2]), keep_half]


def _paint_outline(frame: Frame, sprite: Sprite, at: tuple[float, float], pose: Pose) -> None:
    """A flat figure filled into the planes, with smooth edges, at parts of a pixel."""
    level = sprite.flat or (16, 128, 128)
    wide, high = sprite.size_px
    turn = math.radians(pose.angle)
    # OpenCV takes sixteenths of a pixel, and counts from its middle.
    a, b = 16 * pose.scale * math.cos(turn), 16 * pose.scale * math.sin(turn)
    turned = np.array([[a, b], [-b, a]])
    place = np.array([at[0] + pose.dx + wide / 2, at[1] + pose.dy + high / 2]) * 16
    lines = [line @ turned + place for line in sprite.centred_outline]
    full, half = (line_corners(lines, share) for share in (1, 2))
    for plane, corners, value in zip(_planes(frame), (full, half, half), level, strict=True):
        if pose.opacity > 0.996:
            fill_lines(plane, corners, value)
        else:
            _fill_faintly(plane, corners, value, pose.opacity)


def _fill_faintly(plane: Plane, corners: list[Corners], level: int, opacity: float) -> None:
    points = np.concatenate(corners) // 16
    left, top = np.maximum(points.min(axis=0) - 1, 0).tolist()
    right, bottom = (points.max(axis=0) + 3).tolist()
    part = plane[top : max(top, bottom), left : max(left, right)]
    if part.size:
        filled = part.copy()
        fill_lines(filled, [line - (16 * left, 16 * top) for line in corners], level)
        cv2.addWeighted(filled, opacity, part, 1 - opacity, 0, dst=part)


def _planes(frame: Frame) -> tuple[Plane, Plane, Plane]:
    return frame.y, frame.u, frame.v


def _blend(below: Plane, above: Plane, keep: Plane | None, opacity: float) -> None:
    """``below = below × keep + above``, in place."""
    if opacity < 0.999:
        above = as_plane(cv2.convertScaleAbs(above, alpha=opacity))
        veil = np.zeros_like(above) if keep is None else keep
        keep = as_plane(cv2.convertScaleAbs(veil, alpha=opacity, beta=255 * (1 - opacity)))
    if keep is None:
        np.copyto(below, above)
        return
    cv2.multiply(below, keep, dst=below, scale=1 / 255)
    cv2.add(below, above, dst=below)
