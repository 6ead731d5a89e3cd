"""Rows and cells that speak of the table and not of a product: totals, headers, errors, blanks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handbill.sheets.column_names import folded

_TOTALS = frozenset(
    {
        "total", "totals", "grand total", "subtotal", "sub-total", "sum", "sums", "summe",
        "gesamt", "gesamtsumme", "zwischensumme", "insgesamt", "suma", "total general", "somme",
        "totale", "totaal", "合计", "总计", "小计", "總計", "合計", "小計", "総計",
    }
)  # fmt: skip
_LEFT_OUT = frozenset(
    {
        "-", "--", "---", "–", "—", "n/a", "na", "#n/a n/a", "n.a.", "none", "null", "nil", "nan",
        "tbd", "tba", "tbc", "todo", "k.a.", "k. a.", "entfällt", "待定", "无", "暂无", "未定",
        "なし", "s/d",
    }
)  # fmt: skip
# Longer cells hold neither a word for empty nor an error.
_LONGEST_STRAY = 30
_MAY_BE_LEFT_OUT = frozenset(
    {
        "description", "benefits", "category", "offer", "price", "compare_at_price", "sale_price",
        "url", "cta", "audience", "tone", "keywords", "image", "more_images", "image_alt", "video",
        "starts_on", "ends_on", "sale_period", "must_say", "never_say", "budget_usd", "locale",
        "placements", "account", "store_name", "store_address", "store_phone",
    }
)  # fmt: skip
_ERROR = re.compile(
    r"#(N/A|REF!|NAME\?|DIV/0!|VALUE!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|ERROR!|BEZUG!|WERT!"
    r"|NV|ZAHL!|¡REF!|¡VALOR!|#{3,})"
)


@dataclass(frozen=True, slots=True)
class Stray:
    """Why something is no part of a product: a problem's code, message and remedy."""

    code: str
    message: str
    remedy: str


def stray_row(cells: Sequence[str], header: Sequence[str], place: int) -> Stray | None:
    """Why a row is no product, or None for a row that may be one.

    Args:
        cells: as typed.
        header: of the table.
        place: index of the column that names the product.
    """
    name = cells[place].strip(" \t\r\n\ufeff:") if place < len(cells) else ""
    filled = [(index, cell) for index, cell in enumerate(cells) if cell.strip()]
    if len(filled) > 1 and name and folded(name) == folded(header[place]):
        again = all(index < len(header) and folded(cell) == folded(header[index])
                    for index, cell in filled)  # fmt: skip
        return _header_again() if again else None
    if name.casefold() in _TOTALS and len(filled) > 1:
        others = [cell.strip() for index, cell in filled if index != place]
        return _total(name) if all(map(_is_figure, others)) else None
    return None


def stray_cell(field: str, text: str) -> Stray | None:
    """Why a cell says nothing: an error of a spreadsheet (``#REF!``), or a word for empty."""
    if len(text) > _LONGEST_STRAY:
        return None
    plain = text.strip()
    return _spreadsheet_error(plain) or _left_out(field, plain)


def _spreadsheet_error(plain: str) -> Stray | None:
    if not plain.startswith("#") or not _ERROR.fullmatch(plain):
        return None
    if plain.startswith("##"):
        return Stray(
            "cell.error",
            f"{plain!r} stands where a number did not fit into its column",
            "make the column wider and export the sheet anew",
        )
    return Stray(
        "cell.error",
        f"the cell holds the error {plain!r} of a spreadsheet",
        "correct the formula and export the sheet anew, or type the value",
    )


def _left_out(field: str, plain: str) -> Stray | None:
    if field not in _MAY_BE_LEFT_OUT or plain.casefold() not in _LEFT_OUT:
        return None
    return Stray(
        "cell.placeholder",
        f"{plain!r} is read as an empty cell",
        "empty the cell, or fill in what belongs there",
    )


def _is_figure(cell: str) -> bool:
    letters = sum(char.isalpha() for char in cell)
    short = letters <= 3 and len(cell) <= 30  # noqa: PLR2004 - a currency's code; any price
    return short or cell.startswith("=")


def _header_again() -> Stray:
    return Stray(
        "row.header_again",
        "the row repeats the header",
        "delete it; sheets that were put together keep the header of the first one alone",
    )


def _total(name: str) -> Stray:
    return Stray(
        "row.total",
        f"{name!r} is a line of totals, not a product",
        "delete the line, or fill in a description if a product is called so",
    )
