"""Dates as people type them, with those that can be read two ways told apart."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jän jänner enero ene janvier janv gennaio janeiro januari января",
            "february feb februar febrero février févr febbraio fevereiro februari февраля",
            "march mar märz mär mrz marzo mars março maart марта",
            "april apr abril abr avril aprile апреля",
            "may mai mayo maggio maio mei мая",
            "june jun juni junio juin giugno junho июня",
            "july jul juli julio juillet juil luglio julho июля",
            "august aug agosto ago août augustus августа",
            "september sep sept septiembre setiembre septembre settembre setembro сентября",
            "october oct oktober okt octubre octobre ottobre outubro октября",
            "november nov noviembre novembre novembro ноября",
            "december dec dezember dez diciembre dic décembre déc dicembre dezembro декабря",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME = re.compile(
    r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[ap]m|[+-]\d{2}:?\d{2})?$", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"^(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[-/.月월]\s*(\d{1,2})\s*[日일]?$")
_COMPACT = re.compile(r"^(20\d{2})(\d{2})(\d{2})$")
_YEAR_LAST = re.compile(r"^(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})$")
_WORDS = re.compile(r"[\s.,/-]+")
_MONTH_FIRST = frozenset({"en", "en-US", "en-PH", "es-US"})
_CENTURY = 2000
_LONGEST = 200
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Day:
    """A date as read; `other` is the second reading of an ambiguous one."""

    day: date
    other: date | None = None


class NotADay(ValueError):
    """The text is no date; its message says why."""


def parse_day(text: str, language: str = "") -> Day:
    """Read one date; a time of day after it is left out.

    ``4/5/2026`` is read month first in American and unmarked English, day first elsewhere. The
    other reading is given as well unless the language leaves no doubt: a region does
    (``en-GB``), and so does any language but English.

    Raises:
        NotADay: it is no date of the calendar.
    """
    if len(text) > _LONGEST:
        reason = "it is longer than any date"
        raise NotADay(reason)
    plain = _TIME.sub("", unicodedata.normalize("NFKC", text).strip())
    if match := _YEAR_FIRST.match(plain) or _COMPACT.match(plain):
        year, month, day = map(int, match.groups())
        return Day(_date(year, month, day))
    if match := _YEAR_LAST.match(plain):
        return _year_last(int(match[1]), int(match[3]), match[4], match[2], language)
    return Day(_with_month_name(plain))


def _year_last(first: int, second: int, year_text: str, mark: str, language: str) -> Day:
    year = int(year_text) + (_CENTURY if len(year_text) == 2 else 0)  # noqa: PLR2004 - 26 means 2026
    if mark == ".":
        return Day(_date(year, second, first))
    month_first = language in _MONTH_FIRST or not language
    month, day = (first, second) if month_first else (second, first)
    if month > _MONTHS_A_YEAR:
        return Day(_date(year, day, month))
    sure = day > _MONTHS_A_YEAR or day == month or (language not in {"", "en"})
    return Day(_date(year, month, day), None if sure else _date(year, day, month))


def _with_month_name(plain: str) -> date:
    words = [
        word for word in _WORDS.split(plain.casefold()) if word not in {"", "de", "of", "del"}
    ]
    words = [re.sub(r"^(\d{1,2})(st|nd|rd|th|º|er)$", r"\1", word) for word in words]
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    numbers = [int(word) for word in words if word.isdecimal()]
    if len(months) != 1 or len(numbers) != 2 or len(words) != 3:  # noqa: PLR2004 - day, month, year
        reason = "it is not a date"
        raise NotADay(reason)
    day, year = numbers if numbers[0] < numbers[1] or numbers[0] < _CENTURY else numbers[::-1]
    # 31-May-26, as Excel writes it.
    return _date(year + (_CENTURY if year < 100 else 0), months[0], day)  # noqa: PLR2004 - 26 means 2026


def _date(year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        reason = "there is no such day"
        raise NotADay(reason) from None
    if not _CENTURY <= found.year < _CENTURY + 100:
        reason = "its year is not in this century"
        raise NotADay(reason)
    return found
