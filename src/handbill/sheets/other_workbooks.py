"""XLS, XLSB and ODS through calamine, Parquet through pandas."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from numbers import Number
from pathlib import Path
from typing import Any

from handbill.domain.finding import Problem
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


def read_parquet(path: Path, file: str) -> Iterator[TableRow | Problem]:
    """A header row, then the rows of a Parquet file.

    Raises:
        SheetError: the file cannot be read, or no Parquet engine is installed.
    """
    import pandas as pd  # noqa: PLC0415 - takes half a second to load, and few sheets are Parquet

    try:
        frame = pd.read_parquet(path)
    except ImportError:
        raise SheetError(
            "reading Parquet needs the package pyarrow, which is not installed",
            where=file,
            remedy="install it (`pip install pyarrow`), or save the sheet as CSV",
        ) from None
    except Exception as fault:  # noqa: BLE001 - engines raise their own kinds
        raise SheetError(f"the file is no Parquet that can be read ({str(fault)[:120]})",
                         where=file, remedy="write it anew") from None  # fmt: skip
    yield TableRow(1, tuple(str(name) for name in frame.columns))
    for number, row in enumerate(frame.itertuples(index=False, name=None), start=2):
        yield _row(number, row)


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
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        parts = value.tolist() if hasattr(value, "tolist") else value
        return "\n".join(map(_text, parts)) if isinstance(parts, list | tuple) else _text(parts)
    return shown_text(value, "")
