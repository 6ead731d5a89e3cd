"""Laying out one poster: marks, stacks, and what they leave for the picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handbill.domain.brief import Picture
from handbill.domain.copy import DisplayText
from handbill.domain.finding import Finding, Severity
from handbill.rendering.colour import TEXT_CONTRAST, contrast
from handbill.rendering.pictures import LoadedPicture, load_picture
from handbill.rendering.posters.arrangement import (
    Margins,
    PlacedMark,
    arrange_marks,
    badge_area,
    legal_room,
    picture_area,
    solve_stacks,
)
from handbill.rendering.posters.badges import badge_reads
from handbill.rendering.posters.base import BasePlan, area_of
from handbill.rendering.posters.choice import Choice
from handbill.rendering.posters.frames import Area, Frames, frames_of, hull
from handbill.rendering.posters.layouts import (
    Composition,
    Layout,
    Stack,
    Tile,
)
from handbill.rendering.posters.logos import logo_mark
from handbill.rendering.posters.marks import (
    Mark,
    code_mark,
    label_mark,
    legal_mark,
    plate_mark,
)
from handbill.rendering.posters.pens import Setting
from handbill.rendering.posters.pieces import legal_block
from handbill.rendering.posters.shapes import clear_circle, crosses
from handbill.rendering.posters.sizing import is_strip, setting_for
from handbill.rendering.posters.spots import lifted, picture_spot, subject_area
from handbill.rendering.posters.stacks import MUST_STAY, PRIORITY, SolvedStack
from handbill.rendering.posters.subjects import (
    Subjects,
    pair_words,
)
from handbill.rendering.spec import PosterSpec

# A legal line that would take more of the height than this is left out, and that is said.
_MOST_LEGAL = 0.16
# The most of the safe area's width that a code takes with the words beside it.
_MOST_CODE = 0.6
# The most of the safe area's height that a logo takes.
_MOST_LOGO = 0.84
# On small canvases a badge grows until its words are read.
_BADGE_GROWTH = (1.0, 1.15, 1.3, 1.5)
# A badge keeps off the middle of a tile: what lies further in than this share of its shorter side.
_HEART = 0.14
# The rim of a product's box in a scene: mostly what is around it.
_RIM = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A poster laid out but not yet drawn; `subject` is the product's place in a scene."""

    spec: PosterSpec
    display: DisplayText
    choice: Choice
    composition: Composition
    frames: Frames
    setting: Setting
    margins: Margins
    plan: BasePlan
    stacks: tuple[SolvedStack, ...]
    badge: Area | None
    subject: Area | None
    findings: tuple[Finding, ...]


def lay_out(
    spec: PosterSpec,
    display: DisplayText,
    choice: Choice,
    composition: Composition,
    subjects: Subjects,
) -> Sketch:
    """Everything of one poster in its place, in one composition of the chosen layout."""
    frames = frames_of(spec.canvas)
    setting = setting_for(spec, choice.layout, frames)
    margins, unsaid = _margins(spec, display, composition, (frames, setting))
    tiles = _areas(composition.tiles, frames, margins.body, mirrored=setting.rtl)
    solid = (*tiles, *_solid_slot(composition, frames, margins.body, mirrored=setting.rtl))
    boxes = _areas(composition.stacks, frames, margins.body, mirrored=setting.rtl)
    areas = [_clear_of(area, solid, setting.step(4)) for area in boxes]
    told = replace(display, cta="") if "code" in margins.roles else display
    stacks = tuple(solve_stacks(composition, areas, told, setting))
    text = tuple(text_areas(margins, stacks))
    plan = _plan(
        (spec, choice, composition, subjects), (frames, setting, margins.body), text, tiles
    )
    labels = tuple(_pair_labels(choice.layout, spec.locale, (frames, setting), tiles))
    walls = (*text, *(label.area for label in labels))
    subject = _subject(plan)
    hearts = [tile.inset(_HEART * min(tile.width, tile.height)) for tile in tiles]
    kept_off = (*walls, *([subject] if subject else hearts))
    places = (frames, margins.body, plan.spot)
    badge = _badge(composition, display, places, kept_off, setting)
    badge = badge or _badge(composition, display, places, walls, setting)
    homeless = display.badge and badge is None and not _roles(composition) & {"badge", "tag"}
    return Sketch(
        spec=spec,
        display=display,
        choice=choice,
        composition=composition,
        frames=frames,
        setting=setting,
        margins=replace(margins, placed=(*margins.placed, *labels)),
        plan=plan,
        stacks=stacks,
        badge=badge,
        subject=subject,
        findings=(
            *subjects.findings,
            *_left_out(stacks),
            *unsaid,
            *([missing_role("badge")] if homeless else []),
        ),
    )


