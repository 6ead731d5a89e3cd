from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from handbill.domain.brandkit import Typeface
from handbill.domain.finding import Severity
from handbill.rendering.canvases import blank, canvas_over
from handbill.rendering.colour import BLACK, WHITE
from handbill.rendering.typography.font_stacks import (
    FontStack,
    font_stack,
    glyph_finding,
    missing_glyphs,
)
from handbill.rendering.typography.paragraphs import (
    TextBlock,
    TextLook,
    divided_text,
    fit_text,
    set_text,
    text_width,
    truncate_text,
)

POPPINS = Typeface(family="Poppins", weight=700)


def look(locale: str, **changes: object) -> TextLook:
    leading = 1.08 if locale in {"en", "de"} else 1.3
    made = TextLook(stack=font_stack(POPPINS, locale), locale=locale, weight=700, leading=leading)
    return replace(made, **changes)  # type: ignore[arg-type]


def ink_of(block: TextBlock, margin: int = 40) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the drawn ink, measured from where the block was drawn."""
    width, height = round(block.width_px) + 2 * margin, round(block.height_px) + 2 * margin
    pixels = blank(width, height, WHITE)
    block.draw(canvas_over(pixels), margin, margin, BLACK.argb)
    dark = pixels[:, :, 1] < 200
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return (
        int(columns[0]) - margin,
        int(rows[0]) - margin,
        int(columns[-1]) + 1 - margin,
        int(rows[-1]) + 1 - margin,
    )


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Freshly pressed apples, nothing else for you"),
        ("de", "Äpfel für die Geschwindigkeitsbegrenzung"),
        ("zh-CN", "鲜榨苹果汁，清爽每一天，现在下单立减20%"),
        ("ja", "朝の一杯で、からだの中からきれいになる毎日を"),
    ],
)
def test_ink_lies_in_the_box_that_was_measured(locale: str, text: str) -> None:
    block = fit_text(text, look(locale), (640, 220), (20, 140), 4)
    assert block is not None
    left, top, right, bottom = ink_of(block)
    assert left >= -2
    assert right <= block.width_px + 2
    assert -2 <= top <= 0.09 * block.size_px
    assert block.height_px - 0.09 * block.size_px <= bottom <= block.height_px + 2
    assert block.height_px <= 220.5
    assert block.width_px <= 642


def test_the_size_found_is_nearly_the_largest_that_fits() -> None:
    box, text = (500, 200), "Walk on blue this summer"
    block = fit_text(text, look("en"), box, (10, 300), 5)
    assert block is not None
    assert fit_text(text, look("en"), box, (block.size_px * 1.04,) * 2, 5) is None


def test_words_are_never_broken_to_fit() -> None:
    word = "Donaudampfschifffahrtsgesellschaft"
    block = fit_text(f"Die {word}", look("de"), (600, 900), (8, 200), 9)
    assert block is not None
    alone = set_text(word, look("de"), block.size_px, 1e6)
    assert alone.ink_width_px <= 601


def test_what_cannot_fit_is_none() -> None:
    assert fit_text("Unfittable", look("en"), (40, 40), (60, 90)) is None


def test_lines_are_balanced() -> None:
    even = set_text("Everyday shoes that survive the school run", look("en"), 40, 700)
    assert even.lines == 2
    assert even.width_px < 560


def test_truncation_keeps_whole_words_and_says_so() -> None:
    block = truncate_text("A very long story about juice and boats", look("en"), 40, (400, 90))
    assert block.truncated
    assert block.text.endswith("…")
    assert "stor…" not in block.text


def test_right_to_left_lines_start_at_the_right() -> None:
    block = set_text("تفاح أخضر طازج كل صباح", look("ar"), 40, 360)
    assert block.lines == 2
    assert ink_of(block)[2] >= block.width_px - 6


def test_a_script_without_a_font_is_found_before_drawing() -> None:
    stack = font_stack(POPPINS, "en")
    finding = glyph_finding("Fresh 𒀀 juice", stack, "headline")
    assert finding is not None
    assert finding.code == "font.missing_glyphs"
    assert finding.severity is Severity.BLOCK
    assert "'𒀀'" in finding.message


def test_joiners_and_selectors_need_no_glyph() -> None:
    latin = FontStack(families=font_stack(POPPINS, "en").families[:1])
    assert missing_glyphs("a\u200db\ufe0f\u2060 \n", latin) == ""
    assert missing_glyphs("aあb", latin) == "あ"


def test_long_words_are_divided_at_joints_and_only_where_they_must() -> None:
    narrow, wide = 540.0, 2000.0
    text = "Geschwindigkeitsbegrenzung gilt nicht"
    assert divided_text(text, look("de"), 50, wide) == text
    divided = divided_text(text, look("de"), 50, narrow)
    assert divided == "Geschwindigkeits-begrenzung gilt nicht"
    for piece in re.split(r"(?<=-)| ", divided):
        assert text_width(piece, look("de"), 50) <= narrow


@pytest.mark.parametrize("family", ["Poppins", "Lato", "Raleway", "Ubuntu", "EB Garamond"])
def test_bound_pairs_are_drawn_on_one_line_at_every_width(family: str) -> None:
    stack = font_stack(Typeface(family=family, weight=700), "en")
    badge = TextLook(stack=stack, locale="en", weight=700, leading=1.02, align="centre")
    for width in range(120, 240, 7):
        block = fit_text("−20 %", badge, (width, 105), (12, 86), 3)
        assert block is not None
        assert block.lines == 1


@pytest.mark.parametrize(
    "text", ["朝いちばんの青りんごを、そのまま一本に", "清晨现榨，每一口都是苹果"]
)
def test_no_line_starts_with_a_closing_mark(text: str) -> None:
    locale = "ja" if "の" in text else "zh-CN"
    first = re.split(r"(?<=[、，])", text)[0]
    for width in range(300, 900, 23):
        block = fit_text(text, look(locale), (width + 0.4, 400), (14, 110), 3)
        assert block is not None
        if block.lines == 2:
            alone = set_text(first, look(locale), block.size_px, 1e6)
            assert alone.ink_width_px <= block.width_px + 0.5
