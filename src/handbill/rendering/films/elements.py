"""From a layer of a layout to actors: sprites with a place and a motion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from handbill.domain.brief import Picture
from handbill.domain.finding import Finding, Severity
from handbill.rendering.canvases import Pixels, as_pixels
from handbill.rendering.colour import Colour
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.films import shapes
from handbill.rendering.films.areas import Area, Canvas
from handbill.rendering.films.lettering import draw_block, letter, take_apart, text_look
from handbill.rendering.films.motion import Motion
from handbill.rendering.films.planes import Sprite, sprite_of
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.words import shown_words
from handbill.rendering.pictures import LoadedPicture, crop_picture, load_picture
from handbill.rendering.posters.grounds import draw_ground
from handbill.rendering.spec import FilmSpec
from handbill.rendering.typography.font_stacks import glyph_finding
from handbill.rendering.typography.paragraphs import TextBlock, truncate_text

_GROUNDS = {"flat": "plain", "gradient": "sweep", "glow": "mesh", "split": "arcs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A sprite that rests with its top left corner at `at` and moves by `motion`."""

    sprite: Sprite
    at: tuple[float, float]
    motion: Motion


@dataclass(slots=True, kw_only=True)
class Set:
    """What a shot is built with; gathers the findings on the way.

    Attributes:
        shot_s: length of the shot, with the transition that follows it.
        motion: the shot's own drift for its product, or empty.
    """

    spec: FilmSpec
    canvas: Canvas
    scheme: Scheme
    shot_s: float
    motion: str = ""
    findings: list[Finding] = field(default_factory=list)

    def moves(self, layer: Layer, later_s: float = 0.0) -> Motion:
        """The layer's motion on this set, begun `later_s` after its own start."""
        return Motion(
            enter=layer.enter,
            at_s=layer.at_s + later_s,
            lasts_s=layer.lasts_s,
            drift=layer.drift,
            reach_px=self.canvas.side_px,
            shot_s=self.shot_s,
        )

    def picture(self, pick: int) -> LoadedPicture | None:
        """The picture number `pick`, or None when the brief has none that can be read."""
        readable = [picture for picture in self.spec.pictures if picture.path]
        if not readable:
            return None
        loaded = load_picture(readable[pick % len(readable)])
        if isinstance(loaded, Finding):
            self.findings.append(loaded)
            return None
        return loaded

    def colour(self, name: str) -> Colour:
        """A role of the scheme."""
        return self.scheme.colour(name)


def build_layer(layer: Layer, stage: Set) -> list[Actor]:
    """The actors of `layer`, from back to front; none where there is nothing to show."""
    return _BUILDERS[layer.kind](layer, stage.canvas.place(layer), stage)


