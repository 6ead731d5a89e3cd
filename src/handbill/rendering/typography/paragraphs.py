"""Text fitted to boxes: the largest size that fits, balanced lines, measured ink.

Skia's paragraphs shape, order (bidi) and break the text; here the size and the width are chosen.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from handbill.rendering.skia_library import skia
from handbill.rendering.typography.breaking import breakable, by_clause, directed, is_rtl
from handbill.rendering.typography.font_stacks import FontStack, font_collection, ink_extent
from handbill.rendering.typography.hyphens import divide_long_words

BLACK_INK = 0xFF000000
_ELLIPSIS = "…"
# Whole phrases and clauses are kept where the type stays at least this share of its size.
_PHRASES_WORTH = 0.8
# Scripts that can break nearly everywhere: Han, kana, Hangul.
_ANY_BREAK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_INVISIBLE = re.compile("[\u200b\u2060\u2067\u2069]")
_WORD_JOINER = "\u2060"
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLook:
    """How a text is set, its size apart.

    Attributes:
        leading: distance of baselines, in em.
        tracking: extra space between letters, in em (0 for scripts that join letters).
        align: ``start``, ``centre`` or ``end``; start is right for right-to-left locales.
    """

    stack: FontStack
    locale: str
    weight: int = 400
    leading: float = 1.2
    tracking: float = 0.0
    align: str = "start"
    struck: bool = False

    @property
    def rtl(self) -> bool:
        """Whether lines start at the right."""
        return is_rtl(self.locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBlock:
    """A text laid out: draw it at the top left corner of its ink box.

    Attributes:
        text: with break marks; what is drawn.
        size_px: of the type.
        width_px: of the layout box that lines are aligned in.
        ink_width_px: of the longest line.
        height_px: from the top of the first line's ink to the bottom of the last line's.
        lines: at least 1.
        truncated: whether words had to be left out.
    """

    text: str
    look: TextLook
    size_px: float
    width_px: float
    ink_width_px: float
    height_px: float
    lines: int
    rise_px: float
    truncated: bool = False

    def draw(self, canvas: Any, left: float, top: float, argb: int = BLACK_INK) -> None:
        """Paint with the ink box's top left corner at (`left`, `top`)."""
        paragraph = _paragraph(self.text, self.look, self.size_px, argb)
        paragraph.layout(self.width_px)
        paragraph.paint(canvas, left, top - self.rise_px)

    def ink_left(self, left: float) -> float:
        """Where the longest line starts when the block is drawn at `left`."""
        free = self.width_px - self.ink_width_px
        shares = {"start": 1.0 if self.look.rtl else 0.0, "centre": 0.5}
        return left + free * shares.get(self.look.align, 0.0 if self.look.rtl else 1.0)


def set_text(text: str, look: TextLook, size_px: float, width_px: float) -> TextBlock:
    """`text` at a given size, broken at `width_px` with balanced lines."""
    marked = directed(breakable(text, look.locale), look.locale)
    return _balanced(marked, text, look, size_px, width_px)


@lru_cache(maxsize=1024)
def fit_text(
    text: str,
    look: TextLook,
    box_px: tuple[float, float],
    sizes_px: tuple[float, float],
    max_lines: int = 99,
    phrases_worth: float = _PHRASES_WORTH,
) -> TextBlock | None:
    """`text` at the largest size from `sizes_px` (smallest, largest) that fits the box, or None.

    No word is broken and at most `max_lines` lines are used. Phrases of Japanese and Chinese stay
    whole, and clauses where it costs no more than a fifth of the size, or what `phrases_worth`
    leaves of it. The last answers are kept: buttons, offers and legal lines come again on the
    posters of one campaign.
    """
    loose = directed(text, look.locale)
    marked = directed(breakable(text, look.locale), look.locale)
    size_px = _largest(marked, look, box_px, sizes_px, max_lines)
    if marked != loose and (not size_px or _ANY_BREAK.search(text)):
        plain_px = _largest(loose, look, box_px, sizes_px, max_lines)
        if plain_px * phrases_worth > size_px:
            marked, size_px = loose, plain_px
    if clauses := by_clause(text, look.locale):
        clauses_px = _largest(clauses, look, box_px, sizes_px, max_lines)
        if clauses_px > size_px * _PHRASES_WORTH:
            marked, size_px = clauses, clauses_px
    return _balanced(marked, text, look, size_px, box_px[0]) if size_px else None


