"""From one shot to the next: both frames in, one frame out, by shares of time from 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np

from handbill.rendering.films.easing import clamp, ease_both, ease_out
from handbill.rendering.films.planes import Frame, Plane, as_plane

Transition = Callable[[Frame, Frame, Frame, float, tuple[int, int, int]], None]

LENGTHS_S = {
    "cut": 0.0,
    "wipe": 0.5,
    "slide": 0.42,
    "zoom": 0.36,
    "dissolve": 0.4,
    "iris": 0.5,
    "whip": 0.34,
    "doors": 0.55,
}
LENGTHS_S |= {f"{name}_back": LENGTHS_S[name] for name in ("slide", "whip", "wipe")}


def turned(name: str, *, rtl: bool) -> str:
    """The transition `name` in the direction in which people read."""
    back = f"{name}_back"
    return back if rtl and back in TRANSITIONS else name


def join_frames(
    name: str, old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]
) -> None:
    """Write into `out` the moment `share` of the transition `name` from `old` to `new`.

    Args:
        name: a key of `TRANSITIONS`.
        old: the moment of the shot that goes.
        new: the moment of the shot that comes.
        out: is painted over.
        share: 0 to 1.
        yuv: the colour of the band that leads a wipe, as Y, U, V.
    """
    TRANSITIONS[name](old, new, out, share, yuv)


def _dissolve(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    del yuv
    weight = ease_both(share)
    cv2.addWeighted(new.pixels, weight, old.pixels, 1 - weight, 0, dst=out.pixels)


def _whip(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """The camera is thrown aside: the new shot tears in, smeared by its speed."""
    _slide(old, new, out, share, yuv)
    _smear(old, out, share)


def _whip_back(
    old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]
) -> None:
    _slide_back(old, new, out, share, yuv)
    _smear(old, out, share)


def _smear(old: Frame, out: Frame, share: float) -> None:
    smear = round(0.16 * old.size_px[0] * math.sin(math.pi * share))
    for plane, part in ((out.y, 1), (out.u, 2), (out.v, 2)):
        width = smear // part
        if width > 1:
            cv2.blur(plane, (width, 1), dst=plane)


def _doors(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """The old shot opens in the middle like a box, its edges in the brand's colour."""
    half = old.size_px[0] // 2
    gone = round(half * ease_both(share) / 2) * 2
    edge = min(gone, round(0.018 * old.size_px[0] / 2) * 2)
    out.copy_from(new)
    for source, target, part, level in (
        (old.y, out.y, 1, yuv[0]),
        (old.u, out.u, 2, yuv[1]),
        (old.v, out.v, 2, yuv[2]),
    ):
        middle, left, rim = source.shape[1] // 2, (half - gone) // part, edge // part
        target[:, :left] = source[:, middle - left : middle]
        target[:, target.shape[1] - left :] = source[:, middle : middle + left]
        target[:, left : left + rim] = level
        target[:, target.shape[1] - left - rim : target.shape[1] - left] = level


def _slide(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """The new shot pushes the old one out to the left."""
    del yuv
    width = old.size_px[0]
    edge = round(width * (1 - ease_both(share)) / 2) * 2
    for source, other, target, part in (
        (old.y, new.y, out.y, 1),
        (old.u, new.u, out.u, 2),
        (old.v, new.v, out.v, 2),
    ):
        line = edge // part
        target[:, :line] = source[:, source.shape[1] - line :]
        target[:, line:] = other[:, : other.shape[1] - line]


def _slide_back(
    old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]
) -> None:
    """The same to the right: the past lies on the right of those who read from there."""
    _slide(new, old, out, 1 - share, yuv)


def _zoom(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """The camera dives through the old shot while the new one comes up."""
    del yuv
    dive = 1.0 + 0.45 * share * share
    # Both are seen at once as shortly as can be: two shots in each other are mud.
    weight = ease_both(clamp((share - 0.28) / 0.44))
    for source, other, target in (
        (old.y, new.y, out.y),
        (old.u, new.u, out.u),
        (old.v, new.v, out.v),
    ):
        cv2.addWeighted(other, weight, _enlarged(source, dive), 1 - weight, 0, dst=target)


def _enlarged(plane: Plane, factor: float) -> Plane:
    height, width = plane.shape
    part_h, part_w = int(height / factor), int(width / factor)
    top, left = (height - part_h) // 2, (width - part_w) // 2
    part = plane[top : top + part_h, left : left + part_w]
    return as_plane(cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR))


def _wipe(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """A slanted band in the brand's colour sweeps across, the new shot behind it."""
    _swept(old, new, out, ease_both(share), yuv)


def _wipe_back(
    old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]
) -> None:
    """The same from the right."""
    _swept(new, old, out, 1 - ease_both(share), yuv)


def _swept(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """`new` left of a slanted band that has come this far to the right, `old` right of it."""
    width, height = old.size_px
    slant = 0.22 * width
    band = 0.34 * width
    front = -band + (width + slant + 2 * band) * share
    out.copy_from(old)
    for part, planes in (
        (1, ((new.y, out.y, yuv[0]),)),
        (2, ((new.u, out.u, yuv[1]), (new.v, out.v, yuv[2]))),
    ):
        behind = np.zeros((height // part, width // part), np.uint8)
        _fill_left_of(behind, (front - band) / part, slant / part, 255)
        for source, target, level in planes:
            _fill_left_of(target, front / part, slant / part, level)
            cv2.copyTo(source, behind, target)


def _fill_left_of(plane: Plane, line: float, slant: float, level: int) -> None:
    """Paint what lies left of a slanted edge."""
    if line > 0:
        height = plane.shape[0]
        corners = [(0.0, 0.0), (line, 0.0), (line - slant, height), (0.0, height)]
        points = np.array([(max(0, round(x)), round(y)) for x, y in corners], np.int32)
        cv2.fillConvexPoly(plane, points, level)


def _iris(old: Frame, new: Frame, out: Frame, share: float, yuv: tuple[int, int, int]) -> None:
    """A circle opens from the middle, with a ring in the brand's colour around it."""
    width, height = old.size_px
    radius = math.hypot(width, height) / 2 * 1.06 * ease_out(share * share * (3 - 2 * share))
    ring = 0.09 * min(width, height) * (1 - share)
    out.copy_from(old)
    for part, planes in (
        (1, ((new.y, out.y, yuv[0]),)),
        (2, ((new.u, out.u, yuv[1]), (new.v, out.v, yuv[2]))),
    ):
        middle = (width // part // 2, height // part // 2)
        hole = np.zeros((height // part, width // part), np.uint8)
        cv2.circle(hole, middle, round(radius / part), 255, -1)
        for source, target, level in planes:
            if ring > 1:
                cv2.circle(target, middle, round((radius + ring) / part), level, -1)
            cv2.copyTo(source, hole, target)


TRANSITIONS: dict[str, Transition] = {
    "dissolve": _dissolve,
    "slide": _slide,
    "slide_back": _slide_back,
    "whip": _whip,
    "whip_back": _whip_back,
    "doors": _doors,
    "zoom": _zoom,
    "wipe": _wipe,
    "wipe_back": _wipe_back,
    "iris": _iris,
}
