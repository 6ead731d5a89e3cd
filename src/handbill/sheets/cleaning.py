"""Cells as they were meant: signs without width, and formulas that were exported as text."""

from __future__ import annotations

import dataclasses
import re
import unicodedata

from handbill.sheets.faults import RowFaults
from handbill.sheets.options import MAX_TEXT_CHARS
from handbill.sheets.rows import Cell, RawBrief

# Fields whose every sign counts: an id with a direction mark in it is another id.
_EXACT = frozenset(
    {
        "id", "price", "sale_price", "compare_at_price", "currency", "url", "starts_on", "ends_on",
        "sale_period", "locale", "language", "placements", "account", "budget_usd", "video",
        "store_phone", "published", "status", "availability", "kind", "parent", "number",
        "image_position",
    }
)  # fmt: skip
_KEPT = frozenset("\t\n\r")
# Excel's way to keep an id as text in a CSV file: ="00123".
_TEXT_FORMULA = re.compile(r'^="([^"]*)"$')
_FORMULA = re.compile(
    r"^=\s*[A-Za-z+\-(]?[\w.$!:']*\(|^=[+-]?\$?[A-Z]{1,3}\$?\d+\b|^=\s*\d[\d.]*\s*[-+*/]"
)
_CONTROL = 32


def clean_cells(raw: RawBrief, faults: RowFaults) -> None:
    """Take signs that nobody sees out of fields whose every sign counts; tell formulas.

    Cells that are too long are taken out before any pattern looks at them.
    """
    _drop_long(raw, faults)
    for name, cell in list(raw.cells.items()):
        if cell.text[:1] == "=" and name != "notes":
            _judge_formula(raw, name, cell, faults)
        elif name in _EXACT and not (cell.text.isascii() and cell.text.isprintable()):
            _uncover(raw, name, cell, faults)


def _drop_long(raw: RawBrief, faults: RowFaults) -> None:
    for cells in (raw.cells, *raw.translations.values()):
        for name, cell in list(cells.items()):
            if name != "product" and _is_long(cell, faults):
                del cells[name]
    raw.pictures = [cell for cell in raw.pictures if not _is_long(cell, faults)]


def _is_long(cell: Cell, faults: RowFaults) -> bool:
    long = len(cell.text) > MAX_TEXT_CHARS
    if long:
        faults.reject(
            "text.too_long", cell,
            f"the cell holds {len(cell.text)} characters; at most {MAX_TEXT_CHARS} are taken",
            "shorten it; a quote that is not closed also makes cells run on",
        )  # fmt: skip
    return long


def unseen_signs(text: str) -> list[str]:
    """The signs in `text` that have no width and mean nothing, each once, sorted."""
    return sorted(
        {char for char in text if char not in _KEPT
         and (ord(char) < _CONTROL or unicodedata.category(char) in {"Cf", "Cc"})}
    )  # fmt: skip


def _uncover(raw: RawBrief, name: str, cell: Cell, faults: RowFaults) -> None:
    odd = unseen_signs(cell.text)
    if not odd:
        return
    bare = "".join(char for char in cell.text if char not in odd)
    points = ", ".join(f"U+{ord(char):04X}" for char in odd[:8])
    faults.warn(
        "text.invisible", cell, f"{bare[:60]!r} is read without signs that nobody sees ({points})",
        "type the text anew, or paste it without formatting",
    )  # fmt: skip
    if bare.strip():
        raw.cells[name] = dataclasses.replace(cell, text=bare)
    else:
        del raw.cells[name]


def _judge_formula(raw: RawBrief, name: str, cell: Cell, faults: RowFaults) -> None:
    text = cell.text.strip()
    if kept := _TEXT_FORMULA.match(text):
        faults.warn(
            "cell.text_formula", cell, f"{text[:60]!r} is read as the text {kept[1][:60]!r}",
            "nothing to do if that is what the sheet shows",
        )  # fmt: skip
        if kept[1].strip():
            raw.cells[name] = dataclasses.replace(cell, text=kept[1])
        else:
            del raw.cells[name]
        return
    if not _FORMULA.match(text):
        return
    message = f"the cell holds the formula {text[:80]!r}, not what it shows"
    remedy = "export the sheet with values, or paste the value"
    if name in _EXACT:
        faults.reject("cell.formula_without_value", cell, message, remedy)
        del raw.cells[name]
    else:
        faults.warn("cell.formula_text", cell, f"{message}; it is taken as typed", remedy)