def truncate_text(
    text: str, look: TextLook, size_px: float, box_px: tuple[float, float]
) -> TextBlock:
    """As many whole words of `text` as fit at `size_px`, with an ellipsis; at least one word."""
    whole = fit_text(text, look, box_px, (size_px, size_px))
    if whole is not None:
        return whole
    words = text.split(" ") if " " in text.strip() else list(text)
    glue = " " if " " in text.strip() else ""
    low, high = 1, max(1, len(words) - 1)
    while low < high:
        middle = (low + high + 1) // 2
        cut = glue.join(words[:middle]).rstrip(" ,;:.-–") + _ELLIPSIS
        if fit_text(cut, look, box_px, (size_px, size_px)) is None:
            high = middle - 1
        else:
            low = middle
    cut = glue.join(words[:low]).rstrip(" ,;:.-–") + _ELLIPSIS
    return replace(set_text(cut, look, size_px, box_px[0]), truncated=True)


def broken_lines(block: TextBlock) -> list[str]:
    """The lines of `block` as they are broken; empty where that cannot be told for certain.

    Skia does not tell, so the marked breaks are gone through again, as it does: as many parts as
    fit into a line. Text that may break between any two letters is not told.
    """
    parts = re.split(r"(?<=[\u200b ])", block.text)
    lines = [""]
    for part in parts:
        if lines[-1] and text_width((lines[-1] + part).rstrip(), block.look, block.size_px) > (
            block.width_px
        ):
            lines.append("")
        lines[-1] += part
    widest = max(text_width(line.rstrip(), block.look, block.size_px) for line in lines)
    told = len(lines) == block.lines and abs(widest - block.ink_width_px) <= 1.0
    return [_INVISIBLE.sub("", line).strip() for line in lines] if told else []


def divided_text(text: str, look: TextLook, size_px: float, width_px: float) -> str:
    """`text` with hyphens in those words that are wider than `width_px` at this size."""
    return divide_long_words(text, lambda word: text_width(word, look, size_px) <= width_px)


def text_width(text: str, look: TextLook, size_px: float) -> float:
    """Width of `text` on one line, in pixels."""
    paragraph = _paragraph(directed(text, look.locale), look, size_px, BLACK_INK)
    paragraph.layout(1e6)
    return float(paragraph.LongestLine)


def _largest(
    text: str,
    look: TextLook,
    box_px: tuple[float, float],
    sizes_px: tuple[float, float],
    max_lines: int,
) -> float:
    """The largest fitting size within 2 %, or 0 when not even the smallest fits."""
    smallest, largest = sizes_px
    if _fits(text, look, largest, box_px, max_lines):
        return largest
    if not _fits(text, look, smallest, box_px, max_lines):
        return 0.0
    while largest / smallest > 1.02:
        middle = math.sqrt(smallest * largest)
        if _fits(text, look, middle, box_px, max_lines):
            smallest = middle
        else:
            largest = middle
    return smallest


def _fits(
    text: str, look: TextLook, size_px: float, box_px: tuple[float, float], max_lines: int
) -> bool:
    paragraph, line_px, widest_px = _measured(text, look, size_px)
    if widest_px > math.floor(box_px[0]):
        return False
    paragraph.layout(box_px[0])
    lines = round(paragraph.Height / line_px)
    return lines <= max_lines and _ink_height(text, look, size_px, (lines, line_px)) <= box_px[1]


