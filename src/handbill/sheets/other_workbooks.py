"""XLS, XLSB and ODS through calamine."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from numbers import Number
from pathlib import Path
from typing import Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.number_formats import shown_text
from handbill.sheets.open_document import (
    OpenDocumentFacts,
    is_open_document,
    open_document_facts,
)
from handbill.sheets.tables import TableRow
from handbill.sheets.workbooks import (
    WorksheetRemarks,
    WorksheetRows,
    cell_fault,
    chosen_worksheet,
    column_letters,
)
from handbill.sheets.worksheet_facts import WorksheetFacts

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

    facts = open_document_facts(path, file) if is_open_document(path) else {}
    try:
        book: Any = CalamineWorkbook.from_path(str(path))
        names = [str(name) for name in book.sheet_names]
        name, notes = _chosen(book, names, wanted, file, holds_products)
        sheet = book.get_sheet_by_name(name)
    except SheetError:
        raise
    except Exception as fault:  # noqa: BLE001 - the reader raises its own kinds for every format
        raise SheetError(
            f"the workbook cannot be read ({str(fault)[:120]})",
            where=file,
            remedy="remove its password if it has one, and save it anew as XLSX",
        ) from None
    return WorksheetRows(name, chain(notes, _rows(sheet, file, name, facts.get(name))))


def _chosen(
    book: Any,
    names: list[str],
    wanted: str,
    file: str,
    holds_products: Callable[[list[tuple[str, ...]]], bool],
) -> tuple[str, tuple[Problem, ...]]:
    if wanted:
        return _named(names, wanted, file), ()
    shown = [
        str(one.name) for one in book.sheets_metadata if str(one.visible).endswith(".Visible")
    ]
    holding = [
        name for name in names
        if holds_products([tuple(map(_text, row)) for row in _head(book, name)])
    ]  # fmt: skip
    return chosen_worksheet(names, shown, holding, file)


def _head(book: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(
        nrows=_HEAD_ROWS, skip_empty_area=False
    )
    return rows


def _named(names: list[str], wanted: str, file: str) -> str:
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise SheetError(f"there is no worksheet {wanted!r}", where=file,
                     remedy=f"{hint}the workbook has {', '.join(map(repr, names))}")  # fmt: skip


def _rows(
    sheet: Any, file: str, name: str, found: OpenDocumentFacts | None
) -> Iterator[TableRow | Problem]:
    facts = found.facts if found else WorksheetFacts()
    errors = found.errors if found else {}
    remarks = WorksheetRemarks(file, name, facts)
    above, left = sheet.start or (0, 0)
    before = [""] * left
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if number <= above:
            yield TableRow(number, ())
            continue
        values = [*before, *row]
        texts = tuple(map(_text, values))
        faults = (
            *_errors(errors.get(number, {}), file, name, number),
            *remarks.of_merged(number, len(values)),
        )
        if facts.oddities:
            yield from remarks.of_row(number, values, texts)
        numbers = frozenset(n for n, value in enumerate(values) if isinstance(value, Number))
        yield TableRow(number, texts, faults, numbers=numbers)


def _errors(
    errors: Mapping[int, str], file: str, name: str, number: int
) -> Iterator[tuple[int, Problem]]:
    for index, shown in errors.items():
        place = f"{column_letters(index)}{number}"
        yield index, cell_fault(
            file, name, number, "cell.error", f"{place} shows the error {shown}",
            "correct the formula, or type the value", shown, rejects=True,
        )  # fmt: skip


def _text(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return ""
    return shown_text(value, "")
