"""Soft light for grounds: small fields of numbers, brought to full size a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from handbill.rendering.canvases import Pixels
from handbill.rendering.colour import Colour

Field = npt.NDArray[np.float32]

_STRIP_PX = 64


def grid(width: int, height: int, side: int = 160) -> tuple[Field, Field]:
    """Coordinates from -1 to 1 on a small grid of the canvas's proportions."""
    factor = side / max(width, height)
    columns, rows = max(8, round(width * factor)), max(8, round(height * factor))
    across, down = np.meshgrid(np.linspace(-1, 1, columns), np.linspace(-1, 1, rows))
    return across.astype(np.float32), down.astype(np.float32)


def blended(one: Colour, other: Colour, share: Field, width: int, height: int) -> Pixels:
    """From `one` to `other` by a small field of shares, at full size."""
    share = np.clip(share, 0, 1)[:, :, None]
    first, second = (np.array((*colour.bgr, 255), np.float32) for colour in (one, other))
    return enlarged(first + (second - first) * share, width, height)


def over(pixels: Pixels, colour: Colour, share: Field) -> Pixels:
    """`colour` laid over `pixels` with a small field of opacity."""
    height, width = pixels.shape[:2]
    full = cv2.resize(np.clip(share, 0, 1), (width, height), interpolation=cv2.INTER_CUBIC)
    top = np.array((*colour.bgr, 255), np.float32)
    made = np.empty_like(pixels)
    for rows in _strips(height):
        below = pixels[rows]
        made[rows] = np.clip(below + (top - below) * full[rows, :, None], 0, 255)
    return made


def enlarged(small: npt.NDArray[np.float32], width: int, height: int) -> Pixels:
    """`small` at full size with a dither of half a step, so that gradients show no bands."""
    full = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    tile = np.random.default_rng(7).uniform(0, 1, (_STRIP_PX, 64, 1)).astype(np.float32)
    dither = np.tile(tile, (1, width // 64 + 1, 1))[:, :width]
    made = np.empty((height, width, 4), np.uint8)
    for rows in _strips(height):
        strip = full[rows]
        made[rows] = np.clip(strip + dither[: len(strip)], 0, 255)
    made[:, :, 3] = 255
    return made


def grained(pixels: Pixels, grain: npt.NDArray[Any], strength: float) -> Pixels:
    """`pixels` made lighter and darker by `grain`, a value a pixel."""
    made = np.empty_like(pixels)
    for rows in _strips(pixels.shape[0]):
        made[rows] = np.clip(pixels[rows] + grain[rows, :, None] * strength, 0, 255)
    made[:, :, 3] = 255
    return made


def _strips(height: int) -> Iterator[slice]:
    """A few rows at a time: floats of a whole canvas take a quarter of what a process may hold."""
    yield from (slice(top, top + _STRIP_PX) for top in range(0, height, _STRIP_PX))