def _subject(plan: BasePlan) -> Area | None:
    """The heart of the product in a scene: what no word may stand on."""
    if plan.picture is None or plan.composition.picture is None:
        return None
    area = subject_area(plan.picture, plan.composition.picture, plan.spot)
    return area and area.inset(_RIM * min(area.width, area.height))


def _plan(
    chosen: tuple[PosterSpec, Choice, Composition, Subjects],
    canvas: tuple[Frames, Setting, Area],
    text: Sequence[Area],
    tiles: Sequence[Area],
) -> BasePlan:
    """All that lies under the words: text takes its place first, pictures what it leaves."""
    spec, choice, composition, subjects = chosen
    frames, setting, body = canvas
    picture = subjects.first
    slot = _slot(composition, body, text, (frames, setting), picture)
    spot = hull(tiles) if tiles else _spot(composition, slot, picture, text, mirrored=setting.rtl)
    composition = replace(
        composition,
        shapes=tuple(
            clear_circle(
                shape, area_of(shape.frame, frames, body, spot), frames, text, mirrored=setting.rtl
            )
            for shape in composition.shapes
        ),
    )
    return BasePlan(
        composition=composition,
        choice=choice,
        frames=frames,
        body=body,
        slot=slot,
        spot=spot,
        stage=picture_area(spot, text, setting, picture.aspect, sides=True) if picture else spot,
        quiet=_needs_quiet(composition, choice, (frames, body, spot), text, setting),
        picture=picture,
        tiles=tuple(zip(subjects.shown, tiles, strict=False)),
        backdrop=_backdrop(spec),
        seed=spec.seed,
        corner=spec.kit.corner_radius,
        mirrored=setting.rtl,
    )


def _areas(
    places: Sequence[Stack] | Sequence[Tile], frames: Frames, body: Area, *, mirrored: bool
) -> list[Area]:
    """The boxes of stacks or tiles in pixels."""
    return [
        area_of(place.frame, frames, body).part(place.box, mirrored=mirrored) for place in places
    ]


def _solid_slot(
    composition: Composition, frames: Frames, body: Area, *, mirrored: bool
) -> Iterator[Area]:
    """The slot of a picture that fills it to the edges and is not darkened for text."""
    slot = composition.picture
    if slot is not None and slot.fit == "cover" and slot.scrim == "none":
        yield area_of(slot.frame, frames, body).part(slot.box, mirrored=mirrored)


def _clear_of(area: Area, solid: Sequence[Area], gap: float) -> Area:
    """What filled areas leave of a stack's: footers grow and move the body."""
    for fill in solid:
        area = area.clear_of(fill, gap, area.width / max(1.0, area.height), sides=True)
    return area


def _roles(composition: Composition) -> set[str]:
    """What the stacks say."""
    return {role for stack in composition.stacks for role in stack.flow}


def _pair_labels(
    layout: Layout, locale: str, canvas: tuple[Frames, Setting], tiles: Sequence[Area]
) -> Iterator[PlacedMark]:
    """``Before`` and ``After`` in the upper corners of the two pictures."""
    if "pair" not in layout.needs:
        return
    frames, setting = canvas
    gap = setting.step(2)
    for words, tile in zip(pair_words(locale), tiles, strict=False):
        if words:
            mark = plate_mark("plate", words, setting, setting.sizes("tag")[1])
            left = tile.right - gap - mark.width_px if setting.rtl else tile.left + gap
            left = min(max(left, frames.safe.left), frames.safe.right - mark.width_px)
            top = max(tile.top + gap, frames.safe.top)
            yield PlacedMark(mark=mark, left=left, top=top)


def _badge(
    composition: Composition,
    display: DisplayText,
    places: tuple[Frames, Area, Area],
    text: Sequence[Area],
    setting: Setting,
) -> Area | None:
    """Where the badge goes: near its slot, off the text, off the picture's heart."""
    slot, (frames, body, spot) = composition.badge, places
    if slot is None or not display.badge:
        return None
    wanted = area_of(slot.frame, frames, body, spot).point(slot.at, mirrored=setting.rtl)
    core = None
    if not composition.tiles and composition.picture and composition.picture.fit != "cover":
        side, rise = spot.width * 0.16, spot.height * 0.12
        core = Area(spot.left + side, spot.top + rise, spot.right - side, spot.bottom - rise)
    reading = (
        larger
        for larger in (replace(slot, size=slot.size * grown) for grown in _BADGE_GROWTH)
        if badge_reads(display.badge, setting, slot.style, larger.size * frames.short)
    )
    fitted = badge_area(next(reading, slot), frames, wanted, text, core)
    if fitted and badge_reads(display.badge, setting, slot.style, fitted.width):
        return fitted
    return None


