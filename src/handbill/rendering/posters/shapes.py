"""Flat forms of a layout, drawn in a scheme's colours."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handbill.rendering.canvases import paint
from handbill.rendering.posters.frames import Area, Frames
from handbill.rendering.posters.grounds import blob_path
from handbill.rendering.posters.layouts import Shape
from handbill.rendering.skia_library import skia

# How much smaller a circle behind a picture may become so that its edge keeps off words.
_CIRCLE_SHARES = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.56)


def draw_shape(
    canvas: Any, shape: Shape, area: Area, frames: Frames, argb: int, *, mirrored: bool
) -> None:
    """Draw `shape` within the frame `area`."""
    stroke = shape.stroke * frames.short
    ink = paint(argb, stroke_px=stroke if shape.kind in {"ring", "frame", "line"} else 0.0)
    if shape.kind in {"circle", "ring"}:
        x, y = area.point(shape.centre, mirrored=mirrored)
        canvas.drawCircle(x, y, shape_radius(shape, area, frames), ink)
    elif shape.kind == "dots":
        _dots(canvas, area.part(shape.box, mirrored=mirrored), frames, ink)
    else:
        canvas.drawPath(_path(shape, area, frames, mirrored=mirrored), ink)


def shape_radius(shape: Shape, area: Area, frames: Frames) -> float:
    """A circle's radius in pixels: beside a picture it grows and shrinks with it."""
    if shape.frame == "picture":
        return shape.radius * math.sqrt(max(1.0, area.width * area.height))
    return shape.radius * frames.short


def crosses(shape: Shape, area: Area, frames: Frames, text: Area, *, mirrored: bool) -> bool:
    """Whether the filled circle `shape` lies under any part of `text`; other forms never do."""
    if shape.kind != "circle":
        return False
    x, y = area.point(shape.centre, mirrored=mirrored)
    near_x, near_y = min(max(x, text.left), text.right), min(max(y, text.top), text.bottom)
    return math.hypot(near_x - x, near_y - y) < shape_radius(shape, area, frames)


def clear_circle(
    shape: Shape, area: Area, frames: Frames, text: Sequence[Area], *, mirrored: bool
) -> Shape:
    """The circle behind a picture, smaller where its edge would run through words."""
    if shape.kind != "circle" or shape.frame != "picture":
        return shape
    least, best = len(text) + 1, shape
    for share in _CIRCLE_SHARES:
        tried = replace(shape, radius=shape.radius * share)
        cut = sum(_cut_through(tried, area, frames, words, mirrored=mirrored) for words in text)
        if cut < least:
            least, best = cut, tried
        if not cut:
            break
    return best


def _cut_through(shape: Shape, area: Area, frames: Frames, text: Area, *, mirrored: bool) -> bool:
    """Whether the circle's edge runs through `text`: it lies neither all inside nor outside."""
    if not crosses(shape, area, frames, text, mirrored=mirrored):
        return False
    x, y = area.point(shape.centre, mirrored=mirrored)
    far = math.hypot(max(x - text.left, text.right - x), max(y - text.top, text.bottom - y))
    return far > shape_radius(shape, area, frames)


def area_path(mask: str, area: Area, radius_px: float) -> Any:
    """The outline of a picture's mask: ``rect`` (rounded), ``circle`` or ``arch``."""
    path = skia.Path()
    rect = skia.Rect.MakeLTRB(area.left, area.top, area.right, area.bottom)
    if mask == "circle":
        path.addOval(rect)
    elif mask == "arch":
        round_top = min(area.width / 2, area.height)
        corner = skia.RRect()
        foot = min(radius_px, area.width / 2)
        corner.setRectRadii(
            rect, [(round_top, round_top), (round_top, round_top), (foot, foot), (foot, foot)]
        )
        path.addRRect(corner)
    else:
        path.addRoundRect(rect, radius_px, radius_px)
    return path


def _path(shape: Shape, area: Area, frames: Frames, *, mirrored: bool) -> Any:
    part = area.part(shape.box, mirrored=mirrored)
    if shape.kind == "blob":
        x, y = area.point(shape.centre, mirrored=mirrored)
        chance = random.Random(f"{shape.centre}")  # noqa: S311 - one form per layout, not a secret
        return blob_path(x, y, shape.radius * frames.short, chance)
    if shape.kind in {"wedge", "line"}:
        path = skia.Path()
        points = [area.point(point, mirrored=mirrored) for point in shape.points]
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        if shape.kind == "wedge":
            path.close()
        return path
    mask = "arch" if shape.kind == "arch" else "rect"
    return area_path(mask, part, shape.radius * frames.short)


def _dots(canvas: Any, part: Area, frames: Frames, ink: Any) -> None:
    """A field of small dots on a square grid: a printer's ornament."""
    pitch = frames.short * 0.026
    for row in range(math.floor(part.height / pitch)):
        for column in range(math.floor(part.width / pitch)):
            x, y = part.left + (column + 0.5) * pitch, part.top + (row + 0.5) * pitch
            canvas.drawCircle(x, y, pitch * 0.13, ink)
