"""Drawing one poster: check the fonts, choose, lay out, draw, encode.

The same spec gives the same bytes. Nothing here keeps state but bounded caches, so posters can be
drawn in any number of processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Finding, Severity, blocks
from handbill.rendering.canvases import canvas_over, paint
from handbill.rendering.pictures import LoadedPicture, load_picture
from handbill.rendering.posters.arrangement import (
    Margins,
    arrange_marks,
    badge_area,
    legal_room,
    picture_area,
    solve_stacks,
)
from handbill.rendering.posters.badges import draw_badge
from handbill.rendering.posters.base import Base, BasePlan, area_of, draw_base
from handbill.rendering.posters.choice import Choice, choose
from handbill.rendering.posters.encoding import MIMES, encode, write_file
from handbill.rendering.posters.frames import Area, Frames, aspect_of, frames_of
from handbill.rendering.posters.layouts import Composition, Layout, read_layouts
from handbill.rendering.posters.marks import Mark, label_mark, legal_block, legal_mark, logo_mark
from handbill.rendering.posters.pens import Pen, Setting
from handbill.rendering.posters.printing import pdf_page
from handbill.rendering.posters.shapes import area_path
from handbill.rendering.posters.stacks import MUST_STAY, PRIORITY, SolvedStack
from handbill.rendering.posters.wording import showable, stacks_for
from handbill.rendering.spec import PosterResult, PosterSpec
from handbill.settings import read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A poster laid out but not yet drawn."""

    spec: PosterSpec
    display: DisplayText
    choice: Choice
    composition: Composition
    frames: Frames
    setting: Setting
    margins: Margins
    plan: BasePlan
    stacks: tuple[SolvedStack, ...]
    findings: tuple[Finding, ...]


def draw_poster(spec: PosterSpec, target: Path) -> PosterResult:
    """Draw `spec` and write it to `target` plus the format's suffix.

    Where a letter has no font nothing is drawn: the result's path is empty and a finding blocks.

    Raises:
        TemplateError: a layout file is faulty.
        RenderError: the cap in bytes cannot be met.
    """
    heading, body = stacks_for(spec)
    display, findings = showable(spec.display, heading, body)
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
    sketch = sketch_poster(spec, display, findings)
    data, pen, more = _drawn(sketch, form)
    path = write_file(data, target, form)
    return PosterResult(
        path=str(path),
        mime=MIMES[form],
        width_px=spec.canvas.width_px,
        height_px=spec.canvas.height_px,
        layout=sketch.choice.layout.name,
        boxes=tuple(area.box(role) for role, area in pen.boxes),
        findings=tuple(dict.fromkeys((*sketch.findings, *more))),
    )


def sketch_poster(
    spec: PosterSpec,
    display: DisplayText,
    findings: tuple[Finding, ...] = (),
    layouts: Sequence[Layout] | None = None,
) -> Sketch:
    """Lay out `spec` with `display` (its words that can be shown); `layouts` to choose from."""
    pictures = _load_pictures(spec)
    picture = next((found for found in pictures if not isinstance(found, Finding)), None)
    faults = tuple(found for found in pictures if isinstance(found, Finding))
    aspect = aspect_of(spec.canvas)
    have = layouts if layouts is not None else _layouts()
    choice = choose(have, spec, picture, aspect)
    composition = choice.layout.composition(aspect)
    frames = frames_of(spec.canvas)
    setting = _setting(spec, choice.layout, frames)
    margins = _margins(spec, display, composition, (frames, setting))
    areas = [
        area_of(stack.frame, frames, margins.body).part(stack.box, mirrored=setting.rtl)
        for stack in composition.stacks
    ]
    stacks = tuple(solve_stacks(composition, areas, display, setting))
    plan = BasePlan(
        composition=composition,
        choice=choice,
        frames=frames,
        body=margins.body,
        slot=_slot(composition, margins, stacks, (frames, setting), picture),
        picture=picture,
        backdrop=_backdrop(spec),
        seed=spec.seed,
        corner=spec.kit.corner_radius,
        mirrored=setting.rtl,
    )
    return Sketch(
        spec=spec,
        display=display,
        choice=choice,
        composition=composition,
        frames=frames,
        setting=setting,
        margins=margins,
        plan=plan,
        stacks=stacks,
        findings=(*findings, *faults, *_left_out(stacks)),
    )


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


def paint_sketch(sketch: Sketch, canvas: Any, base: Base) -> tuple[Pen, tuple[Finding, ...]]:
    """Draw everything but the base onto `canvas`; `base` is what lies under it."""
    pen = Pen(
        canvas=canvas, below=base.pixels, scheme=sketch.choice.scheme, setting=sketch.setting
    )
    findings = _paint_badge(sketch, pen, base.picture)
    for stack in sketch.stacks:
        for placed in stack.placed:
            placed.piece.draw(pen, placed.left, placed.top)
    for spot in sketch.margins.placed:
        spot.mark.draw(pen, spot.left, spot.top)
    return pen, findings


