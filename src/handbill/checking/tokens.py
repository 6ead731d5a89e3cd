"""Checkable statements in a text: numbers, money, dates, addresses, in any script and width.

A text is read from the most specific statement to the least: what is recognised as an address or
a date is taken out before money is looked for, and so on down to bare numbers and number words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from handbill.channels.units import find_links
from handbill.checking import number_words as words


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """One statement.

    Attributes:
        kind: ``url``, ``email``, ``phone``, ``handle``, ``date``, ``time``, ``percent``,
            ``money``, ``measure`` or ``number``.
        text: as it stands in the (normalised) text.
        readings: what it may mean, each in a comparable form; ``1.299`` has two.
        unit: currency or unit of measure, or empty.
    """

    kind: str
    text: str
    readings: frozenset[str]
    unit: str = ""


_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w@./])@[\w][\w.]{1,29}(?<!\.)")
_NUMBER = r"\d+(?:[.,'’\xa0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_MULTIPLE = r"(?: ?(?P<times>万|亿|千|百(?!分)|k\b|mio\b|million(?:en|es)?\b|billion\b))?"
_PHONE = re.compile(
    r"(?:\+|(?<!\d)00)\d[\d ()./-]{5,}\d"
    r"|(?<![\d.,])\(?0\d{1,5}\)?[ /.-]?\d[\d ./-]{3,}\d(?!\d|[.,]\d)"
    r"|(?<![\d.,])\d{3,4}-\d{3,4}-\d{4}(?!\d)|\(\d{3}\) ?\d{3}[- ]\d{4}"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)"
)
_YEAR = r"(?:19|20)\d\d"
_ISO_DATE = re.compile(rf"(?<!\d)(?P<y>{_YEAR})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}})(?!\d)")
_HAN_DATE = re.compile(
    rf"(?:(?P<y>{_YEAR}) ?[年년] ?)?(?P<m>\d{{1,2}}) ?[月월] ?(?P<d>\d{{1,2}}) ?[日号일]?"
)
_SHORT_DATE = re.compile(
    rf"(?<![\d./,€$£¥-])(?P<a>\d{{1,2}})(?P<mark>[./])(?P<b>\d{{1,2}})"
    rf"(?:(?P=mark)(?P<y>{_YEAR}|\d\d)|(?P<dot>\.))(?!\d)"
)
_FULL_DATE = re.compile(
    rf"(?<![\d./,-])(?P<a>\d{{1,2}})(?P<mark>[./-])(?P<b>\d{{1,2}})(?P=mark)(?P<y>{_YEAR})(?!\d)"
)
_SLASH_DATE = re.compile(r"(?<![\d./-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/])")
_ZHE = re.compile(r"(?P<n>[一二三四五六七八九]{1,2}|\d(?:\.\d)?|\d\d) ?折(?!叠|扣|磨|射|断|返)")
_WARI = re.compile(r"(?P<n>\d(?:\.\d)?|[一二三四五六七八九]) ?割(?:引|引き|オフ)?")
_HALF = re.compile(r"half[ -]price|半价|半額|mitad de precio|halbe[nr]? preis|نصف السعر|\b50/50\b")
_TIME = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-4]):(?P<min>[0-5]\d)(?: ?(?P<ap1>[ap])\.?m\b\.?)?(?![\d:])"
    r"|(?<![\d.,:])(?P<h2>1[0-2]|\d) ?(?P<ap2>[ap])\.?m\b\.?"
    r"|(?<![\d.,:])(?P<h3>[01]?\d|2[0-4]) ?(?:uhr\b|点(?!目|購|で)|時(?!間))"
    r"(?:(?P<m3>[0-5]\d)(?:分)?)?"
)
_BUY_GET = re.compile(r"[买送][一二两三四五六七八九](?=送|$|[^\w]|[一-鿿])")
_RANKED = re.compile(r"(?:\bno\.? ?|#|nr\.? ?|n\.º ?|第)(\d+)(?!\w)")
_KEYCAP = re.compile(r"[\d#*]\ufe0f?\u20e3|[①-⑳❶-❿➊-➓]")
_COUNTDOWN = re.compile(
    r"(?i)\b(?:3|three|drei|tres)\W{1,4}(?:2|two|zwei|dos)\W{1,4}(?:1|one|eins|uno)\b"
)
# "evil[.]com", "evil dot com", "evil。com": addresses that were hidden from readers of addresses.
_HIDDEN_DOT = re.compile(
    r"(?<=[a-z0-9])(?: ?[\[(]\.[\])] ?| ?[\[(]dot[\])] ?| dot |。|｡)"
    r"(?=(?:com|net|org|io|co|shop|store|app|xyz|ru|cn|de|example)\b)"
)
_LISTED = re.compile(r"(?m)^[ \t]*(\d{1,2})[.)、](?=[ \t]|[^\d\s])")


@lru_cache(maxsize=4096)
def tokens_in(text: str, language: str = "") -> tuple[Token, ...]:
    """Every statement in `text`, sorted.

    Args:
        text: any text.
        language: its language for number words, or empty to read those of every language.
    """
    reader = _Reader(_plain(text), language)
    reader.take_addresses()
    reader.take_dates()
    reader.take_amounts()
    reader.take_numbers()
    return tuple(sorted(set(reader.found), key=lambda token: (token.kind, token.text)))


def _plain(text: str) -> str:
    """Compatibility forms, ASCII digits, small letters; list numbers and keycaps are no facts."""
    text = _COUNTDOWN.sub(" ", _KEYCAP.sub(" ", text))
    text = re.sub(r"[\u200e\u200f\u061c\u2066-\u2069]", "", text)
    text = _HIDDEN_DOT.sub(".", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)
    return _without_list_numbers(text.replace("٫", ".").replace("٬", ","))


def _without_list_numbers(text: str) -> str:
    numbers = [int(match.group(1)) for match in _LISTED.finditer(text)]
    return _LISTED.sub(" ", text) if numbers == list(range(1, len(numbers) + 1)) else text


class _Reader:
    """Takes statements out of a text one kind after the other."""

    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._language = language
        self.found: list[Token] = []

    def take_addresses(self) -> None:
        """E-mails, links, handles and phones."""
        self._take(_EMAIL, lambda match: ("email", {match.group().strip(".")}, ""))
        for link in reversed(find_links(self._text)):
            written = self._text[link.start : link.end].rstrip(".,;:!?)”’»\"'")
            self._cut("url", written, {address(written)}, link.start, link.start + len(written))
        self._take(_HANDLE, lambda match: ("handle", {match.group().lstrip("@")}, ""))
        # Dates with a year in front look like phones.
        self._take(_ISO_DATE, _dated)
        self._take(_FULL_DATE, _short_day)
        self._take(_PHONE, lambda match: ("phone", {re.sub(r"\D", "", match.group())}, ""))

    def take_dates(self) -> None:
        """Days, with month names or in figures."""
        self._take(_HAN_DATE, _dated)
        self._take(words.named_date(), _named_day)
        self._take(_SHORT_DATE, _short_day)

    def take_amounts(self) -> None:
        """Percentages, money, times and measures."""
        self._take(_percents(self._language), _percent)
        self._take(_ZHE, lambda match: ("percent", _zhe(match["n"]), ""))
        self._take(_WARI, lambda match: ("percent", {_form(words.value(match["n"]) * 10)}, ""))
        self._take(_HALF, lambda _: ("percent", {"50"}, ""))
        self._take(words.money(_NUMBER), _money)
        self._take(_TIME, _time)
        self._take(_SLASH_DATE, _slashed)
        self._take(words.measure(_NUMBER, self._language), _measure)

    def take_numbers(self) -> None:
        """Ranks, bare numbers, and number words."""
        self._take(_BUY_GET, lambda match: ("number", {_form(words.value(match[0][1]))}, ""))
        self._take(_RANKED, lambda match: ("number", {match.group(1)}, ""))
        self._take(_bare(), _number)
        self._take(words.spelled(self._language), _spelled)

    def _take(self, pattern: re.Pattern[str], read: words.Read) -> None:
        for match in reversed(list(pattern.finditer(self._text))):
            if result := read(match):
                kind, readings, unit = result
                self._cut(kind, match.group().strip(), readings, *match.span(), unit=unit)

    def _cut(
        self, kind: str, text: str, readings: set[str], start: int, end: int, *, unit: str = ""
    ) -> None:
        self.found.append(Token(kind, text, frozenset(readings), unit))
        self._text = f"{self._text[:start]} \x00 {self._text[end:]}"


def address(url: str) -> str:
    """A link in comparable form: no scheme, no ``www.``, no closing slash, small letters."""
    plain = re.sub(r"^(?:https?://|//)", "", url.strip().casefold())
    return plain.removeprefix("www.").rstrip("/")


def numeric_readings(typed: str) -> set[str]:
    """What a written number may mean: separators may be decimal or group thousands."""
    plain = re.sub(r"['’\xa0\u202f ]", "", typed)
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return {_form(Decimal(plain))}
    last = max(plain.rfind("."), plain.rfind(","))
    whole, part = re.sub(r"[.,]", "", plain[:last]), plain[last + 1 :]
    joined, split = _form(Decimal(whole + part)), _form(Decimal(f"{whole}.{part}"))
    if len(set(marks)) == 1 and len(marks) > 1:
        return {joined}
    return {joined, split} if len(part) == len("000") and len(marks) == 1 else {split}


def _form(number: Decimal | int) -> str:
    return f"{Decimal(number).normalize():f}"


@lru_cache(maxsize=64)
def _percents(language: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<n>{_NUMBER}) ?(?:[%٪‰]|percent\b|per cent\b|prozent\b|por ciento\b|パーセント|"
        r"بالمئة|في المئة|个百分点)|百分之(?P<h>[\d.]+|[〇零一二两三四五六七八九十百点]+)"
        rf"|(?<!\w)(?P<w>{words.compound(language)})"
        r"(?= (?:percent|per cent|prozent|por ciento)\b)"
    )


@lru_cache(maxsize=1)
def _bare() -> re.Pattern[str]:
    return re.compile(rf"(?P<n>{_NUMBER}){_MULTIPLE}")


def _dated(match: re.Match[str]) -> words.Reading:
    year = match["y"] or ""
    return "date", _days(int(match["m"]), int(match["d"])), year


def _named_day(match: re.Match[str]) -> words.Reading:
    groups = match.groupdict()
    day = groups["d1"] or groups["d2"]
    month = words.month(groups["m1"] or groups["m2"])
    year = groups["y1"] or groups["y2"] or ""
    return "date", _days(month, int(day)), year


def _short_day(match: re.Match[str]) -> words.Reading | None:
    one, two, year = int(match["a"]), int(match["b"]), match["y"] or ""
    year = f"20{year}" if len(year) == len("26") else year
    readings = _days(two, one) | _days(one, two)
    return ("date", readings, year) if readings else None


def _slashed(match: re.Match[str]) -> words.Reading | None:
    one, two = int(match["a"]), int(match["b"])
    readings = _days(two, one) | _days(one, two)
    return ("date", readings, "") if readings else None


def _days(month: int, day: int) -> set[str]:
    if not (1 <= month <= 12 and 1 <= day <= 31):  # noqa: PLR2004 - the calendar
        return set()
    return {f"{month:02d}-{day:02d}"}


def _percent(match: re.Match[str]) -> words.Reading:
    if han := match["h"]:
        return "percent", {_form(words.value(han))}, ""
    if spelled := match["w"]:
        return "percent", {_form(words.value(spelled))}, ""
    return "percent", numeric_readings(match["n"]), ""


def _zhe(typed: str) -> set[str]:
    """Percent taken off, and the tenths that are paid."""
    if not typed[0].isdigit():
        typed = "".join(_form(words.value(letter)) for letter in typed)
    number = Decimal(typed)
    tenths = number if "." in typed or number < 10 else number / 10  # noqa: PLR2004 - 八五折 is 8.5
    return {_form(100 - tenths * 10)}


def _money(match: re.Match[str]) -> words.Reading | None:
    groups = match.groupdict()
    sign = groups["before"] or groups["after"]
    number = groups["n1"] or groups["n2"]
    times = words.multiple(groups.get("times") or "")
    cents = Decimal(groups["cents"] or 0) / 100
    readings = {_form(Decimal(each) * times + cents) for each in numeric_readings(number)}
    return "money", readings, words.currency(sign)


def _time(match: re.Match[str]) -> words.Reading:
    hour = int(match["h"] or match["h2"] or match["h3"])
    minute = int(match["min"] or match["m3"] or 0)
    half = match["ap1"] or match["ap2"]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return "time", {f"{hour:02d}:{minute:02d}"}, ""


def _measure(match: re.Match[str]) -> words.Reading | None:
    number, unit = match["n"], words.unit(match["u"])
    if number[0].isdigit():
        return "measure", numeric_readings(number), unit
    value = words.value(number)
    if value == 1 and unit not in words.SPANS_OF_ONE:
        return None
    return "measure", {_form(value)}, unit


def _number(match: re.Match[str]) -> words.Reading:
    times = words.multiple(match["times"] or "")
    readings = {_form(Decimal(each) * times) for each in numeric_readings(match["n"])}
    return "number", readings, ""


def _spelled(match: re.Match[str]) -> words.Reading | None:
    number = words.value(match.group("w"))
    return ("number", {_form(number)}, "") if number else None
