"""Layers of words: texts, lists, prices, badges, buttons."""

from __future__ import annotations

import re
from dataclasses import replace

from handbill.domain.finding import Finding, Severity
from handbill.rendering.canvases import Pixels
from handbill.rendering.films import shapes
from handbill.rendering.films.actors import Actor, Set, centred
from handbill.rendering.films.areas import Area
from handbill.rendering.films.lettering import (
    draw_block,
    letter,
    take_apart,
    take_letters,
    text_look,
)
from handbill.rendering.films.motion import CELLS, Motion, Roll
from handbill.rendering.films.planes import sprite_of
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.words import shown_words
from handbill.rendering.typography.font_stacks import glyph_finding
from handbill.rendering.typography.paragraphs import TextBlock, truncate_text

_AHEAD_S = 0.1
_APART = 0.034  # between the old price and the price, as a share of the shorter side
_SEAL_CHARS = 16
_LETTERS = re.compile(r"\w", re.UNICODE)


def build_field(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The words of the layer's field, whole or word by word."""
    words = shown_words(stage.spec, layer.field)
    return build_text(layer, area, stage, words[0]) if words else []


def build_text(layer: Layer, area: Area, stage: Set, text: str) -> list[Actor]:
    """`text` set as the layer asks."""
    block = _block(text, layer, area, stage)
    pixels, margin = draw_block(block, stage.colour(layer.colour).argb)
    corner = _corner(block, area, layer, margin)
    if layer.enter in ("words", "lines"):
        return _apart(text, block, (pixels, margin, corner), layer, stage)
    return [Actor(sprite=sprite_of(pixels), at=corner, motion=stage.moves(layer))]


def _block(text: str, layer: Layer, area: Area, stage: Set, *, struck: bool = False) -> TextBlock:
    """`text` laid out in the layer's box; says so when letters are missing or words left out."""
    align = "centre" if layer.align == "centre" else "start"
    look = text_look(stage.spec.kit, stage.spec.locale, layer.look, align, struck=struck)
    missing = glyph_finding(text, look.stack, "film.mp4")
    if missing:
        stage.findings.append(missing)
    box_px = (area.width, area.height)
    block = letter(text, look, layer.look, box_px, stage.canvas.side_px, layer.most_lines)
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


def _corner(block: TextBlock, area: Area, layer: Layer, margin: int) -> tuple[float, float]:
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
            times_s = [words[place].start_ms / 1000 - _AHEAD_S for place in places]
            return [layer.at_s - stage.early_s, *(max(0.05, at_s) for at_s in times_s[1:])]
    step_s = min(layer.stagger_s, 1.0 / max(1, pieces))
    return [layer.at_s - stage.early_s + index * step_s for index in range(pieces)]


def _letters(text: str) -> str:
    return "".join(_LETTERS.findall(text.lower()))


def build_benefits(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The benefits as rows with ticks, one after another."""
    items = shown_words(stage.spec, layer.field or "benefits")[:4]
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
            item, size_px, layer, _strip(area, top + index * (row_px + gap), row_px), stage, index
        )
        for index, item in enumerate(items)
    ]


def _strip(area: Area, top: float, height: float) -> Area:
    return Area(left=area.left, top=top, width=area.width, height=height)


def _row_size(item: str, layer: Layer, area: Area, stage: Set, row_px: float) -> float:
    tick = _tick_px(stage)
    room = Area(left=0, top=0, width=area.width - tick * 1.45, height=row_px)
    return _block(item, layer, room, stage).size_px


def _tick_px(stage: Set) -> int:
    return shapes.even(0.068 * stage.canvas.side_px)


def _row(item: str, size_px: float, layer: Layer, area: Area, stage: Set, index: int) -> Actor:
    """One benefit with its tick; all rows are set in one size."""
    tick_px = _tick_px(stage)
    look = text_look(stage.spec.kit, stage.spec.locale, layer.look, "start")
    room_px = (area.width - tick_px * 1.45, area.height)
    block = truncate_text(item, look, size_px, room_px)
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


def build_price(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The price, large, with the old price struck above it."""
    price = shown_words(stage.spec, "price")
    if not price:
        return []
    before = shown_words(stage.spec, "compare_at")
    if not before:
        return _figure(_block(price[0], layer, area, stage), layer, area, stage, 0.0)
    small = layer.model_copy(update={"look": "item", "most_lines": 1, "stand": "top"})
    old = _block(before[0], small, area.part((0, 0, 1, 0.24)), stage, struck=True)
    new = _block(price[0], layer, area.part((0, 0, 1, 0.68)), stage)
    # Both are placed by what was really set: a box's share says little of where its ink ends.
    gap = min(_APART * stage.canvas.side_px, max(0.0, area.height - old.height_px - new.height_px))
    free = max(0.0, area.height - old.height_px - gap - new.height_px)
    top = area.top + {"top": 0.0, "middle": 0.5, "bottom": 1.0}[layer.stand] * free
    above = _strip(area, top, old.height_px)
    below = _strip(area, top + old.height_px + gap, new.height_px)
    pixels, margin = draw_block(old, stage.scheme.muted.argb)
    moves = replace(stage.moves(layer), enter="fade", drift="still")
    struck = Actor(sprite=sprite_of(pixels), at=_corner(old, above, small, margin), motion=moves)
    return [struck, *_figure(new, layer, below, stage, 0.22)]


def _figure(block: TextBlock, layer: Layer, area: Area, stage: Set, later_s: float) -> list[Actor]:
    """The price itself in its place."""
    pixels, margin = draw_block(block, stage.colour(layer.colour).argb)
    corner = _corner(block, area, layer, margin)
    if layer.enter == "roll":
        return _rolled(pixels, corner, layer, stage, later_s)
    return [Actor(sprite=sprite_of(pixels), at=corner, motion=stage.moves(layer, later_s))]


def _rolled(
    pixels: Pixels, corner: tuple[float, float], layer: Layer, stage: Set, later_s: float
) -> list[Actor]:
    """Figures that run like those of a counter and stop one after another.

    While they run they are a blur: a price that is not the price is not readable in any frame.
    """
    letters = take_letters(pixels)
    start_s = layer.at_s + later_s - stage.early_s
    step_s = min(layer.stagger_s, 0.5 / len(letters))
    settled_s = start_s + layer.lasts_s + step_s * (len(letters) - 1)
    actors = [
        Actor(
            sprite=sprite_of(shapes.draw_strip(letter_piece.pixels, CELLS)),
            at=(corner[0] + letter_piece.left, corner[1]),
            motion=Roll(
                at_s=start_s,
                lasts_s=layer.lasts_s + step_s * place,
                cell_px=pixels.shape[0],
                leave_s=settled_s,
            ),
        )
        for place, letter_piece in enumerate(letters)
    ]
    whole = Motion(enter="present", at_s=settled_s)
    return [*actors, Actor(sprite=sprite_of(pixels), at=corner, motion=whole)]


def build_badge(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The offer on a seal, or on a pill when it is long."""
    words = shown_words(stage.spec, layer.field or "badge")
    if not words:
        return []
    side = min(area.width, area.height)
    long = len(words[0]) > _SEAL_CHARS
    if long:
        pixels = _pill(words[0], layer.model_copy(update={"look": "button"}), area, stage)
    else:
        figure = not any(char.isalpha() for char in words[0])
        lines = 1 if figure else layer.most_lines
        pixels = shapes.draw_star(round(side), stage.scheme.accent.argb)
        inner = Area(left=0, top=0, width=side * 0.7, height=side * 0.56)
        kept = layer.model_copy(update={"align": "centre", "most_lines": lines})
        shown, _ = draw_block(_block(words[0], kept, inner, stage), stage.scheme.on_accent.argb)
        _lay_in_middle(pixels, shown)
    return [centred(pixels, area, stage.moves(layer))]


def build_button(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The call to action on a button."""
    words = shown_words(stage.spec, layer.field or "cta")
    if not words:
        return []
    return [centred(_pill(words[0], layer, area, stage), area, stage.moves(layer))]


def _pill(text: str, layer: Layer, area: Area, stage: Set) -> Pixels:
    """Words on a plate that is just as wide as they need."""
    inner = Area(left=0, top=0, width=area.width * 0.86, height=area.height * 0.5)
    centred = layer.model_copy(update={"align": "centre", "most_lines": 2})
    block = _block(text, centred, inner, stage)
    pixels, _ = draw_block(block, stage.scheme.on_accent.argb)
    pad_px = 0.75 * min(block.size_px, area.height * 0.5)
    width = min(area.width, block.width_px + 2.4 * pad_px)
    height = min(area.height, block.height_px + 1.9 * pad_px)
    roundness = min(1.0, stage.spec.kit.corner_radius * 1.6)
    plate = shapes.draw_plate(round(width), round(height), stage.scheme.accent.argb, roundness)
    _lay_in_middle(plate, pixels)
    return plate


def _lay_in_middle(target: Pixels, sprite: Pixels) -> None:
    left = (target.shape[1] - sprite.shape[1]) // 2
    top = (target.shape[0] - sprite.shape[0]) // 2
    shapes.lay_over(target, sprite, left, top)
