"""XLSX and XLSM: values as shown, and every cell that has none reported by its place."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.number_formats import digits_lost, shown_text
from handbill.sheets.packages import check_package
from handbill.sheets.tables import TableRow
from handbill.sheets.worksheet_facts import WorksheetFacts, scanned

if TYPE_CHECKING:
    from openpyxl import Workbook

_HEAD_ROWS = 10
_NAMED = 5
# Rows that are read at a stretch: watching for warnings costs more than a row does.
_STRETCH = 256


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
    name, notes = _chosen(path, file, wanted, holds_products)
    return WorksheetRows(name, chain(notes, _rows(path, file, name)))


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
) -> tuple[str, tuple[Problem, ...]]:
    """The name of the worksheet that is read, and remarks on others that hold products."""
    with _opened(path, file) as book:
        names = [sheet.title for sheet in book.worksheets]
        if wanted:
            return _named(wanted, names, file), ()
        if not names:
            raise SheetError("the workbook has no worksheets", where=file, remedy="add one")
        shown = [str(sheet.title) for sheet in book.worksheets if sheet.sheet_state == "visible"]
        holding = [str(sheet.title) for sheet in book.worksheets if holds_products(_head(sheet))]
    return chosen_worksheet(names, shown, holding, file)


def chosen_worksheet(
    names: list[str], shown: list[str], holding: list[str], file: str
) -> tuple[str, tuple[Problem, ...]]:
    """The first visible worksheet that holds products, and remarks on the others that do.

    Args:
        names: of all worksheets, at least one.
        shown: of the visible ones.
        holding: of those that hold products.
        file: its name for problems.
    """
    first = next((name for name in shown if name in holding), (shown or names)[0])
    groups = {
        "worksheet.others": [name for name in holding if name in shown],
        "worksheet.hidden": [name for name in holding if name not in shown],
    }
    notes = []
    for code, found in groups.items():
        if others := [name for name in found if name != first]:
            listed = ", ".join(map(repr, others[:_NAMED]))
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            kind = "hidden worksheets" if code == "worksheet.hidden" else "worksheets"
            notes.append(
                Problem(
                    code=code,
                    message=f"{first!r} is read; products stand in other {kind} as well, which"
                    f" are not read: {listed}{more}",
                    remedy=f"to read another one, name it: --worksheet {others[0]!r}",
                    file=file, worksheet=first, rejects=False,
                )
            )  # fmt: skip
    return first, tuple(notes)


def _head(sheet: Any) -> list[tuple[str, ...]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_HEAD_ROWS, values_only=True)
    return [tuple(shown_text(value, "") for value in row) for row in _quietly(rows)]


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
        facts = scanned(path, str(getattr(sheet, "_worksheet_path", "")), f"{file}, {name!r}")
        remarks = WorksheetRemarks(file, name, facts, _struck_styles(book))
        formulas = _formula_rows(path, file, name) if facts.formulas else iter(())
        for number, cells in enumerate(_quietly(sheet.iter_rows()), start=1):
            formula_row = next(formulas, ())
            if not cells:
                yield TableRow(number, ())
                continue
            texts = tuple(_shown(cell) for cell in cells)
            faults = (
                *_cell_faults(cells, formula_row, file, name, number),
                *remarks.of_merged(number, len(cells)),
            )
            if facts.oddities or remarks.struck:
                yield from remarks.of_row(number, cells, texts)
            numbers = frozenset(n for n, cell in enumerate(cells) if cell.data_type == "n")
            yield TableRow(number, texts, faults, numbers=numbers)


@dataclass(slots=True)
class WorksheetRemarks:
    """What of a worksheet's look is said with its rows."""

    file: str
    name: str
    facts: WorksheetFacts
    struck: frozenset[int] = frozenset()
    _columns_told: set[int] = field(default_factory=set)

    def of_merged(self, number: int, width: int) -> Iterator[tuple[int, Problem]]:
        """Cells of the row that a merge leaves empty, once a merge."""
        for first, reference in self.facts.merged_into.get(number, ()):
            if first < width:
                place = f"{column_letters(first)}{number}"
                yield first, cell_fault(
                    self.file, self.name, number, "cell.merged",
                    f"{place} is merged ({reference}) and holds no value of its own",
                    "unmerge the cells and fill every one of them",
                )  # fmt: skip

    def of_row(self, number: int, cells: Sequence[Any], texts: Sequence[str]) -> Iterator[Problem]:
        """Hidden rows and columns that are read all the same, and rows that are struck out."""
        filled = [index for index, text in enumerate(texts) if text]
        for index in filled:
            if index in self.facts.hidden_columns and index not in self._columns_told:
                self._columns_told.add(index)
                yield cell_fault(
                    self.file, self.name, number, "column.hidden",
                    f"column {column_letters(index)} ({texts[index][:40]!r}) is hidden and is read"
                    " all the same",
                    "delete it if it should not be used",
                )  # fmt: skip
        if not filled:
            return
        if number in self.facts.hidden_rows:
            yield cell_fault(
                self.file, self.name, number, "row.hidden",
                "the row is hidden and is read all the same",
                "delete it if it should not be made",
            )  # fmt: skip
        styles = [getattr(cells[index], "_style_id", -1) for index in filled]
        if sum(style in self.struck for style in styles) * 2 > len(styles):
            yield cell_fault(
                self.file, self.name, number, "row.struck_out",
                "the row is struck through and is read all the same",
                "delete it if it should not be made",
            )  # fmt: skip


def _struck_styles(book: Any) -> frozenset[int]:
    """Styles of cells whose text is struck through."""
    return frozenset(
        index for index, style in enumerate(book._cell_styles)  # noqa: SLF001 - has no other name
        if book._fonts[style.fontId].strike  # noqa: SLF001 - as above
    )  # fmt: skip


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
            stretch = list(islice(rows, _STRETCH))
        if not stretch:
            return
        yield from stretch


def _cell_faults(
    cells: tuple[Any, ...], formulas: tuple[Any, ...], file: str, name: str, number: int
) -> Iterator[tuple[int, Problem]]:
    for index, cell in enumerate(cells):
        formula = formulas[index] if index < len(formulas) else None
        fault = _cell_fault(
            cell.value, cell.data_type, formula, f"{column_letters(index)}{number}"
        )
        if fault:
            code, message, remedy, rejects = fault
            value = str(formula if cell.value is None else cell.value)[:200]
            yield (
                index,
                cell_fault(file, name, number, code, message, remedy, value, rejects=rejects),
            )


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


def column_letters(index: int) -> str:
    """``A`` for 0, ``AA`` for 26."""
    letters = ""
    rest = index + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def cell_fault(  # noqa: PLR0913, PLR0917 - the fields of a problem
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
    """A problem of one row."""
    return Problem(
        code=code, message=message, remedy=remedy, file=file, worksheet=name, row=number,
        value=value, rejects=rejects,
    )  # fmt: skip
