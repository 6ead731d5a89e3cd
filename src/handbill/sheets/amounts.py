"""Prices as people type them: ``1.299,00 €``, ``¥199``, ``199元``, ``$1,299.00``, ``1 299,00``."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from handbill.sheets.column_names import currency_after

# Sign or word → code; None where several currencies share it and the context decides.
_SIGNS: dict[str, str] = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "₩": "KRW", "원": "KRW", "₹": "INR",
    "rs.": "INR", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "₺": "TRY", "tl": "TRY", "₫": "VND",
    "đ": "VND", "฿": "THB", "₪": "ILS", "₴": "UAH", "₱": "PHP", "₦": "NGN", "zł": "PLN",
    "kč": "CZK", "ft": "HUF", "lei": "RON", "лв": "BGN", "r$": "BRL", "us$": "USD", "hk$": "HKD",
    "nt$": "TWD", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD", "nz$": "NZD",
    "mx$": "MXN", "rm": "MYR", "rp": "IDR", "元": "CNY", "圆": "CNY", "块": "CNY", "人民币": "CNY",
    "人民币元": "CNY", "rmb": "CNY", "cn¥": "CNY", "円": "JPY", "日元": "JPY", "圓": "TWD",
    "台币": "TWD", "港元": "HKD", "港币": "HKD", "美元": "USD", "欧元": "EUR", "英镑": "GBP",
    "韩元": "KRW", "dollar": "USD", "dollars": "USD", "fr.": "CHF", "sfr.": "CHF",
    'ש"ח': "ILS", "ש״ח": "ILS", "nis": "ILS", "грн": "UAH", "р.": "RUB",
    "د.إ": "AED", "ر.س": "SAR", "ج.م": "EGP", "pln": "PLN",
}  # fmt: skip
_SHARED: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"),
    "¥": ("CNY", "JPY"),
    "￥": ("CNY", "JPY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "kr.": ("DKK", "SEK", "NOK", "ISK"),
}
# ISO 4217 codes in use; a three-letter word that is none of them is no currency.
CURRENCIES = frozenset(
    {
        "AED", "AFN", "ALL", "AMD", "ARS", "AUD", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BND",
        "BOB", "BRL", "BWP", "BYN", "CAD", "CHF", "CLP", "CNY", "COP", "CRC", "CZK", "DKK", "DOP",
        "DZD", "EGP", "ETB", "EUR", "FJD", "GBP", "GEL", "GHS", "GTQ", "HKD", "HNL", "HUF", "IDR",
        "ILS", "INR", "IQD", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KRW", "KWD", "KZT",
        "LAK", "LBP", "LKR", "MAD", "MDL", "MKD", "MMK", "MNT", "MOP", "MUR", "MXN", "MYR", "NAD",
        "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PHP", "PKR", "PLN", "PYG", "QAR",
        "RON", "RSD", "RUB", "RWF", "SAR", "SEK", "SGD", "THB", "TND", "TRY", "TTD", "TWD", "TZS",
        "UAH", "UGX", "USD", "UYU", "UZS", "VND", "XAF", "XOF", "YER", "ZAR", "ZMW",
    }
)  # fmt: skip
# Nobody writes cents of these, so a lone separator before three digits means thousands.
_NO_DECIMALS = frozenset({"VND", "JPY", "KRW", "IDR", "CLP", "PYG"})
_THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_COMMA_LANGUAGES = frozenset(
    {
        "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu",
        "id", "is", "it", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk",
        "sl", "sq", "sr", "sv", "tr", "uk", "vi",
    }
)  # fmt: skip
_SPACES = re.compile(r"[\s'’`´]+")
_NUMBER = re.compile(r"^\d[\d.,]*$")
_PARTS = re.compile(r"^(?P<before>[^\d]*?)(?P<number>[\d][\d.,\s'’`´]*)(?P<after>[^\d]*)$")
_NO_CENTS = re.compile(r"(?<=\d)[.,:/][-–—]+\s*")  # 199,-  199.–  199:-  199/-
_ARABIC_MARKS = str.maketrans({"٫": ".", "٬": ","})
# Words that a price includes its tax: what a shopper pays anyway.
_WITH_TAX = re.compile(
    r"\s*[(\[]?\s*(?:税込み?|含税|inkl\.?\s*(?:mwst|ust)\.?|incl?\.?\s*(?:vat|tax|gst)|ttc"
    r"|iva\s*incl(?:uid[oa]|us[oa])?\.?|с\s*ндс)\s*[)\]]?$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"[(\[]\s*([^()\[\]]{1,8}?)\s*[)\]]\s*$")
_EXPONENT = re.compile(r"^\d+(?:\.\d+)?[eE][-+]?\d{1,2}$")
_GROUP = 3
# Longer cells are told from prices before any pattern looks at them.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of money as read.

    Attributes:
        value: at least 0, with the decimals that were typed.
        sign: the currency's sign or code as typed, or empty.
        doubtful: the separator may mean thousands or decimals; `value` is one of two readings.
    """

    value: Decimal
    sign: str
    doubtful: bool = False


