"""Whether a product stands in a picture as it is in its own photograph, measured in pixels.

The product is looked for by local features and, for plain things that have none, by its form at
many sizes. The place is brought back into the photograph's frame, and both are compared cell by
cell: the drawing of what is printed or shaped there, and its hue. Light may differ, and its warmth
a little; turned views and things half hidden are not recognised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
# How well it fits, scale, and left and top.
_Place = tuple[float, float, tuple[int, int]]

# Longer sides that are worked at: of the product, of the picture for features and for forms.
_PRODUCT_PX, _FEATURE_PX, _FORM_PX = 256, 1100, 300
# Lab distance from an even border at which a photograph's ground ends and its product begins.
_GROUND_SPREAD, _GROUND_DISTANCE = 6.0, 9.0
_NEAREST_SHARE, _LEAST_MATCHES = 0.78, 8
# Heights of a product as shares of the picture's that are tried where it has no features.
_SIZES = np.geomspace(0.16, 0.95, 20)
_CELL_PX, _SLACK_PX = 24, 3
# Cells with less drawing (spread of grey) or less product in them tell nothing.
_LEAST_DRAWING, _LEAST_FILLED = 5.0, 0.6
_ALIKE = 0.5
_HALF = 128
_LEAST_FORM_PX, _PLACES_TRIED = 8, 4
# Scales that make sense, and the one above which a picture is softened before it is reduced.
_SCALES, _SOFTENED = (0.05, 8.0), 1.5
# How much darker or lighter a product may stand without its hue being told otherwise.
_LIGHT = (0.6, 1.7)
# Measured: see `likeness_fault`.
LEAST_DRAWN = 0.58
MOST_PATCH = 0.12
MOST_HUE_SHIFT = 16.5
MOST_CELL_SHIFT = 22.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a product was found in a picture.

    Attributes:
        drawn: share of the cells with something drawn in them that look the same, 0 to 1.
        patch: share of those cells in the largest place that looks otherwise.
        hue_shift: how far the hues of the whole lie from the photograph's, in Lab's a and b.
        cell_shift: the same of the tenth of cells that differ most.
        corners: of the product in the picture, 4 × 2, in pixels.
    """

    drawn: float
    patch: float
    hue_shift: float
    cell_shift: float
    corners: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """The photograph cut to its product."""

    bgr: Pixels
    mask: Pixels


def find_product(reference: Pixels, picture: Pixels) -> Likeness | None:
    """The product of `reference` in `picture`, at the place that resembles it most.

    Args:
        reference: BGRA, straight alpha.
        picture: BGR.

    Returns:
        None where nothing in the picture could be it.
    """
    product = _product_in(reference)
    found = [_compared(product, picture, way) for way in _ways(product, picture)]
    return max((one for one in found if one), key=_closeness, default=None)


def likeness_fault(likeness: Likeness | None) -> str:
    """What is wrong with the product in a picture, in words for a model; empty when it is true."""
    if likeness is None or likeness.drawn < LEAST_DRAWN or likeness.patch > MOST_PATCH:
        return "the product in it is not the one of the reference picture (shape or label differ)"
    if likeness.hue_shift > MOST_HUE_SHIFT or likeness.cell_shift > MOST_CELL_SHIFT:
        return "the product in it has other colours than in the reference picture"
    return ""


def product_box(likeness: Likeness, picture: Pixels) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the product, in shares of `picture`."""
    height, width = picture.shape[:2]
    shares = np.clip(likeness.corners / (width, height), 0, 1)
    (left, top), (right, bottom) = shares.min(axis=0), shares.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def without_product(picture: Pixels, likeness: Likeness) -> Pixels:
    """`picture` with the product's place painted over, so that its label is no lettering."""
    made = picture.copy()
    hull = cv2.convexHull(likeness.corners.astype(np.int32))
    cv2.fillConvexPoly(made, hull, [float(part) for part in picture.mean(axis=(0, 1))])
    return made


def _closeness(likeness: Likeness) -> float:
    return likeness.drawn - likeness.hue_shift / 100 - likeness.cell_shift / 200


def _product_in(reference: Pixels) -> _Product:
    bgr, alpha = np.ascontiguousarray(reference[:, :, :3]), reference[:, :, 3]
    mask = alpha > _HALF if int(alpha.min()) < _HALF else _off_ground(bgr)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        rows, columns = np.arange(mask.shape[0]), np.arange(mask.shape[1])
        mask = np.ones_like(mask)
    part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    factor = _PRODUCT_PX / max(rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)
    return _Product(
        bgr=_scaled(bgr[part], factor), mask=_scaled(mask[part].astype(np.uint8) * 255, factor)
    )


