"""Black bars that were burnt into a clip, by an editor or a telephone held the other way.

They are told by what is seen in all of the clip: lines that stay black at two opposite sides
alike, next to lines that are lit along most of their length. A thing shown on black ground has no
such lines beside it, and keeps its ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Lumas = npt.NDArray[np.uint8]

_BLACK, _LIT = 28, 34  # levels of 255; black is 16
_BLACK_PERCENTILE = 95  # a speck in a bar is no picture
_LEAST, _UNEVEN = 0.018, 0.02  # of the side, a bar and how far both differ
_LIT_SHARE, _LEAST_INSIDE = 0.4, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What is left of a clip's pictures without bars, in shares of width and height."""

    left: float = 0.0
    top: float = 0.0
    wide: float = 1.0
    high: float = 1.0

    @property
    def crop(self) -> str:
        """The filter that cuts it out of upright pictures; empty where there are no bars."""
        if self == Inside():
            return ""
        return f"crop=iw*{self.wide:.5f}:ih*{self.high:.5f}:iw*{self.left:.5f}:ih*{self.top:.5f}"

    def size_px(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Its size where the whole picture has the one given."""
        return max(2, round(width_px * self.wide)), max(2, round(height_px * self.high))


def find_inside(lumas: Lumas) -> Inside:
    """What lies within the bars.

    Args:
        lumas: pictures of the whole clip, shaped (n, height, width), black at 16.
    """
    seen = lumas.max(axis=0)
    top, bottom = _between(seen)
    left, right = _between(seen[top:bottom].T)
    high, wide = seen.shape
    return Inside(
        left=left / wide,
        top=top / high,
        wide=(right - left) / wide,
        high=(bottom - top) / high,
    )


def _between(seen: Lumas) -> tuple[int, int]:
    """First and last line (exclusive) between two bars; all lines where there are none.

    One line more is left out on either side: it may be half of a bar.
    """
    lines = len(seen)
    shown = np.flatnonzero(np.percentile(seen, _BLACK_PERCENTILE, axis=1) > _BLACK)
    if not shown.size:
        return 0, lines
    before, after = int(shown[0]), lines - 1 - int(shown[-1])
    first, last = before + 1, lines - after - 1
    bars = min(before, after) >= _LEAST * lines and abs(before - after) <= _UNEVEN * lines
    if not bars or last - first < _LEAST_INSIDE * lines:
        return 0, lines
    lit = min(float(np.mean(seen[at] > _LIT)) for at in (first, last - 1))
    return (first, last) if lit >= _LIT_SHARE else (0, lines)
