"""Skia canvases over NumPy buffers: BGRA, 8 bit, premultiplied."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from handbill.rendering.colour import Colour
from handbill.rendering.skia_library import skia

Pixels = npt.NDArray[np.uint8]


def as_pixels(array: npt.NDArray[Any]) -> Pixels:
    """`array` as 8-bit pixels, without a copy when it is that already."""
    made: Pixels = np.asarray(array, dtype=np.uint8)
    return made


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


def as_image(pixels: Pixels) -> Any:
    """`pixels` (BGRA, premultiplied) as a Skia image.

    The buffer is not copied: the caller holds it in a variable until the image has been drawn.
    """
    return skia.Image.fromarray(
        pixels,
        colorType=skia.kBGRA_8888_ColorType,
        alphaType=skia.kPremul_AlphaType,
        copy=False,
    )
