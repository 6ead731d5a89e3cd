"""One row of a table, its cells sorted by what they mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

from handbill.domain.finding import Problem
from handbill.sheets.columns import Column, ColumnPlan
from handbill.sheets.stray_rows import StrayRows
from handbill.sheets.strays import Stray, stray_cell
from handbill.sheets.tables import Table, TableRow

BLANK = " \t\r\n"
_PICTURES = frozenset({"image", "more_images"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One filled cell: the header as typed, the text as typed, the row it stands in.

    `number` says that the file holds it as a number, with a full stop for decimals.
    """

    column: str
    text: str
    row: int
    number: bool = False


@dataclass(slots=True, kw_only=True)
class RawBrief:
    """What the sheet says of one product, before it is judged.

    Attributes:
        row: where it starts.
        cells: field → its cell; empty cells are absent.
        pictures: cells that name pictures, in order.
        extras: header → cell of every column that is no field.
        translations: field → locale → cell.
        faults: found while rows were put together.
    """

    row: int
    cells: dict[str, Cell] = field(default_factory=dict)
    pictures: list[Cell] = field(default_factory=list)
    extras: dict[str, str] = field(default_factory=dict)
    translations: dict[str, dict[str, Cell]] = field(default_factory=dict)
    faults: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str:
        """The text of a field without outer blanks, or empty."""
        cell = self.cells.get(name)
        return cell.text.strip(BLANK) if cell else ""


def sorted_rows(table: Table, plan: ColumnPlan) -> Iterator[RawBrief | Problem]:
    """Every filled row of `table`; rows that are no products are problems."""
    named = max((column.index for column in plan.columns if column.header), default=-1) + 1
    names = (column.index for column in plan.columns
             if column.field == "product" and not column.locale)  # fmt: skip
    place = next(names, -1)
    sort = _RowSorter(table, plan, named, StrayRows(table.header, place))
    for row in table.rows:
        if isinstance(row, Problem):
            yield row
            continue
        filled = [n for n, cell in enumerate(row.cells) if cell and not cell.isspace()]
        if filled or row.faults:
            yield from sort.row(row, filled)
        else:
            sort.strays.gap()


def _put(raw: RawBrief, column: Column, text: str, row: TableRow) -> None:
    cell = Cell(column.header, text, row.number, column.index in row.numbers)
    if column.locale:
        raw.translations.setdefault(column.field, {}).setdefault(column.locale, cell)
    elif column.field in _PICTURES:
        raw.pictures.append(cell)
    elif column.field:
        raw.cells.setdefault(column.field, cell)
    else:
        raw.extras.setdefault(column.header or f"column {column.index + 1}", text)


@dataclass(frozen=True, slots=True)
class _RowSorter:
    table: Table
    plan: ColumnPlan
    named: int  # how many columns there are up to the last one with a name
    strays: StrayRows

    def row(self, row: TableRow, filled: list[int]) -> Iterator[RawBrief | Problem]:
        # A row with faulty cells is one of the table, however little else stands in it.
        if not row.faults and (stray := self.strays.of(row.cells, filled)):
            yield self._stray(stray, row, "", row.cells[filled[0]], rejects=stray.rejects)
            if stray.skipped:
                return
        if fault := self._misfit(row, len(self.table.header)):
            yield fault
            if fault.rejects:
                return
        yield self._sorted(row)

    def _sorted(self, row: TableRow) -> RawBrief:
        raw = RawBrief(row=row.number)
        present = len(row.cells)
        faulty = {index for index, fault in row.faults if fault.rejects}
        for column in self.plan.columns:
            if column.index in faulty or column.index >= present:
                continue
            if (text := row.cells[column.index]) and not text.isspace():
                if stray := stray_cell(column.field, text):
                    rejects = bool(column.field) and stray.code == "cell.error"
                    raw.faults.append(
                        self._stray(stray, row, column.header, text, rejects=rejects)
                    )
                else:
                    _put(raw, column, text, row)
        self._keep_faults(raw, row)
        if self.plan.expressions:
            self._compose(raw, row)
        return raw

    def _stray(
        self, stray: Stray, row: TableRow, header: str, value: str, *, rejects: bool
    ) -> Problem:
        found = self._problem(
            row, stray.code, stray.message, stray.remedy, value=value[:200], rejects=rejects
        )
        return dataclasses.replace(found, column=header)

    def _keep_faults(self, raw: RawBrief, row: TableRow) -> None:
        """Faults of cells under their header; those of extra columns reject nothing."""
        if not row.faults:
            return
        columns = {column.index: column for column in self.plan.columns}
        for index, fault in row.faults:
            column = columns.get(index)
            rejects = fault.rejects and column is not None and bool(column.field)
            header = self.table.header[index] if index < len(self.table.header) else ""
            raw.faults.append(dataclasses.replace(fault, column=header, rejects=rejects))

    def _misfit(self, row: TableRow, width: int) -> Problem | None:
        beyond = [cell for cell in row.cells[width:] if cell.strip()]
        if beyond or (row.strict and len(row.cells) != width):
            return self._problem(
                row, "row.too_wide" if beyond else "row.broken_quote",
                f"the row has {len(row.cells)} cells under {width} headers, so its cells do not"
                " stand under the right ones",
                "put cells that hold the delimiter into quotes, or give every column a header",
                value=" | ".join(beyond or row.cells)[:200],
                rejects=True,
            )  # fmt: skip
        if len(row.cells) < self.named and self.table.worksheet == "":
            return self._problem(
                row, "row.too_short",
                f"the row ends after {len(row.cells)} of {width} columns; the rest is empty",
                "nothing to do if the last columns are meant to be empty",
                value="", rejects=False,
            )  # fmt: skip
        return None

    def _compose(self, raw: RawBrief, row: TableRow) -> None:
        header = self.table.header
        cells = {title: row.cells[index] if index < len(row.cells) else ""
                 for index, title in enumerate(header)}  # fmt: skip
        for name, expression in self.plan.expressions.items():
            try:
                text = expression.of(cells)
            except ValueError as fault:
                raw.faults.append(
                    self._problem(
                        row, "expression.failed",
                        f"the expression for {name!r} fails on this row: {fault}",
                        "correct the expression in [columns], or the cells it uses",
                        value="", rejects=True,
                    )
                )  # fmt: skip
                continue
            if text and name == "image":
                raw.pictures.append(Cell(name, text, row.number))
            elif text:
                raw.cells[name] = Cell(name, text, row.number)

    def _problem(
        self, row: TableRow, code: str, message: str, remedy: str, *, value: str, rejects: bool
    ) -> Problem:
        return Problem(
            code=code, message=message, remedy=remedy, file=self.table.file,
            worksheet=self.table.worksheet, row=row.number, value=value, rejects=rejects,
        )  # fmt: skip
