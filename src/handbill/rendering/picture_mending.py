"""Making the best of poor pictures: blocks of hard compression and grain smoothed, edges kept."""

from __future__ import annotations

import cv2
import numpy as np

from handbill.rendering.canvases import Pixels, as_pixels

# Mean step of JPEG tables from which blocks show: about quality 45.
_BLOCKY = 64.0
# Standard deviation of grain, of 255, from which it shows at a poster's size.
_GRAINY = 8.0
_PATCH_PX = 96
# Answers to noise and to nothing else: the difference of two Laplacians (Immerkær, 1996).
_NOISE = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_NOISE_GAIN = 6.0
_MEDIAN_OF_NORMAL = 0.6745


def mended(pixels: Pixels, coarseness: float) -> tuple[Pixels, str]:
    """`pixels` (BGRA) with blocks and grain smoothed, and what was wrong; empty when nothing.

    Args:
        pixels: as decoded, straight alpha.
        coarseness: mean step of the file's JPEG tables; 0 where there are none or where the
            picture was made smaller, which hides blocks.
    """
    if coarseness >= _BLOCKY:
        return _smoothed(pixels, min(7.0, coarseness / 18)), "compressed so hard that blocks show"
    grain = grain_of(pixels)
    if grain >= _GRAINY:
        return _smoothed(pixels, 0.9 * grain), "grainy"
    return pixels, ""


def grain_of(pixels: Pixels) -> float:
    """Standard deviation of the noise, of 255; texture and edges hardly count.

    The median over patches from all over the picture, so that a calm ground does not hide it and
    a busy corner does not feign it.
    """
    height, width = pixels.shape[:2]
    rows = np.linspace(0, max(0, height - _PATCH_PX), 3).astype(int)
    columns = np.linspace(0, max(0, width - _PATCH_PX), 3).astype(int)
    patches = [
        pixels[top : top + _PATCH_PX, left : left + _PATCH_PX] for top in rows for left in columns
    ]
    return float(np.median([_patch_grain(patch) for patch in patches]))


def _patch_grain(patch: Pixels) -> float:
    grey = cv2.cvtColor(np.ascontiguousarray(patch), cv2.COLOR_BGRA2GRAY).astype(np.float32)
    answer = np.abs(cv2.filter2D(grey, -1, _NOISE))
    return float(np.median(answer)) / (_MEDIAN_OF_NORMAL * _NOISE_GAIN)


def _smoothed(pixels: Pixels, strength: float) -> Pixels:
    """Averages of like places (Buades, Coll and Morel, 2005); the alpha stays as it is."""
    colour = np.ascontiguousarray(pixels[:, :, :3])
    calm = cv2.fastNlMeansDenoisingColored(colour, None, strength, strength, 5, 13)
    return as_pixels(np.dstack([calm, pixels[:, :, 3]]))
