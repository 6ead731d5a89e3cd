from __future__ import annotations

from datetime import date

import pytest

from handbill.sheets.days import NotADay, parse_day


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("2026-05-31", "en", date(2026, 5, 31)),
        ("2026/5/31", "en", date(2026, 5, 31)),
        ("2026年5月31日", "zh-CN", date(2026, 5, 31)),
        ("20260531", "en", date(2026, 5, 31)),
        ("31.5.2026", "de", date(2026, 5, 31)),
        ("4.5.2026", "en", date(2026, 5, 4)),
        ("31/5/2026", "en", date(2026, 5, 31)),
        ("5/31/2026", "de", date(2026, 5, 31)),
        ("4/5/2026", "en-US", date(2026, 4, 5)),
        ("4/5/2026", "en-GB", date(2026, 5, 4)),
        ("4/5/2026", "es", date(2026, 5, 4)),
        ("4/5/26", "de", date(2026, 5, 4)),
        ("31 May 2026", "en", date(2026, 5, 31)),
        ("May 31, 2026", "en", date(2026, 5, 31)),
        ("1st of May 2026", "en", date(2026, 5, 1)),
        ("31. März 2026", "de", date(2026, 3, 31)),
        ("31 de mayo de 2026", "es", date(2026, 5, 31)),
        ("2026-05-31 00:00:00", "en", date(2026, 5, 31)),
        ("2026-05-31T10:00+0200", "en", date(2026, 5, 31)),
        ("２０２６-０５-３１", "ja", date(2026, 5, 31)),
        ("31-May-26", "en", date(2026, 5, 31)),
        ("26-May-31", "en", date(2031, 5, 26)),
        ("31 мая 2026", "ru", date(2026, 5, 31)),
        ("2026년 5월 31일", "ko", date(2026, 5, 31)),
    ],
)
def test_a_date_is_read_as_its_writer_meant_it(text: str, language: str, day: date) -> None:
    found = parse_day(text, language)
    assert found.day == day
    assert found.other is None


def test_unmarked_english_leaves_a_second_reading() -> None:
    found = parse_day("4/5/2026", "en")
    assert (found.day, found.other) == (date(2026, 4, 5), date(2026, 5, 4))
    assert parse_day("5/5/2026", "en").other is None


@pytest.mark.parametrize(
    "text",
    ["2026-02-30", "31/31/2026", "soon", "", "46117", "2026", "1/2", "99/99/9999", "12:30",
     "2026-13-01", "1850-01-01", "-5"],
)  # fmt: skip
def test_what_is_no_day_of_this_century_is_refused(text: str) -> None:
    with pytest.raises(NotADay):
        parse_day(text, "en")
