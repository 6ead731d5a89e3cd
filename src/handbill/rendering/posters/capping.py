"""The best quality whose file is not too heavy, found with few encodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from handbill.errors import RenderError
from handbill.rendering.canvases import Pixels

LOWEST_QUALITY = 30
# Squares of this side are taken from all over a picture; whole blocks of every encoder.
_TILE_PX = 64
# One square in so many stands for the picture.
_SPARSENESS = 6
# A forecast is trusted when it is this far from the cap; neighbouring qualities lie 3 % apart.
_SURE = 0.002
_MOST_ENCODES = 3

Encoder = Callable[[Pixels, int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Capped:
    """A file under its cap, the quality that gave it, and how many whole encodes that took."""

    data: bytes
    quality: int
    encodes: int


def under_cap(encoder: Encoder, pixels: Pixels, highest: int, max_bytes: int) -> Capped:
    """The best quality from `LOWEST_QUALITY` to `highest` whose file is at most `max_bytes`.

    A sample of the picture is encoded at many qualities, which costs little and tells how sizes
    run; whole encodes then correct it, and confirm: at most three when the first two fit.

    Raises:
        RenderError: not even the lowest quality fits.
    """
    sample = sampled(pixels)
    forecast = cache(lambda quality: len(encoder(sample, quality)))
    scale = pixels.size / sample.size
    best, below, above, encodes = b"", LOWEST_QUALITY - 1, highest + 1, 0
    while above - below > 1 and not (best and encodes >= _MOST_ENCODES):
        quality = _guess(forecast, below, above, max_bytes / scale)
        data, encodes = encoder(pixels, quality), encodes + 1
        scale = len(data) / forecast(quality)
        if len(data) > max_bytes:
            above = quality
            continue
        best, below = data, quality
        if above - below > 1 and forecast(quality + 1) * scale > (1 + _SURE) * max_bytes:
            break
    if not best:
        raise RenderError(
            f"this picture cannot be made smaller than {max_bytes} bytes at an acceptable quality"
        )
    return Capped(data=best, quality=below, encodes=encodes)


def sampled(pixels: Pixels) -> Pixels:
    """Squares from all over `pixels`, side by side; all of a small picture."""
    down, across = (side // _TILE_PX for side in pixels.shape[:2])
    if down * across < 4 * _SPARSENESS:
        return pixels
    whole = pixels[: down * _TILE_PX, : across * _TILE_PX]
    tiles = whole.reshape(down, _TILE_PX, across, _TILE_PX, -1).swapaxes(1, 2)
    # Neighbouring rows of squares are taken at other places, so that no column is missed.
    flat = tiles.reshape(down * across, _TILE_PX, _TILE_PX, -1)
    step = _SPARSENESS + (across % _SPARSENESS == 0)
    return np.ascontiguousarray(np.concatenate(list(flat[::step]), axis=1))


def _guess(forecast: Callable[[int], int], below: int, above: int, room: float) -> int:
    """The best quality between two (exclusive) whose sample takes at most `room` bytes."""
    low, high = below + 1, above - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if forecast(middle) <= room else (low, middle - 1)
    return low
