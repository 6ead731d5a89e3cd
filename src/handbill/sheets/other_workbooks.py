"""XLS, XLSB and ODS through calamine."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from numbers import Number
from pathlib import Path
from typing import Any

from handbill.errors import SheetError
from handbill.sheets.number_formats import shown_text
from handbill.sheets.tables import TableRow
from handbill.sheets.workbooks import WorksheetRows

_HEAD_ROWS = 10


def read_other_workbook(
    path: Path, file: str, wanted: str, holds_products: Callable[[list[tuple[str, ...]]], bool]
) -> WorksheetRows:
    """The rows of one worksheet of an XLS, XLSB or ODS file.

    These formats come without the way that numbers are shown: a date is ISO, 19.9 is ``19.9``.

    Raises:
        SheetError: the file cannot be read, or has no worksheet of that name.
    """
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - a compiled reader that few sheets need

    try:
        book: Any = CalamineWorkbook.from_path(str(path))
        names = [str(name) for name in book.sheet_names]
        name = _chosen(book, names, wanted, file, holds_products)
        sheet = book.get_sheet_by_name(name)
    except SheetError:
        raise
    except Exception as fault:  # noqa: BLE001 - the reader raises its own kinds for every format
        raise SheetError(
            f"the workbook cannot be read ({str(fault)[:120]})",
            where=file,
            remedy="remove its password if it has one, and save it anew as XLSX",
        ) from None
    return WorksheetRows(name, _rows(sheet))


def _row(number: int, row: Sequence[Any]) -> TableRow:
    numbers = frozenset(n for n, value in enumerate(row) if isinstance(value, Number))
    return TableRow(number, tuple(_text(value) for value in row), numbers=numbers)


def _chosen(
    book: Any,
    names: list[str],
    wanted: str,
    file: str,
    holds_products: Callable[[list[tuple[str, ...]]], bool],
) -> str:
    if wanted:
        return _named(names, wanted, file)
    for name in names:
        head = book.get_sheet_by_name(name).to_python(nrows=_HEAD_ROWS, skip_empty_area=False)
        if holds_products([tuple(_text(value) for value in row) for row in head]):
            return name
    return names[0]


def _named(names: list[str], wanted: str, file: str) -> str:
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise SheetError(f"there is no worksheet {wanted!r}", where=file,
                     remedy=f"{hint}the workbook has {', '.join(map(repr, names))}")  # fmt: skip


def _rows(sheet: Any) -> Iterator[TableRow]:
    rows = sheet.to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        yield _row(number, row)


def _text(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return ""
    return shown_text(value, "")
