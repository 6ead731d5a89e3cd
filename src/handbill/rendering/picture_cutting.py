"""Cutting products out: trimming alpha, dropping baked shadows, removing plain studio grounds.

Classical segmentation is enough for plain grounds. Where the result would not be clean, nothing
is cut and the caller frames the photo instead.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from handbill.rendering.canvases import Pixels, as_pixels

Mask = npt.NDArray[np.uint8]

_SOLID = 200
_COARSE = 4
_STRIP_PX = 128
_GROUND_SPREAD = 11.0
_EDGE_STEP = 16.0
# One in so many pixels of a rim, and the share of them that are alike where it may be plain.
_SPARSE, _CLEARLY = 16, 0.9


def trimmed(pixels: Pixels) -> Pixels:
    """`pixels` (BGRA) without its empty margins; unchanged when it is empty."""
    box = _box_of(pixels[:, :, 3] > 40)
    if box is None:
        return pixels
    left, top, right, bottom = box
    return np.ascontiguousarray(pixels[top:bottom, left:right])


def drop_baked_shadow(pixels: Pixels) -> Pixels:
    """`pixels` without soft grey islands that hold no solid part: shadows drawn into the file.

    We draw our own contact shadow where the product comes to stand.
    """
    alpha = np.ascontiguousarray(pixels[::_COARSE, ::_COARSE, 3])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (alpha > 2).astype(np.uint8), connectivity=8
    )
    if count <= 2 or count > 400:
        return pixels
    solid = np.zeros(count, dtype=bool)
    solid[np.unique(labels[alpha >= _SOLID])] = True
    largest = stats[1:, cv2.CC_STAT_AREA][solid[1:]].max(initial=0)
    solid &= stats[:, cv2.CC_STAT_AREA] > 0.002 * largest
    solid[0] = False
    if not solid.any():
        return pixels
    # Grown by one cell: the coarse grid may have missed the product's outermost pixels.
    keep = cv2.dilate(solid[labels].astype(np.uint8) * 255, np.ones((3, 3), np.uint8))
    height, width = pixels.shape[:2]
    mask = cv2.resize(keep, (width, height), interpolation=cv2.INTER_NEAREST)
    return as_pixels(cv2.bitwise_and(pixels, pixels, mask=mask))


def plain_ground(pixels: Pixels) -> npt.NDArray[np.float32] | None:
    """The ground's Lab colour when the picture's rim is plain and light, else None."""
    rim = max(2, min(pixels.shape[:2]) // 60)
    if _clearly_uneven(pixels, rim):
        return None
    sides = [pixels[:rim], pixels[-rim:], pixels[:, :rim], pixels[:, -rim:]]
    outer = np.concatenate([side[:, :, :3].reshape(-1, 1, 3) for side in sides])
    lab = cv2.cvtColor(outer, cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float32)
    ground = np.median(lab, axis=0)
    spread = np.sqrt(((lab - ground) ** 2).sum(axis=1))
    plain = float(np.mean(spread < _GROUND_SPREAD)) > 0.985
    return ground.astype(np.float32) if plain and ground[0] > 190 else None


def _clearly_uneven(pixels: Pixels, rim: int) -> bool:
    """Whether a few pixels of the rim tell already that it is not plain, as most photos' do."""
    row, column = pixels[rim // 2, ::_SPARSE, :3], pixels[::_SPARSE, rim // 2, :3]
    few = np.concatenate([row, column])[:, None]
    lab = cv2.cvtColor(few, cv2.COLOR_BGR2LAB).reshape(-1, 3).astype(np.float32)
    spread = np.sqrt(((lab - np.median(lab, axis=0)) ** 2).sum(axis=1))
    return float(np.mean(spread < 2 * _GROUND_SPREAD)) < _CLEARLY


def cut_out(pixels: Pixels, ground: npt.NDArray[np.float32]) -> Pixels | None:
    """The product on a plain ground as a premultiplied cut-out, or None when not clean."""
    away = _away_from(pixels, ground)
    outside = _flooded(away < _GROUND_SPREAD)
    solid = _filled(outside)
    if not _is_clean(solid, away):
        return None
    return _feathered(pixels, solid, ground)


def _away_from(pixels: Pixels, ground: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """How far each pixel is from the ground's colour, hue counted more than lightness."""
    away = np.empty(pixels.shape[:2], np.float32)
    weights = np.array([1.0, 1.6, 1.6], np.float32)
    for strip in _strips(pixels):
        lab = cv2.cvtColor(pixels[strip, :, :3], cv2.COLOR_BGR2LAB).astype(np.float32)
        away[strip] = np.sqrt(((lab - ground) ** 2 * weights).sum(axis=2))
    return away


def _strips(pixels: Pixels) -> Iterator[slice]:
    """Rows of a picture a few at a time: floats of a whole one would take hundreds of MB."""
    height = pixels.shape[0]
    yield from (slice(top, min(top + _STRIP_PX, height)) for top in range(0, height, _STRIP_PX))


def _flooded(like_ground: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The part of `like_ground` that hangs together with the picture's rim."""
    padded = np.pad(like_ground.astype(np.uint8), 1, constant_values=1)
    _, labels = cv2.connectedComponents(padded, connectivity=4)
    outside: npt.NDArray[np.bool_] = (labels == labels[0, 0])[1:-1, 1:-1]
    return outside


def _filled(outside: npt.NDArray[np.bool_]) -> Mask:
    """255 where the product is: specks removed, small gaps closed."""
    solid = np.where(outside, 0, 255).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    solid = as_pixels(cv2.morphologyEx(solid, cv2.MORPH_OPEN, kernel))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    if count < 2:
        return solid
    areas = stats[:, cv2.CC_STAT_AREA]
    keep = areas > 0.01 * areas[1:].max()
    keep[0] = False
    return np.where(keep[labels], 255, 0).astype(np.uint8)


def _is_clean(solid: Mask, away: npt.NDArray[np.float32]) -> bool:
    """Whether the mask is one product with a clear outline, away from the rim."""
    share = float(np.mean(solid > 0))
    if not 0.03 < share < 0.88 or _touches_rim(solid):
        return False
    kernel = np.ones((7, 7), np.uint8)
    outline = cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, kernel) > 0
    inner = outline & (cv2.erode(solid, np.ones((3, 3), np.uint8)) > 0)
    if not inner.any():
        return False
    return float(np.mean(away[inner] > _EDGE_STEP)) > 0.8


def _touches_rim(solid: Mask) -> bool:
    sides = (solid[:2], solid[-2:], solid[:, :2], solid[:, -2:])
    return any(float(np.mean(side > 0)) > 0.02 for side in sides)


def _feathered(pixels: Pixels, solid: Mask, ground: npt.NDArray[np.float32]) -> Pixels:
    """Premultiplied cut-out with a soft edge and the ground's colour taken out of that edge."""
    alpha = cv2.GaussianBlur(cv2.erode(solid, np.ones((3, 3), np.uint8)), (5, 5), 0)
    patch = ground.reshape(1, 1, 3).astype(np.uint8)
    ground_bgr = cv2.cvtColor(patch, cv2.COLOR_LAB2BGR).astype(np.float32)
    made = np.empty((*alpha.shape, 4), np.uint8)
    made[:, :, 3] = alpha
    for strip in _strips(pixels):
        share = alpha[strip, :, None].astype(np.float32) / 255
        # An edge pixel shows product × share + ground × (1 - share): keep the product's part.
        product = pixels[strip, :, :3].astype(np.float32) - ground_bgr * (1 - share)
        made[strip, :, :3] = np.clip(product, 0, 255 * share)
    return made


def _box_of(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
