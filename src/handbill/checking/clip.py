"""Whether a clip from a model serves in a film, measured in its pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Pictures = npt.NDArray[np.uint8]

_LEAST_S = 1.5
_DARK_LEVEL, _MOST_DARK = 26, 0.3
_STILL_LEVEL, _MOST_STILL = 0.4, 0.6
_BLANK_SPREAD = 5.0


def clip_faults(pictures: Pictures, fps: float) -> tuple[str, ...]:
    """What is wrong with a clip, in words; empty when it serves.

    Args:
        pictures: all of it at even distances, shaped (n, height, width, 3).
        fps: of them, a second.
    """
    return tuple(_faults(pictures, fps))


def _faults(pictures: Pictures, fps: float) -> Iterator[str]:
    if len(pictures) < _LEAST_S * fps:
        yield f"it lasts only {len(pictures) / fps:.1f} s"
        return
    thin = pictures[:, ::4, ::4].astype(np.float32)
    brightest = np.percentile(thin, 98, axis=(1, 2, 3))
    if float(np.mean(brightest < _DARK_LEVEL)) > _MOST_DARK:
        yield "it is black for long"
    elif float(np.median(thin.std(axis=(1, 2)).max(axis=1))) < _BLANK_SPREAD:
        yield "it shows nothing but one colour"
    moved = np.abs(np.diff(thin, axis=0)).mean(axis=(1, 2, 3))
    if float(np.mean(moved < _STILL_LEVEL)) > _MOST_STILL:
        yield "hardly anything moves in it"
