"""The offer's badge: a burst, seal, circle, tag or pill with its words fitted inside."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import cv2

from handbill.rendering.canvases import paint
from handbill.rendering.colour import Colour, distance, readable
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.layouts import BadgeSlot
from handbill.rendering.posters.pens import Pen, Setting
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.paragraphs import TextBlock, fit_text, truncate_text

# How wide and high the words may be inside each form, in shares of its diameter.
_ROOM = {
    "burst": (0.64, 0.44),
    "seal": (0.62, 0.42),
    "circle": (0.72, 0.5),
    "tag": (0.82, 0.5),
    "pill": (0.86, 0.22),
}
# Of the role's smallest size.
_LEAST_WORDS = 0.95
_LONGEST = {"tag": 0.62, "pill": 0.34}


def draw_badge(pen: Pen, slot: BadgeSlot, text: str, area: Area) -> None:
    """Draw the badge in `area`, whose width is its diameter."""
    centre_x, centre_y = (area.left + area.right) / 2, (area.top + area.bottom) / 2
    block = _words(text, pen.setting, slot.style, area.width)
    fill = _fill(pen, area)
    ink = readable(fill, (pen.scheme.on_accent, pen.scheme.on_panel, pen.scheme.ground))
    canvas = pen.canvas
    canvas.save()
    canvas.rotate(-slot.angle if pen.setting.rtl else slot.angle, centre_x, centre_y)
    canvas.drawPath(_form(slot.style, centre_x, centre_y, area.width / 2), paint(fill.argb))
    if slot.style in {"seal", "circle"}:
        rim = paint(ink.with_alpha(0.55), stroke_px=max(1.5, area.width * 0.009))
        canvas.drawCircle(centre_x, centre_y, area.width * 0.405, rim)
    left, top = centre_x - block.width_px / 2, centre_y - block.height_px / 2
    block.draw(canvas, left, top, ink.argb)
    canvas.restore()
    pen.note("badge", area, block.size_px)


def badge_height(style: str, size_px: float) -> float:
    """Height of a badge of the diameter `size_px`."""
    return size_px * _LONGEST.get(style, 1.0)


def _words(text: str, setting: Setting, style: str, size_px: float) -> TextBlock:
    block = _fitted(text, setting, style, size_px)
    if block is not None:
        return block
    wide, high = _ROOM[style]
    look = replace(setting.look("badge", text), align="centre")
    return truncate_text(text, look, size_px * 0.085, (size_px * wide, size_px * high))


def badge_reads(text: str, setting: Setting, style: str, size_px: float) -> bool:
    """Whether `text` is whole and large enough to be read on a badge of this diameter."""
    block = _fitted(text, setting, style, size_px)
    return block is not None and block.size_px >= _LEAST_WORDS * setting.sizes("badge")[0]


def _fitted(text: str, setting: Setting, style: str, size_px: float) -> TextBlock | None:
    wide, high = _ROOM[style]
    look = replace(setting.look("badge", text), align="centre")
    room = (size_px * wide, size_px * high)
    return fit_text(text, look, room, (size_px * 0.09, size_px * 0.36), 3)


def _fill(pen: Pen, area: Area) -> Colour:
    """The palette's colour that differs most from what the badge lies on."""
    part = pen.below[
        max(0, int(area.top)) : int(area.bottom), max(0, int(area.left)) : int(area.right), :3
    ]
    quarters = cv2.resize(part, (2, 2), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    under = [Colour(int(red), int(green), int(blue)) for blue, green, red in quarters]
    wishes = (pen.scheme.accent, pen.scheme.panel, pen.scheme.ink, pen.scheme.ground)
    stand_out = {wish: min(distance(wish, colour) for colour in under) for wish in wishes}
    far = [wish for wish in wishes if stand_out[wish] > 0.2]
    return far[0] if far else max(wishes, key=lambda wish: stand_out[wish])


def _form(style: str, x: float, y: float, radius: float) -> Any:
    if style == "burst":
        return _star(x, y, radius, (18, 0.88))
    if style == "seal":
        return _scalloped(x, y, radius)
    path = skia.Path()
    if style == "circle":
        path.addCircle(x, y, radius)
        return path
    tall = radius * _LONGEST[style]
    rect = skia.Rect.MakeLTRB(x - radius, y - tall, x + radius, y + tall)
    corner = tall if style == "pill" else tall * 0.22
    path.addRoundRect(rect, corner, corner)
    return path


def _star(x: float, y: float, radius: float, form: tuple[int, float]) -> Any:
    points, depth = form
    path = skia.Path()
    for index in range(points * 2):
        reach = radius if index % 2 == 0 else radius * depth
        angle = math.pi * index / points
        spot = (x + reach * math.sin(angle), y - reach * math.cos(angle))
        (path.lineTo if index else path.moveTo)(*spot)
    path.close()
    return path


def _scalloped(x: float, y: float, radius: float) -> Any:
    """A rosette: a circle with a rim of small arcs."""
    count = 20
    path = skia.Path()
    for index in range(count):
        start, end = (math.tau * (index + step) / count for step in (0, 1))
        middle = (start + end) / 2
        from_x, from_y = x + radius * 0.93 * math.cos(start), y + radius * 0.93 * math.sin(start)
        if index == 0:
            path.moveTo(from_x, from_y)
        path.quadTo(
            x + radius * 1.06 * math.cos(middle),
            y + radius * 1.06 * math.sin(middle),
            x + radius * 0.93 * math.cos(end),
            y + radius * 0.93 * math.sin(end),
        )
    path.close()
    return path
