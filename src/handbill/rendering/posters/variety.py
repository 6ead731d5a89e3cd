"""Variants that are told apart: how near two posters look, and which layouts a variant leaves out.

A variant is held against the earlier ones of its story as they would look with its own words, so
that what it becomes follows from its own spec alone: not from what lies in a store, nor from the
order in which posters are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.order import story_seed, variant_seed
from handbill.domain.placement import ImageSpec
from handbill.rendering.canvases import Pixels
from handbill.rendering.spec import PosterSpec

# Two posters of one story nearer than this look like the same one: see `Look.distance`.
TOO_NEAR = 0.16
_THUMB_PX = 270
_GRID = 12
_HASH = 16
_MOST_REDRAWS = 2
# From one deal of a story to the next (a prime near 2**31).
_ANOTHER_DEAL = 2147483629
# Weight of forms against colours; a ΔE of so much counts as wholly different.
_FORMS, _FAR_DELTA_E = 0.6, 40.0

# Draws a small poster without those layouts: its pixels and the name of the layout it took.
SmallDrawer = Callable[[PosterSpec, Sequence[str]], tuple[Pixels, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What a variant is drawn with.

    Attributes:
        seed: in place of the spec's.
        left_out: layouts that are taken last.
    """

    seed: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the eye keeps of a poster at a glance.

    Attributes:
        forms: 16 × 16: whether each field is lighter than its neighbour to the right.
        colours: 12 × 12 mean colours, CIE L*a*b*.
    """

    forms: npt.NDArray[np.bool_]
    colours: npt.NDArray[np.float32]

    def distance(self, other: Look) -> float:
        """0 for the same picture to 1: the share of forms that differ, and the colours' ΔE."""
        forms = 2 * float(np.mean(self.forms != other.forms))
        delta_e = float(np.linalg.norm(self.colours - other.colours, axis=2).mean())
        return _FORMS * min(1.0, forms) + (1 - _FORMS) * min(1.0, delta_e / _FAR_DELTA_E)


def look_of(pixels: Pixels) -> Look:
    """The look of a picture (BGRA, opaque)."""
    bgr = np.ascontiguousarray(pixels[:, :, :3])
    grey = cv2.cvtColor(
        cv2.resize(bgr, (_HASH + 1, _HASH), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY
    ).astype(np.int16)
    # Flat grounds have no lighter side: steps of less than a grey level or two are none.
    forms = grey[:, 1:] > grey[:, :-1] + 2
    small = cv2.resize(bgr, (_GRID, _GRID), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    colours = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), np.float32)
    return Look(forms=forms, colours=colours)


def dealt_apart(spec: PosterSpec, draw_small: SmallDrawer) -> Deal:
    """How `spec` is drawn so that it does not look like an earlier variant of its story.

    Args:
        spec: the variant; its words are taken for the earlier ones too.
        draw_small: draws a small poster.
    """
    if spec.variant == 1:
        return Deal(seed=spec.seed)
    story = story_seed(spec.seed, spec.variant)
    seen: list[Look] = []
    deal = Deal(seed=spec.seed)
    for variant in range(1, spec.variant + 1):
        deal, look = _told_apart(replace(spec, variant=variant), story, seen, draw_small)
        seen.append(look)
    return deal


def small_canvas(canvas: ImageSpec) -> ImageSpec:
    """`canvas` at a size that shows what the eye keeps at a glance."""
    factor = min(1.0, _THUMB_PX / min(canvas.width_px, canvas.height_px))
    return replace(
        canvas,
        width_px=round(canvas.width_px * factor),
        height_px=round(canvas.height_px * factor),
        safe_zone=canvas.safe_zone.scaled(factor),
        bleed_px=round(canvas.bleed_px * factor),
        dpi=round(canvas.dpi * factor),
        formats=("jpeg",),
    )


def _told_apart(
    spec: PosterSpec, story: int, seen: Sequence[Look], draw_small: SmallDrawer
) -> tuple[Deal, Look]:
    """A deal that differs from all looks that were seen, and its look.

    The first is the variant's own; then the cards are dealt anew, and layouts that came too near
    are left out. Where no try is far enough away, the one that is farthest.
    """
    tries: list[tuple[float, Deal, Look]] = []
    left_out: tuple[str, ...] = ()
    for again in range(1 + _MOST_REDRAWS):
        seed = variant_seed((story + again * _ANOTHER_DEAL) % 2**32, spec.variant)
        deal = Deal(seed=seed, left_out=left_out)
        pixels, layout = draw_small(replace(spec, seed=seed), left_out)
        look = look_of(pixels)
        nearest = min((look.distance(other) for other in seen), default=1.0)
        tries.append((nearest, deal, look))
        if nearest >= TOO_NEAR:
            break
        left_out = (*left_out, layout)
    _, deal, look = max(tries, key=lambda one: one[0])
    return deal, look
