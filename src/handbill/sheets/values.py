"""Cells into values: lists, prices, days, locales, placements, links; faults are noted."""

from __future__ import annotations

import difflib
import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from handbill.domain.money import Price
from handbill.sheets.amounts import (
    Amount,
    NotAnAmount,
    currency_of,
    header_currency,
    parse_amount,
)
from handbill.sheets.column_names import locale_tag
from handbill.sheets.days import NotADay, parse_day
from handbill.sheets.faults import RowFaults
from handbill.sheets.options import SheetOptions
from handbill.sheets.pictures import web_url
from handbill.sheets.rows import Cell, RawBrief

# Blanks around are stripped, not matched: long runs of them would be tried sign by sign.
_LINES = re.compile(r"(?:[\n\r;|；｜•]|\\n)+")
_WORDS = re.compile(r"[\n\r;|；｜,，、،]+")
# Twelve digits are an article number; no price in any currency has as many before its point.
_LEAST_OF_BARCODES = Decimal(10**11)
# Days as Excel counts them, from 2000 to 2099.
_COUNTED = re.compile(r"^\s*(3[6-9]|[4-6]\d|7[0-2])\d{3}(\.\d+)?\s*$")
_FIRST_COUNTED = date(1899, 12, 30)


def split_lines(text: str) -> tuple[str, ...]:
    """Phrases that stand one a line or between ``;``, ``|`` or bullets."""
    return tuple(part for piece in _LINES.split(text) if (part := piece.strip(" \t-–*·")))


def split_words(text: str) -> tuple[str, ...]:
    """Words and names between commas of any script, ``;``, ``|`` or line ends, each once."""
    return tuple(dict.fromkeys(part for piece in _WORDS.split(text) if (part := piece.strip())))


def prices(
    raw: RawBrief, faults: RowFaults, options: SheetOptions, language: str, *, machine: bool
) -> tuple[Price | None, Price | None]:
    """Price and compare-at price; beside a sale price the regular price is what is compared."""
    now, before = raw.cells.get("price"), raw.cells.get("compare_at_price")
    if sale := raw.cells.get("sale_price"):
        now, before = sale, before or now
    if before and machine and not before.text.strip("0. "):
        before = None  # shops export 0 for "no such price"
    price = _price(now, raw, faults, options, language, machine=machine)
    compare_at = _price(before, raw, faults, options, language, machine=machine)
    if price and compare_at and not (price.currency and compare_at.currency):
        shared = price.currency or compare_at.currency  # one column's header names it for both
        price, compare_at = Price(price.amount, shared), Price(compare_at.amount, shared)
    return price, _checked_compare_at(price, compare_at, before, faults)


def _price(
    cell: Cell | None,
    raw: RawBrief,
    faults: RowFaults,
    options: SheetOptions,
    language: str,
    *,
    machine: bool,
) -> Price | None:
    if not cell:
        return None
    try:
        amount = parse_amount(cell.text, language=language, machine=machine or cell.number)
    except NotAnAmount as fault:
        faults.reject(
            "price.not_a_number",
            cell,
            f"{cell.text[:80]!r} is no price: {fault}",
            "write one number, with its currency if you like: 19.90, 1.299,00 €, ¥199",
        )
        return None
    try:
        column = raw.text("currency") or header_currency(cell.column)
        currency = currency_of(amount.sign, column, options.currency, language)
    except NotAnAmount as fault:
        faults.reject(
            "price.currency",
            raw.cells.get("currency", cell),
            f"the currency of {cell.text[:80]!r} is not clear: {fault}",
            "write the ISO code, such as EUR, USD or CNY, in the currency column",
        )
        return None
    return _clear(cell, amount, currency, faults)


def _counted_day(text: str) -> str:
    """What a number may mean that stands where a date should."""
    if not _COUNTED.match(text):
        return ""
    day = _FIRST_COUNTED + timedelta(days=int(float(text)))
    return f"as a spreadsheet counts days it may be {day.isoformat()}"


def _clear(cell: Cell, amount: Amount, currency: str, faults: RowFaults) -> Price | None:
    if amount.doubtful:
        faults.reject(
            "price.ambiguous",
            cell,
            f"{cell.text[:80]!r} may mean {amount.value} or a number with three decimals",
            f"write {amount.value} or {amount.value}.00 for thousands, two decimals for cents",
        )
        return None
    if amount.value >= _LEAST_OF_BARCODES:
        faults.reject(
            "price.not_a_number",
            cell,
            f"{cell.text[:80]!r} is no price: it has more digits than one, like an article number",
            "put the price into this column",
        )
        return None
    if amount.value == 0:
        faults.warn(
            "price.zero",
            cell,
            "the price is 0",
            "empty the cell if the row has no price, or say in the offer that it is free",
        )
    return Price(amount.value, currency)


