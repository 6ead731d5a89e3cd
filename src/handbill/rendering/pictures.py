"""Product pictures: opened safely, turned upright, cut out where possible, scaled, cached.

A picture comes as a cut-out (its own alpha, trimmed to the product), as a photo on a plain ground
that could be cut out cleanly, or as a photo that wants a frame. Buffers are BGRA, 8 bit, with
premultiplied alpha.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from handbill.domain.brief import Picture
from handbill.domain.finding import Finding, Severity
from handbill.rendering.canvases import Pixels, as_pixels
from handbill.rendering.colour import Colour
from handbill.rendering.picture_cutting import cut_plain_ground, drop_baked_shadow, trimmed
from handbill.rendering.pixel_cache import PixelCache

MAX_PIXELS = 50_000_000
WORKING_SIDE_PX = 1700
MAX_ENLARGEMENT = 1.4
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPicture:
    """A picture ready to be placed.

    Attributes:
        key: names the content; part of every cache key.
        kind: ``cutout`` or ``photo``.
        pixels: BGRA, premultiplied, height × width × 4; cut-outs are trimmed to the product.
        mean: average colour of what is opaque.
    """

    key: str
    kind: str
    pixels: Pixels
    mean: Colour

    @property
    def width_px(self) -> int:
        """Width of the trimmed picture."""
        return int(self.pixels.shape[1])

    @property
    def height_px(self) -> int:
        """Height of the trimmed picture."""
        return int(self.pixels.shape[0])

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width_px / self.height_px


_decoded: PixelCache[LoadedPicture] = PixelCache(64_000_000, lambda held: held.pixels.nbytes)
_scaled: PixelCache[Pixels] = PixelCache(40_000_000, lambda held: held.nbytes)


def load_picture(picture: Picture) -> LoadedPicture | Finding:
    """`picture` decoded and prepared, or why not; a second call is answered from memory."""
    if not picture.path:
        return Finding(
            code="picture.not_fetched",
            severity=Severity.WARN,
            message=f"the picture {picture.source!r} is not on this machine; "
            "download it beside the sheet to have it in posters",
            field="image",
        )
    key = picture.sha256 or picture.path
    try:
        return _decoded.recall(key, lambda: _load(Path(picture.path), key))
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        return Finding(
            code="picture.unreadable",
            severity=Severity.WARN,
            message=f"{Path(picture.path).name!r} cannot be read as a picture ({error}); "
            "save it again as PNG or JPEG",
            field="image",
        )


def scale_picture(picture: LoadedPicture, width_px: int, height_px: int) -> Pixels:
    """`picture` at exactly this size, BGRA premultiplied; cached. Do not write into it."""
    key = (picture.key, width_px, height_px)
    return _scaled.recall(key, lambda: resize(picture.pixels, width_px, height_px))


def crop_picture(picture: LoadedPicture, width_px: int, height_px: int) -> Pixels:
    """The part of `picture` that fills this size around what matters in it; cached."""
    key = (picture.key, width_px, height_px, "crop")
    return _scaled.recall(key, lambda: _cropped(picture.pixels, width_px, height_px))


def resize(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    """`pixels` at another size: averaged when made smaller, cubic when made larger.

    Reductions halve by averages of 2 × 2 while they can, then interpolate: nearly as good as one
    long average, at a fifth of its time.
    """
    height, width = pixels.shape[:2]
    if (width, height) == (width_px, height_px):
        return pixels
    if width_px * height_px >= width * height:
        return as_pixels(cv2.resize(pixels, (width_px, height_px), interpolation=cv2.INTER_CUBIC))
    halved = _halved_while(pixels, 2 * width_px, 2 * height_px)
    return as_pixels(cv2.resize(halved, (width_px, height_px), interpolation=cv2.INTER_LINEAR))


def clear_picture_caches() -> None:
    """Forget every decoded and scaled picture (tests and long-lived workers)."""
    _decoded.clear()
    _scaled.clear()


def _halved_while(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    """`pixels` halved as long as they are at least this wide and high."""
    while pixels.shape[1] >= width_px and pixels.shape[0] >= height_px:
        size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        pixels = as_pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    return pixels


def _load(path: Path, key: str) -> LoadedPicture:
    pixels, has_alpha = _decode(path)
    kind = "photo"
    if has_alpha:
        pixels, kind = trimmed(drop_baked_shadow(pixels)), "cutout"
    else:
        cut = cut_plain_ground(pixels)
        if cut is not None:
            pixels, kind = trimmed(cut), "cutout"
    return LoadedPicture(key=key, kind=kind, pixels=pixels, mean=_mean_colour(pixels))


def _decode(path: Path) -> tuple[Pixels, bool]:
    """BGRA premultiplied, upright; whether it has real alpha.

    Halved while the longer side keeps `WORKING_SIDE_PX`, JPEGs by their decoder: enough for a
    whole A4 page, and a third of the time and memory.

    Raises:
        OSError, ValueError: not a picture, truncated, or too many pixels.
    """
    with Image.open(path, formats=_FORMATS) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            message = f"{opened.width} × {opened.height} is more than {MAX_PIXELS} pixels"
            raise ValueError(message)
        opened.draft("RGB", (WORKING_SIDE_PX, WORKING_SIDE_PX))
        upright = ImageOps.exif_transpose(opened)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        rgba = np.asarray(upright.convert("RGBA"))
    bgra = as_pixels(cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA))
    if max(bgra.shape[:2]) >= 2 * WORKING_SIDE_PX:
        bgra = _halved_to_working_size(bgra)
    has_alpha = clear and _is_cut_out(bgra[:, :, 3])
    if not has_alpha:
        return _on_white(bgra) if clear else bgra, False
    return premultiplied(bgra), True


def _halved_to_working_size(pixels: Pixels) -> Pixels:
    while max(pixels.shape[:2]) >= 2 * WORKING_SIDE_PX:
        size = (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2))
        pixels = as_pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    return pixels


def premultiplied(bgra: Pixels) -> Pixels:
    """Straight alpha to premultiplied."""
    alpha = bgra[:, :, 3:4].astype(np.uint16)
    colour = (bgra[:, :, :3].astype(np.uint16) * alpha + 127) // 255
    return np.concatenate([colour.astype(np.uint8), bgra[:, :, 3:4]], axis=2)


def _is_cut_out(alpha: Pixels) -> bool:
    """Whether the transparent part is a ground, not just rounded corners or a soft edge."""
    return float(np.mean(alpha < 16)) > 0.06 and int(alpha.max()) > 128


def _on_white(bgra: Pixels) -> Pixels:
    flat = premultiplied(bgra)
    flat[:, :, :3] += 255 - flat[:, :, 3:4]
    flat[:, :, 3] = 255
    return flat


def _mean_colour(pixels: Pixels) -> Colour:
    small = cv2.resize(pixels, (32, 32), interpolation=cv2.INTER_AREA).reshape(-1, 4)
    weight = max(1.0, float(small[:, 3].sum()))
    blue, green, red = (int(min(255, 255 * small[:, c].sum() / weight)) for c in range(3))
    return Colour(red, green, blue)


def _cropped(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    height, width = pixels.shape[:2]
    factor = max(width_px / width, height_px / height)
    part_w, part_h = (
        min(width, round(width_px / factor)),
        min(height, round(height_px / factor)),
    )
    left, top = _best_crop(pixels, part_w, part_h)
    part = pixels[top : top + part_h, left : left + part_w]
    return resize(np.ascontiguousarray(part), width_px, height_px)


def _best_crop(pixels: Pixels, part_w: int, part_h: int) -> tuple[int, int]:
    """Top left corner of the crop of this size that holds most of what draws the eye."""
    height, width = pixels.shape[:2]
    weight = saliency(pixels)
    rows, columns = weight.sum(axis=1), weight.sum(axis=0)
    left = _best_offset(columns, part_w / width)
    top = _best_offset(rows, part_h / height)
    return round(left * (width - part_w)), round(top * (height - part_h))


def _best_offset(line: npt.NDArray[np.float64], share: float) -> float:
    """0 to 1: where along its free way a window of `share` of the line holds most weight."""
    count = len(line)
    window = max(1, round(share * count))
    free = count - window
    if free < 1:
        return 0.0
    sums = np.convolve(line, np.ones(window), "valid")
    centred = 1 - 0.12 * np.abs(np.linspace(-1, 1, len(sums)))
    return float(np.argmax(sums * centred)) / free


def saliency(pixels: Pixels) -> npt.NDArray[np.float64]:
    """64 × 64 weights of what draws the eye: the spectral residual (Hou and Zhang, 2007)."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGRA2GRAY)
    small = cv2.resize(grey, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float64)
    spectrum = np.fft.fft2(small)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = log - cv2.blur(log, (3, 3))
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    weight = cv2.GaussianBlur(np.abs(back) ** 2, (9, 9), 2.5)
    return np.asarray(weight / (weight.sum() + 1e-12), dtype=np.float64)
