from __future__ import annotations

import pytest

from handbill.channels import load_catalogue
from handbill.channels.units import UNITS, count, is_gsm7, sms_segments
from handbill.errors import ChannelError


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("Hello, world! 👋", "x_weighted", 16),
        ("新品上市 https://example.com/very/long/path?x=1", "x_weighted", 32),
        ("cafe\u0301", "x_weighted", 4),
        ("👨‍👩‍👧‍👦", "x_weighted", 2),
        ("🇩🇪", "x_weighted", 2),
        ("© 2026", "x_weighted", 6),
        ("see example.com", "x_weighted", 27),
        ("version 1.5.co", "x_weighted", 8 + 23),
        ("me@example.com", "x_weighted", 14),
        ("OOTD穿搭分享", "xhs_half", 6),
        ("😀", "xhs_half", 2),
        ("今天好开心😀", "xhs_half", 7),
        ("abc", "xhs_half", 2),
        ("夏のセール 50%オフ", "google_width", 18),
        ("夏のセール 50%オフ", "codepoints", 11),
        ("a" * 159 + "€", "gsm7_septets", 161),
        ("a" * 160, "gsm7_septets", 160),
        ("字" * 70, "gsm7_septets", 160),
        ("字" * 71, "gsm7_septets", 163),
        ("字" * 134, "gsm7_septets", 306),
        ("字" * 135, "gsm7_septets", 309),
        ("👨‍👩‍👧‍👦", "threads_mixed", 25),
        ("hi 👋", "threads_mixed", 7),
        ("👋", "utf16", 2),
        ("价格", "utf8_bytes", 6),
        ("👨‍👩‍👧‍👦 家族 café", "graphemes", 9),
        ("👨‍👩‍👧‍👦 家族 café", "codepoints", 15),
        ("red tea, oolong", "youtube_tags", 9 + 6 + 1),
        ("Tea 茶", "cjk_double", 6),
        ("茶" * 30, "cjk_double_60", 30),
        ("abc", "cjk_double_60", 2),
        ("👋", "chars_unspecified", 2),
        ("a b", "chars_with_spaces", 3),
        ("x", "n/a", 1),
    ],
)
def test_counts_as_the_platform_does(text: str, unit: str, length: int) -> None:
    assert count(text, unit) == length


def test_every_unit_counts_nothing_as_zero() -> None:
    assert {unit: count("", unit) for unit in UNITS} == dict.fromkeys(UNITS, 0)


def test_every_unit_of_the_catalogue_is_known() -> None:
    catalogue = load_catalogue(())
    used = {
        rule.unit for name in catalogue.ids for rule in catalogue.described(name).texts.values()
    }
    assert used <= set(UNITS)
    assert len(used) > 10


def test_an_unknown_unit_names_the_known_ones() -> None:
    with pytest.raises(ChannelError, match=r"'furlongs'.*\n.*x_weighted"):
        count("x", "furlongs")


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 159 + "€", 2),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("one – dash", 1),
    ],
)
def test_sms_segments(text: str, segments: int) -> None:
    assert sms_segments(text) == segments


def test_one_dash_leaves_the_seven_bit_alphabet() -> None:
    assert is_gsm7("Tea - 20% off {today}")
    assert not is_gsm7("Tea – 20% off")
