"""Placing the product picture: scale, crop, mask, tilt, shadow. Small pictures stay small."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from handbill.rendering.canvases import Pixels, as_image, paint
from handbill.rendering.colour import BLACK, WHITE, Colour, distance, mix
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.pictures import (
    MAX_ENLARGEMENT,
    LoadedPicture,
    crop_picture,
    scale_picture,
)
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.layouts import PictureSlot, Tile
from handbill.rendering.posters.shapes import area_path
from handbill.rendering.posters.spots import (
    AT_FOOT,
    FREE_END,
    anchor_of,
    enlargement,
    fitted,
    inside_mat,
    is_cover,
    subject_area,
)
from handbill.rendering.skia_library import skia

# The least distance (OKLab) between a cut-out's mean colour and what lies behind it.
CLEAR_DISTANCE = 0.16
# Ways and shares of the veil over the upper end of a cover.
_UPPER_VEIL = ([0.0, 0.1, 0.24], [0.32, 0.27, 0.0])
# How far words' shade may lie over the foot of a scene's product, in heights of the picture.
_FOOT = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where and in what colours a picture is placed.

    Attributes:
        area: the slot's box in pixels.
        inner: the part of it where a cut-out may stand before a field of colour.
        radius_px: corner radius of frames.
        mirrored: whether the layout is mirrored for right-to-left.
    """

    canvas: Any
    area: Area
    inner: Area
    slot: PictureSlot
    scheme: Scheme
    radius_px: float
    mirrored: bool


def place_picture(picture: LoadedPicture, stage: Stage, spot: Area) -> None:
    """Draw `picture`; `spot` is what it covers, as `picture_spot` and `lifted` tell."""
    if picture.kind == "cutout":
        _place_cutout(picture, stage, spot)
    else:
        bled = stage.slot.scrim in FREE_END and spot.top == stage.area.top
        bare = stage.slot.fit == "cover" and (spot == stage.area or bled)
        _place_photo(picture, stage, spot, "bare" if bare else stage.slot.mask)


def place_tile(
    canvas: Any, picture: LoadedPicture, tile: Tile, area: Area, look: tuple[Scheme, float]
) -> None:
    """Draw `picture` into a tile of a grid; `look` is the scheme and the corner radius.

    Photos fill the tile where their pixels bear it; all else stands before a field of colour.
    """
    scheme, radius_px = look
    outline = area_path("rect", area, radius_px * tile.corner)
    canvas.save()
    canvas.clipPath(outline, doAntiAlias=True)
    if picture.kind == "photo" and enlargement(picture, area) <= MAX_ENLARGEMENT:
        left, top = math.floor(area.left), math.floor(area.top)
        wide, high = math.ceil(area.right) - left, math.ceil(area.bottom) - top
        crop = crop_picture(picture, wide, high)
        canvas.drawImage(as_image(crop), left, top)
    else:
        canvas.drawPath(outline, paint(_field(picture, scheme, tile.colour).argb))
        inner = area.inset(0.1 * min(area.width, area.height))
        spot = fitted(picture, inner, (0.5, 0.5))
        sprite = scale_picture(picture, max(1, round(spot.width)), max(1, round(spot.height)))
        canvas.drawImage(as_image(sprite), round(spot.left), round(spot.top))
    canvas.restore()


def _field(picture: LoadedPicture, scheme: Scheme, role: str) -> Colour:
    """The role's colour, or the first before which a cut-out can be told."""
    wishes = (scheme.colour(role), scheme.ground_3, scheme.panel, scheme.field, scheme.ground)
    clear = [wish for wish in wishes if distance(wish, picture.mean) >= CLEAR_DISTANCE]
    return clear[0] if clear else wishes[0]


def _place_cutout(picture: LoadedPicture, stage: Stage, spot: Area) -> None:
    slot = stage.slot
    if slot.fit in {"mask", "cover"}:
        colour = stage.scheme.colour(slot.colour)
        bare = slot.fit == "cover"
        outline = area_path("rect" if bare else slot.mask, spot, 0 if bare else stage.radius_px)
        stage.canvas.drawPath(outline, paint(colour.argb))
        share = 0.09 if slot.mask == "circle" else 0.07
        room = stage.inner if bare else spot
        inner = _grown(room.inset(share * min(room.width, room.height)), slot.grow)
        spot = fitted(picture, inner, anchor_of(slot, mirrored=stage.mirrored))
    sprite = scale_picture(picture, max(1, round(spot.width)), max(1, round(spot.height)))
    if slot.shadow == "contact" and not slot.tilt:
        _contact_shadow(stage, sprite, spot)
    if slot.reflect:
        _reflection(stage, sprite, spot)
    _draw_sprite(stage, sprite, spot)


