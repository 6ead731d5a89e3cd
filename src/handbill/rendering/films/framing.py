"""Pictures as a film shows them: cut-outs on their shadows, leaning or not; photos in frames."""

from __future__ import annotations

import math

import cv2
import numpy as np

from handbill.rendering.canvases import Pixels, as_pixels
from handbill.rendering.films.shapes import draw_mask, draw_plate, even, inked_rows
from handbill.rendering.pictures import LoadedPicture, crop_picture, saliency, scale_picture

_SHADOW = 0.30
_FOCUS, _DIM = 5, 0.72  # side of a card over that of the blur on it; what is left of its light
_MOST_ENLARGED = 3.0  # times a cut-out: softer is better than lost on the canvas
_ARCH = 0.94  # an arch's width over its height at most
_NEARER = 1.5  # how much nearer than the crop a detail of a photo is
_COARSE_PX = 240  # a picture's longer side where only its outline is looked at


def draw_product(
    picture: LoadedPicture, width_px: float, height_px: float, tilt: float = 0.0
) -> tuple[Pixels, int]:
    """A cut-out fitted into a box, on its own soft shadow; and the shadow's margin in pixels.

    Args:
        picture: the product.
        width_px: of the box, which the product leans in by `tilt` degrees.
        height_px: of the box.
        tilt: to the right.
    """
    wide, high = _leaning(picture, tilt)
    factor = min(width_px / wide, height_px / high, _MOST_ENLARGED)
    width = even(picture.width_px * factor)
    height = even(picture.height_px * factor)
    product = scale_picture(picture, width, height)
    if tilt:
        product = turn(product, tilt)
    margin = even(0.07 * max(width, height))
    return _on_shadow(product, margin), margin


def _leaning(picture: LoadedPicture, tilt: float) -> tuple[float, float]:
    """Width and height that a cut-out takes when it leans, in pixels of its own size."""
    if not tilt:
        return float(picture.width_px), float(picture.height_px)
    share = min(1.0, _COARSE_PX / max(picture.width_px, picture.height_px))
    small = scale_picture(picture, even(picture.width_px * share), even(picture.height_px * share))
    leant = turn(small, tilt)
    return leant.shape[1] / share, leant.shape[0] / share


def turn(pixels: Pixels, tilt: float) -> Pixels:
    """`pixels` turned to the right by `tilt` degrees, cut to what is in them."""
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -tilt, 1.0)
    reach = np.abs(matrix[:, :2]) @ np.array([width, height], np.float64)
    whole = even(float(reach[0])), even(float(reach[1]))
    matrix[:, 2] = matrix[:, 2] + (np.array(whole) - (width, height)) / 2
    turned = as_pixels(cv2.warpAffine(pixels, matrix, whole, flags=cv2.INTER_LINEAR))
    top, bottom = inked_rows(turned)
    left, right = inked_rows(as_pixels(turned.transpose(1, 0, 2)))
    return as_pixels(np.ascontiguousarray(turned[top:bottom, left:right]))


