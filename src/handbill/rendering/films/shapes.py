"""Drawn things of a film that are not words: shapes, plates, badges, veils."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from handbill.rendering.canvases import Pixels, as_pixels, blank, canvas_over, paint
from handbill.rendering.films.figures import FIGURES
from handbill.rendering.films.planes import Sprite, outlined_sprite_of
from handbill.rendering.skia_library import skia

Floats = npt.NDArray[np.float32]

_VEIL = 0.6  # of a veil under words
_FAINT = 0.7  # how much of running figures is seen


def figure_sprite(name: str, width_px: int, height_px: int, bgr: tuple[int, int, int]) -> Sprite:
    """One of `figures.FIGURES` in one colour, filling its box; odd sides grow by a pixel."""
    size_px = (even(width_px), even(height_px))
    return outlined_sprite_of(size_px, FIGURES[name](*map(float, size_px)), bgr)


def draw_mask(name: str, width_px: int, height_px: int) -> Pixels:
    """One of `figures.FIGURES` in white, filling its box."""
    keep = figure_sprite(name, width_px, height_px, (255, 255, 255)).keep
    return as_pixels(cv2.merge([cv2.bitwise_not(keep)] * 4))


def draw_plate(width_px: int, height_px: int, argb: int, roundness: float) -> Pixels:
    """A rounded rectangle; `roundness` 0 is square, 1 is a pill."""
    pixels = blank(even(width_px), even(height_px))
    height, width = pixels.shape[:2]
    radius = roundness * min(width, height) / 2
    canvas_over(pixels).drawRoundRect(skia.Rect.MakeWH(width, height), radius, radius, paint(argb))
    return pixels


def draw_star(side_px: int, argb: int, points: int = 18) -> Pixels:
    """A seal with a scalloped edge, for offers."""
    pixels = blank(even(side_px), even(side_px))
    middle = pixels.shape[0] / 2
    path = skia.Path()
    steps = points * 12
    for step in range(steps):
        angle = 2 * math.pi * step / steps
        radius = middle * (0.95 + 0.045 * math.cos(points * angle))
        point = (middle + radius * math.cos(angle), middle + radius * math.sin(angle))
        if step == 0:
            path.moveTo(*point)
        else:
            path.lineTo(*point)
    path.close()
    canvas_over(pixels).drawPath(path, paint(argb))
    return pixels


def draw_tick(side_px: int, disc_argb: int, tick_argb: int) -> Pixels:
    """A tick on a disc, before a benefit."""
    pixels = blank(even(side_px), even(side_px))
    side = float(pixels.shape[0])
    canvas = canvas_over(pixels)
    canvas.drawCircle(side / 2, side / 2, side / 2 - 1, paint(disc_argb))
    path = skia.Path()
    path.moveTo(side * 0.29, side * 0.52)
    path.lineTo(side * 0.45, side * 0.67)
    path.lineTo(side * 0.72, side * 0.36)
    stroke = paint(tick_argb, stroke_px=side * 0.095)
    stroke.setStrokeCap(skia.Paint.kRound_Cap)
    stroke.setStrokeJoin(skia.Paint.kRound_Join)
    canvas.drawPath(path, stroke)
    return pixels


def draw_strip(figure: Pixels, cells: int) -> Pixels:
    """A strip of `cells` cells of a running figure: nothing but its blur, so that none is read."""
    height = figure.shape[0]
    smear = (1, max(3, height // 2))
    ways = (cv2.flip(figure, 0), figure)
    blurred = [as_pixels(cv2.blur(ways[cell % 2], smear)) for cell in range(cells)]
    return as_pixels(cv2.convertScaleAbs(np.vstack(blurred), alpha=_FAINT))


def strike(pixels: Pixels, argb: int, margin: int, size_px: float) -> None:
    """Draw a slanted stroke through a line of letters that lies `margin` inside `pixels`."""
    height, width = pixels.shape[:2]
    lean = 0.1 * size_px
    stroke = paint(argb, stroke_px=max(2.0, 0.07 * size_px))
    stroke.setStrokeCap(skia.Paint.kRound_Cap)
    inset = margin + 0.05 * size_px
    ends = (inset, height / 2 + lean), (width - inset, height / 2 - lean)
    canvas_over(pixels).drawLine(*ends[0], *ends[1], stroke)


def veil(width_px: int, height_px: int, box: tuple[float, float, float, float]) -> Pixels:
    """Darkness over the words in `box` (left, top, right, bottom) of a canvas, fading out around.

    White letters on white then stand at 5 : 1. Where little is left to an edge it reaches it.
    """
    left, top, right, bottom = box
    soft = 0.26 * min(width_px, height_px)
    across = _swell(width_px, left, right, 1.7 * soft, reach=0.45)
    down = _swell(height_px, top, bottom, soft, reach=0.3)
    pixels = np.zeros((height_px, width_px, 4), np.uint8)
    pixels[:, :, 3] = np.round(_VEIL * 255 * down[:, None] * across[None, :])
    return pixels


def _swell(length_px: int, low: float, high: float, soft: float, reach: float) -> Floats:
    """1 from `low` to `high` and on to edges that are nearer than `reach`, else gently to 0."""
    along = np.arange(length_px, dtype=np.float32)
    from_low = np.clip((along - (low - soft)) / soft, 0, 1)
    to_high = np.clip(((high + soft) - along) / soft, 0, 1)
    if low < reach * length_px:
        from_low = np.ones_like(along)
    if high > (1 - reach) * length_px:
        to_high = np.ones_like(along)
    share = np.minimum(from_low, to_high)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def inked_rows(pixels: Pixels) -> tuple[int, int]:
    """First and last row with anything in them, as an even range."""
    rows = np.flatnonzero(pixels[:, :, 3].max(axis=1))
    return int(rows[0]) // 2 * 2, -(-(int(rows[-1]) + 1) // 2) * 2


def lay_over(target: Pixels, sprite: Pixels, left: int, top: int) -> None:
    """Draw the premultiplied `sprite` onto `target`, clipped to it."""
    x0, y0 = max(0, left), max(0, top)
    x1 = min(target.shape[1], left + sprite.shape[1])
    y1 = min(target.shape[0], top + sprite.shape[0])
    if x0 < x1 and y0 < y1:
        part = sprite[y0 - top : y1 - top, x0 - left : x1 - left]
        under = target[y0:y1, x0:x1]
        clear = (255 - part[:, :, 3:4]).astype(np.uint16)
        under[:] = part + ((under * clear + 127) // 255).astype(np.uint8)


def even(length_px: float) -> int:
    """The nearest even number of pixels, at least 2."""
    return max(2, round(length_px / 2) * 2)
