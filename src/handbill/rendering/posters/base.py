"""The base of a poster, all that lies under the text: ground, shapes, picture. Cached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2

from handbill.rendering.canvases import Pixels, as_pixels, canvas_over
from handbill.rendering.pictures import LoadedPicture, crop_picture
from handbill.rendering.pixel_cache import PixelCache
from handbill.rendering.posters.choice import Choice
from handbill.rendering.posters.frames import Area, Frames
from handbill.rendering.posters.grounds import SEEDS, draw_ground
from handbill.rendering.posters.layouts import Composition
from handbill.rendering.posters.placing import Stage, place_picture
from handbill.rendering.posters.shapes import draw_shape

_bases: PixelCache[Base] = PixelCache(64_000_000, lambda held: held.pixels.nbytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A drawn base and where its picture lies (None without one)."""

    pixels: Pixels
    picture: Area | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BasePlan:
    """Everything that decides a base.

    Attributes:
        corner: 0 (square) to 1 (pill).
        backdrop: a picture made by a provider that replaces the ground, or None.
    """

    composition: Composition
    choice: Choice
    frames: Frames
    body: Area
    picture: LoadedPicture | None
    backdrop: LoadedPicture | None
    seed: int
    corner: float
    mirrored: bool

    def area_of(self, frame: str) -> Area:
        """The frame of that name."""
        if frame == "body":
            return self.body
        area = getattr(self.frames, frame)
        assert isinstance(area, Area)  # noqa: S101 - layout files are checked when read
        return area


def draw_base(plan: BasePlan) -> Base:
    """The base for `plan`; cached, so copy its pixels before drawing on them."""
    pictures = (plan.picture and plan.picture.key, plan.backdrop and plan.backdrop.key)
    key = (
        plan.choice.layout.name,
        plan.composition,
        plan.choice.scheme,
        plan.choice.ground,
        (plan.frames, plan.body, pictures),
        (plan.seed % SEEDS, plan.corner, plan.mirrored),
    )
    return _bases.recall(key, lambda: _draw(plan))


def _draw(plan: BasePlan) -> Base:
    pixels = _ground(plan)
    canvas = canvas_over(pixels)
    _shapes(canvas, plan, above=False)
    spot = _picture(canvas, plan)
    _shapes(canvas, plan, above=True)
    return Base(pixels=pixels, picture=spot)


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


def _shapes(canvas: Any, plan: BasePlan, *, above: bool) -> None:
    for shape in plan.composition.shapes:
        if shape.above_picture == above:
            argb = plan.choice.scheme.colour(shape.colour).with_alpha(shape.alpha)
            area = plan.area_of(shape.frame)
            draw_shape(canvas, shape, area, plan.frames, argb, mirrored=plan.mirrored)


def _picture(canvas: Any, plan: BasePlan) -> Area | None:
    slot = plan.composition.picture
    if slot is None or plan.picture is None:
        return None
    stage = Stage(
        canvas=canvas,
        area=plan.area_of(slot.frame).part(slot.box, mirrored=plan.mirrored),
        slot=slot,
        scheme=plan.choice.scheme,
        radius_px=plan.corner * 0.07 * plan.frames.short,
        mirrored=plan.mirrored,
    )
    return place_picture(plan.picture, stage)
