"""Records of a CSV file in its own dialect; a quote that never closes costs one of them."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

DELIMITERS = (",", ";", "\t", "|")
# A cell of so many lines, each of them a whole row, is a quote that swallowed its neighbours.
_WHOLE_LINES = 3


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are separated.

    Attributes:
        delimiter: one of `DELIMITERS`.
        spaced: a space follows every delimiter and belongs to no cell.
        preface: lines before the first row that no spreadsheet shows (``sep=;``): 0 or 1.
        width: how many cells the header has; 0 when that is not known.
    """

    delimiter: str
    spaced: bool = False
    preface: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file.

    Attributes:
        number: 1-based, as a spreadsheet counts rows.
        cells: as typed; None where the row cannot be read.
        text: its lines as they stand in the file.
        fault: what the parser says against it.
        again: it was read a second time, behind a row with a broken quote.
    """

    number: int
    cells: tuple[str, ...] | None
    text: str
    fault: str = ""
    again: bool = False


@dataclass(slots=True)
class _Lines:
    """Physical lines of a file, with those of the current row kept for a second try."""

    stream: TextIO
    current: list[str] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.stream)
        self.current.append(line)
        return line

    def give_up_first(self) -> str:
        """Drop the first line of the current row; the lines after it are read again."""
        first, *rest = self.current or [""]
        self.waiting.extendleft(reversed(rest))
        self.current = []
        return first


def records(stream: TextIO, dialect: Dialect) -> Iterator[Record]:
    """Every record behind the preface; reading goes on behind one that is broken."""
    lines = _Lines(stream)
    number = 0
    broken = False
    while True:
        reader = csv.reader(
            lines, delimiter=dialect.delimiter, strict=True, skipinitialspace=dialect.spaced
        )
        try:
            for cells in reader:
                if len(lines.current) > 1 and swallowed(lines.current, len(cells), dialect):
                    raise csv.Error("a quoted cell runs on over whole rows")  # noqa: TRY301 - told like the parser's own faults
                number += 1
                again = broken and bool(lines.waiting)
                text = lines.current[0] if len(lines.current) == 1 else "".join(lines.current)
                lines.current = []
                yield Record(number, tuple(cells), text, again=again)
        except csv.Error as fault:
            number += 1
            broken = True
            yield Record(number, None, lines.give_up_first(), str(fault))
        else:
            return


def swallowed(lines: list[str], cells: int, dialect: Dialect) -> bool:
    """Whether a row of several lines is rows of their own that a stray quote has put together.

    Every line but the last is then as wide as the header when its quotes mean nothing. A row that
    has come out as wide as the header, or shorter, needs more such lines to be doubted.
    """
    if dialect.width < 2:  # noqa: PLR2004 - one column tells nothing
        return False
    least = 1 if cells > dialect.width else 2 if cells < dialect.width else _WHOLE_LINES
    whole = lines[:-1]
    return len(whole) >= least and all(_width(line, dialect) == dialect.width for line in whole)


def _width(line: str, dialect: Dialect) -> int:
    return line.count(dialect.delimiter) + 1
