"""The one shape that every file format is read into: a header and a stream of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from handbill.domain.finding import Problem


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as the file has it.

    Attributes:
        number: 1-based, as a spreadsheet shows it.
        cells: as typed; may be shorter or longer than the header.
        numbers: indexes of cells that the file holds as numbers, not as text.
        faults: of single cells: index of the cell, and what is wrong with it.
        strict: whether a wrong number of cells rejects the row (it follows a broken quote).
    """

    number: int
    cells: tuple[str, ...]
    faults: tuple[tuple[int, Problem], ...] = ()
    strict: bool = False
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header and its rows.

    Attributes:
        file: as the user named it.
        worksheet: empty for flat files.
        rows: rows and faults of single cells, in the order of the file; read once.
        notes: faults of the file as a whole.
    """

    file: str
    header: tuple[str, ...]
    rows: Iterator[TableRow | Problem]
    worksheet: str = ""
    notes: tuple[Problem, ...] = field(default=())