class NotAnAmount(ValueError):
    """The text is no price; its message says why."""


def parse_amount(text: str, *, language: str = "", machine: bool = False) -> Amount:
    """Read one amount.

    Args:
        text: a cell.
        language: BCP 47 tag whose readers wrote it; decides what a lone separator means.
        machine: a program wrote it: full stop for decimals, no groups.

    Raises:
        NotAnAmount: it is not one number with at most one currency.
    """
    if len(text) > _LONGEST:
        reason = "it is longer than any price"
        raise NotAnAmount(reason)
    shown = unicodedata.normalize("NFKC", text).replace("−", "-").translate(_ARABIC_MARKS)
    plain = _NO_CENTS.sub("", _WITH_TAX.sub("", shown.strip())).strip()
    if machine and _EXPONENT.match(plain):
        return Amount(_machine_value(format(Decimal(plain), "f")), "")
    if re.match(r"^[-(].*\d|^[^\d]*-\s*\d", plain):
        reason = "it is below zero"
        raise NotAnAmount(reason)
    match = _PARTS.match(plain)
    if not match:
        several = re.search(r"\d", plain)
        reason = "it holds several numbers" if several else "it holds no number"
        if re.search(r"\d[eE][-+]?\d", plain):
            reason = "it is written with an exponent, as spreadsheets shorten long numbers"
        raise NotAnAmount(reason)
    sign = _one_sign(match["before"].strip(), match["after"].strip())
    value, doubtful = _value(match["number"].strip(), language, sign, machine=machine)
    return Amount(value, sign, doubtful)


def currency_of(sign: str, column: str, campaign: str, language: str) -> str:
    """ISO 4217 code of a price, from its sign, its row's column, the campaign; else empty.

    A sign that several currencies share takes the column's or the campaign's when that is one of
    them, else the language's (¥ is CNY in Chinese, JPY in Japanese), else the first.

    Raises:
        NotAnAmount: sign and column contradict each other, or one of them is no currency.
    """
    column = currency_code(column) if column else ""
    campaign = currency_code(campaign) if campaign else ""
    if not sign:
        return column or campaign
    shared = _SHARED.get(sign.lower(), ())
    if not shared:
        own = currency_code(sign)
        if column and own != column:
            reason = f"{sign!r} is {own}, but its currency column says {column}"
            raise NotAnAmount(reason)
        return own
    if column and column not in shared:
        reason = f"{sign!r} does not go with {column} of its currency column"
        raise NotAnAmount(reason)
    return column or _of_context(shared, campaign, language)


@lru_cache(maxsize=256)
def header_currency(header: str) -> str:
    """The currency that a header names (``Price (EUR)``, ``价格（元）``, ``Price in €``)."""
    match = len(header) <= _LONGEST and _IN_BRACKETS.search(unicodedata.normalize("NFKC", header))
    if match and _is_sign(match[1]):
        return match[1]
    after = currency_after(header)
    return after if after and _is_sign(after) else ""


def currency_code(word: str) -> str:
    """ISO 4217 code of a sign, word or code.

    Raises:
        NotAnAmount: it names no currency.
    """
    plain = unicodedata.normalize("NFKC", word).strip()
    if plain.upper() in CURRENCIES:
        return plain.upper()
    if code := _SIGNS.get(plain.lower()):
        return code
    if shared := _SHARED.get(plain.lower()):
        return shared[0]
    reason = f"{word!r} is no currency"
    raise NotAnAmount(reason)


def _of_context(shared: tuple[str, ...], campaign: str, language: str) -> str:
    if campaign in shared:
        return campaign
    if "JPY" in shared and language.startswith("ja"):
        return "JPY"
    if "USD" in shared and language in {"zh-TW", "zh-HK"}:
        return {"zh-TW": "TWD", "zh-HK": "HKD"}[language]
    return shared[0]


