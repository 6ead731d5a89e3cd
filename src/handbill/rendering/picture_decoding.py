"""Opening picture files: upright, in sRGB, eight bits a channel, at a size that is worth holding.

Plain JPEGs go straight from the file into the buffer that is drawn from; everything else (colour
profiles, CMYK, grey, palettes, sixteen bits, transparency) takes Pillow's longer way.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import simplejpeg
from PIL import Image, ImageCms

from handbill.rendering.canvases import Pixels, as_pixels

MAX_PIXELS = 50_000_000
WORKING_SIDE_PX = 1700
# From this side on a picture takes one last step towards the working size.
_MOST_SIDE_PX, _LAST_STEP = 2550, 1.5
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")
_STRIP_PX = 128
_ORIENTATION = 0x0112
# EXIF orientation → how the stored picture becomes upright: flipped first, then turned.
_UPRIGHT = {
    2: (1, None),
    3: (None, cv2.ROTATE_180),
    4: (0, None),
    5: (1, cv2.ROTATE_90_COUNTERCLOCKWISE),
    6: (None, cv2.ROTATE_90_CLOCKWISE),
    7: (1, cv2.ROTATE_90_CLOCKWISE),
    8: (None, cv2.ROTATE_90_COUNTERCLOCKWISE),
}
_SRGB_NAMES = (b"sRGB", b"s\0R\0G\0B")
# Deep greys: Pillow's modes of more than eight bits a channel, and their white.
_DEEP = {"I;16": 65535.0, "I;16B": 65535.0, "I;16L": 65535.0, "I": 65535.0, "F": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPicture:
    """A decoded file.

    Attributes:
        pixels: BGRA, straight alpha, upright, sRGB.
        clear: whether the file has transparency at all.
        coarseness: mean step of its JPEG tables, 0 for other files: about 6 at quality 95,
            58 at 50; above that, blocks show.
        width_px, height_px: of the file, upright.
    """

    pixels: Pixels
    clear: bool
    coarseness: float
    width_px: int
    height_px: int

    @property
    def shrunk(self) -> bool:
        """Whether less than all of the file's pixels were taken."""
        height, width = self.pixels.shape[:2]
        return bool(height * width < self.width_px * self.height_px)


def decode_picture(path: Path) -> DecodedPicture:
    """The picture in `path`.

    Made smaller while the longer side keeps `WORKING_SIDE_PX`, JPEGs by their decoder: enough for
    a whole A4 page, and a third of the time and memory.

    Raises:
        OSError, ValueError: not a picture, truncated, or too many pixels.
    """
    with Image.open(path, formats=FORMATS) as opened:
        wide, high = opened.size
        if opened.width * opened.height > MAX_PIXELS:
            message = f"{opened.width} × {opened.height} is more than {MAX_PIXELS} pixels"
            raise ValueError(message)
        coarseness = _coarseness(opened)
        pixels = _plain_jpeg(opened, path)
        clear = pixels is None and _is_clear(opened)
        if pixels is None:
            pixels = _by_pillow(opened)
    if max(pixels.shape[:2]) >= _MOST_SIDE_PX:
        size = (max(1, round(side / _LAST_STEP)) for side in pixels.shape[1::-1])
        pixels = as_pixels(cv2.resize(pixels, tuple(size), interpolation=cv2.INTER_AREA))
    if (wide > high) != (pixels.shape[1] > pixels.shape[0]):
        wide, high = high, wide
    return DecodedPicture(
        pixels=pixels, clear=clear, coarseness=coarseness, width_px=wide, height_px=high
    )


def _plain_jpeg(opened: Image.Image, path: Path) -> Pixels | None:
    """A JPEG in sRGB or grey, decoded at once into its buffer; None for anything else."""
    if opened.format != "JPEG" or opened.mode not in {"RGB", "L"} or _foreign_profile(opened):
        return None
    factor = WORKING_SIDE_PX / max(opened.size)
    wanted = {
        "min_width": round(opened.width * factor),
        "min_height": round(opened.height * factor),
    }
    try:
        pixels = simplejpeg.decode_jpeg(
            path.read_bytes(), "BGRA", **(wanted if factor < 1 else {}), strict=True
        )
    except ValueError:
        # Odd but perhaps not broken: Pillow knows which.
        return None
    return _upright(as_pixels(pixels), opened.getexif().get(_ORIENTATION, 1))


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    flip, turn = _UPRIGHT.get(orientation, (None, None))
    if flip is not None:
        pixels = as_pixels(cv2.flip(pixels, flip))
    return pixels if turn is None else as_pixels(cv2.rotate(pixels, turn))


