"""Skia canvases over NumPy buffers: BGRA, 8 bit, premultiplied."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from handbill.rendering.colour import Colour
from handbill.rendering.skia_library import skia

Pixels = npt.NDArray[np.uint8]


def blank(width_px: int, height_px: int, colour: Colour | None = None) -> Pixels:
    """A new buffer, filled with `colour` or transparent."""
    if colour is None:
        return np.zeros((height_px, width_px, 4), np.uint8)
    pixels = np.empty((height_px, width_px, 4), np.uint8)
    pixels[:] = (*colour.bgr, 255)
    return pixels


def canvas_over(pixels: Pixels) -> Any:
    """A Skia canvas that draws straight into `pixels` (C-contiguous, kept alive by the caller)."""
    height, width = pixels.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType)
    return skia.Surface.MakeRasterDirect(info, pixels).getCanvas()


def paint(argb: int, *, stroke_px: float = 0.0, blur_px: float = 0.0) -> Any:
    """An antialiased paint: filled, or stroked where `stroke_px` > 0; soft where `blur_px` > 0."""
    made = skia.Paint(Color=argb, AntiAlias=True)
    if stroke_px:
        made.setStyle(skia.Paint.kStroke_Style)
        made.setStrokeWidth(stroke_px)
    if blur_px:
        made.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur_px))
    return made


def lay_over(target: Pixels, sprite: Pixels, left: int, top: int) -> None:
    """Draw the premultiplied `sprite` onto `target`, clipped to it (source over)."""
    height, width = sprite.shape[:2]
    x0, y0 = max(0, left), max(0, top)
    x1 = min(target.shape[1], left + width)
    y1 = min(target.shape[0], top + height)
    if x0 >= x1 or y0 >= y1:
        return
    part = sprite[y0 - top : y1 - top, x0 - left : x1 - left]
    under = target[y0:y1, x0:x1]
    clear = (255 - part[:, :, 3:4]).astype(np.uint16)
    under[:] = part + ((under * clear + 127) // 255).astype(np.uint8)