def text_areas(margins: Margins, stacks: Sequence[SolvedStack]) -> Iterator[Area]:
    """Everything that pictures and badges keep away from."""
    yield from (spot.area for spot in margins.placed)
    for stack in stacks:
        if stack.card is not None:
            yield stack.card
        else:
            yield from (placed.area for placed in stack.placed)


def _slot(
    composition: Composition,
    body: Area,
    text: Sequence[Area],
    canvas: tuple[Frames, Setting],
    picture: LoadedPicture | None,
) -> Area:
    """The picture's slot; text takes its place first, unless the picture fills the page."""
    slot, (frames, setting) = composition.picture, canvas
    if slot is None or picture is None:
        return frames.live
    area = area_of(slot.frame, frames, body).part(slot.box, mirrored=setting.rtl)
    if slot.fit == "cover":
        return area
    free = picture_area(area, text, setting, picture.aspect, sides=slot.cut == "any")
    # A reflection needs a floor: the product stands a little above the text.
    floor = 0.1 * free.height if slot.reflect else 0.0
    return Area(free.left, free.top, free.right, free.bottom - floor)


def _spot(
    composition: Composition,
    slot: Area,
    picture: LoadedPicture | None,
    text: Sequence[Area],
    *,
    mirrored: bool,
) -> Area:
    if composition.picture is None or picture is None:
        return slot
    spot = picture_spot(picture, composition.picture, slot, mirrored=mirrored)
    return lifted(picture, composition.picture, spot, text)


def _needs_quiet(
    composition: Composition,
    choice: Choice,
    places: tuple[Frames, Area, Area],
    text: Sequence[Area],
    setting: Setting,
) -> bool:
    """Whether a circle of a loud colour would run under text."""
    frames, body, spot = places
    scheme = choice.scheme
    for shape in composition.shapes:
        area = area_of(shape.frame, frames, body, spot)
        if contrast(scheme.colour(shape.colour), scheme.ink) < TEXT_CONTRAST and any(
            crosses(shape, area, frames, words, mirrored=setting.rtl) for words in text
        ):
            return True
    return False


def _backdrop(spec: PosterSpec) -> LoadedPicture | None:
    if not spec.background:
        return None
    loaded = load_picture(Picture(source=spec.background, path=spec.background))
    return None if isinstance(loaded, Finding) else loaded


def _margins(
    spec: PosterSpec,
    display: DisplayText,
    composition: Composition,
    canvas: tuple[Frames, Setting],
) -> tuple[Margins, tuple[Finding, ...]]:
    """Marks in their places, and a finding where the legal line has none."""
    frames, setting = canvas
    column = composition.logo.startswith("middle")
    most = (frames.safe.width, _MOST_LOGO * frames.safe.height)
    logo = logo_mark(spec.kit, setting, most, column=column)
    marks: dict[str, Mark] = {"logo": logo}
    if spec.ai_label:
        marks["label"] = label_mark(spec.ai_label, setting, frames.short)
    if spec.url and spec.canvas.dpi:
        widest = (frames.short, _MOST_CODE * frames.safe.width)
        marks["code"] = code_mark(spec.url, display.cta, setting, widest)
    unsaid: tuple[Finding, ...] = ()
    if display.legal and "legal" not in _roles(composition):
        tiles = [tile for tile in composition.tiles if tile.frame != "body"]
        below = _areas(tiles, frames, frames.safe, mirrored=setting.rtl)
        if composition.picture is not None and composition.picture.frame != "body":
            below += _solid_slot(composition, frames, frames.safe, mirrored=setting.rtl)
        room = legal_room(frames, setting, composition.logo, marks, below)
        block = legal_block(display.legal, setting, room)
        high = block.height_px > _MOST_LEGAL * frames.trim.height
        if is_strip(frames) or high or block.truncated:
            unsaid = (missing_role("legal"),)
        else:
            marks["legal"] = legal_mark(block)
    return arrange_marks(frames, setting, composition.logo, marks), unsaid


def _left_out(stacks: Sequence[SolvedStack]) -> tuple[Finding, ...]:
    roles = {role for stack in stacks for role in stack.left_out}
    placed = {spot.piece.role for stack in stacks for spot in stack.placed}
    findings = [
        missing_role(role) for role in sorted(roles - placed) if PRIORITY[role] > MUST_STAY
    ]
    short = [spot.piece.role for stack in stacks for spot in stack.placed if spot.piece.truncated]
    return (*findings, *(_shortened(role) for role in sorted(set(short))))


def missing_role(role: str) -> Finding:
    """The finding for a role that has no room on the poster."""
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
