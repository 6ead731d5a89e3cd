"""What can be wrong with a product's name."""

from __future__ import annotations

import re
import unicodedata

from handbill.sheets.faults import RowFaults
from handbill.sheets.options import MAX_PRODUCT_CHARS
from handbill.sheets.rows import Cell, RawBrief

# What programs write where there is nothing, or where they mistook a name for something else.
_OF_PROGRAMS = frozenset(
    {
        "null", "none", "nil", "nan", "na", "n/a", "undefined", "true", "false", "wahr", "falsch",
        "[object object]", "unknown", "tbd", "tba", "todo", "#name?", "untitled", "无", "未定",
    }
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")


def check_name(raw: RawBrief, faults: RowFaults) -> None:
    """Note a name that is missing or too long, and remark on one that reads like none."""
    cell = raw.cells.get("product")
    name = raw.text("product")
    if not name or not cell:
        faults.reject(
            "product.missing", cell, "the row names no product",
            "write the product's name, or empty the whole row",
        )  # fmt: skip
    elif len(name) > MAX_PRODUCT_CHARS:
        faults.reject(
            "product.too_long", cell,
            f"the product's name has {len(name)} characters; at most {MAX_PRODUCT_CHARS} are"
            " taken, and headlines hold about 60",
            "shorten the name and put the rest into description or benefits",
        )  # fmt: skip
    else:
        _remark(name, cell, faults)


def _remark(name: str, cell: Cell, faults: RowFaults) -> None:
    if name.casefold() in _OF_PROGRAMS or _DAY.fullmatch(name):
        faults.warn(
            "product.placeholder", cell,
            f"programs write {name!r} in the place of a name; it is made all the same",
            "write the product's name, or delete the row",
        )  # fmt: skip
    elif "\n" in name or "\r" in name:
        faults.warn(
            "product.several_lines", cell, f"the name {name[:60]!r} has a line break in it",
            "write it on one line; if several products stand in it, give each a row of its own",
        )  # fmt: skip
    elif not name.isalnum() and not any(unicodedata.category(char)[0] in "LN" for char in name):
        faults.warn(
            "product.no_words", cell,
            f"the product's name, {name[:60]!r}, holds no letter and no digit",
            "write the product's name in words; signs and emoji alone tell a reader nothing",
        )  # fmt: skip
