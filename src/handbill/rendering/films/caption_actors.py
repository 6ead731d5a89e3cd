"""Captions in the picture: a plate with at most two lines, the spoken word lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handbill.rendering.canvases import Pixels, blank, canvas_over
from handbill.rendering.colour import Colour, contrast, oklch
from handbill.rendering.films.actors import Actor
from handbill.rendering.films.areas import Canvas
from handbill.rendering.films.captions import Cue, joined
from handbill.rendering.films.lettering import text_look
from handbill.rendering.films.motion import Motion
from handbill.rendering.films.planes import sprite_of
from handbill.rendering.films.shapes import draw_plate
from handbill.rendering.spec import FilmSpec
from handbill.rendering.typography.breaking import is_torn
from handbill.rendering.typography.font_stacks import ink_extent
from handbill.rendering.typography.paragraphs import TextBlock, TextLook, set_text, text_width

_PLATE = 0xD60E1014
_WHITE = 0xFFFFFFFF
# Of the shorter side; on wide canvases more, which are seen smaller on the same screen.
_SIZE, _SIZE_WIDE, _WIDE_FROM = 0.053, 0.056, 1.3
# A lit word must differ from the white ones by its colour, not by its lightness alone.
_LIT_CHROMA = 0.09
# GB 45438-2025: in films for two seconds or more from the beginning, 5 % of the shorter side high.
_LABEL_SHARE, _LABEL_LATER, _LABEL_S = 0.052, 0.027, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One line of a caption: its words by index, and its layout."""

    first: int
    last: int
    block: TextBlock


def label_actor(spec: FilmSpec, canvas: Canvas) -> list[Actor]:
    """The visible AI label in the upper corner of the safe zone: large at first, then small."""
    if not spec.ai_label:
        return []
    opening = Motion(enter="present", leave_s=_LABEL_S)
    later = Motion(enter="present", at_s=_LABEL_S)
    return [
        _label(spec, canvas, share, motion)
        for share, motion in ((_LABEL_SHARE, opening), (_LABEL_LATER, later))
    ]


def _label(spec: FilmSpec, canvas: Canvas, share: float, motion: Motion) -> Actor:
    """The label with ink of this share of the shorter side, smaller where it were too wide."""
    look = text_look(spec.kit, spec.locale, "small", "start")
    area = canvas.safe
    size_px = share * canvas.side_px / sum(ink_extent(spec.ai_label, look.stack, look.weight))
    room = 0.9 * area.width / text_width(spec.ai_label, look, size_px)
    size_px *= min(1.0, room)
    block = _one_line(spec.ai_label, look, size_px)
    pad_x, pad_y = block.height_px * 0.32, block.height_px * 0.22
    plate = draw_plate(
        round(block.ink_width_px + 2 * pad_x), round(block.height_px + 2 * pad_y), _PLATE, 0.3
    )
    block.draw(canvas_over(plate), (plate.shape[1] - block.ink_width_px) / 2, pad_y, _WHITE)
    left = area.right - plate.shape[1] if look.rtl else area.left
    return Actor(sprite=sprite_of(plate), at=(round(left), round(area.top)), motion=motion)


def lit_colour(wishes: Sequence[Colour]) -> Colour:
    """The first colour that can be read on the captions' dark plate."""
    plate = Colour(14, 16, 20)
    clear = (
        wish for wish in wishes if contrast(wish, plate) >= 5.5 and oklch(wish)[1] > _LIT_CHROMA
    )
    return next(clear, Colour(255, 214, 10))