def _by_pillow(opened: Image.Image) -> Pixels:
    opened.draft(None, (WORKING_SIDE_PX, WORKING_SIDE_PX))
    orientation = opened.getexif().get(_ORIENTATION, 1)
    flat = _eight_bits(opened) if opened.mode in _DEEP else opened
    coloured = flat
    if _foreign_profile(flat):
        coloured = _in_srgb(flat)
        if _is_clear(flat):
            coloured.putalpha(flat.convert("RGBA").getchannel("A"))
    elif flat.mode not in {"RGB", "RGBA"} or "transparency" in flat.info:
        coloured = flat.convert("RGBA" if _is_clear(flat) else "RGB")
    return _upright(_bgra_of(coloured), orientation)


def _bgra_of(picture: Image.Image) -> Pixels:
    """`picture` (RGB or RGBA) as a buffer of our own, halved while that keeps the working size.

    A strip at a time, so that a large one is held only once.
    """
    halvings = _halvings(max(picture.size))
    width, height = (max(1, side >> halvings) for side in picture.size)
    made = np.empty((height, width, 4), np.uint8)
    code = cv2.COLOR_RGBA2BGRA if picture.mode == "RGBA" else cv2.COLOR_RGB2BGRA
    for top in range(0, height, _STRIP_PX):
        rows = min(_STRIP_PX, height - top)
        box = (0, top << halvings, picture.width, min((top + rows) << halvings, picture.height))
        strip = cv2.cvtColor(np.asarray(picture.crop(box)), code)
        for step in range(halvings - 1, -1, -1):
            half = (max(1, strip.shape[1] // 2), rows << step)
            strip = cv2.resize(strip, half, interpolation=cv2.INTER_AREA)
        made[top : top + rows] = strip
    return made


def _halvings(side_px: int) -> int:
    count = 0
    while side_px >> count >= 2 * WORKING_SIDE_PX:
        count += 1
    return count


def _eight_bits(deep: Image.Image) -> Image.Image:
    """A picture of deep greys as ordinary grey; floats beyond 0 to 1 by their own brightest."""
    values = np.asarray(deep)
    white = _DEEP[deep.mode]
    if deep.mode == "F":
        white = max(white, float(values.max(initial=0)))
    made = np.empty(values.shape, np.uint8)
    for top in range(0, len(values), _STRIP_PX):
        strip = values[top : top + _STRIP_PX].astype(np.float32)
        made[top : top + _STRIP_PX] = np.clip(strip * (255 / white), 0, 255)
    shallow = Image.fromarray(made)
    shallow.info.update(deep.info)
    return shallow


def _in_srgb(picture: Image.Image) -> Image.Image:
    """`picture` as RGB in sRGB; a profile that cannot be read is left out of account."""
    profile = _foreign_profile(picture)
    flat = picture.convert({"LA": "L", "P": "RGB", "RGBA": "RGB"}.get(picture.mode, picture.mode))
    try:
        converted: Image.Image = _conversion(profile, flat.mode).apply(flat)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture.convert("RGB")
    return converted


@lru_cache(maxsize=8)
def _conversion(profile: bytes, mode: str) -> Any:
    """From a profile to sRGB: relative colorimetric with black point compensation."""
    return ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _foreign_profile(picture: Image.Image) -> bytes:
    """The picture's colour profile unless that is sRGB itself; empty for none."""
    profile: bytes = picture.info.get("icc_profile") or b""
    return b"" if any(name in profile for name in _SRGB_NAMES) else profile


def _is_clear(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _coarseness(opened: Image.Image) -> float:
    tables = getattr(opened, "quantization", None)
    return float(np.mean(tables[0])) if tables else 0.0
