from __future__ import annotations

import pytest

from handbill.rendering.typography.breaking import (
    breakable,
    by_clause,
    by_space,
    directed,
    is_rtl,
    kept_whole,
    upper,
)

JOINER = "\u2060"
BREAK = "\u200b"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Save 20 % now", "Save 20\u00a0% now"),
        ("Only € 5 today", "Only €\u00a05 today"),
        ("Fresh apples every day 🍎", "Fresh apples every day\u00a0🍎"),
        ("Come and taste it", "Come and taste\u00a0it"),
    ],
)
def test_pairs_that_belong_together_are_bound(text: str, bound: str) -> None:
    assert breakable(text, "en") == bound


def test_japanese_breaks_between_phrases_alone() -> None:
    marked = breakable("朝の一杯で、からだの中からきれいに", "ja")
    phrases = [phrase.replace(JOINER, "") for phrase in marked.split(BREAK)]
    assert "からだの" in phrases
    assert "".join(phrases) == "朝の一杯で、からだの中からきれいに"
    assert all(len(phrase) > 1 for phrase in phrases)


def test_korean_words_stay_whole() -> None:
    assert breakable("신선한 사과", "ko") == f"신{JOINER}선{JOINER}한 사{JOINER}과"


def test_clauses_break_after_punctuation_alone() -> None:
    marked = by_clause("清晨现榨，每一口都是苹果", "zh-CN")
    assert [part.replace(JOINER, "") for part in marked.split(BREAK)] == [
        "清晨现榨，",
        "每一口都是苹果",
    ]
    assert by_clause("清晨现榨每一口都是苹果", "zh-CN") == ""
    assert by_clause("One, two", "en") == ""


def test_arabic_is_isolated_from_right_to_left() -> None:
    assert is_rtl("ar-AE")
    assert directed("تفاح", "ar") == "\u2067تفاح\u2069"
    assert directed("apple", "en") == "apple"


def test_capitals_follow_the_language() -> None:
    assert upper("istanbul", "tr") == "İSTANBUL"
    assert upper("Straße", "de") == "STRAẞE"
    assert upper("清晨", "zh-CN") == "清晨"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("还在喝上周的果汁吗？", "上周的"),
        ("截至5月31日", "5月31日"),
        ("想让客厅在2026年5月3日前焕然一新吗？", "2026年5月3日"),
        ("城市通勤双肩包？", "双肩包？"),
    ],
)
def test_chinese_phrases_and_dates_stay_in_one_piece(text: str, whole: str) -> None:
    plain = breakable(text, "zh-CN").replace("\u2060", "")
    assert whole in plain


@pytest.mark.parametrize(
    ("text", "names", "whole"),
    [
        ("The Lacuna drop, by hand", ("Lacuna Drop",), "The Lacuna\u00a0drop, by hand"),
        ("Recycled 18-carat gold", (), f"Recycled 18-{JOINER}carat gold"),
        ("Open 24 hours from 3. May", (), "Open 24\u00a0hours from 3.\u00a0May"),
        ("يدوم 24 ساعة", (), "يدوم 24\u00a0ساعة"),
        ("GALA 42", ("GAL 42",), "GALA 42"),
    ],
)
def test_names_and_numbers_stay_with_what_they_name(
    text: str, names: tuple[str, ...], whole: str
) -> None:
    assert kept_whole(text, names) == whole


def test_no_break_falls_into_a_name_or_a_latin_word_of_chinese() -> None:
    text, name = "戴上云雀静音耳机Pro，世界只剩音乐", "云雀静音耳机Pro"
    for marked in (breakable(kept_whole(text, (name,)), "zh-CN"), by_clause(text, "zh-CN")):
        assert name in marked.replace(JOINER, "")
    torn = breakable(text, "zh-CN").replace(JOINER, "").split(BREAK)
    assert any("Pro" in phrase for phrase in torn)
    assert not any(phrase.startswith("，") for phrase in torn)


def test_dates_of_han_numerals_and_korean_numbers_stay_whole() -> None:
    marked = breakable("十二月二十四日まで、送料無料", "ja").replace(JOINER, "")
    assert marked.split(BREAK)[0] == "十二月二十四日まで、"
    assert breakable("30일까지", "ko") == f"30{JOINER}일{JOINER}까{JOINER}지"


def test_thai_can_be_held_to_its_spaces_without_tearing_its_letters() -> None:
    held = by_space("ใบไม้ ชุ่มชื้น")
    assert held.replace(JOINER, "") == "ใบไม้ ชุ่มชื้น"
    assert held.split(JOINER) == ["ใบ", "ไม้ ชุ่", "ม", "ชื้", "น"]
    assert by_space("ชุ่มชื้น") == by_space("two words") == ""
