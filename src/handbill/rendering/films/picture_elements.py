"""Layers without words: grounds, shapes, plates, products, photos, logos."""

from __future__ import annotations

from dataclasses import replace

from handbill.domain.brief import Picture
from handbill.rendering.films import framing, shapes
from handbill.rendering.films.actors import Actor, Set, centred, centred_sprite
from handbill.rendering.films.areas import Area, Canvas
from handbill.rendering.films.backdrops import shown_colour
from handbill.rendering.films.footage import open_footage
from handbill.rendering.films.motion import Motion
from handbill.rendering.films.planes import doubled_sprite_of, sprite_of
from handbill.rendering.films.storyboard_files import Layer
from handbill.rendering.films.text_elements import build_text
from handbill.rendering.pictures import LoadedPicture, crop_picture, load_picture, scale_picture
from handbill.rendering.posters.grounds import draw_ground

# Where a cut-out stands when a layout asks for a photo to the edges.
_BESIDE_WORDS = (0.54, 0.02, 0.46, 0.96)
_HALF = (0.53, 0.0, 0.5, 1.0)
_GROUNDS = {"flat": "plain", "gradient": "sweep", "glow": "mesh", "split": "arcs"}
# A product of less than this share of its place's height floats this share of the rest above it.
_LOW, _FLOATING = 0.55, 0.36
# Width over height: of slender products, which lean further, and of lying ones.
_SLENDER, _WIDE = 0.42, 1.15
_SLENDER_TILT, _PHOTOS_TILT = 1.6, 0.4
# Of a product that the camera goes along: its box in widths of the canvas and shares of what is
# below the words, and how far it moves in depths of a pan.
_NEAR_ACROSS, _NEAR_DOWN, _TRACKING = 1.6, 0.86, 3.0
_BEHIND = frozenset({"circle", "arch"})  # figures that products stand before
_SHARP = frozenset({"arcs"})