def draw_silhouette(
    picture: LoadedPicture, width_px: float, height_px: float, bgr: tuple[int, int, int]
) -> Pixels:
    """The outline of a cut-out fitted into a box, filled with one colour."""
    factor = min(width_px / picture.width_px, height_px / picture.height_px)
    size = even(picture.width_px * factor), even(picture.height_px * factor)
    alpha = scale_picture(picture, *size)[:, :, 3:4].astype(np.uint16)
    return as_pixels(((alpha * np.array([*bgr, 255], np.uint16) + 127) // 255).astype(np.uint8))


def draw_card(
    picture: LoadedPicture,
    size_px: tuple[float, float],
    roundness: float,
    *,
    frame: str = "card",
    tilt: float = 0.0,
) -> tuple[Pixels, int]:
    """A photo cropped to a frame in a box, with a shadow; and the shadow's margin.

    Args:
        picture: the photo.
        size_px: of the box; an arch is no wider than high, a disc as wide as high.
        roundness: of a card's corners, 0 to 1.
        frame: ``card``, ``arch`` or ``disc``.
        tilt: degrees to the right.
    """
    width, height = (even(side) for side in _upright(_framed(frame, size_px), tilt))
    photo = crop_picture(picture, width, height)
    if frame == "card":
        radius = 0.09 * min(width, height) * min(1.0, roundness * 2)
        mask = draw_plate(width, height, 0xFFFFFFFF, 2 * radius / min(width, height))
    else:
        mask = draw_mask("arch" if frame == "arch" else "circle", width, height)
    cut = as_pixels(cv2.multiply(photo, mask, scale=1 / 255))
    if tilt:
        cut = turn(cut, tilt)
        width, height = cut.shape[1], cut.shape[0]
    margin = even(0.05 * max(width, height))
    return _on_shadow(cut, margin), margin


def draw_detail(picture: LoadedPicture, width_px: int, height_px: int) -> Pixels:
    """The part of a photo that draws the eye, nearer than its crop to this size shows it."""
    near = crop_picture(picture, even(_NEARER * width_px), even(_NEARER * height_px))
    weight = saliency(near)
    cells = np.arange(weight.shape[0]) + 0.5
    middle = weight.sum(axis=0) @ cells, weight.sum(axis=1) @ cells
    left, top = (
        round(min(max(0.0, share / len(cells) * whole - part / 2), whole - part))
        for share, whole, part in zip(
            middle, near.shape[1::-1], (width_px, height_px), strict=True
        )
    )
    return as_pixels(np.ascontiguousarray(near[top : top + height_px, left : left + width_px]))


def _upright(size_px: tuple[float, float], tilt: float) -> tuple[float, float]:
    """The size of a card that fits into a box of `size_px` when it leans."""
    width, height = size_px
    along, across = math.cos(math.radians(tilt)), abs(math.sin(math.radians(tilt)))
    share = min(
        width / (along * width + across * height), height / (across * width + along * height)
    )
    return share * width, share * height


def _framed(frame: str, size_px: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a frame in a box."""
    width, height = size_px
    if frame == "disc":
        return min(width, height), min(width, height)
    return (min(width, _ARCH * height), height) if frame == "arch" else (width, height)


def out_of_focus(card: Pixels, margin: int) -> Pixels:
    """A photo's card, `margin` of shadow around it, so blurred and dim that one has to guess."""
    inner = (slice(margin, card.shape[0] - margin), slice(margin, card.shape[1] - margin))
    photo = card[inner]
    side = max(3, min(photo.shape[:2]) // _FOCUS // 2 * 2 + 1)
    blurred = cv2.GaussianBlur(photo[:, :, :3], (side, side), 0)
    out = card.copy()
    # The photo is premultiplied: its corners stay as clear as they are.
    share = (photo[:, :, 3:4].astype(np.float32)) * _DIM / 255
    out[inner][:, :, :3] = (blurred * share).astype(np.uint8)
    return out


def _on_shadow(drawn: Pixels, margin: int) -> Pixels:
    """`drawn`, with a margin around it, over a blurred copy of its own outline, a little lower."""
    framed = as_pixels(
        cv2.copyMakeBorder(drawn, *(margin,) * 4, cv2.BORDER_CONSTANT, value=(0, 0, 0, 0))
    )
    alpha = framed[:, :, 3]
    small = cv2.resize(alpha, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), max(1.0, margin / 4 / 2.6))
    full = cv2.resize(soft, (alpha.shape[1], alpha.shape[0]), interpolation=cv2.INTER_LINEAR)
    lower = np.zeros_like(full)
    drop = margin // 2
    lower[drop:] = full[:-drop]
    shadow = _SHADOW * lower.astype(np.float32) * (1 - alpha.astype(np.float32) / 255)
    out = framed.copy()
    out[:, :, 3] = np.minimum(255, alpha + shadow).astype(np.uint8)
    return out