def _balanced(
    marked: str, text: str, look: TextLook, size_px: float, width_px: float
) -> TextBlock:
    """Lines broken at the narrowest width that needs no more of them: no widows, even edges."""
    paragraph, line_px, widest_px = _measured(marked, look, size_px)
    paragraph.layout(width_px)
    lines = round(paragraph.Height / line_px)
    broken_at = width_px
    if lines > 1:
        broken_at = _narrowest(paragraph, line_px, (widest_px, width_px), lines)
    ink_width = float(paragraph.LongestLine)
    top, _ = ink_extent(text, look.stack, look.weight)
    return TextBlock(
        text=marked,
        look=look,
        size_px=size_px,
        width_px=broken_at if lines > 1 else max(ink_width + 1, 1.0),
        ink_width_px=ink_width,
        height_px=_ink_height(text, look, size_px, (lines, line_px)),
        lines=lines,
        rise_px=float(paragraph.AlphabeticBaseline) - top * size_px,
    )


def _narrowest(
    paragraph: Any, line_px: float, widths_px: tuple[float, float], lines: int
) -> float:
    low, high = max(widths_px[1] / lines * 0.7, widths_px[0]), widths_px[1]
    while high - low > max(1.0, widths_px[1] * 0.01):
        middle = (low + high) / 2
        paragraph.layout(middle)
        if round(paragraph.Height / line_px) > lines:
            low = middle
        else:
            high = middle
    high = min(math.ceil(high) + 1.0, widths_px[1])
    paragraph.layout(high)
    return high


def _measured(text: str, look: TextLook, size_px: float) -> tuple[Any, float, float]:
    """A paragraph, the height of its lines, and the width of its widest unbreakable part.

    Measured on one endless line: Skia rounds the height of a line to whole pixels, and once it
    has broken inside a word it reports the piece, not the word. (Widths to break at are rounded
    down to whole pixels by Skia.) Scripts without spaces are broken
    by a dictionary that this measure does not know, unless they are held together all along.
    """
    paragraph = _paragraph(text, look, size_px, BLACK_INK)
    paragraph.layout(1e6)
    by_dictionary = _UNSPACED.search(text) and _WORD_JOINER not in text
    widest_px = 0.0 if by_dictionary else float(paragraph.MinIntrinsicWidth)
    if "-" in text and widest_px:
        # Of a last word Skia knows the hyphens only when a space follows.
        spaced = _paragraph(f"{text} ", look, size_px, BLACK_INK)
        spaced.layout(1e6)
        widest_px = float(spaced.MinIntrinsicWidth)
    return paragraph, max(1.0, float(paragraph.Height)), widest_px


def _ink_height(text: str, look: TextLook, size_px: float, lines: tuple[int, float]) -> float:
    """Height of the ink of `lines` (how many, their height)."""
    top, bottom = ink_extent(text, look.stack, look.weight)
    return size_px * (top + bottom) + (lines[0] - 1) * lines[1]


def _paragraph(text: str, look: TextLook, size_px: float, argb: int) -> Any:
    layout = skia.textlayout
    style = layout.ParagraphStyle()
    style.setTextAlign(_alignment(look))
    text_style = layout.TextStyle()
    text_style.setFontFamilies(look.stack.names)
    text_style.setFontSize(size_px)
    text_style.setFontStyle(_font_style(look.weight))
    text_style.setColor(argb)
    text_style.setHeight(look.leading)
    text_style.setHeightOverride(True)
    text_style.setLetterSpacing(look.tracking * size_px)
    text_style.setLocale(look.locale)
    if look.struck:
        text_style.setDecoration(layout.TextDecoration.kLineThrough)
    builder = layout.ParagraphBuilder.make(style, font_collection(look.stack), _unicode())
    builder.pushStyle(text_style)
    builder.addText(text)
    return builder.Build()


def _alignment(look: TextLook) -> Any:
    align = skia.textlayout.TextAlign
    if look.align == "centre":
        return align.kCenter
    return align.kRight if (look.align == "start") == look.rtl else align.kLeft


@cache
def _font_style(weight: int) -> Any:
    return skia.FontStyle(weight, skia.FontStyle.kNormal_Width, skia.FontStyle.kUpright_Slant)


@cache
def _unicode() -> Any:
    return skia.Unicodes.ICU.Make()