def _ground(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    canvas = stage.canvas
    pixels = draw_ground(
        _GROUNDS[layer.style], stage.scheme, canvas.width_px, canvas.height_px, stage.spec.seed
    )
    del area
    return [Actor(sprite=sprite_of(pixels), at=(0, 0), motion=Motion(enter="present"))]


def _shape(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    side = min(area.width, area.height)
    square = layer.shape in ("circle", "ring", "sun")
    width, height = (side, side) if square else (area.width, area.height)
    argb = stage.colour(layer.colour).argb
    pixels = shapes.draw_shape(layer.shape, round(width), round(height), argb)
    return [_centred(pixels, area, stage.moves(layer))]


def _plate(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    if layer.colour == "shade":
        pixels = shapes.scrim(round(area.width), round(area.height), 0.82)
    else:
        argb = stage.colour(layer.colour).argb
        roundness = stage.spec.kit.corner_radius * 0.3
        pixels = shapes.draw_plate(round(area.width), round(area.height), argb, roundness)
    return [_centred(pixels, area, stage.moves(layer))]


def _product(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    picture = stage.picture(layer.pick)
    if picture is None:
        return []
    if picture.kind == "cutout":
        pixels, _ = shapes.draw_product(picture, area.width, area.height)
    else:
        roundness = stage.spec.kit.corner_radius
        pixels, _ = shapes.draw_card(picture, area.width, area.height, roundness)
    moves = stage.moves(layer)
    if stage.motion:
        moves = replace(moves, drift=stage.motion)
    return [_centred(pixels, area, moves)]


def _photo(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    picture = stage.picture(layer.pick)
    if picture is None or picture.kind == "cutout":
        return []
    width, height = area.width * 1.08, area.height * 1.08
    pixels = crop_picture(picture, shapes.even(width), shapes.even(height))
    return [_centred(pixels, area, stage.moves(layer))]


def _text(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    words = shown_words(stage.spec, layer.field)
    if not words:
        return []
    block = _block(words[0], layer, area, stage)
    pixels, margin = draw_block(block, stage.colour(layer.colour).argb)
    corner = _corner(block, area, layer, margin)
    if layer.enter in ("words", "lines"):
        return _apart(block, pixels, margin, corner, layer, stage)
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
    block: TextBlock,
    pixels: Pixels,
    margin: int,
    corner: tuple[float, float],
    layer: Layer,
    stage: Set,
) -> list[Actor]:
    """Word by word; once all have settled one sprite of the whole block takes their place."""
    pieces = take_apart(block, pixels, margin)
    step_s = min(layer.stagger_s, 1.0 / max(1, len(pieces)))
    enter = "rise" if layer.enter == "words" else "unmask"
    settled_s = layer.at_s + step_s * len(pieces) + layer.lasts_s
    actors = [
        Actor(
            sprite=sprite_of(piece.pixels),
            at=(corner[0] + piece.left, corner[1] + piece.top),
            motion=replace(
                stage.moves(layer, index * step_s), enter=enter, leave_s=settled_s, drift="still"
            ),
        )
        for index, piece in enumerate(pieces)
    ]
    whole = Motion(enter="present", at_s=settled_s)
    return [*actors, Actor(sprite=sprite_of(pixels), at=corner, motion=whole)]


def _benefits(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    items = shown_words(stage.spec, layer.field or "benefits")[:4]
    if not items:
        return []
    gap = 0.03 * stage.canvas.side_px
    row_px = min((area.height - gap * (len(items) - 1)) / len(items), 0.2 * stage.canvas.side_px)
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
    return _centred(pixels, area, stage.moves(layer, index * layer.stagger_s))


def _price(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The price, large, with the old price struck above it.

    It never counts up: a price that is not the price must not be readable in any frame.
    """
    price = shown_words(stage.spec, "price")
    if not price:
        return []
    before = shown_words(stage.spec, "compare_at")
    above = area.part((0, 0, 1, 0.26))
    below = area.part((0, 0.3, 1, 0.7)) if before else area
    actors = []
    if before:
        small = layer.model_copy(update={"look": "sentence", "most_lines": 1, "stand": "bottom"})
        block = _block(before[0], small, above, stage, struck=True)
        pixels, margin = draw_block(block, stage.scheme.muted.argb)
        corner = _corner(block, above, small, margin)
        moves = replace(stage.moves(layer), enter="fade", drift="still")
        actors.append(Actor(sprite=sprite_of(pixels), at=corner, motion=moves))
    block = _block(price[0], layer, below, stage)
    pixels, margin = draw_block(block, stage.colour(layer.colour).argb)
    moves = stage.moves(layer, 0.22 if before else 0.0)
    corner = _corner(block, below, layer, margin)
    return [*actors, Actor(sprite=sprite_of(pixels), at=corner, motion=moves)]


def _badge(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    words = shown_words(stage.spec, layer.field or "badge")
    if not words:
        return []
    side = min(area.width, area.height)
    long = len(words[0]) > 16
    if long:
        pixels = _pill(words[0], layer, area, stage)
    else:
        pixels = shapes.draw_star(round(side), stage.scheme.accent.argb)
        inner = Area(left=0, top=0, width=side * 0.7, height=side * 0.56)
        _write_in_middle(pixels, words[0], layer, inner, stage)
    return [_centred(pixels, area, stage.moves(layer))]


def _button(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    words = shown_words(stage.spec, layer.field or "cta")
    if not words:
        return []
    return [_centred(_pill(words[0], layer, area, stage), area, stage.moves(layer))]


def _pill(text: str, layer: Layer, area: Area, stage: Set) -> Pixels:
    """Words on a plate that is just as wide as they need."""
    inner = Area(left=0, top=0, width=area.width * 0.86, height=area.height * 0.5)
    centred = layer.model_copy(update={"align": "centre", "most_lines": 2})
    block = _block(text, centred, inner, stage)
    pixels, margin = draw_block(block, stage.scheme.on_accent.argb)
    pad_px = 0.75 * min(block.size_px, area.height * 0.5)
    width = min(area.width, block.width_px + 2.4 * pad_px)
    height = min(area.height, block.height_px + 1.9 * pad_px)
    roundness = min(1.0, stage.spec.kit.corner_radius * 1.6)
    plate = shapes.draw_plate(round(width), round(height), stage.scheme.accent.argb, roundness)
    del margin
    _lay_in_middle(plate, pixels)
    return plate


def _write_in_middle(pixels: Pixels, text: str, layer: Layer, area: Area, stage: Set) -> None:
    centred = layer.model_copy(update={"align": "centre"})
    block = _block(text, centred, area, stage)
    words, _ = draw_block(block, stage.scheme.on_accent.argb)
    _lay_in_middle(pixels, words)


def _lay_in_middle(target: Pixels, sprite: Pixels) -> None:
    left = (target.shape[1] - sprite.shape[1]) // 2
    top = (target.shape[0] - sprite.shape[0]) // 2
    shapes.lay_over(target, sprite, left, top)


def _logo(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    kit = stage.spec.kit
    path = (kit.logo_on_dark or kit.logo) if stage.scheme.dark else kit.logo
    loaded = load_picture(Picture(source=path, path=path)) if path else None
    if isinstance(loaded, LoadedPicture):
        factor = min(area.width / loaded.width_px, area.height / loaded.height_px)
        size = (shapes.even(loaded.width_px * factor), shapes.even(loaded.height_px * factor))
        pixels = as_pixels(crop_picture(loaded, *size))
        return [_centred(pixels, area, stage.moves(layer))]
    block = _block(kit.name, layer, area, stage)
    pixels, margin = draw_block(block, stage.scheme.ink.argb)
    return [
        Actor(
            sprite=sprite_of(pixels),
            at=_corner(block, area, layer, margin),
            motion=stage.moves(layer),
        )
    ]


def _centred(pixels: Pixels, area: Area, moves: Motion) -> Actor:
    left = area.left + (area.width - pixels.shape[1]) / 2
    top = area.top + (area.height - pixels.shape[0]) / 2
    return Actor(sprite=sprite_of(pixels), at=(round(left), round(top)), motion=moves)


def _nothing(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """Footage is laid under the shot by its own module."""
    del layer, area, stage
    return []


_BUILDERS: dict[str, Callable[[Layer, Area, Set], list[Actor]]] = {
    "ground": _ground,
    "shape": _shape,
    "plate": _plate,
    "product": _product,
    "photo": _photo,
    "text": _text,
    "benefits": _benefits,
    "price": _price,
    "badge": _badge,
    "button": _button,
    "logo": _logo,
    "footage": _nothing,
}
