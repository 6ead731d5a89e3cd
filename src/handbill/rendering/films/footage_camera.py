"""Where the crop of a clip looks, picture by picture: steady, and on what draws the eye."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from handbill.rendering.faces import Shares, area_of, find_faces
from handbill.rendering.films.planes import Plane, as_plane

Series = npt.NDArray[np.float64]

_SHAKY = 0.0012  # of the width: how far a hand's picture jumps from one to the next
_MOST_SHIFT = 0.045  # of width and height, that steadying may move a picture
_STEADY_S, _FOLLOW_S = 0.45, 0.7
_SURE = 0.05  # of a match; plain ground gives none
_ALIKE, _LEAST_ALIKE = 0.004, 4  # of the width, and of six parts: else something passes by
_GIST_PX = 64
_GLANCES, _FACE_ROWS = 6, 0.05  # looks at a stretch; what a point of a face weighs
_SEEN_OFTEN = 0.34  # share of looks with a face, from which the crop follows faces
_EYE_LINE = 0.08  # of the crop: how far above its middle a face is held


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """A crop's path.

    Attributes:
        centres: middle of the crop of every picture, in shares of width and height.
        steadied: whether the clip was shaky, and the path takes that back.
        zoom: how much smaller the crop has to be so that steadying never shows an edge.
    """

    centres: Series
    steadied: bool
    zoom: float


def plan_camera(
    greys: list[Plane], fps: float, crop: tuple[float, float], *, steady: bool = True
) -> Camera:
    """The path for a stretch.

    Args:
        greys: its pictures, small, at the clip's shape.
        fps: pictures a second.
        crop: width and height of the crop in shares of the picture's.
        steady: whether a shaky stretch may be steadied.
    """
    shake = _shake(greys, fps)
    jitter = np.diff(shake, axis=0) if len(shake) > 1 else np.zeros((1, 2))
    steadied = steady and bool(float(np.sqrt(np.mean(jitter**2))) > _SHAKY)
    zoom = 1.0 - 2 * _MOST_SHIFT if steadied else 1.0
    follow = _follow(greys, fps, crop)
    shift = np.clip(shake, -_MOST_SHIFT, _MOST_SHIFT) if steadied else np.zeros_like(shake)
    half = np.array(crop) * zoom / 2
    margin = half + (_MOST_SHIFT if steadied else 0.0)
    rest = np.clip(follow, np.minimum(margin, 0.5), np.maximum(1 - margin, 0.5))
    centres = np.clip(rest + shift, half, 1 - half)
    return Camera(centres=centres, steadied=steadied, zoom=zoom)


def _shake(greys: list[Plane], fps: float) -> Series:
    """How far each picture lies off the smooth path of the hand, in shares of width and height."""
    steps = [np.zeros(2), *(_step(*pair) for pair in itertools.pairwise(greys))]
    path = np.cumsum(np.array(steps), axis=0)
    return path - _smooth(path, fps * _STEADY_S)


def _step(before: Plane, after: Plane) -> Series:
    """How far the picture moved, by most of its parts: what moves within it does not count."""
    high, wide = before.shape
    rows, columns = high // 2, wide // 3
    window = cv2.createHanningWindow((columns, rows), cv2.CV_32F)
    found = []
    for top, left in itertools.product((0, high - rows), (0, columns, wide - columns)):
        part = np.s_[top : top + rows, left : left + columns]
        (dx, dy), sure = cv2.phaseCorrelate(
            before[part].astype(np.float32), after[part].astype(np.float32), window
        )
        found.append((dx / wide, dy / high) if sure > _SURE else (0.0, 0.0))
    middle: Series = np.median(np.array(found), axis=0)
    alike = np.abs(np.array(found) - middle).max(axis=1) < _ALIKE
    return middle if alike.sum() >= _LEAST_ALIKE else np.zeros(2)


def _follow(greys: list[Plane], fps: float, crop: tuple[float, float]) -> Series:
    """The middle of what draws the eye, followed smoothly; half way where all is in the crop."""
    if min(crop) > 0.999:
        return np.full((len(greys), 2), 0.5)
    every = max(1, round(fps / 6))
    seen = list(range(0, len(greys), every))
    at, spots = _faces_along([greys[place] for place in seen], crop)
    if len(at) < _SEEN_OFTEN * len(seen):
        others = [greys[place - every] if place else greys[min(every, len(greys) - 1)]
                  for place in seen]  # fmt: skip
        pairs = zip(seen, others, strict=True)
        at = list(range(len(seen)))
        spots = [_spot(greys[place], other) for place, other in pairs]
    known, path = [seen[place] for place in at], np.array(spots)
    filled = np.stack(
        [np.interp(np.arange(len(greys)), known, path[:, axis]) for axis in (0, 1)], axis=1
    )
    return _smooth(filled, fps * _FOLLOW_S)


def _faces_along(greys: list[Plane], crop: tuple[float, float]) -> tuple[list[int], list[Series]]:
    """Which of the pictures show a face, and where the crop has to look for it."""
    at: list[int] = []
    spots: list[Series] = []
    for place, grey in enumerate(greys):
        heads = find_faces(grey)
        if heads:
            at.append(place)
            spots.append(_held(heads, crop, spots[-1] if spots else None))
    return at, spots


def _held(heads: tuple[Shares, ...], crop: tuple[float, float], last: Series | None) -> Series:
    """The middle of a crop that holds the largest face, and as many others as fit beside it."""

    def pull(head: Shares) -> float:
        middle = np.array([(head[0] + head[2]) / 2, (head[1] + head[3]) / 2])
        away = 0.0 if last is None else float(np.abs(middle - last).sum())
        return area_of(head) / (1 + 4 * away)  # two faces of a size do not take turns

    left, top, right, bottom = max(heads, key=pull)
    for head in heads:
        box = min(left, head[0]), min(top, head[1]), max(right, head[2]), max(bottom, head[3])
        if box[2] - box[0] <= crop[0] and box[3] - box[1] <= crop[1]:
            left, top, right, bottom = box
    return np.array([(left + right) / 2, (top + bottom) / 2 + _EYE_LINE * crop[1]])


def rows_watched(greys: list[Plane], camera: Camera, crop: tuple[float, float]) -> Series:
    """How much of what draws the eye lies in every row of the crop, from above; 1 together.

    Args:
        greys: pictures of a stretch, as for `plan_camera`.
        camera: the crop's path through them.
        crop: its width and height in shares of the picture's.
    """
    total = np.zeros(_GIST_PX)
    places = np.linspace(0, len(greys) - 1, min(_GLANCES, len(greys))).round().astype(int)
    for place in places:
        grey = greys[place]
        drawn = _drawn_to(grey, greys[place - 1] if place else greys[min(1, len(greys) - 1)])
        drawn /= drawn.sum() + 1e-12
        for left, top, right, bottom in find_faces(grey):
            drawn[_span(top, bottom), _span(left, right)] += _FACE_ROWS
        half = np.array(crop) * camera.zoom / 2
        (left, top), (right, bottom) = camera.centres[place] - half, camera.centres[place] + half
        rows = drawn[_span(top, bottom), _span(left, right)].sum(axis=1)
        total += np.interp(np.linspace(0, 1, _GIST_PX), np.linspace(0, 1, len(rows)), rows)
    shares: Series = total / (total.sum() + 1e-12)
    return shares


def _span(first: float, last: float) -> slice:
    start = min(_GIST_PX - 1, max(0, round(first * _GIST_PX)))
    return slice(start, max(start + 1, round(last * _GIST_PX)))


def _spot(grey: Plane, before: Plane) -> Series:
    """The middle of what draws the eye, in shares of width and height."""
    weight = _drawn_to(grey, before)
    across = np.linspace(0.5, _GIST_PX - 0.5, _GIST_PX) / _GIST_PX
    total = weight.sum() + 1e-12
    return np.array([(weight.sum(axis=0) @ across) / total, (weight.sum(axis=1) @ across) / total])


def _drawn_to(grey: Plane, before: Plane) -> Series:
    """Where the eye goes: what stands out from its surroundings, above all what moves."""
    small = cv2.resize(grey, (_GIST_PX, _GIST_PX), interpolation=cv2.INTER_AREA)
    earlier = cv2.resize(before, (_GIST_PX, _GIST_PX), interpolation=cv2.INTER_AREA)
    spectrum = np.fft.fft2(small.astype(np.float64))
    level = np.log(np.abs(spectrum) + 1e-9)
    residue = level - cv2.blur(level, (3, 3))
    salient = np.abs(np.fft.ifft2(np.exp(residue + 1j * np.angle(spectrum)))) ** 2
    moved = cv2.absdiff(small, earlier).astype(np.float64)
    moved = np.maximum(0, moved - 2 * np.median(moved) - 4)
    weight = salient / (salient.sum() + 1e-9) + 4.0 * moved / (moved.sum() + 1e-9)
    blurred: Series = cv2.GaussianBlur(weight, (0, 0), 3) ** 2
    return blurred


def _smooth(path: Series, sigma: float) -> Series:
    """The path without what is quicker than `sigma` pictures; its ends are not pulled inwards."""
    reach = min(len(path) - 1, max(1, round(3 * sigma)))
    if reach < 1:
        return path.copy()
    before = 2 * path[0] - path[reach:0:-1]
    after = 2 * path[-1] - path[-2 : -2 - reach : -1]
    long = np.concatenate([before, path, after])
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(sigma, 0.3)) ** 2)
    weights /= weights.sum()
    return np.stack([np.convolve(long[:, axis], weights, "valid") for axis in (0, 1)], axis=1)


def small_grey(luma: Plane, side_px: int = 320) -> Plane:
    """A picture's luma at most `side_px` wide or high, for looking at its path."""
    high, wide = luma.shape
    share = min(1.0, side_px / max(wide, high))
    size = (max(2, round(wide * share)), max(2, round(high * share)))
    return as_plane(cv2.resize(luma, size, interpolation=cv2.INTER_AREA))
