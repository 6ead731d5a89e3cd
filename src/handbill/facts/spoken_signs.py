"""Signs, units and figures of a written sentence in words, so that a voice reads them well."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from handbill.domain.money import Price
from handbill.facts.formats import format_unit_words, format_whole_day
from handbill.facts.spoken_words import said_words

_AMOUNT = r"\d(?:[\d.,'\u00a0\u202f]*\d)?"
_CODES = "AED|AUD|BRL|CAD|CHF|CNY|EUR|GBP|HKD|INR|JPY|KRW|MXN|PLN|SAR|SGD|USD"
_SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "US$": "USD", "C$": "CAD", "A$": "AUD",
    "HK$": "HKD", "R$": "BRL", "د.إ": "AED", "د.إ.": "AED", "ر.س": "SAR", "ر.س.": "SAR",
    "円": "JPY", "zł": "PLN",
}  # fmt: skip
_BY_LANGUAGE = {"zh": {"¥": "CNY", "￥": "CNY"}, "ja": {"¥": "JPY", "￥": "JPY"}}
_BEFORE = r"US\$|HK\$|C\$|A\$|R\$|[€£₹₩$¥￥]|(?:" + _CODES + r")\b"
_AFTER = r"€|£|円|zł\b|د\.إ\.?|ر\.س\.?|(?:" + _CODES + r")\b"
_PRICE = re.compile(
    rf"(?:(?P<before>{_BEFORE})[ \u00a0\u202f]?(?P<one>{_AMOUNT})(?![\d.,]*[A-Za-z]))"
    rf"|(?:(?P<two>{_AMOUNT})[ \u00a0\u202f]?(?P<after>{_AFTER}))"
)
_UNITS = {
    "mg": "mass-milligram", "g": "mass-gram", "kg": "mass-kilogram",
    "ml": "volume-milliliter", "cl": "volume-centiliter", "l": "volume-liter",
    "mm": "length-millimeter", "cm": "length-centimeter", "m": "length-meter",
    "km": "length-kilometer", "km/h": "speed-kilometer-per-hour", "°c": "temperature-celsius",
    "℃": "temperature-celsius", "h": "duration-hour", "min": "duration-minute",
    "m²": "area-square-meter", "km²": "area-square-kilometer", "m³": "volume-cubic-meter",
    "gb": "digital-gigabyte", "mb": "digital-megabyte", "tb": "digital-terabyte",
    "kw": "power-kilowatt", "oz": "mass-ounce", "lb": "mass-pound",
    "w": "power-watt", "kwh": "energy-kilowatt-hour", "غ": "mass-gram", "كغ": "mass-kilogram",
}  # fmt: skip
_UNIT = re.compile(
    r"(?<![\d.,:])(\d+(?:[.,]\d+)?)[ \u00a0\u202f]?"
    r"(km/h|km²|m²|m³|kWh|kW|GB|MB|TB|oz|lb|mg|kg|ml|mL|cl|mm|cm|km|min|°C|℃|كغ|غ|[glLmhW])(?![\w²³/])"
)
_ISO_DAY = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](20\d\d)\b")
_TIME = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?: ?(?:Uhr|h|hrs)\b)?( ?[ap]\.?m\b\.?)?"
)
_RANGE = re.compile(
    r"(?<![\d-])(\d{1,2}(?::\d\d)?)[ \u00a0]?[–~〜-][ \u00a0]?(\d{1,2}(?::\d\d)?)(?![\d-])"
)
_PHONE = re.compile(
    r"\+\d[\d ()/.-]{6,}\d|(?<![\w.,/-])(?!\d\d-\d\d-)0\d{1,5}[ -]\d[\d -]{3,}\d\b"
)
_AND = {
    "en": "and", "de": "und", "es": "y", "zh": "和", "ja": "と", "ar": "و", "fr": "et", "it": "e",
    "pt": "e", "nl": "en", "pl": "i", "ko": "그리고",
}  # fmt: skip
_TO = {
    "en": "to", "de": "bis", "es": "a", "zh": "到", "ja": "から", "ar": "إلى", "fr": "à",
    "it": "a", "pt": "a", "nl": "tot", "pl": "do", "ko": "에서",
}  # fmt: skip
_AT = {
    "en": "at", "de": "at", "es": "arroba", "zh": "艾特", "ja": "アット", "ar": "آت",
    "fr": "arobase", "it": "chiocciola", "pt": "arroba", "nl": "apenstaartje", "pl": "małpa",
    "ko": "골뱅이",
}  # fmt: skip


def said_signs(
    text: str,
    locale: str,
    say_price: Callable[[Price, str], str],
    say_phone: Callable[[str, str], str],
) -> str:
    """`text` with phones, prices, days, times, units and joining signs in words.

    Args:
        text: a written sentence.
        locale: whose words to use; the dollar and the yen sign follow it.
        say_price: how a price is said.
        say_phone: how a phone number is said.
    """
    language = locale.split("-", maxsplit=1)[0].lower()
    text = _PHONE.sub(lambda phone: say_phone(phone.group(), locale), text)
    text = re.sub(r"(?<=[\w.])@(?=\w)", f" {_AT.get(language, '@')} ", text)
    text = _ISO_DAY.sub(lambda day: _day(day, (1, 2, 3), locale), text)
    if language != "en" or locale in {"en-GB", "en-AU", "en-IE", "en-NZ"}:
        text = _DAY_FIRST.sub(lambda day: _day(day, (3, 2, 1), locale), text)
    text = _PRICE.sub(lambda price: _price(price, locale, language, say_price), text)
    text = _UNIT.sub(lambda unit: _unit(unit, locale), text)
    text = _ranges(text, language)
    text = _TIME.sub(lambda time: _time(time, language), text)
    return said_words(re.sub(r"\s?&\s?", f" {_AND.get(language, '&')} ", text), language)


def parsed_amount(written: str) -> Decimal | None:
    """An amount as people write it, in whatever country: ``1.299,90`` and ``1,299.90``."""
    digits = re.sub(r"['\u00a0\u202f]", "", written)
    whole, sign, cents = digits, "", ""
    found = re.search(r"[.,](\d{1,2})$", digits)
    if found:
        whole, sign, cents = digits[: found.start()], ".", found.group(1)
    try:
        return Decimal(re.sub(r"[.,]", "", whole) + sign + cents)
    except InvalidOperation:
        return None


def _price(
    match: re.Match[str], locale: str, language: str, say_price: Callable[[Price, str], str]
) -> str:
    sign = match["before"] or match["after"]
    signs = _SIGNS | _BY_LANGUAGE.get(language, {"¥": "JPY", "￥": "JPY"}) | {"$": "USD"}
    amount = parsed_amount(match["one"] or match["two"])
    if amount is None:
        return match.group()
    return say_price(Price(amount, signs.get(sign, sign)), locale)


def _unit(match: re.Match[str], locale: str) -> str:
    number = Decimal(match.group(1).replace(",", "."))
    return format_unit_words(number, _UNITS[match.group(2).lower()], locale)


def _day(match: re.Match[str], places: tuple[int, int, int], locale: str) -> str:
    try:
        day = date(*(int(match.group(place)) for place in places))
    except ValueError:
        return match.group()
    return format_whole_day(day, locale)


def _ranges(text: str, language: str) -> str:
    """``9–17`` with the word between; not in what may be a number with a dash in it."""
    joint = _TO.get(language)
    if joint is None:
        return text
    spaced = {"zh": joint, "ja": joint, "ko": f"{joint} "}.get(language, f" {joint} ")
    return _RANGE.sub(rf"\1{spaced}\2", text)


def _time(match: re.Match[str], language: str) -> str:
    hour, minute = int(match.group(1)), int(match.group(2))
    forms = {"de": "{h} Uhr", "zh": "{h}点", "ja": "{h}時", "fr": "{h} heures", "nl": "{h} uur"}
    hours = (forms | {"ko": "{h}시"}).get(language, "{h}").format(h=hour)
    half = (match.group(3) or "").replace(".", "")
    if half and language == "en":
        return f"{hour} {minute:02d} {half.strip()}" if minute else f"{hour} {half.strip()}"
    if not minute:
        return f"{hour} o'clock" if language == "en" else hours
    minutes = {"zh": f"{minute}分", "ja": f"{minute}分", "ko": f" {minute}분"}.get(
        language, f" {minute}"
    )
    return hours + minutes
