"""Whether a picture from a model serves as a poster's ground, measured in its pixels."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.placement import ImageSpec

Bgr = npt.NDArray[np.uint8]

# Less than this share of the canvas's sides would be enlarged until it looks soft.
_LEAST_SHARE = 0.3
_BLANK_SPREAD = 6
# Share of edges in the third that was to stay calm, from which words cannot stand there.
_MOST_EDGES = 0.12
_LOOKED_AT_PX = 360
# Strokes of letters: dark and light change often along a line, in rows of equal height.
_LETTER_ROWS = 3
_FORMS_IN_ROW = 8
# Of pictures at most 1000 pixels long: heights of letters in pixels, and how they fill their box.
_FORM_HEIGHTS = (7, 60)
_FORM_FILLS = (0.15, 0.92)
# Spread of heights in a row, and the way from letter to letter, in heights.
_EVEN, _NEAR = 0.35, 2.2


def ground_faults(pixels: Bgr, canvas: ImageSpec, quiet: str) -> tuple[str, ...]:
    """What is wrong with a ground, in words that a model can act on; empty when it serves.

    Args:
        pixels: as the model sent them, BGR.
        canvas: that it is to fill.
        quiet: the third that was to stay calm: ``upper``, ``lower``, ``left`` or ``right``.
    """
    return tuple(_faults(pixels, canvas, quiet))


def quiet_part(pixels: Bgr, quiet: str) -> Bgr:
    """The third of `pixels` that was to stay calm."""
    height, width = pixels.shape[:2]
    return {
        "upper": pixels[: height // 3],
        "lower": pixels[height - height // 3 :],
        "left": pixels[:, : width // 3],
        "right": pixels[:, width - width // 3 :],
    }[quiet]


def _faults(pixels: Bgr, canvas: ImageSpec, quiet: str) -> Iterator[str]:
    height, width = pixels.shape[:2]
    if min(width / canvas.width_px, height / canvas.height_px) < _LEAST_SHARE:
        yield f"it has only {width} × {height} pixels"
    factor = _LOOKED_AT_PX / max(height, width)
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if int(
        np.ptp(cv2.resize(small, (32, 32), interpolation=cv2.INTER_AREA), axis=(0, 1)).max()
    ) < (_BLANK_SPREAD):
        yield "it shows one colour alone"
    part = quiet_part(np.asarray(small, np.uint8), quiet)
    edges = cv2.Canny(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), 80, 180) > 0
    share = float(edges.mean())
    if share > _MOST_EDGES:
        yield f"its {quiet} third is too busy for words ({share:.0%} edges)"
    if lines := lettering_lines(pixels):
        yield f"there is lettering in it ({lines} lines)"


def lettering_lines(pixels: Bgr) -> int:
    """How many lines of lettering a picture seems to hold; 0 for fewer than `_LETTER_ROWS`.

    Small dark or light forms of one height in a row, evenly set: that is how print looks, in any
    script. Single words escape it; no letter is read.
    """
    factor = min(1.0, 1000 / max(pixels.shape[:2]))
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    lines = [line for sign in (grey, 255 - grey) for line in _rows(np.asarray(sign, np.uint8))]
    return len(lines) if len(lines) >= _LETTER_ROWS else 0


def _rows(grey: npt.NDArray[np.uint8]) -> Iterator[list[tuple[int, int, int, int]]]:
    """Rows of at least eight small forms that stand on one line."""
    local = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 22
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(local, connectivity=8)
    forms = [
        (int(left), int(top), int(wide), int(high))
        for left, top, wide, high, area in stats[1:]
        if _FORM_HEIGHTS[0] <= high <= _FORM_HEIGHTS[1]
        and high / 6 <= wide <= 2 * high
        and _FORM_FILLS[0] < area / (wide * high) < _FORM_FILLS[1]
    ]
    forms.sort(key=lambda form: (form[1] + form[3], form[0]))
    row: list[tuple[int, int, int, int]] = []
    for form in forms:
        if row and not _continues(row[-1], form):
            if _is_line(row):
                yield row
            row = []
        row.append(form)
    if _is_line(row):
        yield row


def _continues(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Whether two forms stand on one line: feet within a fifth of their height."""
    return abs((one[1] + one[3]) - (other[1] + other[3])) <= 0.2 * max(one[3], other[3])


def _is_line(row: list[tuple[int, int, int, int]]) -> bool:
    if len(row) < _FORMS_IN_ROW:
        return False
    heights = np.array([form[3] for form in row], np.float64)
    lefts = np.sort([form[0] for form in row])
    gaps = np.diff(lefts)
    even = float(heights.std() / heights.mean()) < _EVEN
    return even and float(np.median(gaps)) < _NEAR * float(heights.mean())