def _drawn(sketch: Sketch, form: str) -> tuple[bytes, Pen, tuple[Finding, ...]]:
    base = paint_base(sketch)
    canvas = sketch.spec.canvas
    if form != "pdf":
        pen, findings = paint_sketch(sketch, canvas_over(base.pixels), base)
        return encode(base.pixels, form, canvas.max_bytes, canvas.dpi), pen, findings
    kept: list[tuple[Pen, tuple[Finding, ...]]] = []
    data = pdf_page(
        base.pixels,
        canvas.dpi,
        sketch.display.headline,
        lambda page: kept.append(paint_sketch(sketch, page, base)),
    )
    return data, *kept[0]


def _paint_badge(sketch: Sketch, pen: Pen, picture: Area) -> tuple[Finding, ...]:
    slot, text = sketch.composition.badge, sketch.display.badge
    if slot is None or not text:
        return ()
    taken = [placed.area for stack in sketch.stacks for placed in stack.placed]
    taken += [spot.area for spot in sketch.margins.placed]
    frame = area_of(slot.frame, sketch.frames, sketch.margins.body, picture)
    wanted = frame.point(slot.at, mirrored=sketch.setting.rtl)
    core = _core(picture) if sketch.plan.picture and sketch.composition.picture else None
    area = badge_area(slot, sketch.frames, wanted, taken, core)
    if area is None:
        return (_missing_role("badge"),)
    draw_badge(pen, slot, text, area)
    return ()


def _core(picture: Area) -> Area:
    """The part of a picture that a badge should not hide."""
    side, rise = picture.width * 0.16, picture.height * 0.12
    return Area(
        picture.left + side, picture.top + rise, picture.right - side, picture.bottom - rise
    )


def _slot(
    composition: Composition,
    margins: Margins,
    stacks: Sequence[SolvedStack],
    canvas: tuple[Frames, Setting],
    picture: LoadedPicture | None,
) -> Area:
    """The picture's slot; text takes its place first, unless the picture fills the page."""
    slot, (frames, setting) = composition.picture, canvas
    if slot is None or picture is None:
        return frames.live
    area = area_of(slot.frame, frames, margins.body).part(slot.box, mirrored=setting.rtl)
    if slot.fit == "cover":
        return area
    taken = [spot.area for spot in margins.placed]
    taken += [stack.card for stack in stacks if stack.card]
    taken += [placed.area for stack in stacks if not stack.card for placed in stack.placed]
    return picture_area(area, taken, setting, picture.aspect)


def _load_pictures(spec: PosterSpec) -> list[LoadedPicture | Finding]:
    """The variant's own picture first; the next ones only when it cannot be read."""
    count = len(spec.pictures)
    start = (spec.variant - 1) % count if count else 0
    found: list[LoadedPicture | Finding] = []
    for picture in (*spec.pictures[start:], *spec.pictures[:start]):
        found.append(load_picture(picture))
        if not isinstance(found[-1], Finding):
            break
    return found


def _backdrop(spec: PosterSpec) -> LoadedPicture | None:
    if not spec.background:
        return None
    loaded = load_picture(Picture(source=spec.background, path=spec.background))
    return None if isinstance(loaded, Finding) else loaded


@lru_cache(maxsize=1)
def _layouts() -> tuple[Layout, ...]:
    return read_layouts(read_settings().templates)


def _setting(spec: PosterSpec, layout: Layout, frames: Frames) -> Setting:
    heading, body = stacks_for(spec)
    return Setting(
        locale=spec.locale,
        unit=frames.unit,
        rules=layout.type,
        heading=heading,
        body=body,
        corner=spec.kit.corner_radius,
    )


def _margins(
    spec: PosterSpec,
    display: DisplayText,
    composition: Composition,
    canvas: tuple[Frames, Setting],
) -> Margins:
    frames, setting = canvas
    marks: dict[str, Mark] = {"logo": logo_mark(spec.kit, setting, frames.safe.width)}
    if spec.ai_label:
        marks["label"] = label_mark(spec.ai_label, setting, frames.short)
    if display.legal:
        room = legal_room(frames, setting, composition.logo, marks)
        align = "end" if composition.logo == "bottom-start" else "start"
        marks["legal"] = legal_mark(legal_block(display.legal, setting, room, align))
    return arrange_marks(frames, setting, composition.logo, marks)


def _left_out(stacks: Sequence[SolvedStack]) -> tuple[Finding, ...]:
    roles = {role for stack in stacks for role in stack.left_out}
    placed = {spot.piece.role for stack in stacks for spot in stack.placed}
    findings = [
        _missing_role(role) for role in sorted(roles - placed) if PRIORITY[role] > MUST_STAY
    ]
    short = [spot.piece.role for stack in stacks for spot in stack.placed if spot.piece.truncated]
    return (*findings, *(_shortened(role) for role in sorted(set(short))))


def _missing_role(role: str) -> Finding:
    return Finding(
        code="poster.left_out",
        severity=Severity.BLOCK if role == "headline" else Severity.WARN,
        message=f"there was no room for the {role}; shorten the headline or the other texts",
        field=role,
    )


def _shortened(role: str) -> Finding:
    return Finding(
        code="poster.text_cut",
        severity=Severity.WARN,
        message=f"the {role} was too long for the poster and was cut; shorten it",
        field=role,
    )
