"""Cells that say nothing of a product: errors of a spreadsheet, words for empty."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    r"|Loading\.\.\."
)


@dataclass(frozen=True, slots=True)
class Stray:
    """Why something is no part of a product: a problem's code, message and remedy.

    Attributes:
        rejects: whether it is counted among what is kept out.
        skipped: whether it is left out; False for what is odd and made all the same.
    """

    code: str
    message: str
    remedy: str
    rejects: bool = True
    skipped: bool = True


# Blanks, and signs without width that stand for blanks in pasted tables.
UNSEEN = (
    " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\xad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)


def stray_cell(field: str, text: str) -> Stray | None:
    """Why a cell says nothing: an error of a spreadsheet (``#REF!``), or a word for empty."""
    if len(text) > _LONGEST_STRAY:
        return None
    plain = text.strip()
    return _spreadsheet_error(plain) or _left_out(field, plain)


def _spreadsheet_error(plain: str) -> Stray | None:
    if plain[:1] not in {"#", "L"} or not _ERROR.fullmatch(plain):
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
