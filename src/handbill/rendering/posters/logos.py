"""The brand's logo by the ground it lies on: its version, reversed, or on a plate."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Picture
from handbill.domain.finding import Finding
from handbill.rendering.canvases import Pixels, as_image, as_pixels, paint
from handbill.rendering.colour import BLACK, WHITE, Colour, contrast, parse_colour
from handbill.rendering.pictures import LoadedPicture, load_picture, scale_picture
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.marks import Mark
from handbill.rendering.posters.pens import Pen, Setting, luminance_range, luminances
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.paragraphs import fit_text, truncate_text

# Logos of all shapes look equally large at equal areas: that of one so high and thrice as wide.
_LOGO_HEIGHT, _LOGO_ASPECT = 6.0, 3.0
_LOGO_LEAST, _LOGO_MOST = 0.72, 2.1
# Beside the text a logo may stand a little higher, but not as wide.
_COLUMN_GROWTH, _COLUMN_SHARE = 1.3, 0.36
# WCAG 2.2 asks 3 : 1 of graphics; a logo's mean colour is paler than its lines.
_CLEAR_LOGO = 2.4
# A part of a logo is lost below this contrast; so much of it may be: counters, fine lines.
_CLEAR_PART, _MOST_DIM = 1.7, 0.12
# Of 255: opacity of a logo's body; how far its pixels may be from one ink, and how many farther.
_FULL, _SAME_INK, _MOST_STRAY = 200, 40, 0.05


def logo_mark(
    kit: BrandKit,
    setting: Setting,
    room_px: tuple[float, float],
    *,
    column: bool = False,
) -> Mark:
    """The brand's logo by the ground it lies on, or its name as a word mark.

    `room_px` is how wide words may run and how high a logo may stand; `column` says that it
    stands beside the text, on a long low canvas, rather than above it.
    """
    width_px, most_px = room_px
    width_px *= _COLUMN_SHARE if column else 1.0
    light = _load(kit.logo)
    dark = _load(kit.logo_on_dark)
    first = light or dark
    if first is None:
        return _word_mark(kit.name, setting, width_px)
    grown = min(max(math.sqrt(_LOGO_ASPECT / first.aspect), _LOGO_LEAST), _LOGO_MOST)
    height = setting.step(_LOGO_HEIGHT) * grown * (_COLUMN_GROWTH if column else 1.0)
    height = min(height, most_px)
    width = height * first.aspect
    if width > width_px * 0.42:
        width, height = width_px * 0.42, width_px * 0.42 / first.aspect

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + width, top + height)
        sprite = _logo_for(pen, area, (light, dark))
        pen.canvas.drawImage(as_image(sprite), round(left), round(top))
        pen.note("logo", area)

    return Mark(role="logo", width_px=width, height_px=height, draw=draw)


def logo_reads(kit: BrandKit, ground: Colour) -> bool:
    """Whether the brand's logo, in one of its versions or reversed, reads on `ground`."""
    return _reads((kit.logo, kit.logo_on_dark), ground)


@lru_cache(maxsize=256)
def _reads(paths: tuple[str, str], ground: Colour) -> bool:
    logos = [logo for logo in map(_load, paths) if logo is not None]
    light = ground.luminance
    return not logos or any(
        _one_ink(logo) is not None or _clear(logo, light, light) for logo in logos
    )


def _word_mark(name: str, setting: Setting, width_px: float) -> Mark:
    look = setting.look("logo", name)
    size = setting.sizes("logo")[1]
    room = (width_px * 0.6, size * 2)
    block = fit_text(name, look, room, (size * 0.6, size), 1) or truncate_text(
        name, look, size * 0.6, room
    )

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + block.width_px, top + block.height_px)
        ink = pen.ink(area, (pen.scheme.ink, pen.scheme.on_panel), block.size_px)
        block.draw(pen.canvas, left, top, ink.argb)
        pen.note("logo", area)

    return Mark(role="logo", width_px=block.width_px, height_px=block.height_px, draw=draw)


