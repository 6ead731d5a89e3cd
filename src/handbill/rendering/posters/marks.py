"""What every poster carries besides its message: logo, legal line, visible AI label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Picture
from handbill.domain.finding import Finding
from handbill.rendering.canvases import as_image, paint
from handbill.rendering.colour import BLACK, WHITE, contrast, parse_colour
from handbill.rendering.pictures import LoadedPicture, load_picture, scale_picture
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.pens import Pen, Setting, luminance_range
from handbill.rendering.posters.pieces import wishes_on
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.font_stacks import ink_extent
from handbill.rendering.typography.paragraphs import TextBlock, fit_text, set_text, truncate_text

# GB 45438-2025, 5.2: letters of the visible label at least 5 % of the shorter side. It is unclear
# whether type size or ink is meant, so the ink is made that high, with a little to spare.
_LABEL_SHARE = 0.052
_LOGO_HEIGHT = 6.0
# Beside the text a logo may stand a little higher, but not as wide.
_COLUMN_GROWTH, _COLUMN_SHARE = 1.3, 0.36
_LEAST_LABEL_UNITS = 20
# WCAG 2.2 asks 3 : 1 of graphics; a logo's mean colour is paler than its lines.
_CLEAR_LOGO = 2.4
# ISO/IEC 18004 asks for four cells of quiet zone around a QR code.
_QUIET_CELLS = 4
_CODE_SHARE = 0.13


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A measured mark: its size, and how it is drawn at a place."""

    role: str
    width_px: float
    height_px: float
    draw: Callable[[Pen, float, float], None]


def logo_mark(kit: BrandKit, setting: Setting, width_px: float, *, column: bool = False) -> Mark:
    """The brand's logo by the ground it lies on, or its name as a word mark.

    `column` says that it stands beside the text, on a long low canvas, rather than above it.
    """
    width_px *= _COLUMN_SHARE if column else 1.0
    light = _load(kit.logo)
    dark = _load(kit.logo_on_dark)
    first = light or dark
    if first is None:
        return _word_mark(kit.name, setting, width_px)
    height = setting.step(_LOGO_HEIGHT) * (_COLUMN_GROWTH if column else 1.0)
    width = height * first.aspect
    if width > width_px * 0.42:
        width, height = width_px * 0.42, width_px * 0.42 / first.aspect

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + width, top + height)
        picture = _logo_for(pen, area, light, dark)
        sprite = scale_picture(picture, max(1, round(width)), max(1, round(height)))
        pen.canvas.drawImage(as_image(sprite), round(left), round(top))
        pen.note("logo", area)

    return Mark(role="logo", width_px=width, height_px=height, draw=draw)


def legal_mark(block: TextBlock) -> Mark:
    """A laid-out legal line as a mark."""

    def draw(pen: Pen, left: float, top: float) -> None:
        x = block.ink_left(left)
        area = Area(x, top, x + block.ink_width_px, top + block.height_px)
        ink = pen.ink(area, wishes_on(pen.scheme, "ground", "legal"), block.size_px)
        block.draw(pen.canvas, left, top, ink.argb)
        pen.note("legal", area, block.size_px)

    return Mark(role="legal", width_px=block.width_px, height_px=block.height_px, draw=draw)


def label_mark(words: str, setting: Setting, short_px: float) -> Mark:
    """The visible AI label on a plate: ink at least 5 % of the shorter side, contrast above 7."""
    top, bottom = ink_extent(words, setting.look("legal", words).stack, 700)
    ink_px = max(short_px * _LABEL_SHARE, _LEAST_LABEL_UNITS * setting.unit)
    return plate_mark("label", words, setting, ink_px / (top + bottom))


def plate_mark(role: str, words: str, setting: Setting, size_px: float) -> Mark:
    """Words in white on a dark plate, which read on any picture."""
    look = replace(setting.look("legal", words), weight=700)
    block = set_text(words, look, size_px, 1e6)
    pad_x, pad_y = block.height_px * 0.32, block.height_px * 0.22
    width, height = block.ink_width_px + 2 * pad_x, block.height_px + 2 * pad_y

    def draw(pen: Pen, left: float, top: float) -> None:
        rect = skia.Rect.MakeXYWH(left, top, width, height)
        corner = setting.corner * height * 0.4
        pen.canvas.drawRoundRect(rect, corner, corner, paint(BLACK.with_alpha(0.78)))
        block.draw(pen.canvas, left + pad_x, top + pad_y, WHITE.argb)
        pen.note(role, Area(left, top, left + width, top + height))

    return Mark(role=role, width_px=width, height_px=height, draw=draw)


def code_mark(url: str, setting: Setting, short_px: float) -> Mark:
    """A QR code that opens `url`, dark on white with its quiet zone, drawn as vectors."""
    import segno  # noqa: PLC0415 - for print alone

    rows = [bytes(row) for row in segno.make_qr(url, error="m").matrix]
    cells = len(rows) + 2 * _QUIET_CELLS
    side = short_px * _CODE_SHARE
    cell = side / cells

    def draw(pen: Pen, left: float, top: float) -> None:
        corner = setting.corner * side * 0.06
        plate = skia.Rect.MakeXYWH(left, top, side, side)
        pen.canvas.drawRoundRect(plate, corner, corner, paint(WHITE.argb))
        path = skia.Path()
        for y, row in enumerate(rows, start=_QUIET_CELLS):
            for x, dark in enumerate(row, start=_QUIET_CELLS):
                if dark:
                    path.addRect(
                        skia.Rect.MakeXYWH(
                            left + x * cell, top + y * cell, cell * 1.01, cell * 1.01
                        )
                    )
        pen.canvas.drawPath(path, paint(BLACK.argb))
        pen.note("code", Area(left, top, left + side, top + side))

    return Mark(role="code", width_px=side, height_px=side, draw=draw)


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
    pen: Pen, area: Area, light: LoadedPicture | None, dark: LoadedPicture | None
) -> LoadedPicture:
    """The version that stands out more from what lies under it; a plate where neither does."""
    low, high = luminance_range(pen.below, area)
    have = [logo for logo in (light, dark) if logo is not None]
    best = max(have, key=lambda logo: _clear(logo, low, high))
    if _clear(best, low, high) < _CLEAR_LOGO:
        _plate(pen, area, best)
    return best


def _clear(logo: LoadedPicture, low: float, high: float) -> float:
    return min(contrast(logo.mean, low), contrast(logo.mean, high))


def _plate(pen: Pen, area: Area, logo: LoadedPicture) -> None:
    grounds = (WHITE, pen.scheme.ground, pen.scheme.ink, parse_colour("#111111"))
    ground = max(grounds, key=lambda colour: contrast(colour, logo.mean))
    plate = area.inset(-pen.setting.step(1.6))
    rect: Any = skia.Rect.MakeLTRB(plate.left, plate.top, plate.right, plate.bottom)
    corner = pen.setting.corner * pen.setting.step(3)
    pen.canvas.drawRoundRect(rect, corner, corner, paint(ground.argb))