def _one_sign(before: str, after: str) -> str:
    if before and after and before.lower() != after.lower():
        both = _joined_sign(before, after)
        if not both:
            words = [repr(word) for word in (before, after) if not _is_sign(word)]
            reason = f"{' and '.join(words)} is no currency; write the price alone"
            reason = reason if words else f"{before!r} and {after!r} are two currencies"
            raise NotAnAmount(reason)
        return both
    sign = before or after
    if sign and sign.lower() not in _SHARED:
        currency_code(sign)
    return sign


def _joined_sign(before: str, after: str) -> str:
    """``$ … USD`` and ``¥ … 元`` say the same thing twice; the unshared one counts."""
    known = [word for word in (before, after) if _is_sign(word)]
    exact = [word for word in known if word.lower() not in _SHARED]
    fits = len(known) == 2 and len(exact) == 1  # noqa: PLR2004 - one before, one after
    if not fits:
        return ""
    other = next(word for word in known if word not in exact)
    return exact[0] if currency_code(exact[0]) in _SHARED[other.lower()] else ""


def _is_sign(word: str) -> bool:
    low = word.lower()
    return low in _SIGNS or low in _SHARED or word.upper() in CURRENCIES


@lru_cache(maxsize=4096)
def _value(number: str, language: str, sign: str, *, machine: bool) -> tuple[Decimal, bool]:
    digits = _SPACES.sub("", number)
    _check_spaces(number)
    if not _NUMBER.match(digits):
        reason = "it is not a number"
        raise NotAnAmount(reason)
    if machine:
        return _machine_value(digits), False
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return Decimal(digits), False
    if len(set(marks)) > 1:
        return _with_decimals(digits, digits[max(digits.rfind("."), digits.rfind(","))]), False
    if len(marks) > 1:
        return _with_decimals(digits, ""), False
    return _lone_mark(digits, marks[0], language, sign)


def _machine_value(digits: str) -> Decimal:
    if "," in digits and digits.rfind(",") > digits.rfind(".") > -1:
        return _with_decimals(digits, ",")  # a person changed it: 1.299,00
    if digits.count(".") > 1 or (
        "," in digits and "." not in digits and _tail(digits, ",") < _GROUP
    ):
        digits = digits.replace(",", ".")
    try:
        value = Decimal(digits.replace(",", ""))
    except ArithmeticError:
        reason = "it is not a number"
        raise NotAnAmount(reason) from None
    cents = value.quantize(Decimal("0.01"))
    return cents if value == cents and _tail(digits, ".") > 2 else value  # noqa: PLR2004 - cents have two digits


def _tail(digits: str, mark: str) -> int:
    return len(digits) - 1 - digits.rfind(mark) if mark in digits else 0


def _lone_mark(digits: str, mark: str, language: str, sign: str) -> tuple[Decimal, bool]:
    """One separator, once: thousands when three digits follow and the language writes it so."""
    whole, tail = digits.split(mark)
    if len(tail) != _GROUP or not 1 <= len(whole) <= _GROUP or whole == "0":
        return _with_decimals(digits, mark), False
    if _is_sign(sign) and sign.upper() in _THREE_DECIMALS:
        return _with_decimals(digits, mark), False
    if sign and sign.lower() not in _SHARED and currency_code(sign) in _NO_DECIMALS:
        return _with_decimals(digits, ""), False
    comma_decimals = language.partition("-")[0] in _COMMA_LANGUAGES
    usual_group = "." if comma_decimals else ","
    return _with_decimals(digits, ""), mark != usual_group


def _with_decimals(digits: str, mark: str) -> Decimal:
    whole, _, cents = digits.rpartition(mark) if mark else (digits, "", "")
    parts = re.split(r"[.,]", whole)
    grouped = len(parts) > 1
    # India groups by two above the last three digits: 1,29,999.
    if grouped and (
        len(parts[-1]) != _GROUP or any(len(part) not in {2, 3} for part in parts[1:])
    ):
        reason = "its separators do not stand at every third digit"
        raise NotAnAmount(reason)
    return Decimal("".join(parts) + (f".{cents}" if cents else ""))


def _check_spaces(number: str) -> None:
    """Spaces and apostrophes stand before every third digit, or they part two numbers."""
    parts = _SPACES.split(re.split(r"[.,]\d{1,2}$", number)[0])
    if parts[1:] and (len(parts[0]) > _GROUP or any(len(part) != _GROUP for part in parts[1:])):
        reason = "it holds several numbers"
        raise NotAnAmount(reason)
