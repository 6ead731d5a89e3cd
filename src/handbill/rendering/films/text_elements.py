"""Layers of words: texts and lists."""

from __future__ import annotations

import re
from dataclasses import replace

from handbill.domain.finding import Finding, Severity
from handbill.rendering.canvases import Pixels
from handbill.rendering.films import shapes
from handbill.rendering.films.actors import Actor, Set, centred
from handbill.rendering.films.areas import Area
from handbill.rendering.films.lettering import draw_block, letter, take_apart, text_look
from handbill.rendering.films.motion import Motion
from handbill.rendering.films.planes import sprite_of
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.words import shown_words
from handbill.rendering.typography.breaking import by_space, kept_whole
from handbill.rendering.typography.font_stacks import glyph_finding
from handbill.rendering.typography.paragraphs import TextBlock, TextLook, fit_text, truncate_text

_AHEAD_S = 0.1
_PATIENCE_S = 0.34  # a word waits for its sound at most this long after the one before
_OVERHANG = 0.012  # of the shorter side: ink may reach a little beyond what Skia tells of a line
_ADDRESS = 0.042  # of the shorter side: a web address that people may read while it stands
_CALMER = 0.8  # words on a clip leave their place for one where so much less is hidden
_UNDER = 0.045  # of the shorter side: between words and what stands under them
_MOST_ROWS = 3  # where rows stand above a product: a fourth makes all of them small
# Names, numbers with their nouns, and Thai phrases stay whole where the type keeps so much of its
# size; a name of several words is torn less badly between them than one of Chinese or Japanese.
_NAME_WORTH, _SPACED_WORTH, _PHRASE_WORTH = 0.45, 0.75, 0.62
_LETTERS = re.compile(r"\w", re.UNICODE)


def build_field(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The words of the layer's field, whole or word by word."""
    words = shown_words(stage.spec, layer.field)
    if not words:
        return []
    text = words[0]
    if layer.field.startswith("url") and "/" in text:
        # A path that makes the address too small to read is left out.
        small = lay_out(text, layer, area, stage).size_px < _ADDRESS * stage.canvas.side_px
        text = text.split("/")[0] if small else text
    return build_text(layer, area, stage, text)


def build_text(layer: Layer, area: Area, stage: Set, text: str) -> list[Actor]:
    """`text` set as the layer asks; nothing where there is none: a brand may have no name."""
    if not text:
        return []
    layer, area = _out_of_the_way(layer, area, stage)
    block = lay_out(text, layer, area, stage)
    pixels, margin = draw_block(block, stage.colour(layer.colour).argb)
    if layer.under and stage.words_till:
        area = replace(area, top=min(area.top, stage.words_till + _UNDER * stage.canvas.side_px))
    corner = corner_of(block, area, layer, margin)
    stage.words_till = corner[1] + margin + block.height_px
    under = _veil((corner[0] + margin, corner[1] + margin), block, stage) if layer.veil else []
    if layer.enter in ("words", "lines"):
        return under + _apart(text, block, (pixels, margin, corner), layer, stage)
    return [*under, Actor(sprite=sprite_of(pixels), at=corner, motion=stage.moves(layer))]


def _out_of_the_way(layer: Layer, area: Area, stage: Set) -> tuple[Layer, Area]:
    """Words on a clip stand above or below what is to be seen in it, whichever hides less."""
    if not (layer.veil and stage.opened):
        return layer, area
    clip, free, height_px = stage.opened[-1], stage.canvas.free, stage.canvas.height_px
    other = replace(area, top=free.top + free.bottom - area.bottom)
    hidden, less = (
        clip.watched(place.top / height_px, place.bottom / height_px) for place in (area, other)
    )
    if less > _CALMER * hidden:
        return layer, area
    stand = "bottom" if layer.stand == "top" else "top"
    return layer.model_copy(update={"stand": stand}), other


def _veil(corner: tuple[float, float], block: TextBlock, stage: Set) -> list[Actor]:
    """Darkness just where words lie on a photo or clip; none elsewhere."""
    if not stage.shows_photo:
        return []
    canvas = stage.canvas
    left, top = corner
    box = (left, top, left + block.width_px, top + block.height_px)
    pixels = shapes.veil(canvas.width_px, canvas.height_px, box)
    rows = slice(*shapes.inked_rows(pixels))
    return [
        Actor(sprite=sprite_of(pixels[rows]), at=(0, rows.start), motion=Motion(enter="present"))
    ]


def lay_out(text: str, layer: Layer, area: Area, stage: Set) -> TextBlock:
    """`text` laid out in the layer's box; says so when letters are missing or words left out."""
    align = "centre" if layer.align == "centre" else "start"
    look = text_look(stage.spec.kit, stage.spec.locale, layer.look, align)
    missing = glyph_finding(text, look.stack, "film.mp4")
    if missing:
        stage.findings.append(missing)
    box_px = (area.width - _OVERHANG * stage.canvas.side_px, area.height)
    block = _lettered(text, look, layer, box_px, stage)
    if block.truncated:
        stage.findings.append(
            Finding(
                code="film.text_shortened",
                severity=Severity.WARN,
                message=f"{text!r} is too long for its place in the film and was shortened",
                field="film.mp4",
            )
        )
    return block


def _lettered(
    text: str, look: TextLook, layer: Layer, box_px: tuple[float, float], stage: Set
) -> TextBlock:
    """`text` with whole names, and Thai broken at spaces, unless that makes it much smaller."""
    side_px, whole = stage.canvas.side_px, kept_whole(text, stage.spec.names)
    plain = letter(text, look, layer.look, box_px, side_px, layer.most_lines)
    dear = _SPACED_WORTH if " " in text else _NAME_WORTH
    for way, worth in ((by_space(whole), _PHRASE_WORTH), (whole, dear)):
        if way and way != text:
            block = letter(way, look, layer.look, box_px, side_px, layer.most_lines)
            if block.size_px >= worth * plain.size_px and not block.truncated:
                return block
    return plain


def corner_of(block: TextBlock, area: Area, layer: Layer, margin: int) -> tuple[float, float]:
    """Where the drawn block's corner comes to lie, so that its ink stands as the layer asks."""
    rtl = block.look.rtl
    if layer.align == "centre":
        left = area.left + (area.width - block.width_px) / 2
    else:
        left = area.right - block.width_px if rtl else area.left
    free = area.height - block.height_px
    top = area.top + {"top": 0.0, "middle": 0.5, "bottom": 1.0}[layer.stand] * free
    return round(left) - margin, round(top) - margin


def _apart(
    text: str,
    block: TextBlock,
    drawn: tuple[Pixels, int, tuple[float, float]],
    layer: Layer,
    stage: Set,
) -> list[Actor]:
    """Word by word; once all have settled one sprite of the whole block takes their place."""
    pixels, margin, corner = drawn
    pieces = take_apart(block, pixels, margin)
    starts_s = _starts(text, len(pieces), layer, stage)
    settled_s = max(starts_s, default=layer.at_s) + layer.lasts_s
    enter = "rise" if layer.enter == "words" else "unmask"
    actors = [
        Actor(
            sprite=sprite_of(piece.pixels),
            at=(corner[0] + piece.left, corner[1] + piece.top),
            motion=replace(
                stage.moves(layer), enter=enter, at_s=start_s, leave_s=settled_s, drift="still"
            ),
        )
        for piece, start_s in zip(pieces, starts_s, strict=True)
    ]
    whole = Motion(enter="present", at_s=settled_s)
    return [*actors, Actor(sprite=sprite_of(pixels), at=corner, motion=whole)]


def _starts(text: str, pieces: int, layer: Layer, stage: Set) -> list[float]:
    """When each piece comes: with its word where the text is just being spoken, else in a row."""
    for said, words in stage.said:
        if _letters(said) == _letters(text) and words:
            places = (index * len(words) // pieces for index in range(pieces))
            first_s = layer.at_s - stage.early_s
            times_s = [words[place].start_ms / 1000 - _AHEAD_S for place in places]
            return [
                first_s,
                *(
                    min(max(0.05, at_s), first_s + step * _PATIENCE_S)
                    for step, at_s in enumerate(times_s[1:], 1)
                ),
            ]
    step_s = min(layer.stagger_s, 1.0 / max(1, pieces))
    return [layer.at_s - stage.early_s + index * step_s for index in range(pieces)]


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))


