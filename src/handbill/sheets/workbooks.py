"""XLSX and XLSM: values as shown, and every cell that has none reported by its place."""

from __future__ import annotations

import difflib
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.number_formats import digits_lost, shown_text
from handbill.sheets.packages import check_package
from handbill.sheets.tables import TableRow

if TYPE_CHECKING:
    from openpyxl import Workbook

_CHUNK_BYTES = 1 << 20
_OVERLAP_BYTES = 400
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_MOST_REPORTED = 1_000


@dataclass(frozen=True, slots=True)
class WorksheetRows:
    """One worksheet: its name and its rows with the faults of their cells."""

    name: str
    rows: Iterator[TableRow | Problem]


def read_workbook(
    path: Path, file: str, wanted: str, holds_products: Callable[[list[tuple[str, ...]]], bool]
) -> WorksheetRows:
    """The rows of one worksheet.

    Args:
        path: the workbook.
        file: its name for problems.
        wanted: the worksheet's name; empty for the first that `holds_products`.
        holds_products: tells by its first rows whether a worksheet is meant.

    Raises:
        SheetError: the file cannot be read safely, or has no worksheet of that name.
    """
    check_package(path, file)
    name = _chosen(path, file, wanted, holds_products)
    return WorksheetRows(name, _rows(path, file, name))


@contextmanager
def _opened(path: Path, file: str, *, values: bool = True) -> Iterator[Workbook]:
    """The workbook, with values or with formulas; whatever goes wrong in it is a `SheetError`."""
    # openpyxl takes 150 ms to load, and most sheets are CSV files.
    from openpyxl import load_workbook  # noqa: PLC0415 - see above

    # It is given the open file, because it leaves its own open when a part is damaged.
    with path.open("rb") as stream:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions that go unused
                book = load_workbook(stream, read_only=True, data_only=values, keep_links=False)
            with closing(book):
                yield book
        except (SheetError, GeneratorExit):
            raise
        except Exception as fault:  # noqa: BLE001 - a damaged part makes it raise anything
            raise SheetError(
                f"the workbook cannot be read ({type(fault).__name__}: {str(fault)[:120]})",
                where=file,
                remedy="open it in the program that made it and save it anew as XLSX",
            ) from None


def _chosen(
    path: Path, file: str, wanted: str, holds_products: Callable[[list[tuple[str, ...]]], bool]
) -> str:
    with _opened(path, file) as book:
        names = [sheet.title for sheet in book.worksheets]
        if wanted:
            return _named(wanted, names, file)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        for sheet in shown:
            sheet.reset_dimensions()
            head = [tuple(shown_text(value, "") for value in row)
                    for row in sheet.iter_rows(max_row=10, values_only=True)]  # fmt: skip
            if holds_products(head):
                return str(sheet.title)
        if not names:
            raise SheetError("the workbook has no worksheets", where=file, remedy="add one")
        return str((shown or book.worksheets)[0].title)


def _named(wanted: str, names: list[str], file: str) -> str:
    for name in names:
        if name.strip().casefold() == wanted.strip().casefold():
            return name
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]!r}? " if near else ""
    raise SheetError(
        f"there is no worksheet {wanted!r}",
        where=file,
        remedy=f"{hint}the workbook has {', '.join(map(repr, names))}",
    )


def _rows(path: Path, file: str, name: str) -> Iterator[TableRow | Problem]:
    with _opened(path, file) as book:
        sheet: Any = book[name]
        sheet.reset_dimensions()
        facts = _scan(path, str(getattr(sheet, "_worksheet_path", "")))
        yield from _structure_faults(facts, file, name)
        formulas = _formula_rows(path, file, name) if facts.formulas else iter(())
        for number, cells in enumerate(_quietly(sheet.iter_rows()), start=1):
            formula_row = next(formulas, ())
            texts = tuple(_shown(cell) for cell in cells)
            faults = tuple(_cell_faults(cells, formula_row, file, name, number))
            if number in facts.hidden and any(texts):
                yield _fault(
                    file, name, number, "row.hidden", "the row is hidden and is read all the same",
                    "delete it if it should not be made",
                )  # fmt: skip
            numbers = frozenset(n for n, cell in enumerate(cells) if cell.data_type == "n")
            yield TableRow(number, texts, faults, numbers=numbers)


