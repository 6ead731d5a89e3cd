"""Pieces of a poster: each measures itself and can be drawn at a place.

A piece is made for a width; its height is that of its ink, so that spacing is optical.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handbill.domain.copy import DisplayText
from handbill.rendering.canvases import paint
from handbill.rendering.colour import Colour, contrast, readable
from handbill.rendering.colour_scheme import Scheme
from handbill.rendering.posters.frames import Area
from handbill.rendering.posters.icons import draw_arrow, draw_check, draw_pin
from handbill.rendering.posters.pens import Pen, Setting
from handbill.rendering.posters.prices import price_piece_parts
from handbill.rendering.skia_library import skia
from handbill.rendering.typography.breaking import by_sentence
from handbill.rendering.typography.paragraphs import (
    TextBlock,
    divided_text,
    fit_text,
    truncate_text,
)

# Smaller type than this loses contrast to smoothing.
_TINY_PX = 15.0
# Height of a button in sizes of its type, and on strips.
_BUTTON, _LOW_BUTTON = 2.25, 1.8
# Sentences of a headline keep to their lines where the type stays at least this share of its size.
_SENTENCES_WORTH = 0.7
# Those of so many letters; else at least the very short ones.
_SENTENCES = (26, 12)

Drawer = Callable[[Pen, float, float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One element, measured.

    Attributes:
        size_px: of its main type, or 0.
        truncated: whether words were left out.
    """

    role: str
    width_px: float
    height_px: float
    draw: Drawer
    size_px: float = 0.0
    truncated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of a piece: room, scale and manner.

    `price_scale` is for the price alone. `cut` allows a headline to lose its last words: the last
    way to show it at all.
    """

    width_px: float
    scale: float = 1.0
    price_scale: float = 1.0
    align: str = "start"
    on: str = "ground"
    height_px: float = 1e6
    benefits: int = 4
    cut: bool = False


def make_piece(role: str, display: DisplayText, setting: Setting, ask: Ask) -> Piece | None:
    """The piece of `role`, or None when the display text has nothing for it or it cannot fit."""
    makers: dict[str, Callable[[], Piece | None]] = {
        "benefits": lambda: _benefits(display.benefits[: ask.benefits], setting, ask),
        "price": lambda: _price(display, setting, ask),
        "cta": lambda: _button(display.cta, setting, ask),
        "tag": lambda: _tag(display.badge, setting, ask),
        "address": lambda: _address(display.address, setting, ask),
        "legal": lambda: _legal(display.legal, setting, ask),
        "rule": lambda: _rule(setting, ask),
        "quote": lambda: _quote(setting, ask),
    }
    if role in makers:
        return makers[role]()
    text = getattr(display, role)
    return _text(role, text, setting, ask) if text else None


def wishes_on(scheme: Scheme, on: str, role: str, size_px: float = math.inf) -> tuple[Colour, ...]:
    """Inks for `role` on a colour role of the scheme, best first; tiny type gets full ink."""
    main = {"panel": scheme.on_panel, "accent": scheme.on_accent}.get(on, scheme.ink)
    lively = (scheme.accent, scheme.panel)
    if role in {"kicker", "badge", "quote", "deadline"}:
        return (*lively, main) if on == "ground" else (main, *lively)
    if role in {"subhead", "address", "legal"} and on == "ground" and size_px > _TINY_PX:
        return (scheme.muted, main)
    return (main, scheme.ink, scheme.on_panel)


def text_piece(role: str, block: TextBlock, on: str) -> Piece:
    """A laid-out text as a piece, inked by what lies under it."""

    def draw(pen: Pen, left: float, top: float) -> None:
        ink_left = block.ink_left(left)
        area = Area(ink_left, top, ink_left + block.ink_width_px, top + block.height_px)
        ink = pen.ink(area, wishes_on(pen.scheme, on, role, block.size_px), block.size_px)
        block.draw(pen.canvas, left, top, ink.argb)
        pen.note(role, area, block.size_px)

    return Piece(
        role=role,
        width_px=block.width_px,
        height_px=block.height_px,
        draw=draw,
        size_px=block.size_px,
        truncated=block.truncated,
    )


def fit_block(role: str, text: str, setting: Setting, ask: Ask) -> TextBlock | None:
    """`text` fitted for its role; None when not even its smallest size fits."""
    words = setting.words(role, text)
    look = setting.look(role, words, ask.align)
    box, sizes = (ask.width_px, ask.height_px), setting.sizes(role, ask.scale)
    plain = fit_text(words, look, box, sizes, setting.rules[role].lines)
    if plain is None or plain.lines < 2 or role != "headline":
        return plain
    least = _SENTENCES_WORTH * plain.size_px
    for most_chars in _SENTENCES:
        told = by_sentence(words, most_chars)
        whole = fit_text(told, look, box, sizes, setting.rules[role].lines) if told else None
        if whole is not None and whole.size_px >= least:
            return whole
    return plain


def _text(role: str, text: str, setting: Setting, ask: Ask) -> Piece | None:
    block = fit_block(role, text, setting, ask)
    if role in {"headline", "badge"}:
        block = _with_divided_words(role, text, setting, ask, block)
    if block is None and (ask.cut or role not in {"headline", "badge"}):
        words, smallest = setting.words(role, text), setting.sizes(role, ask.scale)[0]
        look = setting.look(role, words, ask.align)
        room = smallest * look.leading * setting.rules[role].lines
        block = truncate_text(words, look, smallest, (ask.width_px, min(ask.height_px, room)))
    return text_piece(role, block, ask.on) if block else None


def _with_divided_words(
    role: str, text: str, setting: Setting, ask: Ask, whole: TextBlock | None
) -> TextBlock | None:
    """A long word divided, where that makes the type half as large again as it could be whole."""
    low, high = setting.sizes(role, ask.scale)
    size = max(low, whole.size_px * 1.5) if whole else low
    if size > high:
        return whole
    words = setting.words(role, text)
    divided = divided_text(words, setting.look(role, words), size, ask.width_px)
    if divided == words:
        return whole
    look = setting.look(role, divided, ask.align)
    box = (ask.width_px, ask.height_px)
    return fit_text(divided, look, box, (size, high), setting.rules[role].lines + 1) or whole


def _benefits(benefits: Sequence[str], setting: Setting, ask: Ask) -> Piece | None:
    if not benefits:
        return None
    mark, gap = setting.step(4.4) * ask.scale, setting.step(2)
    room = Ask(width_px=ask.width_px - mark - gap, scale=ask.scale, on=ask.on)
    rows = [_text("benefits", benefit, setting, room) for benefit in benefits]
    pieces = [row for row in rows if row is not None]
    heights = [max(mark, row.height_px) for row in pieces]
    between = setting.step(2.2) * ask.scale

    def draw(pen: Pen, left: float, top: float) -> None:
        for row, height in zip(pieces, heights, strict=True):
            spot_x = left + (width - mark if setting.rtl else 0)
            text_x = left + (width - mark - gap - row.width_px if setting.rtl else mark + gap)
            _tick(pen, Area(spot_x, top, spot_x + mark, top + mark), ask.on)
            row.draw(pen, text_x, top + max(0.0, (mark - row.height_px) / 2))
            top += height + between

    width = mark + gap + max(row.width_px for row in pieces)
    height = sum(heights) + between * (len(pieces) - 1)
    return Piece(role="benefits", width_px=width, height_px=height, draw=draw)


def _tick(pen: Pen, area: Area, on: str) -> None:
    fill = pen.ink(area, wishes_on(pen.scheme, on, "kicker"), 1e3)
    radius = area.width / 2
    pen.canvas.drawCircle(area.left + radius, area.top + radius, radius, paint(fill.argb))
    draw_check(pen.canvas, area, readable(fill, (pen.scheme.ground, pen.scheme.ink)).argb)


def _price(display: DisplayText, setting: Setting, ask: Ask) -> Piece | None:
    if not display.price:
        return None
    parts = price_piece_parts(
        display.price,
        display.compare_at,
        setting,
        ask.width_px,
        (ask.scale, ask.price_scale),
    )

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + parts.width_px, top + parts.height_px)
        ink = pen.ink(area, wishes_on(pen.scheme, ask.on, "price"), parts.size_px)
        faint = pen.ink(area, (*wishes_on(pen.scheme, ask.on, "subhead")[:1], ink), parts.size_px)
        parts.draw(pen.canvas, left, top, (ink.argb, faint.argb))
        pen.note("price", area, parts.size_px)

    return Piece(
        role="price",
        width_px=parts.width_px,
        height_px=parts.height_px,
        draw=draw,
        size_px=parts.size_px,
    )


def _button(text: str, setting: Setting, ask: Ask) -> Piece | None:
    if not text:
        return None
    if setting.paper:
        return _text("cta", text, setting, ask)
    low = setting.gap_px < setting.step(4)
    pad, arrow = setting.step(2.5 if low else 4.5) * ask.scale, setting.step(3.4) * ask.scale
    arrow *= not low
    room = Ask(width_px=ask.width_px - 2 * pad - 2 * arrow, scale=ask.scale)
    label = fit_block("cta", text, setting, room) or _on_two_lines(text, setting, room)
    width = label.ink_width_px + 2 * pad + 1.8 * arrow
    tall = _LOW_BUTTON if low else _BUTTON
    height = max(label.size_px * tall, label.height_px + label.size_px * (tall - 0.95))

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + width, top + height)
        fill = button_fill(pen, area, ask.on)
        ink = readable(fill, (pen.scheme.on_accent, pen.scheme.ground, pen.scheme.ink))
        corner = setting.corner * height / 2
        rect = skia.Rect.MakeLTRB(area.left, area.top, area.right, area.bottom)
        pen.canvas.drawRoundRect(rect, corner, corner, paint(fill.argb))
        inner = left + pad + (1.8 * arrow if setting.rtl else 0)
        label.draw(pen.canvas, inner, top + (height - label.height_px) / 2, ink.argb)
        tip = left + pad if setting.rtl else left + width - pad - arrow
        middle = top + height / 2
        spot = Area(tip, middle - arrow / 2, tip + arrow, middle + arrow / 2)
        if arrow:
            draw_arrow(pen.canvas, spot, ink.argb, mirrored=setting.rtl)
        pen.note("cta", area, label.size_px)

    return Piece(
        role="cta",
        width_px=width,
        height_px=height,
        draw=draw,
        size_px=label.size_px,
        truncated=label.truncated,
    )


def _on_two_lines(text: str, setting: Setting, room: Ask) -> TextBlock:
    """The button's words on two lines where one is too narrow; cut where even two are."""
    words, smallest = setting.words("cta", text), setting.sizes("cta", room.scale)[0]
    look = setting.look("cta", words)
    box = (room.width_px, 1e6)
    return fit_text(words, look, box, (smallest, smallest), 2) or truncate_text(
        words, look, smallest, (room.width_px, smallest * 1.3)
    )


