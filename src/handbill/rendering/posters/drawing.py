"""Drawing one poster: check the fonts, lay out, draw, encode.

The same spec gives the same bytes. Nothing here keeps state but bounded caches, so posters can be
drawn in any number of processes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from handbill.domain.brandkit import Typeface
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Finding, Severity, blocks
from handbill.rendering.canvases import Pixels, canvas_over, paint
from handbill.rendering.posters.badges import draw_badge
from handbill.rendering.posters.base import Base, draw_base
from handbill.rendering.posters.encoding import MIMES, encode, write_file
from handbill.rendering.posters.pens import Pen
from handbill.rendering.posters.printing import pdf_page
from handbill.rendering.posters.shapes import area_path
from handbill.rendering.posters.sketching import Sketch, sketch_poster
from handbill.rendering.posters.variety import dealt_apart, small_canvas
from handbill.rendering.posters.wording import showable, stacks_for
from handbill.rendering.spec import Box, PosterResult, PosterSpec
from handbill.rendering.typography.font_stacks import stand_in_for


def draw_poster(spec: PosterSpec, target: Path) -> PosterResult:
    """Draw `spec` and write it to `target` plus the format's suffix.

    Where a letter has no font nothing is drawn: the result's path is empty and a finding blocks.

    Raises:
        TemplateError: a layout file is faulty.
        RenderError: the cap in bytes cannot be met.
    """
    heading, body = stacks_for(spec)
    display, findings = showable(spec.display, heading, body)
    findings = (*spec.remarks, *findings)
    strange = {role: stand_in_for(face) for role, face in _typefaces(spec).items()}
    findings += tuple(_family_missing(spec, role) for role, other in strange.items() if other)
    form = spec.canvas.formats[0]
    if blocks(findings):
        return PosterResult(
            path="",
            mime=MIMES[form],
            width_px=spec.canvas.width_px,
            height_px=spec.canvas.height_px,
            layout="",
            findings=findings,
        )
    deal = dealt_apart(spec, partial(_draw_small, display))
    dealt = replace(spec, seed=deal.seed)
    sketch = sketch_poster(dealt, display, findings, left_out=deal.left_out)
    data, pen = _drawn(sketch, form)
    path = write_file(data, target, form)
    return PosterResult(
        path=str(path),
        mime=MIMES[form],
        width_px=spec.canvas.width_px,
        height_px=spec.canvas.height_px,
        layout=sketch.choice.layout.name,
        boxes=tuple(_boxes(sketch, pen)),
        findings=sketch.findings,
        ground_hidden=sketch.plan.hides_backdrop,
        strange_fonts=tuple(sorted(set(strange.values()) - {""})),
    )


def _draw_small(
    display: DisplayText, spec: PosterSpec, left_out: Sequence[str]
) -> tuple[Pixels, str]:
    """A small picture of the poster that `spec` would become, and the layout that it would take.

    The layout is that of the whole canvas: on a small one, others might hold the words.
    """
    layout = sketch_poster(spec, display, left_out=left_out).choice.layout
    small = replace(spec, canvas=small_canvas(spec.canvas))
    sketch = sketch_poster(small, display, layouts=(layout,))
    base = paint_base(sketch)
    paint_sketch(sketch, canvas_over(base.pixels), base)
    return base.pixels, layout.name


def _typefaces(spec: PosterSpec) -> dict[str, Typeface]:
    return {"heading": spec.kit.heading, "body": spec.kit.body}


def _family_missing(spec: PosterSpec, role: str) -> Finding:
    typeface = _typefaces(spec)[role]
    return Finding(
        code="font.family_missing",
        severity=Severity.WARN,
        message=f"the brand's {role} font {typeface.family!r} is nowhere on this machine, so "
        f"{stand_in_for(typeface)} stands in; add it with: handbill fonts add {typeface.family!r}",
        field=role,
    )


def _boxes(sketch: Sketch, pen: Pen) -> Iterator[Box]:
    for role, area in pen.boxes:
        yield replace(area.box(role), text_px=pen.sizes.get(role, 0.0))
    if sketch.plan.picture is not None and sketch.composition.picture is not None:
        yield sketch.plan.spot.box("picture")


def paint_base(sketch: Sketch) -> Base:
    """The base with the cards that text stands on."""
    base = draw_base(sketch.plan)
    canvas = canvas_over(base.pixels)
    for stack, solved in zip(sketch.composition.stacks, sketch.stacks, strict=True):
        if solved.card is not None:
            corner = sketch.setting.corner * sketch.setting.step(4)
            colour = sketch.choice.scheme.colour(stack.on)
            canvas.drawPath(area_path("rect", solved.card, corner), paint(colour.argb))
    return base


def paint_sketch(sketch: Sketch, canvas: Any, base: Base) -> Pen:
    """Draw everything but the base onto `canvas`; `base` is what lies under it."""
    pen = Pen(
        canvas=canvas, below=base.pixels, scheme=sketch.choice.scheme, setting=sketch.setting
    )
    if sketch.badge is not None and sketch.composition.badge is not None:
        draw_badge(pen, sketch.composition.badge, sketch.display.badge, sketch.badge)
    for stack in sketch.stacks:
        for placed in stack.placed:
            placed.piece.draw(pen, placed.left, placed.top)
    for spot in sketch.margins.placed:
        spot.mark.draw(pen, spot.left, spot.top)
    return pen


def _drawn(sketch: Sketch, form: str) -> tuple[bytes, Pen]:
    base = paint_base(sketch)
    canvas = sketch.spec.canvas
    if form != "pdf":
        pen = paint_sketch(sketch, canvas_over(base.pixels), base)
        return encode(base.pixels, form, canvas.max_bytes, canvas.dpi), pen
    pens: list[Pen] = []
    data = pdf_page(
        base.pixels,
        canvas,
        sketch.display.headline,
        lambda page: pens.append(paint_sketch(sketch, page, base)),
    )
    return data, pens[0]
