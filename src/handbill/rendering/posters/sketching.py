"""From a spec to a layout that holds it: what fits the content, tried until everything stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from handbill.domain.copy import DisplayText
from handbill.domain.finding import Finding, Severity
from handbill.rendering.pictures import MAX_ENLARGEMENT, LoadedPicture
from handbill.rendering.posters.choice import Choice, choices
from handbill.rendering.posters.frames import aspect_of
from handbill.rendering.posters.laying_out import Sketch, lay_out, missing_role, text_areas
from handbill.rendering.posters.layouts import Layout, read_layouts
from handbill.rendering.posters.spots import fitted
from handbill.rendering.posters.stacks import SolvedStack
from handbill.rendering.posters.subjects import Subjects, one_subject, several_subjects
from handbill.rendering.spec import PosterSpec
from handbill.settings import read_settings

__all__ = ["Sketch", "missing_role", "sketch_poster", "text_areas"]

# A picture that would cover less of the page than this is too small: another layout is tried.
_SMALLEST_PICTURE = 0.075
# Below this share the line under the headline leaves, where that lets the picture grow so much.
_COMFORTABLE_PICTURE, _WORTHWHILE = 0.16, 1.25
# Words may stand on a photo only where it covers at least this share of the page.
_LEAST_COVER = 0.35
# From this width over height on, a product on a square stands better below the words.
_WIDE = 1.3
_MOST_TRIES = 7


def sketch_poster(
    spec: PosterSpec,
    display: DisplayText,
    findings: tuple[Finding, ...] = (),
    layouts: Sequence[Layout] | None = None,
    left_out: Sequence[str] = (),
) -> Sketch:
    """Lay out `spec` with `display` (its words that can be shown); `layouts` to choose from.

    Those named in `left_out` come last: taken where nothing else holds the content.
    The first layout of the deck that holds everything and shows the picture large enough is
    taken; when none of the first few does, the one that leaves out least.
    """
    subjects = one_subject(spec)
    have = layouts if layouts is not None else _layouts()
    tried: list[Sketch] = []
    deck = choices(have, spec, subjects.first, aspect_of(spec.canvas))
    for choice in _tried_in_turn(deck, left_out):
        tried.append(_sketch(spec, display, choice, subjects))
        if not _faults(tried[-1]):
            break
    best = min(tried, key=_faults)
    if display.badge and any(finding.field == "badge" for finding in best.findings):
        # Nowhere for a badge: the offer is said in the line above the headline instead.
        display = replace(display, kicker=display.badge, badge="")
        best = _sketch(spec, display, best.choice, subjects)
    best = _with_larger_picture(best, subjects)
    return replace(best, findings=(*findings, *best.findings, *_subject_hidden(best)))


def _tried_in_turn(deck: Iterator[Choice], left_out: Sequence[str]) -> Iterator[Choice]:
    """The first few of a deck, then those that were left out."""
    if not left_out:
        yield from itertools.islice(deck, _MOST_TRIES)
        return
    cards = list(deck)
    fresh = (card for card in cards if card.layout.name not in left_out)
    yield from itertools.islice(fresh, _MOST_TRIES)
    yield from (card for card in cards if card.layout.name in left_out)


def _sketch(spec: PosterSpec, display: DisplayText, choice: Choice, one: Subjects) -> Sketch:
    """The better of the compositions that the layout has for this canvas and picture."""
    layout, aspect = choice.layout, aspect_of(spec.canvas)
    shown = several_subjects(spec, layout.pictures) if layout.pictures > 1 else one
    wide = one.first is not None and one.first.aspect > _WIDE
    sketches = [
        lay_out(spec, display, choice, composition, shown)
        for composition in layout.compositions(aspect, wide=wide)
    ]
    return min(sketches, key=lambda sketch: (_faults(sketch), -_picture_share(sketch)))


def _with_larger_picture(sketch: Sketch, subjects: Subjects) -> Sketch:
    """The same without the line under the headline, where a small product grows much by that."""
    share, slot = _picture_share(sketch), sketch.composition.picture
    if not 0 < share < _COMFORTABLE_PICTURE or not sketch.display.subhead:
        return sketch
    if slot is None or slot.fit == "cover":
        return sketch  # words never take anything of such a slot
    told = replace(sketch.display, subhead="")
    lean = lay_out(sketch.spec, told, sketch.choice, sketch.composition, subjects)
    grown = _picture_share(lean) >= share * _WORTHWHILE
    return lean if grown and _faults(lean) <= _faults(sketch) else sketch


def _picture_share(sketch: Sketch) -> float:
    """The part of the page that the product covers; 0 for layouts that show none, or several."""
    picture, slot = sketch.plan.picture, sketch.composition.picture
    if picture is None or slot is None:
        return 0.0
    spot, trim = sketch.plan.spot, sketch.frames.trim
    if picture.kind == "cutout" and slot.fit != "contain":
        spot = fitted(picture, spot, slot.anchor)
    return max(0.0, spot.width) * max(0.0, spot.height) / (trim.width * trim.height)


def _faults(sketch: Sketch) -> float:
    """How much is wrong with a sketch: 0 when everything has its place."""
    wrong = float(sum(finding.code.startswith("poster.") for finding in sketch.findings))
    wrong += _overlaps(sketch.stacks)
    wrong += len(sketch.composition.tiles) - len(sketch.plan.tiles)
    wrong += sketch.plan.hides_backdrop
    wrong += len(_on_subject(sketch)) + _cuts_subject(sketch)
    if sketch.plan.picture is not None and sketch.composition.picture is not None:
        share = _picture_share(sketch)
        wrong += max(0.0, 1 - share / _least_share(sketch, sketch.plan.picture))
        wrong += sketch.composition.picture.scrim != "none" and share < _LEAST_COVER
        whole = sketch.plan.spot == sketch.plan.slot
        wrong += sketch.composition.picture.scrim == "card" and not whole
    return wrong


def _on_subject(sketch: Sketch) -> tuple[str, ...]:
    """Roles of the words that stand on the product in a scene."""
    if sketch.subject is None:
        return ()
    placed = (one for stack in sketch.stacks for one in stack.placed)
    found = {one.piece.role for one in placed if one.area.overlaps(sketch.subject)}
    marks = (
        spot.mark.role for spot in sketch.margins.placed if spot.area.overlaps(sketch.subject)
    )
    return tuple(sorted({*found, *marks}))


def _cuts_subject(sketch: Sketch) -> bool:
    """Whether the crop of a scene cuts the product."""
    return sketch.subject is not None and not sketch.plan.spot.contains(sketch.subject)


def _subject_hidden(sketch: Sketch) -> Iterator[Finding]:
    """What is wrong with the product's place in a scene."""
    roles = _on_subject(sketch)
    if not roles and not _cuts_subject(sketch):
        return
    told = f"words stand on the product ({', '.join(roles)})" if roles else "the product is cut"
    yield Finding(
        code="scene.product_hidden",
        severity=Severity.WARN,
        message=f"in every layout that holds this poster's words, {told}; shorten them, or change "
        "templates/prompts/image_scene.j2 so that the product stands smaller",
        field="image",
    )


def _least_share(sketch: Sketch, picture: LoadedPicture) -> float:
    """The least part of the page for a picture: one of few pixels cannot cover more."""
    trim = sketch.frames.trim
    bearable = MAX_ENLARGEMENT**2 * picture.width_px * picture.height_px
    return min(_SMALLEST_PICTURE, 0.8 * bearable / (trim.width * trim.height))


def _overlaps(stacks: Sequence[SolvedStack]) -> int:
    """How many pieces of one stack lie on another stack."""
    pairs = [(one, other) for one in stacks for other in stacks if one is not other]
    return sum(
        placed.area.overlaps(foreign.area)
        for one, other in pairs
        for placed in one.placed
        for foreign in other.placed
    )


@lru_cache(maxsize=1)
def _layouts() -> tuple[Layout, ...]:
    return read_layouts(read_settings().templates)