def caption_actors(spec: FilmSpec, canvas: Canvas, cue: Cue, lit: Colour | None) -> list[Actor]:
    """Actors on the film's own time line for one cue.

    Args:
        spec: decides type and direction.
        canvas: has the captions' strip.
        cue: what to show.
        lit: colour of the word that is spoken (karaoke), or None to light none (block).
    """
    look = text_look(spec.kit, spec.locale, "sentence", "start")
    lines = _lines(cue, look, canvas, spec.names)
    size_px = lines[0].block.size_px
    pad = round(0.42 * size_px)
    step = round(1.32 * size_px)
    width = max(line.block.ink_width_px for line in lines) + 2.6 * pad
    height = step * (len(lines) - 1) + lines[0].block.height_px + 2 * pad
    plate = draw_plate(round(width), round(height), _PLATE, 0.3)
    area = canvas.captions
    left = round(area.left + (area.width - plate.shape[1]) / 2)
    top = round(area.top + (area.height - plate.shape[0]) / 2)
    from_s, till_s = cue.start_ms / 1000, cue.end_ms / 1000
    show = Motion(enter="present", at_s=from_s, leave_s=till_s)
    lit_words = blank(plate.shape[1], plate.shape[0])
    places = []
    for index, line in enumerate(lines):
        x = (plate.shape[1] - line.block.ink_width_px) / 2
        y = pad + index * step
        line.block.draw(canvas_over(plate), x, y, _WHITE)
        if lit is not None:
            line.block.draw(canvas_over(lit_words), x, y, lit.argb)
        places.append((x, index * step + pad // 2, line))
    actors = [Actor(sprite=sprite_of(plate), at=(left, top), motion=show)]
    for x, y, line in places if lit is not None else ():
        actors += _lit_words(cue, line, lit_words, (x, y, step), (left, top))
    return actors


def _lit_words(
    cue: Cue,
    line: _Line,
    lit: Pixels,
    place: tuple[float, int, int],
    corner: tuple[int, int],
) -> list[Actor]:
    """One sprite a word, cut from the lit text, shown while the word is spoken."""
    x, y, step = place
    y = max(0, y // 2 * 2)
    actors = []
    for index in range(line.first, line.last):
        word = cue.words[index]
        left, right = _word_span(cue, line, index)
        start = max(0, round((x + left) / 2 - 1) * 2)
        end = min(lit.shape[1], round((x + right) / 2 + 1) * 2)
        part = lit[y : y + step, start:end].copy()
        if part.size and word.end_ms > word.start_ms:
            motion = Motion(enter="present", at_s=word.start_ms / 1000, leave_s=word.end_ms / 1000)
            at = (corner[0] + start, corner[1] + y)
            actors.append(Actor(sprite=sprite_of(part), at=at, motion=motion))
    return actors


def _word_span(cue: Cue, line: _Line, index: int) -> tuple[float, float]:
    """Where word `index` stands in its line, from the left edge of the line's ink."""
    look, size_px = line.block.look, line.block.size_px
    words = [word.text for word in cue.words[line.first : line.last]]
    place = index - line.first
    upto = joined(words[: place + 1])
    before = upto.removesuffix(words[place].strip()) if place else ""
    start = text_width(before, look, size_px) if before else 0.0
    end = text_width(upto, look, size_px)
    whole = line.block.ink_width_px
    return (whole - end, whole - start) if look.rtl else (start, end)


def _lines(cue: Cue, look: TextLook, canvas: Canvas, names: Sequence[str]) -> list[_Line]:
    """One line, or two balanced ones; smaller type when two lines do not hold it."""
    wide = canvas.width_px > _WIDE_FROM * canvas.height_px
    size_px = (_SIZE_WIDE if wide else _SIZE) * canvas.side_px
    room_px = canvas.captions.width - 1.4 * size_px
    while size_px > 0.026 * canvas.side_px:
        split = _split(cue, look, size_px, room_px, names)
        if split is not None:
            return split
        size_px *= 0.93
    return _split(cue, look, size_px, 1e6, names) or []


def _split(
    cue: Cue, look: TextLook, size_px: float, room_px: float, names: Sequence[str]
) -> list[_Line] | None:
    words = [word.text for word in cue.words]
    if text_width(cue.text, look, size_px) <= room_px:
        return [_Line(first=0, last=len(words), block=_one_line(cue.text, look, size_px))]
    best: tuple[bool, float, int] | None = None
    for cut in range(1, len(words)):
        halves = (joined(words[:cut]), joined(words[cut:]))
        widest = max(text_width(half, look, size_px) for half in halves)
        if widest <= room_px:
            torn = is_torn(cue.text, len(joined(words[:cut])), names)
            best = min(best or (torn, widest, cut), (torn, widest, cut))
    if best is None:
        return None
    cut = best[2]
    return [
        _Line(first=0, last=cut, block=_one_line(joined(words[:cut]), look, size_px)),
        _Line(first=cut, last=len(words), block=_one_line(joined(words[cut:]), look, size_px)),
    ]


def _one_line(text: str, look: TextLook, size_px: float) -> TextBlock:
    return set_text(text, look, size_px, 1e5)