def build_ground(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The ground of the whole canvas, in the scheme's colours."""
    del area
    canvas = stage.canvas
    style = _GROUNDS[layer.style]
    size_px = (canvas.width_px, canvas.height_px)
    # Smooth grounds are drawn at half the size: nobody sees the difference in a film.
    share = 1 if style in _SHARP else 2
    drawn = draw_ground(
        style, stage.scheme, size_px[0] // share, size_px[1] // share, stage.spec.seed
    )
    sprite = sprite_of(drawn) if share == 1 else doubled_sprite_of(drawn)
    return [Actor(sprite=sprite, at=(0, 0), motion=Motion(enter="present"))]


def build_shape(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """A flat figure in one colour."""
    side = min(area.width, area.height)
    name = stage.dressed(layer.shape)
    square = layer.shape in ("circle", "ring", "sun", "burst", "dial", "hand")
    width, height = (side, side) if square else (area.width, area.height)
    picture = stage.picture(0) if layer.shape in _BEHIND else None
    role = shown_colour(stage.scheme, layer.colour, picture) if picture else layer.colour
    colour = stage.colour(role)
    figure = shapes.figure_sprite(name, round(width), round(height), colour.bgr)
    return [centred_sprite(figure, area, stage.moves(layer))]


def build_plate(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """A plate behind words."""
    argb = stage.colour(layer.colour).argb
    roundness = stage.spec.kit.corner_radius * 0.3
    pixels = shapes.draw_plate(round(area.width), round(area.height), argb, roundness)
    return [centred(pixels, area, stage.moves(layer))]


def build_product(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The product: a cut-out on its shadow, or a photo in a frame or to the edges."""
    picture = stage.picture(layer.pick)
    if picture is None:
        return []
    moves = stage.moves(layer)
    if stage.motion:
        moves = replace(moves, drift=stage.motion)
    stacked = stage.canvas.stacked
    tilt = _tilt(layer, picture) if stacked else 0.0
    if picture.kind == "cutout":
        if layer.stand == "top" and stacked and picture.aspect > _WIDE:
            return [_tracked(picture, area, stage, moves, tilt)]
        pixels, margin = framing.draw_product(picture, area.width, area.height, tilt)
    elif layer.bleed and stacked:
        return [_bled(picture, layer, area, stage, moves)]
    else:
        area = _on_canvas(area, stage)
        frame = layer.frame if stacked else "card"
        roundness = stage.spec.kit.corner_radius
        size_px = area.width, area.height
        pixels, margin = framing.draw_card(picture, size_px, roundness, frame=frame, tilt=tilt)
    placed = centred(pixels, area, moves)
    if layer.area == "podium" and stacked:
        foot = _foot(area, pixels.shape[0] - 2 * margin)
        placed = replace(placed, at=(placed.at[0], round(foot - pixels.shape[0] + margin)))
    if layer.stand == "top" and stacked:
        placed = replace(placed, at=(placed.at[0], round(area.top - margin)))
    return [placed]


def _tilt(layer: Layer, picture: LoadedPicture) -> float:
    """How far this picture leans: slender products so fill their place, photos lie near level."""
    if picture.kind != "cutout":
        lies = layer.frame == "card" and layer.stand != "top"
        return layer.tilt * _PHOTOS_TILT if lies else 0.0
    return layer.tilt * (_SLENDER_TILT if picture.aspect < _SLENDER else 1.0)


def _tracked(picture: LoadedPicture, area: Area, stage: Set, moves: Motion, tilt: float) -> Actor:
    """A product that lies, wider than the canvas: the camera goes along it from its beginning."""
    canvas = stage.canvas
    below = canvas.height_px - area.top
    box = (_NEAR_ACROSS * canvas.width_px, _NEAR_DOWN * below)
    pixels, margin = framing.draw_product(picture, *box, tilt)
    over = pixels.shape[1] - 2 * margin - canvas.width_px
    begin = 0.07 * canvas.width_px if over > 0 else -over / 2
    left = (
        canvas.width_px - begin - pixels.shape[1] + margin if canvas.mirrored else begin - margin
    )
    top = area.top + 0.42 * (below - pixels.shape[0])
    way = "pan_right" if canvas.mirrored else "pan_left"
    calm = replace(moves, drift=way, depth=_TRACKING if over > 0 else 1.0)
    return Actor(sprite=sprite_of(pixels), at=(round(left), round(top)), motion=calm)


def _foot(area: Area, height: float) -> float:
    """Where a product ends that stands in `area`; what is much lower than its place floats."""
    free = area.height - height
    return area.bottom - (_FLOATING * free if height < _LOW * area.height else 0.0)


def _bled(picture: LoadedPicture, layer: Layer, area: Area, stage: Set, moves: Motion) -> Actor:
    """A photo from the podium's upper edge over all other edges, a little larger than that."""
    canvas = stage.canvas
    height = canvas.height_px - area.top
    over = 0.06 * canvas.side_px
    size_px = shapes.even(canvas.width_px + 2 * over), shapes.even(height + over)
    detail = layer.stand == "top"
    pixels = framing.draw_detail(picture, *size_px) if detail else crop_picture(picture, *size_px)
    place = replace(area, left=-over, width=canvas.width_px + 2 * over, height=height + over)
    calm = replace(moves, drift="pan_left", depth=1.0)
    return replace(centred(pixels, place, calm), at=(round(place.left), round(place.top)))


def _on_canvas(area: Area, stage: Set) -> Area:
    """What of `area` lies on the canvas or just over its edges: a photo's middle must show."""
    over, canvas = 0.08 * stage.canvas.side_px, stage.canvas
    left, top = max(area.left, -over), max(area.top, -over)
    right = min(area.right, canvas.width_px + over)
    bottom = min(area.bottom, canvas.height_px + over)
    return Area(left=left, top=top, width=right - left, height=bottom - top)


def build_shadow(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """What is about to be shown: the product's outline in one colour, or a photo out of focus."""
    picture = stage.picture(layer.pick)
    if picture is None:
        return []
    if picture.kind != "cutout":
        size_px = area.width, area.height
        card, margin = framing.draw_card(picture, size_px, stage.spec.kit.corner_radius)
        return [centred(framing.out_of_focus(card, margin), area, stage.moves(layer))]
    colour = stage.colour(layer.colour)
    pixels = framing.draw_silhouette(picture, area.width, area.height, colour.bgr)
    placed = centred_sprite(sprite_of(pixels, colour.bgr), area, stage.moves(layer))
    foot = round(_foot(area, pixels.shape[0]) - pixels.shape[0])
    return [replace(placed, at=(placed.at[0], foot))]


def build_photo(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """A photo that fills its box, a little larger so that it can move."""
    picture = stage.picture(layer.pick)
    if picture is None:
        return []
    if picture.kind == "cutout":
        canvas = stage.canvas
        if canvas.stacked:
            standing = layer.model_copy(update={"area": "podium", "drift": "pan_left"})
            return build_product(standing, canvas.podium, stage)
        boxes = {"area": "podium", "square": _BESIDE_WORDS, "wide": _BESIDE_WORDS}
        standing = layer.model_copy(update=boxes)
        return build_product(standing, canvas.place(standing), stage)
    if stage.halves(picture):
        beside = layer.model_copy(update={"square": _HALF, "wide": _HALF})
        area = _above_captions(stage.canvas.place(beside), stage.canvas)
    width, height = area.width * 1.1, area.height * 1.1
    pixels = crop_picture(picture, shapes.even(width), shapes.even(height))
    return [centred(pixels, area, stage.moves(layer))]


def _above_captions(area: Area, canvas: Canvas) -> Area:
    """`area` so much lower at its foot that a photo a tenth larger ends above the captions."""
    if not canvas.captions.height:
        return area
    return replace(area, height=(canvas.captions.top - area.top) / 1.1)


def build_logo(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The brand's logo, or its name where the kit has no logo."""
    kit = stage.spec.kit
    path = (kit.logo_on_dark or kit.logo) if stage.scheme.dark else kit.logo
    loaded = load_picture(Picture(source=path, path=path)) if path else None
    if not isinstance(loaded, LoadedPicture):
        return build_text(layer, area, stage, kit.name)
    factor = min(area.width / loaded.width_px, area.height / loaded.height_px)
    size = (shapes.even(loaded.width_px * factor), shapes.even(loaded.height_px * factor))
    return [centred(scale_picture(loaded, *size), area, stage.moves(layer))]


def build_footage(layer: Layer, area: Area, stage: Set) -> list[Actor]:
    """The user's own clip, filling the layer's box."""
    if not stage.spec.video:
        return []
    size_px = (shapes.even(area.width), shapes.even(area.height))
    spec = stage.spec
    found, told = open_footage(
        spec.video, size_px, stage.shot_s, layer.pick, spec.canvas.fps, spec.footage
    )
    stage.findings += told
    if found is None:
        return []
    stage.opened.append(found)
    at = (round(area.left), round(area.top))
    moves = stage.moves(layer)
    return [Actor(sprite=found.sprite_at(0.0), at=at, motion=moves, footage=found)]
