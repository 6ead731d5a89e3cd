"""Prices, days and percentages as the readers of a locale expect them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

from handbill.domain.money import Price

if TYPE_CHECKING:
    from babel import Locale

# CLDR wraps Arabic numbers in marks; a number beside its currency needs none, and they would
# stand in the way of comparing, counting and fonts.
_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")
_UNIT_SIZES: tuple[Literal["long", "short", "narrow"], ...] = ("long", "short", "narrow")


def format_price(price: Price, locale: str) -> str:
    """A price as `locale` writes it: ``€19.90``, ``19,90 €``, ``¥199``.

    Whole amounts lose their zeros (``€20``); others keep what the currency has, or more when the
    brief has more. Without a currency only the number is written.
    """
    from babel.numbers import format_currency, format_decimal  # noqa: PLC0415 - loads CLDR data

    pattern = _pattern(price, locale)
    if not price.currency:
        digits = pattern.replace("¤", "").strip("\xa0 ")
        written = format_decimal(price.amount, format=digits, locale=_locale(locale))
    else:
        written = format_currency(
            price.amount,
            price.currency,
            format=pattern,
            locale=_locale(locale),
            currency_digits=False,
        )
    return str(written).translate(_MARKS).strip()


def format_day(day: date, locale: str, *, with_year: bool = False) -> str:
    """A day in words: ``May 31``, ``31. Mai``, ``5月31日``; with the year when asked."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - loads CLDR data

    skeleton = "yMMMMd" if with_year else "MMMMd"
    return str(format_skeleton(skeleton, day, locale=_locale(locale))).translate(_MARKS)


def format_percent(percent: Decimal | int, locale: str) -> str:
    """A percentage: ``20%``, ``20 %`` (with a no-break space where the locale wants one)."""
    from babel.numbers import format_percent as in_locale  # noqa: PLC0415 - loads CLDR data

    share = Decimal(percent) / 100
    shape = _locale(locale).percent_formats[None].pattern.replace("#,##0", "#,##0.##")
    return str(in_locale(share, format=shape, locale=_locale(locale))).translate(_MARKS)


def format_number(number: Decimal | int, locale: str) -> str:
    """A plain number with the locale's separators."""
    from babel.numbers import format_decimal  # noqa: PLC0415 - loads CLDR data

    return str(format_decimal(number, locale=_locale(locale))).translate(_MARKS)


def format_unit_words(number: Decimal, unit: str, locale: str) -> str:
    """A measure in words: ``210 grams``, ``210 Gramm``; `unit` as CLDR names it."""
    from babel.units import format_unit  # noqa: PLC0415 - loads CLDR data

    lengths = (format_unit(number, unit, size, locale=_locale(locale)) for size in _UNIT_SIZES)
    # Where CLDR has no long form, what comes names the unit in CLDR's own words.
    return next((str(text) for text in lengths if unit not in text), f"{number}").translate(_MARKS)


def format_whole_day(day: date, locale: str) -> str:
    """A day with its year, the month's name in full: ``December 24, 2026``."""
    from babel.dates import format_date  # noqa: PLC0415 - loads CLDR data

    return str(format_date(day, "long", locale=_locale(locale))).translate(_MARKS)


def currency_words(price: Price, locale: str) -> str:
    """The currency's name after this amount: ``euros``, ``Euro``, ``人民币``."""
    from babel.numbers import get_currency_name  # noqa: PLC0415 - loads CLDR data

    if not price.currency:
        return ""
    name = get_currency_name(price.currency, count=price.amount, locale=_locale(locale))
    return str(name).translate(_MARKS)


@cache
def _locale(locale: str) -> Locale:
    """Babel's locale; an unknown tag falls back to its language, then to English."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - loads CLDR data

    for tag in (locale, locale.split("-", maxsplit=1)[0], "en"):
        try:
            return Locale.parse(tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _pattern(price: Price, locale: str) -> str:
    """CLDR's own currency pattern with as many decimals as this amount shows."""
    places = _places(price)
    shape = "#,##0" + ("." + "0" * places if places else "")
    pattern = str(_locale(locale).currency_formats["standard"].pattern).split(";", maxsplit=1)[0]
    pattern = pattern.translate(_MARKS).replace("#,##0.00", shape).replace("#,##,##0.00", shape)
    if price.currency == "CNY" and _locale(locale).language == "ja":
        return f"{shape}元"  # CLDR puts the sign in front, where no Japanese reader expects it
    # CLDR asks for a space between letters and digits (``SAR 45``), which Babel leaves out.
    return pattern.replace("¤#", "¤\xa0#") if _symbol(price, locale)[-1:].isalpha() else pattern


def _symbol(price: Price, locale: str) -> str:
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - loads CLDR data

    return str(get_currency_symbol(price.currency, _locale(locale))) if price.currency else ""


def _places(price: Price) -> int:
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - loads CLDR data

    if price.amount == price.amount.to_integral_value():
        return 0
    typed = -int(price.amount.normalize().as_tuple().exponent)
    usual = get_currency_precision(price.currency) if price.currency else 2
    return max(typed, usual)
