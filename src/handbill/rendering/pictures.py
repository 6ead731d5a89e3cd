"""Product pictures: opened safely, turned upright, cut out where possible, scaled, cached.

A picture comes as a cut-out (its own alpha, trimmed to the product), as a photo on a plain ground
that could be cut out cleanly, or as a photo that wants a frame. Buffers are BGRA, 8 bit, with
premultiplied alpha.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from handbill.domain.brief import Picture
from handbill.domain.finding import Finding, Severity
from handbill.rendering.canvases import Pixels, as_pixels
from handbill.rendering.colour import Colour
from handbill.rendering.faces import find_faces
from handbill.rendering.picture_cutting import (
    cut_out,
    drop_baked_shadow,
    plain_ground,
    trimmed,
)
from handbill.rendering.picture_decoding import decode_picture
from handbill.rendering.picture_mending import mended
from handbill.rendering.pixel_cache import PixelCache

MAX_ENLARGEMENT = 1.4
# What stays free above the product of a scene, in heights of the scene.
HEADROOM = 0.05
# What crops leave around it, in widths and heights of the scene.
_MARGIN = 0.03
_FACE_WEIGHT = 1.5
# Products with fewer pixels on their longer side stay small on posters, and that is said.
_SMALL_PX = 480
# Fewer pixels than this on a side show nothing, and colours that differ by so little on a grid.
_LEAST_PX, _BLANK_GRID, _BLANK_SPREAD = 16, 48, 3
# How strongly edges are raised again after a change of size, and from which reduction on.
_SHARPEN_SMALLER, _SHARPEN_LARGER = 0.3, 0.45
_SOFTENING = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPicture:
    """A picture ready to be placed.

    Attributes:
        key: names the content; part of every cache key.
        kind: ``cutout`` or ``photo``.
        pixels: BGRA, premultiplied, height × width × 4; cut-outs are trimmed to the product.
        mean: average colour of what is opaque.
        notes: what was wrong with the file and what was done about it.
        subject: where the product stands in it, in shares: left, top, right, bottom; empty where
            nobody told.
    """

    key: str
    kind: str
    pixels: Pixels
    mean: Colour
    notes: tuple[Finding, ...] = ()
    subject: tuple[float, ...] = ()

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


_decoded: PixelCache[LoadedPicture] = PixelCache(48_000_000, lambda held: held.pixels.nbytes)
_scaled: PixelCache[Pixels] = PixelCache(28_000_000, lambda held: held.nbytes)
_weights: PixelCache[npt.NDArray[np.float64]] = PixelCache(4_000_000, lambda held: held.nbytes)


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
            message=f"{Path(picture.path).name!r} cannot be used as a picture ({error}); "
            "send another one, or save it again as PNG or JPEG",
            field="image",
        )


def load_scene(path: str, subject: tuple[float, ...] = ()) -> LoadedPicture:
    """A scene that a provider made, whole: it is never cut out and never mended.

    Args:
        path: of the file.
        subject: where the product stands in it; crops keep it whole.

    Raises:
        OSError, ValueError: not a picture, truncated, or too many pixels.
    """

    def make() -> LoadedPicture:
        pixels = decode_picture(Path(path)).pixels
        mean = _mean_colour(pixels)
        return LoadedPicture(key=key, kind="photo", pixels=pixels, mean=mean, subject=subject)

    key = f"{path} {subject}"
    return _decoded.recall(key, make)


def scale_picture(picture: LoadedPicture, width_px: int, height_px: int) -> Pixels:
    """`picture` at exactly this size, BGRA premultiplied; cached. Do not write into it."""
    key = (picture.key, width_px, height_px)
    return _scaled.recall(key, lambda: resize(picture.pixels, width_px, height_px))


def crop_picture(
    picture: LoadedPicture, width_px: int, height_px: int, *, high: bool = False
) -> Pixels:
    """The part of `picture` that fills this size around what matters in it; cached.

    With `high`, the product of a scene comes to stand as high as it can.
    """
    key = (picture.key, width_px, height_px, "crop", high)
    return _scaled.recall(key, lambda: _cropped(picture, (width_px, height_px), high=high))


def resize(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    """`pixels` at another size, sharpened for it.

    Reductions halve by averages of 2 × 2 while they can, then interpolate: nearly as good as one
    long average, at a fifth of its time.
    """
    height, width = pixels.shape[:2]
    if (width, height) == (width_px, height_px):
        return pixels
    smaller = width_px * height_px < width * height
    halved = _halved_while(pixels, 2 * width_px, 2 * height_px) if smaller else pixels
    made = cv2.resize(halved, (width_px, height_px), interpolation=cv2.INTER_CUBIC)
    amount = _SHARPEN_SMALLER if smaller else _SHARPEN_LARGER
    nearly = smaller and width_px * height_px > _SOFTENING**2 * width * height
    return _opaque_enough(as_pixels(made if nearly else _sharpened(made, amount)))


def _sharpened(pixels: npt.NDArray[Any], amount: float) -> npt.NDArray[Any]:
    soft = cv2.GaussianBlur(pixels, (3, 3), 0)
    return cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0)


def _opaque_enough(pixels: Pixels) -> Pixels:
    """Premultiplied `pixels` with no colour above its alpha, where curves overshot."""
    alpha = cv2.extractChannel(pixels, 3)
    if int(alpha.min()) == 255:
        return pixels
    return as_pixels(cv2.min(pixels, cv2.merge([alpha] * 4)))


def clear_picture_caches() -> None:
    """Forget every decoded and scaled picture (tests and long-lived workers)."""
    _decoded.clear()
    _scaled.clear()
    _weights.clear()


def _halved_while(pixels: Pixels, width_px: int, height_px: int) -> Pixels:
    """`pixels` halved as long as they are at least this wide and high."""
    while pixels.shape[1] >= width_px and pixels.shape[0] >= height_px:
        size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
        pixels = as_pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    return pixels


def _load(path: Path, key: str) -> LoadedPicture:
    decoded = decode_picture(path)
    if fault := _nothing_in(decoded.pixels):
        raise ValueError(fault)
    is_cut = decoded.clear and _is_cut_out(decoded.pixels[:, :, 3])
    pixels, flaw = mended(decoded.pixels, 0.0 if decoded.shrunk else decoded.coarseness)
    notes = [_poor(path, flaw)] if flaw else []
    kind = "photo"
    if is_cut:
        pixels, kind = trimmed(drop_baked_shadow(premultiplied(pixels))), "cutout"
    else:
        pixels = _on_white(pixels) if decoded.clear else pixels
        ground = plain_ground(pixels)
        cut = None if ground is None else cut_out(pixels, ground)
        if cut is not None:
            pixels, kind = trimmed(cut), "cutout"
        elif ground is not None:
            notes.append(_not_cut(path))
    if max(pixels.shape[:2]) < _SMALL_PX:
        notes.append(_small(path, pixels))
    return LoadedPicture(
        key=key, kind=kind, pixels=pixels, mean=_mean_colour(pixels), notes=tuple(notes)
    )


def _nothing_in(bgra: Pixels) -> str:
    """Why a picture shows nothing, or empty; one colour alone may be what is sold."""
    height, width = bgra.shape[:2]
    if min(height, width) < _LEAST_PX:
        return f"it has only {width} × {height} pixels"
    seen = premultiplied(_thinned(bgra, _BLANK_GRID))
    colours = seen[:, :, :3]
    if int(seen[:, :, 3].max()) <= _BLANK_SPREAD:
        return "all of it is transparent"
    flat = int(np.ptp(seen, axis=(0, 1)).max()) <= _BLANK_SPREAD
    if flat and (int(colours.max()) <= _BLANK_SPREAD or int(colours.min()) >= 255 - _BLANK_SPREAD):
        return "all of it is white" if int(colours.min()) else "all of it is black"
    return ""


def _poor(path: Path, flaw: str) -> Finding:
    return _note(
        "picture.poor", f"{path.name!r} is {flaw}; it was smoothed: send the original if you can"
    )


def _not_cut(path: Path) -> Finding:
    return _note(
        "picture.not_cut_out",
        f"the product in {path.name!r} could not be cut out cleanly from its plain ground, so the "
        "photo stands in a frame; send it with a transparent ground to have it stand free",
    )


def _small(path: Path, pixels: Pixels) -> Finding:
    size = f"{pixels.shape[1]} × {pixels.shape[0]}"
    return _note(
        "picture.small",
        f"the product in {path.name!r} is only {size} pixels, so it is shown small; send it with "
        "1000 pixels or more on its longer side",
    )


def _note(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARN, message=message, field="image")


def premultiplied(bgra: Pixels) -> Pixels:
    """Straight alpha to premultiplied."""
    alpha = cv2.extractChannel(bgra, 3)
    whole = np.full_like(alpha, 255)
    return as_pixels(cv2.multiply(bgra, cv2.merge([alpha, alpha, alpha, whole]), scale=1 / 255))


def _is_cut_out(alpha: Pixels) -> bool:
    """Whether the transparent part is a ground, not just rounded corners or a soft edge."""
    return float(np.mean(alpha < 16)) > 0.06 and int(alpha.max()) > 128


def _on_white(bgra: Pixels) -> Pixels:
    flat = premultiplied(bgra)
    flat[:, :, :3] += 255 - flat[:, :, 3:4]
    flat[:, :, 3] = 255
    return flat


def _mean_colour(pixels: Pixels) -> Colour:
    small = _thinned(pixels, 32).reshape(-1, 4)
    weight = max(1.0, float(small[:, 3].sum()))
    blue, green, red = (int(min(255, 255 * small[:, c].sum() / weight)) for c in range(3))
    return Colour(red, green, blue)


def _thinned(pixels: Pixels, side_px: int) -> Pixels:
    """`pixels` averaged to a square of `side_px`, from a grid of them where there are many."""
    down, across = (max(1, side // (4 * side_px)) for side in pixels.shape[:2])
    grid = np.ascontiguousarray(pixels[::down, ::across])
    return as_pixels(cv2.resize(grid, (side_px, side_px), interpolation=cv2.INTER_AREA))


def crop_of(
    picture: LoadedPicture, width_px: int, height_px: int, *, high: bool = False
) -> tuple[int, int, int, int]:
    """Left, top, width and height of the part of `picture` that `crop_picture` shows."""
    height, width = picture.pixels.shape[:2]
    factor = max(width_px / width, height_px / height)
    part_w, part_h = (
        min(width, round(width_px / factor)),
        min(height, round(height_px / factor)),
    )
    left, top = _best_crop(picture, part_w, part_h)
    if picture.subject:
        first, upper, last, lower = picture.subject
        left = _holding(left, part_w, width, (first, last))
        top = _holding(top, part_h, height, (upper, lower))
        if high:
            top = min(height - part_h, max(0, round((upper - HEADROOM) * height)))
    return left, top, part_w, part_h


def _cropped(picture: LoadedPicture, size: tuple[int, int], *, high: bool) -> Pixels:
    left, top, part_w, part_h = crop_of(picture, *size, high=high)
    part = picture.pixels[top : top + part_h, left : left + part_w]
    return resize(np.ascontiguousarray(part), *size)


def _best_crop(picture: LoadedPicture, part_w: int, part_h: int) -> tuple[int, int]:
    """Top left corner of the crop of this size that holds most of what draws the eye."""
    height, width = picture.pixels.shape[:2]
    weight = _weights.recall(picture.key, lambda: saliency(picture.pixels))
    rows, columns = weight.sum(axis=1), weight.sum(axis=0)
    left = _best_offset(columns, part_w / width)
    top = _best_offset(rows, part_h / height)
    return round(left * (width - part_w)), round(top * (height - part_h))


def _holding(start: int, part: int, whole: int, shares: tuple[float, float]) -> int:
    """`start` of a part of a line, moved just so far that it holds what lies between `shares`."""
    first = max(0, round((shares[0] - _MARGIN) * whole))
    last = min(whole, round((shares[1] + _MARGIN) * whole))
    return start if last - first > part else min(max(start, last - part), first)


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
    """64 × 64 weights of what draws the eye: the spectral residual (Hou and Zhang, 2007).

    Faces together weigh more than all the rest.
    """
    small = cv2.cvtColor(_thinned(pixels, 64), cv2.COLOR_BGRA2GRAY).astype(np.float64)
    spectrum = np.fft.fft2(small)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = log - cv2.blur(log, (3, 3))
    back = np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))
    soft = cv2.GaussianBlur(np.abs(back) ** 2, (9, 9), 2.5)
    weight: npt.NDArray[np.float64] = np.asarray(soft / (soft.sum() + 1e-12), dtype=np.float64)
    for head in find_faces(pixels):
        left, top, right, bottom = (round(64 * share) for share in head)
        cells = max(1, (right - left) * (bottom - top))
        weight[top:bottom, left:right] += np.float64(_FACE_WEIGHT / cells)
    return weight / max(float(weight.sum()), 1e-12)
