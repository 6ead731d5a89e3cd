"""Small drawn signs: tick, arrow, pin. No icon font, so nothing can be missing."""

from __future__ import annotations

from typing import Any

from handbill.rendering.canvases import paint
from handbill.rendering.posters.frames import Area
from handbill.rendering.skia_library import skia


def draw_check(canvas: Any, area: Area, argb: int) -> None:
    """A tick inside `area`."""
    path = skia.Path()
    path.moveTo(*area.point((0.29, 0.52)))
    path.lineTo(*area.point((0.44, 0.67)))
    path.lineTo(*area.point((0.72, 0.36)))
    canvas.drawPath(path, _line(argb, area.width * 0.1))


def draw_arrow(canvas: Any, area: Area, argb: int, *, mirrored: bool) -> None:
    """An arrow to the end side, filling `area`'s width."""
    path = skia.Path()
    for index, point in enumerate(((0.06, 0.5), (0.94, 0.5))):
        (path.lineTo if index else path.moveTo)(*area.point(point, mirrored=mirrored))
    for index, point in enumerate(((0.58, 0.16), (0.94, 0.5), (0.58, 0.84))):
        (path.lineTo if index else path.moveTo)(*area.point(point, mirrored=mirrored))
    canvas.drawPath(path, _line(argb, area.width * 0.12))


def draw_pin(canvas: Any, area: Area, argb: int) -> None:
    """A map pin standing in `area`."""
    x, y = area.point((0.5, 0.4))
    radius = area.width * 0.34
    path = skia.Path()
    path.addCircle(x, y, radius)
    foot = skia.Path()
    foot.moveTo(x - radius * 0.9, y + radius * 0.42)
    foot.lineTo(*area.point((0.5, 1.0)))
    foot.lineTo(x + radius * 0.9, y + radius * 0.42)
    foot.close()
    whole = skia.Op(path, foot, skia.PathOp.kUnion_PathOp)
    hole = skia.Path()
    hole.addCircle(x, y, radius * 0.42)
    canvas.drawPath(skia.Op(whole, hole, skia.PathOp.kDifference_PathOp), paint(argb))


def _line(argb: int, stroke_px: float) -> Any:
    ink = paint(argb, stroke_px=stroke_px)
    ink.setStrokeCap(skia.Paint.kRound_Cap)
    ink.setStrokeJoin(skia.Paint.kRound_Join)
    return ink