def _tag(text: str, setting: Setting, ask: Ask) -> Piece | None:
    """The offer as a small plate, for canvases that have no room for a badge."""
    if not text:
        return None
    pad_x, pad_y = setting.step(1.8) * ask.scale, setting.step(1.1) * ask.scale
    room = Ask(width_px=ask.width_px - 2 * pad_x, scale=ask.scale)
    label = fit_block("tag", text, setting, room)
    if label is None:
        return None
    width, height = label.ink_width_px + 2 * pad_x, label.height_px + 2 * pad_y

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + width, top + height)
        fill = button_fill(pen, area, ask.on)
        ink = readable(fill, (pen.scheme.on_accent, pen.scheme.ground, pen.scheme.ink))
        corner = setting.corner * height / 2
        rect = skia.Rect.MakeLTRB(area.left, area.top, area.right, area.bottom)
        pen.canvas.drawRoundRect(rect, corner, corner, paint(fill.argb))
        label.draw(pen.canvas, left + pad_x, top + pad_y, ink.argb)
        pen.note("badge", area, label.size_px)

    return Piece(role="tag", width_px=width, height_px=height, draw=draw, size_px=label.size_px)


def button_fill(pen: Pen, area: Area, on: str) -> Colour:
    """A fill that stands out from what lies under it: accent first, then panel, then ink."""
    scheme = pen.scheme
    wishes = {"panel": (scheme.ground, scheme.on_panel), "accent": (scheme.on_accent,)}.get(
        on, (scheme.accent, scheme.panel)
    )
    fill = pen.ink(area, wishes, 1e3)
    return fill if contrast(fill, scheme.ground) > 1.2 or on != "ground" else scheme.ink


