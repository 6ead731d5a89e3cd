"""Words as sprites: whole blocks, and blocks taken apart into lines and words that move."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

from handbill.domain.brandkit import BrandKit, Typeface
from handbill.rendering.canvases import Pixels, blank, canvas_over
from handbill.rendering.films.captions import joined, words_of
from handbill.rendering.films.planes import Plane
from handbill.rendering.typography.breaking import upper
from handbill.rendering.typography.font_stacks import font_stack, ink_extent
from handbill.rendering.typography.paragraphs import (
    TextBlock,
    TextLook,
    broken_lines,
    divided_text,
    fit_text,
    text_width,
    truncate_text,
)

_WIDE_SCRIPTS = ("zh", "ja", "ko")
# Words of more letters may be divided where everything else can then be this much larger.
# What comes phrase by phrase must not be torn: type may become this small for it.
_PHRASES_WORTH = 0.55
_LEAST_PHRASE = 1.4  # em; shorter ones come together with the next
_LONG_WORD, _DIVIDING_WORTH = 13, 1.3
_FIGURED = ("price", "old_price", "seal")
_HANGING = 0.08  # em below the baseline
_JOINED_SCRIPTS = ("ar", "fa", "ur", "he", "hi", "th")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """How one look is set: type, and sizes as shares of the canvas's shorter side."""

    heading: bool
    weight: int
    leading: float
    smallest: float
    largest: float
    tracking: float = 0.0
    capitals: bool = False


