"""``brand.*``: whether a picture keeps to its brand, measured in its own pixels.

Of posters that Handbill drew, the places of words, logo and product are known, and every rule is
measured. Of pictures that people bring only the pixels are known: rules that ask where the words
stand say that they were not measured.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from handbill.checking.brand_colours import match_palette
from handbill.checking.brand_pixels import (
    judge_clutter,
    judge_controls,
    judge_resolution,
    judge_sharpness,
    nearest_canvas,
)
from handbill.checking.brand_words import (
    Bgr,
    DrawnPoster,
    Placed,
    judge_contrast,
    judge_fonts,
    judge_logo_space,
    judge_safe_zone,
    judge_type_size,
    wanted_contrast,
    wanted_size,
    wanted_space,
)
from handbill.checking.view import warned
from handbill.domain.brandkit import Palette
from handbill.domain.finding import Finding
from handbill.domain.placement import ImageSpec
from handbill.domain.verdict import BrandVerdict, RuleVerdict

_OWN_COLOURS = 0.85


def judge_poster(pixels: Bgr, poster: DrawnPoster) -> BrandVerdict:
    """Every rule over a drawn poster; `pixels` are its file's, BGR, at the canvas's size."""
    return BrandVerdict(
        rules=(
            _palette(_without_picture(pixels, poster.boxes), poster.palette),
            judge_fonts(poster),
            judge_logo_space(poster.boxes),
            judge_contrast(pixels, poster.boxes),
            judge_safe_zone(poster),
            judge_type_size(poster),
            judge_clutter(pixels, poster.boxes),
        )
    )


def judge_picture(
    pixels: Bgr, palette: Palette, canvases: Sequence[ImageSpec], size_px: tuple[int, int]
) -> BrandVerdict:
    """The rules that pixels alone can answer; `canvases` are those the picture may be meant for.

    Args:
        pixels: BGR.
        palette: the brand's.
        canvases: of the campaign's placements; the one nearest in shape is taken.
        size_px: width and height of the file, where `pixels` are fewer.
    """
    canvas = nearest_canvas(pixels, canvases)
    unseen = "not measured: where the words stand is not known of a picture from elsewhere"
    return BrandVerdict(
        rules=(
            _palette(pixels.reshape(-1, 3), palette),
            *(RuleVerdict(rule=name, score=None, measured=unseen, wanted=wanted)
              for name, wanted in (
                  ("font", "the brand's own fonts"),
                  ("logo_space", wanted_space()),
                  ("contrast", wanted_contrast()),
                  ("feed_text", wanted_size()),
              )),
            judge_controls(pixels, canvas),
            judge_clutter(pixels, ()),
            judge_resolution(size_px, canvas),
            judge_sharpness(pixels),
        )
    )  # fmt: skip


def brand_findings(verdict: BrandVerdict, field: str) -> tuple[Finding, ...]:
    """The rules that are not kept, as findings about the file `field`."""
    return tuple(
        warned(f"brand.{one.rule}", f"{one.measured}; wanted: {one.wanted}", field)
        for one in verdict.rules
        if one.score is not None and one.score < 1
    )


def read_bgr(path: Path, width_px: int) -> Bgr:
    """The pixels of a drawn JPEG, PNG or WebP, or of a PDF's page at a width of `width_px`."""
    if path.suffix != ".pdf":
        return np.asarray(cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - prints alone need it

    with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
        page = document[0]
        shown = page.render(scale=width_px / page.get_width()).to_numpy()
    return np.ascontiguousarray(shown[:, :, :3])


def _palette(pixels: Bgr, palette: Palette) -> RuleVerdict:
    match = match_palette(pixels, palette)
    stranger = f", the commonest other one is {match.stranger}" if match.stranger else ""
    return RuleVerdict(
        rule="palette",
        score=min(1.0, match.share / _OWN_COLOURS),
        measured=f"{match.share:.0%} of the ground is in the brand's colours, mean ΔE "
        f"{match.mean_delta_e:.1f}{stranger}",
        wanted=f"{_OWN_COLOURS:.0%} in the palette, its tints and shades",
    )


def _without_picture(pixels: Bgr, boxes: Sequence[Placed]) -> Bgr:
    """Pixels (n × 3) of every fourth row and column that lie outside the product's picture."""
    keep = np.ones(pixels.shape[:2], bool)
    for box in boxes:
        if box.role in {"picture", "logo", "code"}:
            keep[max(0, box.top_px) : box.bottom_px, max(0, box.left_px) : box.right_px] = False
    outside = pixels[::4, ::4][keep[::4, ::4]]
    return outside if len(outside) else pixels[::4, ::4].reshape(-1, 3)
