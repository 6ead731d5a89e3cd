"""Where faces are likely: compact patches of skin tones in the upper part of a picture.

No trained model: it only steers crops, so a patch that is no face does no harm. Chroma ranges
after Chai and Ngan, "Face segmentation using skin-color map in videophone applications" (1999),
hold for light and dark skin alike; they are kept narrow so that wood and sand are left out.
"""

from __future__ import annotations

import cv2
import numpy as np

from handbill.rendering.canvases import Pixels

_SIDE_PX = 96
_CR, _CB, _LEAST_LIGHT, _LEAST_WARMTH = (136, 168), (98, 128), 50, 14
# Of the picture; of the patch's own box; height over width; centre from the top.
_AREA, _FILL, _TALL, _LOWEST = (0.008, 0.16), 0.5, (0.75, 2.2), 0.7
# Hair and chin lie outside the patch of skin.
_HAIR, _CHIN, _EARS = 0.35, 0.12, 0.15

Shares = tuple[float, float, float, float]


def likely_faces(pixels: Pixels) -> tuple[Shares, ...]:
    """Boxes ``(left, top, right, bottom)`` in shares of the picture, head and hair included."""
    factor = _SIDE_PX / max(pixels.shape[:2])
    size = (max(8, round(pixels.shape[1] * factor)), max(8, round(pixels.shape[0] * factor)))
    step = max(1, max(pixels.shape[:2]) // (4 * _SIDE_PX))
    grid = np.ascontiguousarray(pixels[::step, ::step, :3])
    small = cv2.resize(grid, size, interpolation=cv2.INTER_AREA)
    light, red, blue = cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb).astype(np.int16))
    skin = (light > _LEAST_LIGHT) & (red - blue > _LEAST_WARMTH)
    skin &= (red > _CR[0]) & (red < _CR[1]) & (blue > _CB[0]) & (blue < _CB[1])
    patch = cv2.morphologyEx(skin.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(patch, connectivity=4)
    return tuple(_head(row, size) for row in stats[1:] if _like_a_face(row, size))


def _like_a_face(row: np.ndarray, size: tuple[int, int]) -> bool:
    _, top, width, height, area = (float(value) for value in row)
    share = area / (size[0] * size[1])
    return (
        _AREA[0] <= share <= _AREA[1]
        and area >= _FILL * width * height
        and _TALL[0] <= height / width <= _TALL[1]
        and top + height / 2 <= _LOWEST * size[1]
    )


def _head(row: np.ndarray, size: tuple[int, int]) -> Shares:
    left, top, width, height, _ = (float(value) for value in row)
    return (
        max(0.0, (left - _EARS * width) / size[0]),
        max(0.0, (top - _HAIR * height) / size[1]),
        min(1.0, (left + (1 + _EARS) * width) / size[0]),
        min(1.0, (top + (1 + _CHIN) * height) / size[1]),
    )