def _load(path: str) -> LoadedPicture | None:
    if not path:
        return None
    loaded = load_picture(Picture(source=Path(path).name, path=path))
    return None if isinstance(loaded, Finding) else loaded


def _logo_for(
    pen: Pen, area: Area, versions: tuple[LoadedPicture | None, LoadedPicture | None]
) -> Pixels:
    """The version that stands out more from what lies under it, in the area's size.

    Where neither does, a logo in one ink is reversed, as printers do; another gets a plate.
    """
    low, high = luminance_range(pen.below, area)
    have = [logo for logo in versions if logo is not None]
    best = max(have, key=lambda logo: (_clear(logo, low, high), _contrast(logo, low, high)))
    size = max(1, round(area.width)), max(1, round(area.height))
    sprite = scale_picture(best, *size)
    if _clear(best, low, high):
        return sprite
    if _one_ink(best) is not None:
        inks = (pen.scheme.ink, pen.scheme.on_panel, WHITE, BLACK)
        reads = [
            ink for ink in inks if min(contrast(ink, low), contrast(ink, high)) >= _CLEAR_LOGO
        ]
        if reads:
            return _inked(sprite, reads[0])
    _plate(pen, area, best)
    return sprite


def _clear(logo: LoadedPicture, low: float, high: float) -> bool:
    """Whether the logo and nearly all parts of it stand out from a ground of this luminance."""
    dim = [
        share
        for light, share in _tones(logo)
        if min(contrast(light, low), contrast(light, high)) < _CLEAR_PART
    ]
    return _contrast(logo, low, high) >= _CLEAR_LOGO and sum(dim) <= _MOST_DIM


def _contrast(logo: LoadedPicture, low: float, high: float) -> float:
    return min(contrast(logo.mean, low), contrast(logo.mean, high))


def _one_ink(logo: LoadedPicture) -> Colour | None:
    """The logo's only colour; None for one of several, or without a transparent ground."""
    pixels = logo.pixels[:: max(1, logo.height_px // 48), :: max(1, logo.width_px // 96)]
    full = pixels[pixels[:, :, 3] > _FULL][:, :3].astype(np.float32)
    if logo.kind != "cutout" or not len(full):
        return None
    off = np.abs(full - np.median(full, axis=0)).max(axis=1)
    return logo.mean if float(np.mean(off > _SAME_INK)) < _MOST_STRAY else None


def _tones(logo: LoadedPicture) -> list[tuple[float, float]]:
    """The logo's opaque luminances in eight steps, each with its share."""
    pixels = logo.pixels[:: max(1, logo.height_px // 48), :: max(1, logo.width_px // 96)]
    full = pixels[pixels[:, :, 3] > _FULL][:, :3]
    if not len(full):
        return []
    light = luminances(full)
    counts, edges = np.histogram(np.sqrt(light), bins=8, range=(0.0, 1.0))
    middles = (edges[:-1] + edges[1:]) / 2
    return [
        (float(middle**2), float(count / len(full)))
        for middle, count in zip(middles, counts, strict=True)
        if count
    ]


def _inked(sprite: Pixels, ink: Colour) -> Pixels:
    """`sprite`'s form in one colour."""
    share = sprite[:, :, 3:].astype(np.float32) / 255
    return as_pixels(np.round(share * np.array((*ink.bgr, 255), np.float32)).astype(np.uint8))


def _plate(pen: Pen, area: Area, logo: LoadedPicture) -> None:
    grounds = (WHITE, pen.scheme.ground, pen.scheme.ink, parse_colour("#111111"))
    ground = max(grounds, key=lambda colour: contrast(colour, logo.mean))
    plate = area.inset(-pen.setting.step(1.6))
    rect: Any = skia.Rect.MakeLTRB(plate.left, plate.top, plate.right, plate.bottom)
    corner = pen.setting.corner * pen.setting.step(3)
    pen.canvas.drawRoundRect(rect, corner, corner, paint(ground.argb))