def _draw_sprite(stage: Stage, sprite: Pixels, spot: Area) -> None:
    canvas, slot = stage.canvas, stage.slot
    canvas.save()
    if slot.tilt:
        turn = -slot.tilt if stage.mirrored else slot.tilt
        canvas.rotate(turn, (spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2)
    if slot.shadow == "drop" or slot.tilt:
        _drop_shadow(stage, sprite, spot)
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    canvas.drawImage(as_image(sprite), round(spot.left), round(spot.top), smooth, skia.Paint())
    canvas.restore()


def _place_photo(picture: LoadedPicture, stage: Stage, area: Area, mask: str) -> None:
    canvas = stage.canvas
    inner = inside_mat(picture, area) if mask == "rect" else area
    left, top = round(inner.left), round(inner.top)
    size = (round(inner.right) - left, round(inner.bottom) - top)
    crop = crop_picture(picture, *size, high=is_cover(stage.slot))
    canvas.save()
    if mask != "bare":
        path = area_path(mask, area, stage.radius_px)
        shadow = mix(stage.scheme.ground, BLACK, 0.8)
        soft = 0.018 * min(area.width, area.height)
        canvas.save()
        canvas.translate(0, soft)
        ink = paint(shadow.with_alpha(0.28), blur_px=soft)
        if mask == "rect":  # a rounded rectangle is blurred in parts, a path as a whole
            radius = stage.radius_px
            canvas.drawRoundRect(
                skia.Rect.MakeLTRB(area.left, area.top, area.right, area.bottom),
                radius,
                radius,
                ink,
            )
        else:
            canvas.drawPath(path, ink)
        canvas.restore()
        canvas.clipPath(path, doAntiAlias=True)
        if inner != area:
            canvas.drawPath(path, paint(WHITE.argb))
    canvas.drawImage(as_image(crop), left, top)
    canvas.restore()
    if stage.slot.scrim == "melt" or (mask == "bare" and area != stage.area):
        _fade(stage, area, _below_subject(picture, stage, inner, area))
        area = stage.area
    _scrim(stage, area, _below_subject(picture, stage, inner, area))


def _below_subject(picture: LoadedPicture, stage: Stage, spot: Area, area: Area) -> float:
    """How far up `area` may be darkened, in its heights: a little over the product's foot."""
    subject = subject_area(picture, stage.slot, spot) if is_cover(stage.slot) else None
    return 1.0 if subject is None else (area.bottom - subject.bottom) / area.height + _FOOT


def _grown(area: Area, by: float) -> Area:
    """`area` grown upwards and to the sides: cut-outs step out of their mask at the top."""
    wide, high = area.width * (by - 1) / 2, area.height * (by - 1)
    return Area(area.left - wide, area.top - high, area.right + wide, area.bottom)


def _contact_shadow(stage: Stage, sprite: Pixels, spot: Area) -> None:
    """A dark line where the product stands and a wide soft one around it."""
    feet = sprite[-max(2, sprite.shape[0] // 14) :, :, 3] > 128
    columns = np.flatnonzero(feet.any(axis=0))
    if not len(columns):
        return
    left, right = spot.left + float(columns[0]), spot.left + float(columns[-1])
    reach = max(right - left, spot.width * 0.3)
    middle, floor = (left + right) / 2, spot.bottom
    dark = mix(stage.scheme.ground, BLACK, 0.82)
    for width, height, alpha, lift in ((1.16, 0.085, 0.22, 0.2), (0.96, 0.03, 0.5, 0.5)):
        tall = reach * height
        oval = skia.Rect.MakeXYWH(
            middle - reach * width / 2, floor - tall * lift - 0.004 * reach, reach * width, tall
        )
        stage.canvas.drawOval(oval, paint(dark.with_alpha(alpha), blur_px=tall * 0.42))


def _drop_shadow(stage: Stage, sprite: Pixels, spot: Area) -> None:
    """The product's own outline, blurred and lowered; computed at an eighth of the size."""
    import cv2  # noqa: PLC0415 - only tilted cut-outs need it here

    eighth = (max(4, sprite.shape[1] // 8), max(4, sprite.shape[0] // 8))
    rim = max(4, max(eighth) // 8)
    alpha = cv2.resize(sprite[:, :, 3], eighth, interpolation=cv2.INTER_AREA)
    padded = cv2.copyMakeBorder(alpha, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0)
    soft = cv2.GaussianBlur(padded, (0, 0), rim / 3)
    dark = mix(stage.scheme.ground, BLACK, 0.82)
    share = soft[:, :, None].astype(np.float32) / 255 * 0.4
    pixels = np.concatenate([share * np.array(dark.bgr, np.float32), share * 255], axis=2)
    shadow = np.ascontiguousarray(pixels.astype(np.uint8))
    fall = spot.height * 0.045
    grow = rim * 8
    target = skia.Rect.MakeLTRB(
        spot.left - grow, spot.top - grow + fall, spot.right + grow, spot.bottom + grow + fall
    )
    smooth = skia.SamplingOptions(skia.FilterMode.kLinear)
    stage.canvas.drawImageRect(as_image(shadow), target, smooth)


def _reflection(stage: Stage, sprite: Pixels, spot: Area) -> None:
    """The foot of the product mirrored on the floor, fading out."""
    tall = max(1, sprite.shape[0] // 8)
    fade = np.linspace(0.22, 0, tall, dtype=np.float32)[:, None, None]
    mirrored = sprite[::-1][:tall] * fade
    foot = np.ascontiguousarray(mirrored.astype(np.uint8))
    stage.canvas.drawImage(as_image(foot), round(spot.left), round(spot.bottom))


def _scrim(stage: Stage, area: Area, most: float) -> None:
    """A gradient of the dark ink over a side of the photo, so that text can stand there.

    Drawn as a line of pixels stretched over the area: far cheaper than a gradient shader. The
    line is as long as the area, so that nothing has to be smoothed: that is seven times faster.
    """
    kind = stage.slot.scrim
    if kind in {"none", "melt", "card"}:
        return
    reach = {"top": 0.7, "bottom": min(0.82, most), "start": 0.86, "full": 2.0}[kind]
    steps = ([0.0, 0.5 * reach, 0.78 * reach, reach], [0.88, 0.76, 0.4, 0.0])
    backwards = kind in {"bottom", "full"} or (kind == "start" and stage.mirrored)
    dark = mix(stage.scheme.ground, BLACK, 0.72)
    _veil(stage.canvas, area, dark, steps, across=kind == "start", backwards=backwards)
    if kind == "bottom":
        # A breath of it above, where logos stand.
        _veil(stage.canvas, area, dark, _UPPER_VEIL, across=False, backwards=False)


def _fade(stage: Stage, area: Area, most: float) -> None:
    """The ground's colour over the side of a photo that ends before its slot, or melts into it."""
    reach = min(0.48, most)
    steps = ([0.0, 0.2 * reach, reach], [1.0, 0.9, 0.0])
    across = stage.slot.scrim not in AT_FOOT
    backwards = not across or stage.mirrored
    over = area.inset(-1)
    _veil(stage.canvas, over, stage.scheme.ground, steps, across=across, backwards=backwards)


def _veil(
    canvas: Any,
    area: Area,
    colour: Colour,
    steps: tuple[list[float], list[float]],
    *,
    across: bool,
    backwards: bool,
) -> None:
    """`colour` over `area`, its opacity running through `steps` (ways from 0 to 1, shares)."""
    length = max(2, round(area.width if across else area.height))
    share = np.interp(np.linspace(0, 1, length, dtype=np.float32), *steps)
    if backwards:
        share = share[::-1]
    line = np.round(share[:, None] * np.array((*colour.bgr, 255), np.float32)).astype(np.uint8)
    # Two pixels wide: NumPy gives a single row no stride, and Skia then sees an empty picture.
    strip = np.repeat(line[None] if across else line[:, None], 2, axis=0 if across else 1)
    target = skia.Rect.MakeLTRB(area.left, area.top, area.right, area.bottom)
    sharp = skia.SamplingOptions(skia.FilterMode.kNearest)
    canvas.drawImageRect(as_image(strip), target, sharp)
