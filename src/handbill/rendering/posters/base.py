"""The base of a poster, all that lies under the text: ground, shapes, picture. Cached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2

from handbill.rendering.canvases import Pixels, as_pixels, canvas_over
from handbill.rendering.pictures import LoadedPicture, crop_picture
from handbill.rendering.pixel_cache import PixelCache
from handbill.rendering.posters.choice import Choice
from handbill.rendering.posters.frames import Area, Frames
from handbill.rendering.posters.grounds import SEEDS, draw_ground
from handbill.rendering.posters.layouts import Composition, Shape
from handbill.rendering.posters.placing import Stage, place_picture, place_tile
from handbill.rendering.posters.shapes import draw_shape

_bases: PixelCache[Pixels] = PixelCache(24_000_000, lambda held: held.nbytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A drawn base, the caller's own, and where its picture lies (its slot without one)."""

    pixels: Pixels
    picture: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class BasePlan:
    """Everything that decides a base.

    Attributes:
        slot: the picture's area, text already taken off.
        spot: what the picture covers in it.
        stage: where a cut-out may stand inside the spot, when the spot is a field of colour.
        quiet: whether circles keep to the ground's own tones, for the sake of text on them.
        corner: 0 (square) to 1 (pill).
        tiles: pictures of the composition's tiles with their areas.
        backdrop: a picture made by a provider that replaces the ground, or None.
    """

    composition: Composition
    choice: Choice
    frames: Frames
    body: Area
    slot: Area
    spot: Area
    stage: Area
    quiet: bool
    picture: LoadedPicture | None
    tiles: tuple[tuple[LoadedPicture, Area], ...]
    backdrop: LoadedPicture | None
    seed: int
    corner: float
    mirrored: bool

    @property
    def hides_backdrop(self) -> bool:
        """Whether a photo lies over all of a provider's picture."""
        slot = self.composition.picture
        if self.backdrop is None or self.picture is None or slot is None:
            return False
        whole = slot.fit == "cover" and slot.scrim != "melt" and self.picture.kind == "photo"
        return whole and self.spot.contains(self.frames.page)


def area_of(name: str, frames: Frames, body: Area, picture: Area | None = None) -> Area:
    """The frame `name` of a layout file, in pixels."""
    if name == "body":
        return body
    if name == "picture":
        return picture or frames.live
    area = getattr(frames, name)
    assert isinstance(area, Area)  # noqa: S101 - layout files are checked when read
    return area


def draw_base(plan: BasePlan) -> Base:
    """The base for `plan`: everything but the picture from the cache, then the picture."""
    key = (
        (plan.choice.layout.name, plan.composition, plan.choice.scheme, plan.choice.ground),
        (plan.frames, plan.body, plan.backdrop and plan.backdrop.key),
        (plan.seed % SEEDS, plan.mirrored, plan.quiet),
    )
    pixels = _bases.recall(key, lambda: _lasting(plan)).copy()
    canvas = canvas_over(pixels)
    moving = plan.composition.shapes[_lasting_count(plan) :]
    _shapes(canvas, plan, [shape for shape in moving if not shape.above_picture])
    spot = _picture(canvas, plan)
    for tile, (picture, area) in zip(plan.composition.tiles, plan.tiles, strict=False):
        place_tile(canvas, picture, tile, area, (plan.choice.scheme, _radius_px(plan)))
    _shapes(canvas, plan, [shape for shape in moving if shape.above_picture])
    return Base(pixels=pixels, picture=spot)


def _lasting_count(plan: BasePlan) -> int:
    """How many shapes, from the first on, do not depend on where the picture lies."""
    shapes = plan.composition.shapes
    moving = (i for i, s in enumerate(shapes) if s.frame == "picture" or s.above_picture)
    return next(moving, len(shapes))


def _lasting(plan: BasePlan) -> Pixels:
    """Ground and the first shapes, as far as they do not depend on where the picture lies."""
    pixels = _ground(plan)
    _shapes(canvas_over(pixels), plan, plan.composition.shapes[: _lasting_count(plan)])
    return pixels


def _ground(plan: BasePlan) -> Pixels:
    width, height = int(plan.frames.page.width), int(plan.frames.page.height)
    if plan.backdrop is not None:
        return crop_picture(plan.backdrop, width, height).copy()
    if width * height > 4_000_000:
        # Large prints: drawn at half size; grounds are soft and stand behind everything.
        half = draw_ground(
            plan.choice.ground, plan.choice.scheme, width // 2, height // 2, plan.seed
        )
        return as_pixels(cv2.resize(half, (width, height), interpolation=cv2.INTER_CUBIC))
    return draw_ground(plan.choice.ground, plan.choice.scheme, width, height, plan.seed).copy()


def _shapes(canvas: Any, plan: BasePlan, shapes: Sequence[Shape]) -> None:
    for shape in shapes:
        role = "ground_2" if plan.quiet and shape.kind == "circle" else shape.colour
        argb = plan.choice.scheme.colour(role).with_alpha(shape.alpha)
        area = area_of(shape.frame, plan.frames, plan.body, plan.spot)
        draw_shape(canvas, shape, area, plan.frames, argb, mirrored=plan.mirrored)


def _radius_px(plan: BasePlan) -> float:
    return plan.corner * 0.07 * plan.frames.short


def _picture(canvas: Any, plan: BasePlan) -> Area:
    slot = plan.composition.picture
    if slot is None or plan.picture is None:
        return plan.slot
    stage = Stage(
        canvas=canvas,
        area=plan.slot,
        inner=plan.stage,
        slot=slot,
        scheme=plan.choice.scheme,
        radius_px=_radius_px(plan),
        mirrored=plan.mirrored,
    )
    place_picture(plan.picture, stage, plan.spot)
    return plan.spot