def _checked_compare_at(
    price: Price | None, compare_at: Price | None, cell: Cell | None, faults: RowFaults
) -> Price | None:
    if compare_at and not price and not faults.rejected:
        faults.warn(
            "price.compare_at_alone",
            cell,
            f"the price before is {compare_at.amount}, but the row has no price",
            "fill in the price, or empty the price before",
        )
    if not (price and compare_at):
        return None
    if price.currency != compare_at.currency:
        faults.reject(
            "price.two_currencies",
            cell,
            f"the price is in {price.currency or 'no currency'}, the price before in"
            f" {compare_at.currency or 'no currency'}",
            "write both in one currency",
        )
    elif compare_at.amount < price.amount:
        faults.reject(
            "price.compare_at_below_price",
            cell,
            f"the price before, {compare_at.amount}, is below the price, {price.amount}",
            "correct one of the two, or empty the price before",
        )
    elif compare_at.amount == price.amount:
        return None  # nothing is saved, so there is nothing to compare
    return compare_at


def days(raw: RawBrief, faults: RowFaults, language: str) -> tuple[date | None, date | None]:
    """First and last day of the offer."""
    cells = [raw.cells.get("starts_on"), raw.cells.get("ends_on")]
    if period := raw.cells.get("sale_period"):
        parts = [part.strip() for part in period.text.split("/", maxsplit=1)]
        pair = [Cell(period.column, part, period.row) for part in parts]
        cells = [own or other for own, other in zip(cells, [*pair, None, None], strict=False)]
    starts_on, ends_on = (_day(cell, faults, language) for cell in cells)
    if starts_on and ends_on and ends_on < starts_on:
        faults.reject(
            "date.ends_before_start",
            cells[1],
            f"the offer ends on {ends_on}, before it starts on {starts_on}",
            "correct one of the two dates",
        )
    return starts_on, ends_on


def _day(cell: Cell | None, faults: RowFaults, language: str) -> date | None:
    if not cell:
        return None
    try:
        found = parse_day(cell.text, language)
    except NotADay as fault:
        faults.reject(
            "date.not_a_date",
            cell,
            f"{cell.text[:80]!r} is no date that can be read: {_counted_day(cell.text) or fault}",
            "write it as year-month-day, such as 2026-05-31",
        )
        return None
    if found.other:
        faults.warn(
            "date.ambiguous",
            cell,
            f"{cell.text!r} is read as {found.day}; it may also mean {found.other}",
            f"write {found.day} or {found.other}",
        )
    return found.day


def locales(raw: RawBrief, faults: RowFaults) -> tuple[str, ...]:
    """The row's own locales."""
    cell = raw.cells.get("locale")
    tags: dict[str, None] = {}
    for word in split_words(cell.text) if cell else ():
        if tag := locale_tag(word):
            tags.setdefault(tag)
            continue
        faults.reject(
            "locale.malformed",
            cell,
            f"{word!r} is no locale",
            "use a language with or without a region, such as en, en-GB, zh-CN or pt-BR",
        )
    return tuple(tags)


def placements(raw: RawBrief, faults: RowFaults, known: frozenset[str] | None) -> tuple[str, ...]:
    """The row's own placements, checked against those that exist."""
    cell = raw.cells.get("placements")
    if not cell:
        return ()
    ids = tuple(dict.fromkeys(word.lower() for word in split_words(cell.text)))
    for name in ids:
        if known is not None and name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.5)
            hint = f"the nearest is {' or '.join(near)}" if near else "none is near"
            faults.reject(
                "placement.unknown",
                cell,
                f"there is no placement {name!r}",
                f"{hint}; `handbill channels` lists them all",
            )
    return ids


def link(raw: RawBrief, faults: RowFaults) -> str:
    """The product's URL, with https:// before it where the scheme was left out."""
    cell = raw.cells.get("url")
    if not cell:
        return ""
    if url := web_url(cell.text):
        return url
    faults.reject(
        "url.not_a_web_address",
        cell,
        f"{cell.text[:120]!r} is no web address",
        "write it whole, such as https://example.com/shoes, without spaces",
    )
    return ""


def budget(raw: RawBrief, faults: RowFaults) -> Decimal | None:
    """The row's cap in US dollars."""
    cell = raw.cells.get("budget_usd")
    if not cell:
        return None
    try:
        amount = Decimal(cell.text.strip().removeprefix("$").removesuffix("USD").strip())
    except InvalidOperation:
        amount = Decimal(-1)
    if amount.is_finite() and amount >= 0:
        return amount
    faults.reject(
        "budget.not_a_number",
        cell,
        f"{cell.text[:80]!r} is no budget in US dollars",
        "write a plain number, such as 0.50",
    )
    return None