def _formula_rows(path: Path, file: str, name: str) -> Iterator[tuple[Any, ...]]:
    with _opened(path, file, values=False) as book:
        sheet: Any = book[name]
        sheet.reset_dimensions()
        yield from _quietly(sheet.iter_rows(values_only=True))


def _quietly(rows: Iterator[Any]) -> Iterator[Any]:
    """The same rows, without openpyxl's warnings about numbers that are no dates."""
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                row = next(rows)
            except StopIteration:
                return
        yield row


def _cell_faults(
    cells: tuple[Any, ...], formulas: tuple[Any, ...], file: str, name: str, number: int
) -> Iterator[tuple[int, Problem]]:
    for index, cell in enumerate(cells):
        formula = formulas[index] if index < len(formulas) else None
        fault = _cell_fault(cell.value, cell.data_type, formula, f"{_letters(index)}{number}")
        if fault:
            code, message, remedy, rejects = fault
            value = str(formula if cell.value is None else cell.value)[:200]
            yield index, _fault(file, name, number, code, message, remedy, value, rejects=rejects)


def _cell_fault(
    value: object, kind: str, formula: object, place: str
) -> tuple[str, str, str, bool] | None:
    """Code, message, remedy, and whether it rejects the row."""
    if value is None:
        if not (isinstance(formula, str) and formula.startswith("=")):
            return None
        return (
            "cell.formula_without_value",
            f"the formula {formula[:80]!r} in {place} has no stored result",
            "open the workbook in Excel and save it, or paste the value",
            True,
        )
    if kind == "e":
        return (
            "cell.error",
            f"{place} shows the error {value!s}",
            "correct the formula, or type the value",
            True,
        )
    if digits_lost(value):
        return (
            "cell.digits_lost",
            f"{shown_text(value, '')} in {place} has more digits than the 15 of a workbook",
            "format the column as text and type the number again",
            False,
        )
    return None


def _shown(cell: Any) -> str:
    return "" if cell.data_type == "e" else shown_text(cell.value, cell.number_format or "")


@dataclass(frozen=True, slots=True)
class _Structure:
    merged: tuple[str, ...] = ()
    hidden: frozenset[int] = frozenset()
    formulas: bool = False


def _scan(path: Path, part: str) -> _Structure:
    """What the streaming reader does not tell: merged ranges, hidden rows, formulas."""
    merged: list[str] = []
    hidden: set[int] = set()
    formulas = False
    with zipfile.ZipFile(path) as package:
        if part not in package.namelist():
            return _Structure(formulas=True)
        with package.open(part) as stream:
            tail = b""
            while chunk := stream.read(_CHUNK_BYTES):
                text = tail + chunk
                formulas = formulas or bool(_FORMULA.search(text))
                merged += [ref.decode() for ref in _MERGED.findall(text)]
                hidden.update(int(row) for row in _HIDDEN.findall(text))
                tail = text[-_OVERLAP_BYTES:]
    return _Structure(tuple(dict.fromkeys(merged)), frozenset(hidden), formulas)


def _structure_faults(facts: _Structure, file: str, name: str) -> Iterator[Problem]:
    for reference in facts.merged[:_MOST_REPORTED]:
        row = int(re.findall(r"\d+", reference)[0])
        yield _fault(
            file, name, row, "cell.merged",
            f"the cells {reference} are merged; only the first of them holds the value",
            "unmerge them and fill every cell",
        )  # fmt: skip


def _letters(index: int) -> str:
    letters = ""
    rest = index + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def _fault(  # noqa: PLR0913, PLR0917 - the fields of a problem
    file: str,
    name: str,
    number: int,
    code: str,
    message: str,
    remedy: str,
    value: str = "",
    *,
    rejects: bool = False,
) -> Problem:
    return Problem(
        code=code, message=message, remedy=remedy, file=file, worksheet=name, row=number,
        value=value, rejects=rejects,
    )  # fmt: skip
