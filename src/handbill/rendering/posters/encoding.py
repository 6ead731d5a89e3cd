"""Encoding a finished picture: JPEG, WebP, PNG under a cap in bytes, or a PDF page for print."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import simplejpeg
from PIL import Image

from handbill.rendering.canvases import Pixels
from handbill.rendering.posters.capping import LOWEST_QUALITY, Encoder, sampled, under_cap

QUALITY = 90
# A forecast from a sample of the picture may be this far off, either way.
_FORECAST_SLACK = 1.15
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
    data = (
        b"" if max_bytes and _too_heavy(encoder, pixels, max_bytes) else encoder(pixels, QUALITY)
    )
    if not data or (max_bytes and len(data) > max_bytes):
        smallest = progressive_jpeg if form == "jpeg" else encoder
        data = under_cap(smallest, pixels, QUALITY, max_bytes).data
    return with_density(data, dpi) if form == "jpeg" and dpi else data


def _too_heavy(encoder: Encoder, pixels: Pixels, max_bytes: int) -> bool:
    """Whether a sample tells that the whole picture at full quality will pass the cap."""
    if max_bytes > pixels.size:
        return False
    sample = sampled(pixels)
    forecast = len(encoder(sample, QUALITY)) * pixels.size / sample.size
    return forecast > _FORECAST_SLACK * max_bytes


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """Baseline JPEG; 4:4:4 at full quality so that type on colour stays crisp, else 4:2:0."""
    sampling = "444" if quality >= QUALITY else "420"
    data = simplejpeg.encode_jpeg(
        pixels, quality=quality, colorspace="BGRA", colorsubsampling=sampling, fastdct=False
    )
    return bytes(data)


def progressive_jpeg(pixels: Pixels, quality: int) -> bytes:
    """As `jpeg`, a tenth smaller at five times the time: it appears whole at once, then sharpens.

    Used where bytes are short; everywhere else the faster one.
    """
    buffer = io.BytesIO()
    sampling = 0 if quality >= QUALITY else 2
    _pillow(pixels).save(
        buffer, "JPEG", quality=quality, subsampling=sampling, progressive=True, optimize=True
    )
    return buffer.getvalue()


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


def _webp(pixels: Pixels, quality: int) -> bytes:
    buffer = io.BytesIO()
    _pillow(pixels).save(buffer, "WEBP", quality=min(quality, 86), method=3)
    return buffer.getvalue()


def _png(pixels: Pixels, quality: int) -> bytes:
    """Lossless at full quality; below it, with ever fewer colours."""
    buffer = io.BytesIO()
    image = _pillow(pixels)
    if quality < QUALITY:
        colours = max(8, round(256 * (quality - LOWEST_QUALITY + 4) / 60))
        image = image.quantize(min(256, colours))
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _pillow(pixels: Pixels) -> Image.Image:
    return Image.fromarray(cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGB))


_ENCODERS: dict[str, Encoder] = {
    "jpeg": jpeg,
    "webp": _webp,
    "png": _png,
}