def _address(text: str, setting: Setting, ask: Ask) -> Piece | None:
    if not text:
        return None
    pin, gap = setting.step(4.2) * ask.scale, setting.step(1.6)
    room = Ask(width_px=ask.width_px - pin - gap, scale=ask.scale, on=ask.on)
    words = _text("address", text, setting, room)
    if words is None:
        return None
    width, height = pin + gap + words.width_px, max(pin, words.height_px)

    def draw(pen: Pen, left: float, top: float) -> None:
        spot_x = left + (width - pin if setting.rtl else 0)
        area = Area(spot_x, top, spot_x + pin, top + pin)
        ink = pen.ink(area, wishes_on(pen.scheme, ask.on, "kicker"), 1e3)
        draw_pin(pen.canvas, area, ink.argb)
        text_x = left if setting.rtl else left + pin + gap
        words.draw(pen, text_x, top + max(0.0, (pin - words.height_px) / 2))

    return Piece(role="address", width_px=width, height_px=height, draw=draw)


def _rule(setting: Setting, ask: Ask) -> Piece:
    width, height = setting.step(11), max(3.0, setting.step(0.8))

    def draw(pen: Pen, left: float, top: float) -> None:
        area = Area(left, top, left + width, top + height)
        ink = pen.ink(area, wishes_on(pen.scheme, ask.on, "kicker"), 1e3)
        pen.canvas.drawRect(skia.Rect.MakeXYWH(left, top, width, height), paint(ink.argb))

    return Piece(role="rule", width_px=width, height_px=height, draw=draw)


def legal_block(text: str, setting: Setting, width_px: float) -> TextBlock:
    """The legal line, whole if three lines hold it; never smaller than its smallest size."""
    look = setting.look("legal", text)
    sizes = setting.sizes("legal")
    block = fit_text(text, look, (width_px, 1e6), (sizes[1], sizes[1]), 3)
    block = block or fit_text(text, look, (width_px, 1e6), sizes, 4)
    if block is not None:
        return block
    return truncate_text(text, look, sizes[0], (width_px, sizes[0] * look.leading * 4))


def _legal(text: str, setting: Setting, ask: Ask) -> Piece | None:
    return text_piece("legal", legal_block(text, setting, ask.width_px), ask.on) if text else None


def _quote(setting: Setting, ask: Ask) -> Piece:
    """A large opening quotation mark, as an ornament over a headline."""
    look = setting.look("headline", "“")
    block = fit_text("“", look, (ask.width_px, 1e6), (150 * setting.unit, 230 * setting.unit))
    assert block is not None  # noqa: S101 - one glyph always fits the width of a stack
    return text_piece("quote", block, ask.on)