LOOKS = {
    "mark": Lettering(heading=True, weight=800, leading=0.62, smallest=0.2, largest=0.6),
    "wordmark": Lettering(heading=True, weight=700, leading=1.1, smallest=0.034, largest=0.086),
    "giant": Lettering(heading=True, weight=800, leading=1.02, smallest=0.05, largest=0.26),
    "price": Lettering(heading=True, weight=800, leading=1.02, smallest=0.05, largest=0.36),
    "old_price": Lettering(heading=False, weight=600, leading=1.22, smallest=0.03, largest=0.1),
    "seal": Lettering(heading=True, weight=800, leading=1.0, smallest=0.036, largest=0.2),
    "title": Lettering(heading=True, weight=700, leading=1.1, smallest=0.042, largest=0.15),
    "sentence": Lettering(heading=False, weight=500, leading=1.28, smallest=0.034, largest=0.062),
    "item": Lettering(heading=False, weight=600, leading=1.22, smallest=0.036, largest=0.088),
    "button": Lettering(heading=True, weight=700, leading=1.15, smallest=0.034, largest=0.075),
    "label": Lettering(
        heading=False,
        weight=700,
        leading=1.2,
        smallest=0.024,
        largest=0.042,
        tracking=0.09,
        capitals=True,
    ),
    "small": Lettering(heading=False, weight=500, leading=1.25, smallest=0.023, largest=0.032),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a drawn block: its pixels and where its corner lies in the block."""

    pixels: Pixels
    left: int
    top: int


def text_look(kit: BrandKit, locale: str, name: str, align: str) -> TextLook:
    """The brand's type for the look `name` in `locale`."""
    look = LOOKS[name]
    face: Typeface = kit.heading if look.heading else kit.body
    if name in _FIGURED and _has_old_figures(face, locale, look.weight):
        face = kit.body
    language = locale.split("-", maxsplit=1)[0]
    spaced = language not in _JOINED_SCRIPTS and language not in _WIDE_SCRIPTS
    return TextLook(
        stack=font_stack(face, locale),
        locale=locale,
        weight=max(look.weight, face.weight) if look.heading else look.weight,
        leading=look.leading + (0.14 if language in (*_WIDE_SCRIPTS, *_JOINED_SCRIPTS) else 0.0),
        tracking=look.tracking if spaced else 0.0,
        align=align,
    )


def _has_old_figures(face: Typeface, locale: str, weight: int) -> bool:
    """Whether the figures of `face` hang below the line, as in running text: not for prices."""
    return ink_extent("3457", font_stack(face, locale), weight)[1] > _HANGING


def letter(
    text: str,
    look: TextLook,
    name: str,
    box_px: tuple[float, float],
    side_px: int,
    most_lines: int,
) -> TextBlock:
    """`text` in the largest size of the look that fits; shortened when not even the least does."""
    rule = LOOKS[name]
    shown = upper(text, look.locale) if rule.capitals else text
    sizes_px = (rule.smallest * side_px, rule.largest * side_px)
    fitted = fit_text(shown, look, box_px, sizes_px, most_lines, _PHRASES_WORTH)
    least_px = _DIVIDING_WORTH * fitted.size_px if fitted else sizes_px[0]
    divided = _divided(shown, look, box_px, (least_px, sizes_px[1]), most_lines)
    return divided or fitted or truncate_text(shown, look, sizes_px[0], box_px)


def _divided(
    text: str,
    look: TextLook,
    box_px: tuple[float, float],
    sizes_px: tuple[float, float],
    most_lines: int,
) -> TextBlock | None:
    """`text` with its longest words divided, where that lets it be clearly larger; else None."""
    if max(map(len, text.split()), default=0) <= _LONG_WORD:
        return None
    size_px = sizes_px[1]
    while size_px >= sizes_px[0]:
        divided = divided_text(text, look, size_px, box_px[0])
        if divided != text:
            fitted = fit_text(divided, look, box_px, (size_px, size_px), most_lines)
            if fitted is not None:
                return fitted
        size_px *= 0.92
    return None


def draw_block(block: TextBlock, argb: int) -> tuple[Pixels, int]:
    """The block's pixels with a small margin, and how wide that margin is."""
    margin = max(4, round(block.size_px * 0.16)) // 2 * 2
    width = int(block.width_px) + 2 * margin + 2
    height = int(block.height_px) + 2 * margin + 2
    pixels = blank(width // 2 * 2, height // 2 * 2)
    block.draw(canvas_over(pixels), margin, margin, argb)
    return pixels, margin


def take_apart(block: TextBlock, pixels: Pixels, margin: int) -> list[Piece]:
    """The drawn words in reading order, as pieces that together make the whole block.

    Words are found by the gaps between their ink, which works for every script; Chinese and
    Japanese, which have none, come apart into phrases.
    """
    pieces: list[Piece] = []
    phrased = _phrase_columns(block, pixels.shape[1], margin)
    for row, (top, line) in enumerate(_lines_apart(pixels, _line_rows(block, margin, pixels))):
        columns = phrased[row] if phrased else _word_columns(line[:, :, 3], block)
        ordered = reversed(columns) if block.look.rtl else iter(columns)
        pieces += [
            Piece(pixels=np.ascontiguousarray(line[:, left:right]), left=left, top=top)
            for left, right in ordered
        ]
    return pieces


def _lines_apart(pixels: Pixels, rows: list[tuple[int, int]]) -> list[tuple[int, Pixels]]:
    """Each line's own letters, whole, with the row where they begin.

    Lines are set so tight that tails reach between the heads of the next line: every patch of ink
    goes to the line in which its middle lies.
    """
    inked = (pixels[:, :, 3] > 0).astype(np.uint8)
    _, patches, told, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    middles = told[:, cv2.CC_STAT_TOP] + told[:, cv2.CC_STAT_HEIGHT] / 2
    line_of = np.searchsorted([top for top, _ in rows[1:]], middles, side="right")
    line_of[0] = -1  # what has no ink
    owner = line_of[patches]
    lines = []
    for number, band in enumerate(rows):
        mine = owner == number
        used = np.flatnonzero(mine.any(axis=1))
        first, last = (int(used[0]), int(used[-1])) if used.size else (band[0], band[0] + 1)
        part = slice(first // 2 * 2, (last + 2) // 2 * 2)
        lines.append((part.start, pixels[part] * mine[part][:, :, None]))
    return lines


def _phrase_columns(block: TextBlock, width_px: int, margin: int) -> list[list[tuple[int, int]]]:
    """Columns of each phrase, line by line; empty where that cannot be told."""
    look, size_px = block.look, block.size_px
    if look.locale.split("-", maxsplit=1)[0] not in _WIDE_SCRIPTS:
        return []
    lines = broken_lines(block)
    columns = []
    for line in lines:
        words, told = words_of(line), 0.0
        free = block.width_px - text_width(line, look, size_px) if look.align == "centre" else 0.0
        cuts = [0]
        for place in range(1, len(words)):
            wide = text_width(joined(words[:place]), look, size_px)
            if wide - told >= _LEAST_PHRASE * size_px:
                cuts.append(round((margin + free / 2 + wide) / 2) * 2)
                told = wide
        columns.append(list(itertools.pairwise([*cuts, width_px])))
    return columns


def take_letters(pixels: Pixels) -> list[Piece]:
    """A drawn line letter by letter, as far as there are gaps between them; cut on even pixels."""
    inked = np.flatnonzero(pixels[:, :, 3].max(axis=0) > 0)
    gaps = np.flatnonzero(np.diff(inked) > 2)
    inner = [int(inked[gap] + inked[gap + 1]) // 4 * 2 for gap in gaps]
    edges = itertools.pairwise([0, *inner, pixels.shape[1]])
    return [
        Piece(pixels=np.ascontiguousarray(pixels[:, left:right]), left=left, top=0)
        for left, right in edges
    ]


def _line_rows(block: TextBlock, margin: int, pixels: Pixels) -> list[tuple[int, int]]:
    """About where each line lies, from the top to the bottom of the drawing."""
    line_px = round(block.size_px * block.look.leading)
    above_px = margin - 0.06 * block.size_px
    inner = [round(above_px + index * line_px) for index in range(1, block.lines)]
    return list(itertools.pairwise([0, *inner, pixels.shape[0]]))


def _word_columns(alpha: Plane, block: TextBlock) -> list[tuple[int, int]]:
    """Columns of each word of a line: cut in the middle of gaps, on even pixels."""
    inked = np.flatnonzero(alpha.max(axis=0) > 12)
    if inked.size == 0:
        return []
    wide = block.look.locale.split("-", maxsplit=1)[0] in _WIDE_SCRIPTS
    gap_px = (0.03 if wide else 0.15) * block.size_px
    least_px = (_LEAST_PHRASE if wide else 0.8) * block.size_px
    cuts = [0]
    breaks = np.flatnonzero(np.diff(inked) > gap_px)
    for place in breaks:
        cut = int(inked[place] + inked[place + 1]) // 4 * 2
        if cut - cuts[-1] >= least_px and inked[-1] - cut >= 0.6 * least_px:
            cuts.append(cut)
    cuts.append(alpha.shape[1])
    return list(itertools.pairwise(cuts))
