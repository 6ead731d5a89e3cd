"""Encoding a finished picture: JPEG, WebP, PNG under a cap in bytes, or a PDF page for print."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path

import cv2
import simplejpeg
from PIL import Image

from handbill.errors import RenderError
from handbill.rendering.canvases import Pixels

QUALITY = 90
_LOWEST_QUALITY = 30
MIMES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
}
SUFFIXES = {"jpeg": ".jpg", "png": ".png", "webp": ".webp", "pdf": ".pdf"}


def encode(pixels: Pixels, form: str, max_bytes: int, dpi: int) -> bytes:
    """`pixels` (BGRA, opaque) as ``jpeg``, ``webp`` or ``png``, at most `max_bytes` (0: no cap).

    Raises:
        RenderError: not even the lowest quality fits the cap.
    """
    encoder = _ENCODERS[form]
    data = encoder(pixels, QUALITY)
    if max_bytes and len(data) > max_bytes:
        data = _under_cap(lambda quality: encoder(pixels, quality), len(data), max_bytes)
    return with_density(data, dpi) if form == "jpeg" and dpi else data


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """Baseline JPEG, 4:2:0 below quality 88 and 4:4:4 from there on."""
    sampling = "444" if quality >= 88 else "420"
    data = simplejpeg.encode_jpeg(
        pixels, quality=quality, colorspace="BGRA", colorsubsampling=sampling, fastdct=False
    )
    return bytes(data)


def with_density(data: bytes, dpi: int) -> bytes:
    """A JFIF file with its density set to `dpi`."""
    if data[6:11] != b"JFIF\0":
        return data
    density = dpi.to_bytes(2, "big")
    return data[:13] + b"\x01" + density + density + data[18:]


def write_file(data: bytes, target: Path, form: str) -> Path:
    """Write `data` to `target` with the form's suffix, by rename; returns the path."""
    path = target.with_name(target.name + SUFFIXES[form])
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
    return path


def _under_cap(encoder: Callable[[int], bytes], size: int, max_bytes: int) -> bytes:
    """The best quality under the cap, by secant steps on the logarithm of the size.

    Sizes grow nearly exponentially with quality, so two or three encodes usually do.
    """
    low, high = (_LOWEST_QUALITY, None), (QUALITY, size)
    slope = 0.03
    best: bytes | None = None
    low_quality = low[0] - 1
    high_quality, high_size = high[0], size
    while high_quality - low_quality > 1:
        wanted = high_quality - math.log(high_size / max_bytes) / slope
        quality = round(min(high_quality - 1, max(low_quality + 1, wanted)))
        data = encoder(quality)
        if len(data) <= max_bytes:
            best, low_quality = data, quality
            if len(data) > 0.94 * max_bytes:
                break
        else:
            slope = max(0.008, math.log(high_size / len(data)) / max(1, high_quality - quality))
            high_quality, high_size = quality, len(data)
    if best is None:
        raise RenderError(
            f"this picture cannot be made smaller than {max_bytes} bytes at an acceptable quality"
        )
    return best


def _webp(pixels: Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    _pillow(pixels).save(buffer, "WEBP", quality=min(quality, 86), method=3)
    return buffer.getvalue()


def _png(pixels: Pixels, quality: int) -> bytes:
    """Lossless at full quality; below it, with ever fewer colours."""
    buffer = io.BytesIO()
    image = _pillow(pixels)
    if quality < QUALITY:
        colours = max(8, round(256 * (quality - _LOWEST_QUALITY + 4) / 60))
        image = image.quantize(min(256, colours))
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _pillow(pixels: Pixels) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGB))


_ENCODERS: dict[str, Callable[[Pixels, int], bytes]] = {
    "jpeg": jpeg,
    "webp": _webp,
    "png": _png,
}