def _off_ground(bgr: Pixels) -> npt.NDArray[np.bool_]:
    """What differs from an even border; everything where the border is not even."""
    lab = _lab(bgr)
    border = np.concatenate([lab[:4].reshape(-1, 3), lab[-4:].reshape(-1, 3),
                             lab[:, :4].reshape(-1, 3), lab[:, -4:].reshape(-1, 3)])  # fmt: skip
    ground = np.median(border, axis=0)
    if float(np.median(np.abs(border - ground))) > _GROUND_SPREAD:
        return np.ones(bgr.shape[:2], np.bool_)
    away = (np.linalg.norm(lab - ground, axis=2) > _GROUND_DISTANCE).astype(np.uint8)
    closed = cv2.morphologyEx(away, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    least = 0.02 * closed.size
    kept = [outline for outline in outlines if cv2.contourArea(outline) > least]
    filled = cv2.drawContours(np.zeros_like(closed), kept, -1, 1, -1)
    return np.asarray(filled, np.bool_)


def _ways(product: _Product, picture: Pixels) -> Iterator[Plane]:
    """Transforms, 2 × 3, from the product's pixels to the picture's."""
    by_features = _by_features(product, picture)
    if by_features is not None:
        yield by_features
    yield from _by_form(product, picture)


def _by_features(product: _Product, picture: Pixels) -> Plane | None:
    finder = cv2.SIFT_create(nfeatures=1500, contrastThreshold=0.02)  # type: ignore[attr-defined]
    factor = min(1.0, _FEATURE_PX / max(picture.shape[:2]))
    own, own_marks = finder.detectAndCompute(_grey(product.bgr), product.mask)
    there, marks = finder.detectAndCompute(_grey(_scaled(picture, factor)), None)
    if own_marks is None or marks is None or min(len(own), len(there)) < _LEAST_MATCHES:
        return None
    pairs = cv2.BFMatcher().knnMatch(own_marks, marks, k=2)
    near = [one for one, next_ in pairs if one.distance < _NEAREST_SHARE * next_.distance]
    if len(near) < _LEAST_MATCHES:
        return None
    cv2.setRNGSeed(1)  # the search draws at random
    here = np.array([own[match.queryIdx].pt for match in near], np.float32)
    found = np.array([there[match.trainIdx].pt for match in near], np.float32) / factor
    way: Any = cv2.estimateAffinePartial2D(
        here, found, method=cv2.RANSAC, ransacReprojThreshold=max(picture.shape[:2]) / 200
    )[0]
    return None if way is None else np.asarray(way, np.float32)


def _by_form(product: _Product, picture: Pixels) -> Iterator[Plane]:
    """The best places of the product's form and of its colours, upright, over all sizes."""
    factor = _FORM_PX / max(picture.shape[:2])
    small = _scaled(picture, factor)
    edges = _form(small)
    height, width = product.mask.shape
    forms: list[_Place] = []
    colours: list[_Place] = []
    for share in _SIZES:
        scale = float(share) * small.shape[0] / height
        if width * scale > 0.95 * small.shape[1] or min(width, height) * scale < _LEAST_FORM_PX:
            continue
        forms.append(_best_form(product, edges, scale))
        colours.append(_best_colours(product, small, scale))
    for found in (forms, colours):
        for _, scale, (left, top) in sorted(found, reverse=True)[:_PLACES_TRIED]:
            yield np.array([[scale, 0, left], [0, scale, top]], np.float32) / factor


def _best_form(product: _Product, edges: Plane, scale: float) -> _Place:
    """Where the outline and the inner edges of the product fit best at this size."""
    border = (2, 2, 2, 2, cv2.BORDER_CONSTANT)
    outline = _form(
        cv2.merge([cv2.copyMakeBorder(_scaled(product.mask, scale), *border, value=0)] * 3)
    )
    inner = cv2.copyMakeBorder(_form(_scaled(product.bgr, scale)), *border, value=0)
    both = np.maximum(outline, inner)[: edges.shape[0], : edges.shape[1]].astype(np.float32)
    _, best, _, place = cv2.minMaxLoc(cv2.matchTemplate(edges, both, cv2.TM_CCOEFF_NORMED))
    return best, scale, (place[0] + 2, place[1] + 2)


def _best_colours(product: _Product, small: Pixels, scale: float) -> _Place:
    """Where the product's colours differ least at this size."""
    mask = (_scaled(product.mask, scale) > _HALF).astype(np.uint8)
    match = cv2.matchTemplate(
        small, _scaled(product.bgr, scale), cv2.TM_SQDIFF, mask=cv2.merge([mask] * 3)
    )
    least, _, place, _ = cv2.minMaxLoc(match)
    return -least / max(1, int(mask.sum())), scale, (place[0], place[1])


def _form(bgr: Any) -> Plane:
    """Strength of edges, softened, so that small errors of size do not matter."""
    grey = cv2.GaussianBlur(_grey(bgr), (3, 3), 0).astype(np.float32)
    edges = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    return np.asarray(cv2.GaussianBlur(np.minimum(edges, 120), (5, 5), 0), np.float32)


def _compared(product: _Product, picture: Pixels, way: Plane) -> Likeness | None:
    size = (product.mask.shape[1], product.mask.shape[0])
    scale = float(np.hypot(way[0, 0], way[1, 0]))
    if not _SCALES[0] < scale < _SCALES[1]:
        return None
    soft = picture if scale < _SOFTENED else cv2.GaussianBlur(picture, (0, 0), scale / 3)
    there = cv2.warpAffine(
        soft, way, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=(128, 128, 128)
    )
    way, there = _refined(product, np.asarray(soft, np.uint8), way, np.asarray(there, np.uint8))
    drawn, patch, shifts = _cells(product, there)
    if not len(shifts):
        return None
    box = np.array([[0, 0, 1], [size[0], 0, 1], [*size, 1], [0, size[1], 1]], np.float64)
    far = np.linalg.norm(shifts, axis=1)
    return Likeness(
        drawn=drawn,
        patch=patch,
        hue_shift=float(np.linalg.norm(np.median(shifts, axis=0))),
        cell_shift=float(np.quantile(far, 0.9)),
        corners=box @ way.T.astype(np.float64),
    )


def _refined(
    product: _Product, picture: Pixels, way: Plane, there: Pixels
) -> tuple[Plane, Pixels]:
    """The place, better fitted by grey levels; as it was where that finds nothing."""
    size = (product.mask.shape[1], product.mask.shape[0])
    ends = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 60, 1e-5)
    start = np.eye(2, 3, dtype=np.float32)
    try:
        _, small = cv2.findTransformECC(
            _grey(product.bgr), _grey(there), start, cv2.MOTION_AFFINE, ends, product.mask, 5
        )
    except cv2.error:
        return way, there
    whole = np.vstack([way, [0, 0, 1]]) @ np.vstack([small, [0, 0, 1]])
    better = np.asarray(whole[:2], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return better, np.asarray(
        cv2.warpAffine(picture, better, size, flags=flags, borderValue=(128, 128, 128)), np.uint8
    )


def _cells(product: _Product, there: Pixels) -> tuple[float, float, Plane]:
    """Share of drawn cells alike, that of the largest place unlike, and shifts of hue, n × 2."""
    own_grey, grey = _grey(product.bgr), _grey(there)
    shift = _hue_shift(_lab(product.bgr), _lab(there))
    height, width = product.mask.shape
    tops, lefts = (range(0, side - _CELL_PX + 1, _CELL_PX // 2) for side in (height, width))
    unlike = np.zeros((len(tops), len(lefts)), np.uint8)
    drawn = np.zeros_like(unlike)
    shifts = []
    for row, top in enumerate(tops):
        for column, left in enumerate(lefts):
            cell = (slice(top, top + _CELL_PX), slice(left, left + _CELL_PX))
            inside = product.mask[cell] > 0
            if inside.mean() < _LEAST_FILLED:
                continue
            shifts.append(shift[cell][inside].mean(axis=0))
            if own_grey[cell].std() >= _LEAST_DRAWING:
                drawn[row, column] = 1
                unlike[row, column] = not _looks_alike(own_grey[cell], grey, (top, left))
    count = max(1, int(drawn.sum()))
    _, _, stats, _ = cv2.connectedComponentsWithStats(unlike, connectivity=4)
    patch = int(stats[1:, cv2.CC_STAT_AREA].max(initial=0))
    same = 1 - int(unlike.sum()) / count
    return same, patch / count, np.array(shifts, np.float32).reshape(-1, 2)


def _hue_shift(own: Plane, there: Plane) -> Plane:
    """How far Lab's a and b differ, other light levelled out: shade makes every colour greyer."""
    soft, other = cv2.blur(own, (9, 9)), cv2.blur(there, (9, 9))
    gain = np.clip((soft[:, :, :1] + 5) / (other[:, :, :1] + 5), *_LIGHT)
    return np.asarray(other[:, :, 1:] * gain - soft[:, :, 1:], np.float32)


def _looks_alike(cell: Pixels, grey: Pixels, place: tuple[int, int]) -> bool:
    top, left = (max(0, side - _SLACK_PX) for side in place)
    end = (place[0] + _CELL_PX + _SLACK_PX, place[1] + _CELL_PX + _SLACK_PX)
    around = grey[top : end[0], left : end[1]]
    if around.std() < 1:
        return False
    return float(cv2.matchTemplate(around, cell, cv2.TM_CCOEFF_NORMED).max()) >= _ALIKE


def _grey(bgr: Any) -> Pixels:
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), np.uint8)


def _lab(bgr: Pixels) -> Plane:
    return np.asarray(cv2.cvtColor(bgr.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)


def _scaled(pixels: Pixels, factor: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=way), np.uint8)
