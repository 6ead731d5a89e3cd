"""Encoding a finished picture: JPEG, WebP, PNG under a cap in bytes, or a PDF page for print."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import simplejpeg
from PIL import Image

from handbill.errors import RenderError
from handbill.rendering.canvases import Pixels

QUALITY = 90
_LOWEST_QUALITY = 30
# A file this near to its cap is good enough: one step of quality is worth about 3 %.
_CLOSE = 0.96
# What dropping from full to halved colour resolution leaves of a poster's bytes, about.
_CHROMA_SHARE = 0.74
# Sizes fall by about this power of (100 - quality).
_POWER = 0.32
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
        found = under_cap(lambda quality: encoder(pixels, quality), len(data), max_bytes)
        data = found.data
    return with_density(data, dpi) if form == "jpeg" and dpi else data


def jpeg(pixels: Pixels, quality: int) -> bytes:
    """Baseline JPEG; 4:4:4 at full quality so that type on colour stays crisp, else 4:2:0."""
    sampling = "444" if quality >= QUALITY else "420"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Capped:
    """A file under its cap, the quality that gave it, and how many encodes the search took."""

    data: bytes
    quality: int
    encodes: int


def under_cap(encoder: Callable[[int], bytes], full_bytes: int, max_bytes: int) -> Capped:
    """The best quality below `QUALITY` whose file is at most `max_bytes`.

    Secant steps on the logarithm of the size, which is nearly a straight line in the logarithm of
    what quality lacks to 100: two or three encodes usually do. `full_bytes` is the size at
    `QUALITY`.

    Raises:
        RenderError: not even the lowest quality fits.
    """
    above, below = (QUALITY, full_bytes * _CHROMA_SHARE), (_LOWEST_QUALITY - 1, 0.0)
    best: Capped | None = None
    encodes = 0
    while above[0] - below[0] > 1:
        quality = _guess(above, below, max_bytes)
        data, encodes = encoder(quality), encodes + 1
        if len(data) > max_bytes:
            above = (quality, len(data))
            continue
        best, below = Capped(data=data, quality=quality, encodes=encodes), (quality, len(data))
        if len(data) > _CLOSE * max_bytes:
            break
    if best is None:
        raise RenderError(
            f"this picture cannot be made smaller than {max_bytes} bytes at an acceptable quality"
        )
    return Capped(data=best.data, quality=best.quality, encodes=encodes)


def _guess(above: tuple[int, float], below: tuple[int, float], max_bytes: int) -> int:
    """The quality between two tried ones whose file should just fit `max_bytes`."""
    power: float = _POWER
    if below[1]:
        power = math.log(above[1] / below[1]) / math.log((100 - below[0]) / (100 - above[0]))
    lack = (100 - above[0]) * (above[1] / max_bytes) ** (1 / max(0.1, power))
    wished = math.floor(100 - lack)
    return int(min(above[0] - 1, max(below[0] + 1, wished)))


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
