"""What the pixels of a picture alone tell: clutter, size, sharpness, what lies under controls."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from handbill.checking.brand_words import FEED_PX, Bgr, Placed
from handbill.domain.placement import ImageSpec, SafeZone
from handbill.domain.verdict import RuleVerdict

_MOST_EDGES = 0.16
_SHARP = 60.0
# Edges that a calm ground may have.
_CALM = 0.01
# Logarithm of proportions: a tenth off is another shape.
_SAME_SHAPE = 0.1


def judge_clutter(pixels: Bgr, boxes: Sequence[Placed]) -> RuleVerdict:
    """How much of the picture is edges, the product and codes left out."""
    factor = FEED_PX / pixels.shape[1]
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    edges = cv2.Canny(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), 80, 180) > 0
    for box in boxes:
        if box.role in {"picture", "code"}:
            top, bottom = (max(0, round(edge * factor)) for edge in (box.top_px, box.bottom_px))
            left, right = (max(0, round(edge * factor)) for edge in (box.left_px, box.right_px))
            edges[top:bottom, left:right] = False
    share = float(edges.mean())
    return RuleVerdict(
        rule="clutter",
        score=min(1.0, _MOST_EDGES / max(share, 1e-6)),
        measured=f"edges cover {share:.0%} at the size of a phone's feed",
        wanted=f"at most {_MOST_EDGES:.0%}",
    )


def nearest_canvas(pixels: Bgr, canvases: Sequence[ImageSpec]) -> ImageSpec | None:
    """The canvas whose shape is the picture's, at most a tenth off; None where none is."""
    aspect = pixels.shape[1] / pixels.shape[0]

    def off(canvas: ImageSpec) -> float:
        return abs(float(np.log(aspect * canvas.height_px / canvas.width_px)))

    near = [canvas for canvas in canvases if off(canvas) < _SAME_SHAPE]
    return min(near, key=off) if near else None


def judge_controls(pixels: Bgr, canvas: ImageSpec | None) -> RuleVerdict:
    """How busy the picture is where the platform's controls lie."""
    wanted = "little to see where the platform's controls lie"
    zone = canvas.safe_zone if canvas else SafeZone()
    if canvas is None or not any((zone.top_px, zone.bottom_px, zone.left_px, zone.right_px)):
        told = "not measured: no placement of this shape has controls over its pictures"
        return RuleVerdict(rule="safe_zone", score=None, measured=told, wanted=wanted)
    scaled = zone.scaled(pixels.shape[1] / canvas.width_px)
    edges = cv2.Canny(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), 80, 180) > 0
    height, width = edges.shape
    strips = {
        "top": edges[: scaled.top_px],
        "bottom": edges[height - scaled.bottom_px :],
        "left": edges[:, : scaled.left_px],
        "right": edges[:, width - scaled.right_px :],
    }
    covered, side = max(
        (float(strip.mean()), side) for side, strip in strips.items() if strip.size
    )
    clear = edges[scaled.top_px : height - scaled.bottom_px]
    clear = clear[:, scaled.left_px : width - scaled.right_px]
    seen = float(clear.mean()) if clear.size else 0.0
    return RuleVerdict(
        rule="safe_zone",
        score=min(1.0, max(_CALM, 0.5 * seen) / max(covered, 1e-6)),
        measured=f"edges cover {covered:.1%} of the {side} strip under the controls, {seen:.1%} "
        "of what is clear of them",
        wanted=wanted,
    )


def judge_resolution(size_px: tuple[int, int], canvas: ImageSpec | None) -> RuleVerdict:
    """Whether there are pixels enough."""
    width, height = size_px
    wide, high = (canvas.width_px, canvas.height_px) if canvas else (1080, 1080)
    share = min(width / wide, height / high) if canvas else max(width, height) / wide
    return RuleVerdict(
        rule="resolution",
        score=min(1.0, share),
        measured=f"{width} × {height} px",
        wanted=f"{wide} × {high} px" if canvas else f"{wide} px on the longer side",
    )


def judge_sharpness(pixels: Bgr) -> RuleVerdict:
    """Whether anything in the picture is crisp."""
    factor = min(1.0, 1080 / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    tiles = list(_tiles(cv2.Laplacian(grey, cv2.CV_32F)))
    crispest = float(np.quantile([tile.var() for tile in tiles], 0.97))
    return RuleVerdict(
        rule="sharpness",
        score=min(1.0, crispest / _SHARP),
        measured=f"the crispest parts have a sharpness of {crispest:.0f}",
        wanted=f"{_SHARP:g} (variance of the Laplacian at 1080 px)",
    )


def _tiles(picture: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    rows, columns = (np.linspace(0, side, 9).astype(int) for side in picture.shape)
    for top, bottom in itertools.pairwise(rows):
        for left, right in itertools.pairwise(columns):
            yield picture[top:bottom, left:right]
