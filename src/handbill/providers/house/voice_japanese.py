"""Japanese as the house voice reads it: kanji and figures become kana.

espeak-ng knows kana alone and spells kanji out as "Chinese letter". Readings come from SudachiPy
(Apache-2.0), which is an extra because of the size of its dictionary.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from handbill.errors import CapabilityMissing

_DIGITS = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")
_HUNDREDS = {3: "サンビャク", 6: "ロッピャク", 8: "ハッピャク"}
_THOUSANDS = {3: "サンゼン", 8: "ハッセン"}
_MONTHS = {4: "シガツ", 7: "シチガツ", 9: "クガツ"}
_DAYS = {
    1: "ツイタチ",
    2: "フツカ",
    3: "ミッカ",
    4: "ヨッカ",
    5: "イツカ",
    6: "ムイカ",
    7: "ナノカ",
    8: "ヨウカ",
    9: "ココノカ",
    10: "トオカ",
    14: "ジュウヨッカ",
    20: "ハツカ",
    24: "ニジュウヨッカ",
}
_PARTICLES = {"は": "ワ", "へ": "エ", "を": "オ", "には": "ニワ", "では": "デワ"}
_DATE_PART = re.compile(r"(\d{1,2})([月日])")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SIGNS = {"%": "パーセント", "％": "パーセント", "¥": "エン", "￥": "エン", "円": "エン"}
_YEN_FIRST = re.compile(r"[¥￥]\s?([\d,]+)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def kana_of(text: str) -> str:
    """`text` in kana, with figures, dates and prices as they are said.

    Raises:
        CapabilityMissing: the extra ``japanese`` is not installed.
    """
    plain = _YEN_FIRST.sub(r"\1円", text.translate(_FULL_WIDTH))
    plain = re.sub(r"(?<=\d),(?=\d)", "", plain)
    said = _FIGURE.sub(lambda found: _figure(found.group()), _DATE_PART.sub(_date_part, plain))
    for sign, word in _SIGNS.items():
        said = said.replace(sign, word)
    return "".join(_reading(token) for token in _tokens(said))


def _date_part(found: re.Match[str]) -> str:
    number, unit = int(found.group(1)), found.group(2)
    special = (_MONTHS if unit == "月" else _DAYS).get(number)
    return special or _whole(number) + ("ガツ" if unit == "月" else "ニチ")


def _figure(digits: str) -> str:
    whole, _, part = digits.partition(".")
    said = _whole(int(whole)) if len(whole) <= 12 else "".join(_digit(char) for char in whole)
    return said + ("テン" + "".join(_digit(char) for char in part) if part else "")


def _digit(char: str) -> str:
    return _DIGITS[int(char)] or "ゼロ"


def _whole(number: int) -> str:
    """A number from 0 to 9 999 9999 9999 as it is said."""
    if number == 0:
        return "ゼロ"
    said = ""
    for unit, word in ((10**8, "オク"), (10**4, "マン")):
        if number >= unit:
            said += _below_ten_thousand(number // unit) + word
            number %= unit
    return said + _below_ten_thousand(number)


def _below_ten_thousand(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    hundreds, rest = divmod(rest, 100)
    tens, ones = divmod(rest, 10)
    return (
        _times(thousands, "セン", _THOUSANDS)
        + _times(hundreds, "ヒャク", _HUNDREDS)
        + _times(tens, "ジュウ", {})
        + _DIGITS[ones]
    )


def _times(count: int, word: str, special: dict[int, str]) -> str:
    if count == 0:
        return ""
    return special.get(count) or (_DIGITS[count] if count > 1 else "") + word


def _reading(token: Any) -> str:
    surface, kind = str(token.surface()), token.part_of_speech()[0]
    if kind == "助詞":
        return _PARTICLES.get(surface, surface)
    if kind in ("補助記号", "空白"):
        return surface
    reading = str(token.reading_form())
    return reading if re.search(r"[ァ-ヶ]", reading) else surface


def _tokens(text: str) -> list[Any]:
    # One dictionary serves all threads, a tokenizer refuses two at once and costs next to nothing.
    dictionary = _dictionary()
    make = getattr(dictionary, "tokenizer", None) or dictionary.create
    return list(make().tokenize(text))


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    try:
        from sudachipy import Dictionary  # noqa: PLC0415 - an extra, for one language alone
    except ImportError as fault:
        raise CapabilityMissing(
            "the house voice needs the extra 'japanese' to read kanji: "
            "pip install 'handbill[japanese]'",
            provider="house",
        ) from fault
    return Dictionary(dict="small")
