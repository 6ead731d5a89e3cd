"""Price typography: small raised currency, large number, raised cents, old price struck."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from handbill.rendering.canvases import paint
from handbill.rendering.posters.pens import Setting
from handbill.rendering.typography.paragraphs import TextBlock, set_text, text_width

_PRICE = re.compile(
    r"^(?P<before>[^\d]{0,5}?)\s*(?P<whole>\d{1,3}(?:[  .,'’]\d{3})*|\d+)"
    r"(?:(?P<mark>[.,])(?P<cents>\d{2}))?\s*(?P<after>[^\d]{0,5})$"
)
# In units: larger prices are display type, and give way before other words do.
_DISPLAY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceParts:
    """A price, measured. `runs` are blocks with their offsets, the struck one last."""

    width_px: float
    height_px: float
    size_px: float
    runs: tuple[tuple[TextBlock, float, float], ...]
    struck: tuple[TextBlock, float, float] | None

    def draw(self, canvas: Any, left: float, top: float, inks: tuple[int, int]) -> None:
        """Paint with the price in the first ink and the old price in the second."""
        for block, x, y in self.runs:
            block.draw(canvas, left + x, top + y, inks[0])
        if self.struck is not None:
            block, x, y = self.struck
            block.draw(canvas, left + x, top + y, inks[1])
            line = max(2.0, block.size_px * 0.075)
            reach = block.size_px * 0.08
            middle = top + y + block.height_px / 2
            canvas.drawLine(
                left + x - reach,
                middle + block.height_px * 0.12,
                left + x + block.ink_width_px + reach,
                middle - block.height_px * 0.12,
                paint(inks[1], stroke_px=line),
            )


def split_price(price: str) -> tuple[str, str, str, str] | None:
    """Currency before, whole number, cents, currency after; None when it is written otherwise."""
    match = _PRICE.match(price.strip().replace("\u200f", "").replace("\u200e", ""))
    if match is None:
        return None
    return (
        match["before"].strip(),
        match["whole"],
        match["cents"] or "",
        match["after"].strip(),
    )


def price_piece_parts(
    price: str, compare_at: str, setting: Setting, width_px: float, scales: tuple[float, float]
) -> PriceParts:
    """`price` and the old price beside it, or above it where the width is short.

    `scales` are that of everything and that of a display price, which gives way first.
    """
    low, high = setting.sizes("price", scales[0])
    high = max(min(high, _DISPLAY * setting.unit * scales[0]), high * scales[1])
    runs, width = _runs(price, setting, high)
    size = high
    if width > width_px:
        size = max(low * 0.5, high * width_px / width * 0.98)
        runs, width = _runs(price, setting, size)
    height = max(y + block.height_px for block, _, y in runs)
    if not compare_at:
        return PriceParts(
            width_px=width, height_px=height, size_px=size, runs=tuple(runs), struck=None
        )
    return _with_old_price(compare_at, setting, (width_px, scales[0]), (runs, width, height, size))


def _with_old_price(
    compare_at: str,
    setting: Setting,
    room: tuple[float, float],
    new: tuple[list[tuple[TextBlock, float, float]], float, float, float],
) -> PriceParts:
    runs, width, height, size = new
    low, high = setting.sizes("compare_at", room[1])
    look = setting.look("compare_at", compare_at)
    wide = text_width(compare_at, look, high)
    old_size = min(high, max(low * 0.6, high * room[0] / max(wide, 1)))
    old = set_text(compare_at, look, old_size, 1e5)
    gap = setting.step(2.5)
    below = _below_cents(old, runs, height, setting)
    if below is not None and below + old.ink_width_px <= room[0]:
        x, y, placed = below, height - old.height_px, tuple(runs)
        total = (max(width, below + old.ink_width_px), height)
    elif width + gap + old.ink_width_px <= room[0]:
        x, y = width + gap, height - old.height_px
        shift = 0.0
        if setting.rtl:
            x, shift = 0.0, old.ink_width_px + gap
        placed = tuple((block, left + shift, top) for block, left, top in runs)
        total = (width + gap + old.ink_width_px, height)
    else:
        x, y = (max(0.0, width - old.ink_width_px) if setting.rtl else 0.0), 0.0
        drop = old.height_px + setting.step(1.4)
        placed = tuple((block, left, top + drop) for block, left, top in runs)
        total = (max(width, old.ink_width_px), height + drop)
    return PriceParts(
        width_px=total[0], height_px=total[1], size_px=size, runs=placed, struck=(old, x, y)
    )


def _below_cents(
    old: TextBlock, runs: list[tuple[TextBlock, float, float]], height: float, setting: Setting
) -> float | None:
    """Where the old price starts in the corner that raised figures leave free; None without."""
    whole = max(range(len(runs)), key=lambda index: runs[index][0].height_px)
    raised = runs[whole + 1 :]
    if setting.rtl or not raised:
        return None
    free = height - max(block.height_px for block, _, _ in raised)
    return raised[0][1] if old.height_px + setting.step(0.8) <= free else None


def _runs(
    price: str, setting: Setting, size_px: float
) -> tuple[list[tuple[TextBlock, float, float]], float]:
    look = setting.look("price", price)
    split = split_price(price)
    if split is None or setting.rtl:
        block = set_text(price, look, size_px * (1 if split else 0.8), 1e5)
        return [(block, 0.0, 0.0)], block.ink_width_px
    before, whole, cents, after = split
    pieces = [(before, 0.46), (whole, 1.0), (cents, 0.46), (after, 0.46)]
    runs: list[tuple[TextBlock, float, float]] = []
    x = 0.0
    for text, share in pieces:
        if not text:
            continue
        block = set_text(text, look, size_px * share, 1e5)
        runs.append((block, x, 0.0))
        x += block.ink_width_px + size_px * 0.07
    return runs, x - size_px * 0.07