def build_benefits(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The benefits as rows with ticks, one after another."""
    items = shown_words(stage.spec, layer.field or "benefits")
    items = items[: _MOST_ROWS if stage.canvas.stacked else _MOST_ROWS + 1]
    if not items:
        return []
    if len(items) == 1:
        layer = layer.model_copy(update={"look": "title", "most_lines": 3})
    gap = 0.03 * stage.canvas.side_px
    row_px = min(
        (area.height - gap * (len(items) - 1)) / len(items),
        0.4 * stage.canvas.side_px / len(items) ** 0.6,
    )
    top = area.top + (area.height - row_px * len(items) - gap * (len(items) - 1)) / 2
    size_px = min(_row_size(item, layer, area, stage, row_px) for item in items)
    return [
        _row(
            item,
            size_px,
            layer,
            strip_of(area, top + index * (row_px + gap), row_px),
            stage,
            index,
        )
        for index, item in enumerate(items)
    ]


def strip_of(area: Area, top: float, height: float) -> Area:
    """Rows of `area`, `height` pixels from `top` on."""
    return Area(left=area.left, top=top, width=area.width, height=height)


def _row_size(item: str, layer: Layer, area: Area, stage: Set, row_px: float) -> float:
    tick = _tick_px(stage)
    room = Area(left=0, top=0, width=area.width - tick * 1.45, height=row_px)
    return lay_out(item, layer, room, stage).size_px


def _tick_px(stage: Set) -> int:
    return shapes.even(0.068 * stage.canvas.side_px)


def _row(item: str, size_px: float, layer: Layer, area: Area, stage: Set, index: int) -> Actor:
    """One benefit with its tick; all rows are set in one size."""
    tick_px = _tick_px(stage)
    look = text_look(stage.spec.kit, stage.spec.locale, layer.look, "start")
    room_px = (area.width - tick_px * 1.45, area.height)
    whole = kept_whole(item, stage.spec.names)
    fits = fit_text(whole, look, room_px, (size_px, size_px)) is not None
    block = truncate_text(whole if fits else item, look, size_px, room_px)
    words, margin = draw_block(block, stage.colour(layer.colour).argb)
    disc, mark = stage.scheme.accent.argb, stage.scheme.on_accent.argb
    tick = shapes.draw_tick(tick_px, disc, mark)
    height = max(tick_px, words.shape[0])
    pixels = shapes.draw_plate(shapes.even(area.width + 2 * margin), shapes.even(height), 0, 0)
    rtl = block.look.rtl
    width = pixels.shape[1]
    text_left = width - words.shape[1] - round(tick_px * 1.45) if rtl else round(tick_px * 1.45)
    shapes.lay_over(
        pixels, tick, width - tick_px - margin if rtl else margin, (height - tick_px) // 2
    )
    shapes.lay_over(pixels, words, text_left, (height - words.shape[0]) // 2)
    return centred(pixels, area, stage.moves(layer, index * layer.stagger_s))
