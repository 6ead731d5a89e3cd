"""What every poster carries besides its message: logo, legal line, visible AI label."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from handbill.rendering.canvases import paint
from handbill.rendering.colour import BLACK, WHITE
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.pens import Pen, Setting
from handbill.rendering.posters.pieces import wishes_on
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.font_stacks import ink_extent
from handbill.rendering.typography.paragraphs import TextBlock, fit_text, set_text, truncate_text

# GB 45438-2025, 5.2: letters of the visible label at least 5 % of the shorter side. It is unclear
# whether type size or ink is meant, so the ink is made that high, with a little to spare.
_LABEL_SHARE = 0.052
_LEAST_LABEL_UNITS = 20
# ISO/IEC 18004 asks for four cells of quiet zone around a QR code.
_QUIET_CELLS = 4
_CODE_SHARE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A measured mark: its size, and how it is drawn at a place."""

    role: str
    width_px: float
    height_px: float
    draw: Callable[[Pen, float, float], None]


def legal_mark(block: TextBlock) -> Mark:
    """A laid-out legal line as a mark."""

    def draw(pen: Pen, left: float, top: float) -> None:
        x = block.ink_left(left)
        area = Area(x, top, x + block.ink_width_px, top + block.height_px)
        ink = pen.ink(area, wishes_on(pen.scheme, "ground", "legal", block.size_px), block.size_px)
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


def code_mark(url: str, words: str, setting: Setting, room_px: tuple[float, float]) -> Mark:
    """A QR code that opens `url`, with the call to action and the site's name beside it.

    Paper has no button to press: its words stand where the reader can follow them. `room_px` is
    the page's shorter side and the width that code and words may take.
    """
    short_px, most_px = room_px
    code = _code(url, setting, short_px)
    site = (urlsplit(url).hostname or "").removeprefix("www.")
    gap = setting.step(2.5)
    wide = most_px - code.width_px - gap
    said = [
        _beside_code(role, text, setting, wide)
        for role, text in (("cta", words), ("legal", site))
        if text
    ]
    column = max((block.ink_width_px for block in said), default=-gap)
    between = setting.step(1.6)
    tall = sum(block.height_px for block in said) + between * (len(said) - 1)

    def draw(pen: Pen, left: float, top: float) -> None:
        code.draw(pen, left if setting.rtl else left + column + gap, top)
        y = top + (code.height_px - tall) / 2
        for block in said:
            x = left + code.width_px + gap if setting.rtl else left + column - block.ink_width_px
            area = Area(x, y, x + block.ink_width_px, y + block.height_px)
            ink = pen.ink(area, wishes_on(pen.scheme, "ground", "cta"), block.size_px)
            block.draw(pen.canvas, x, y, ink.argb)
            pen.note("address", area, block.size_px)
            y += block.height_px + between

    return Mark(
        role="code", width_px=column + gap + code.width_px, height_px=code.height_px, draw=draw
    )


def _beside_code(role: str, text: str, setting: Setting, width_px: float) -> TextBlock:
    """A line beside the code; smaller, then cut, where it is long."""
    size = setting.sizes("cta")[1] * (1.0 if role == "cta" else 0.72)
    look = replace(setting.look("cta", text), weight=700 if role == "cta" else 400)
    block = fit_text(text, look, (width_px, 1e6), (size * 0.7, size), 1)
    return block or truncate_text(text, look, size * 0.7, (width_px, size * 1.3))


def _code(url: str, setting: Setting, short_px: float) -> Mark:
    """The code itself, dark on white with its quiet zone, drawn as vectors."""
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
