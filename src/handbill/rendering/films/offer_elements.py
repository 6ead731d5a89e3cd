"""Layers of an offer: prices, badges, buttons."""

from __future__ import annotations

from dataclasses import replace

from handbill.rendering.canvases import Pixels
from handbill.rendering.films import shapes
from handbill.rendering.films.actors import Actor, Set, centred
from handbill.rendering.films.areas import Area
from handbill.rendering.films.lettering import draw_block, letter, take_letters, text_look
from handbill.rendering.films.motion import CELLS, Motion, Roll
from handbill.rendering.films.planes import sprite_of
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.text_elements import corner_of, lay_out, strip_of
from handbill.rendering.films.words import shown_words
from handbill.rendering.typography.paragraphs import TextBlock

_APART = 0.034  # between the old price and the price, as a share of the shorter side
_LAND_S = 0.22
_STAND = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


def build_price(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The price, large, with the old price struck above it, or beside it where that is larger."""
    price = shown_words(stage.spec, "price")
    if not price:
        return []
    before = shown_words(stage.spec, "compare_at")
    if not before:
        return _figure(lay_out(price[0], layer, area, stage), layer, area, stage, 0.0)
    small = layer.model_copy(update={"look": "old_price", "most_lines": 1, "stand": "top"})
    above = lay_out(price[0], layer, area.part((0, 0, 1, 0.68)), stage)
    beside = lay_out(price[0], layer, area.part((0, 0, 0.66, 1)), stage)
    if beside.size_px > 1.12 * above.size_px and not beside.truncated:
        old = lay_out(before[0], small, area.part((0, 0, 0.29, 0.5)), stage)
        return _side_by_side(old, beside, layer, area, stage)
    old = lay_out(before[0], small, area.part((0, 0, 1, 0.24)), stage)
    return _one_above_other(old, above, layer, area, stage)


def _one_above_other(
    old: TextBlock, new: TextBlock, layer: Layer, area: Area, stage: Set
) -> list[Actor]:
    """Both placed by what was really set: a box's share says little of where its ink ends."""
    gap = min(_APART * stage.canvas.side_px, max(0.0, area.height - old.height_px - new.height_px))
    free = max(0.0, area.height - old.height_px - gap - new.height_px)
    top = area.top + _STAND[layer.stand] * free
    above = strip_of(area, top, old.height_px)
    below = strip_of(area, top + old.height_px + gap, new.height_px)
    return [*_struck(old, above, layer, stage), *_figure(new, layer, below, stage, 0.22)]


def _side_by_side(
    old: TextBlock, new: TextBlock, layer: Layer, area: Area, stage: Set
) -> list[Actor]:
    """The price first as people read, the old one after it, both on one lower edge."""
    gap = _APART * stage.canvas.side_px
    wide = new.width_px + gap + old.width_px
    free = area.width - wide
    left = area.left + (free / 2 if layer.align == "centre" else free if new.look.rtl else 0.0)
    top = area.top + _STAND[layer.stand] * max(0.0, area.height - new.height_px)
    places = {True: (left + wide - new.width_px, left), False: (left, left + new.width_px + gap)}
    lefts = places[new.look.rtl]
    first = Area(left=lefts[0], top=top, width=new.width_px, height=new.height_px)
    low = top + 0.8 * new.height_px - old.height_px
    second = Area(left=lefts[1], top=low, width=old.width_px, height=old.height_px)
    return [*_struck(old, second, layer, stage), *_figure(new, layer, first, stage, 0.22)]


def _struck(old: TextBlock, area: Area, layer: Layer, stage: Set) -> list[Actor]:
    """The old price under a stroke that cannot be overlooked: it is never seen without it."""
    pixels, margin = draw_block(old, stage.scheme.muted.argb)
    shapes.strike(pixels, stage.scheme.ink.argb, margin, old.size_px)
    small = layer.model_copy(update={"stand": "top"})
    moves = replace(stage.moves(layer), enter="fade", drift="still")
    at = corner_of(old, area, small, margin)
    return [Actor(sprite=sprite_of(pixels), at=at, motion=moves)]


def _figure(block: TextBlock, layer: Layer, area: Area, stage: Set, later_s: float) -> list[Actor]:
    """The price itself in its place."""
    pixels, margin = draw_block(block, stage.colour(layer.colour).argb)
    corner = corner_of(block, area, layer, margin)
    if layer.enter == "roll":
        return _rolled(pixels, corner, layer, stage, later_s)
    return [Actor(sprite=sprite_of(pixels), at=corner, motion=stage.moves(layer, later_s))]


def _rolled(
    pixels: Pixels, corner: tuple[float, float], layer: Layer, stage: Set, later_s: float
) -> list[Actor]:
    """Figures that run as a blur, one after another, and all at once are the price.

    A price is a promise: no frame shows another one, nor a part of it that reads as a smaller one.
    """
    letters = take_letters(pixels)
    start_s = layer.at_s + later_s - stage.early_s
    step_s = min(layer.stagger_s, 0.4 / len(letters))
    settled_s = start_s + layer.lasts_s + step_s * (len(letters) - 1)
    actors = [
        Actor(
            sprite=sprite_of(shapes.draw_strip(letter_piece.pixels, CELLS)),
            at=(corner[0] + letter_piece.left, corner[1]),
            motion=Roll(
                at_s=start_s + step_s * place,
                lasts_s=layer.lasts_s,
                cell_px=pixels.shape[0],
                leave_s=settled_s,
            ),
        )
        for place, letter_piece in enumerate(letters)
    ]
    landing = Motion(enter="land", at_s=settled_s, lasts_s=_LAND_S)
    return [*actors, Actor(sprite=sprite_of(pixels), at=corner, motion=landing)]


def build_badge(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The offer on a seal, or on a pill when it is too long to be read there."""
    words = shown_words(stage.spec, layer.field or "badge")
    if not words:
        return []
    pixels = _seal(words[0], layer, area, stage)
    if pixels is None:
        pixels = _pill(words[0], layer.model_copy(update={"look": "button"}), area, stage)
    return [centred(pixels, area, stage.moves(layer))]


def _seal(text: str, layer: Layer, area: Area, stage: Set) -> Pixels | None:
    """A scalloped disc with the whole of `text`; None where it does not hold it."""
    side = min(area.width, area.height)
    lines = layer.most_lines if any(char.isalpha() for char in text) else 1
    look = text_look(stage.spec.kit, stage.spec.locale, "seal", "centre")
    inner_px = (side * 0.72, side * 0.56)
    block = letter(text, look, "seal", inner_px, stage.canvas.side_px, lines)
    if block.truncated:
        return None
    pixels = shapes.draw_star(round(side), stage.scheme.accent.argb)
    shown, _ = draw_block(block, stage.scheme.on_accent.argb)
    _lay_in_middle(pixels, shown)
    return pixels


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
    block = lay_out(text, centred, inner, stage)
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
