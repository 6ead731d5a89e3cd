"""CSV and TSV in any dialect, as a stream that survives broken quotes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TextIO

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.encodings import encoding_of
from handbill.sheets.options import MAX_CELL_CHARS
from handbill.sheets.records import DELIMITERS, Dialect, records
from handbill.sheets.tables import TableRow

_SAMPLE_CHARS = 64_000
_SAMPLE_ROWS = 50
_MOST_BROKEN_QUOTES = 100


def read_flat_rows(
    path: Path, file: str, encoding: str, knows: Callable[[str], bool]
) -> Iterator[TableRow | Problem]:
    """Every row of a CSV or TSV file, the header among them, numbered as a spreadsheet does.

    Args:
        path: the file.
        file: its name for problems.
        encoding: as the user named it, or empty.
        knows: tells whether a header name is known; settles which delimiter is meant.

    Raises:
        SheetError: the encoding is not known, or quotes are broken throughout.
    """
    proved = encoding_of(path, encoding)
    csv.field_size_limit(MAX_CELL_CHARS)
    with path.open(encoding=proved, newline="") as stream:
        dialect = sniffed(stream.read(_SAMPLE_CHARS), knows)
        stream.seek(0)
        yield from _rows(stream, dialect, file)


def sniffed(sample: str, knows: Callable[[str], bool]) -> Dialect:
    """The dialect that makes most sense of the first rows of a file."""
    first = sample.split("\n", 1)[0].strip("\ufeff\r\n ")
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return Dialect(first[4], preface=1)
    whole = len(sample) < _SAMPLE_CHARS
    options = [Dialect(mark, spaced) for mark in DELIMITERS
               for spaced in ([False, True] if f"{mark} " in sample else [False])]  # fmt: skip
    scored = [(_sense(sample, option, knows, whole=whole), -rank, option)
              for rank, option in enumerate(options)]  # fmt: skip
    sense, _, dialect = max(scored, key=lambda item: item[:2])
    return replace(dialect, width=sense[-1])


def _sense(
    sample: str, dialect: Dialect, knows: Callable[[str], bool], *, whole: bool
) -> tuple[int, bool, float, int]:
    """Known names in the header, whether it has columns, share of rows as wide, its width."""
    rows = _sample_rows(sample, dialect)
    rows = rows if whole or len(rows) < 2 else rows[:-1]  # noqa: PLR2004 - the last row may be cut off
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return 0, True, 1.0, 0  # nothing but delimiters
    known, width = max((sum(map(knows, row)), len(row)) for row in filled[:10])
    even = sum(len(row) == width for row in filled) / len(filled)
    return known, width > 1, even, width


def _sample_rows(sample: str, dialect: Dialect) -> list[list[str]]:
    reader = csv.reader(
        StringIO(sample, newline=""), delimiter=dialect.delimiter, skipinitialspace=dialect.spaced
    )
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # the rows before a broken cell are sample enough
    return rows


def _rows(stream: TextIO, dialect: Dialect, file: str) -> Iterator[TableRow | Problem]:
    for _ in range(dialect.preface):
        next(stream)
    broken = 0
    for record in records(stream, dialect):
        if record.cells is not None:
            yield TableRow(record.number, _unmarked(record.cells), strict=record.again)
            continue
        broken += 1
        yield _broken_row(file, record.number, record.text, record.fault)
        if broken > _MOST_BROKEN_QUOTES:
            raise _hopeless(file, record.number)


def _unmarked(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells without the byte order mark that stands where files were put together."""
    if len(cells) > 1 and cells[0][:1] == "\ufeff" != cells[0]:
        return (cells[0][1:], *cells[1:])
    return cells


def _broken_row(file: str, number: int, line: str, fault: str) -> Problem:
    if "field limit" in fault:
        return Problem(
            code="cell.too_large",
            message=f"a cell holds more than {MAX_CELL_CHARS} characters",
            remedy="shorten the cell, or close the quote that runs on into the next rows",
            file=file,
            row=number,
            value=line[:80],
        )
    return Problem(
        code="row.broken_quote",
        message=f"a quoted cell of this row does not end as it should: {line.strip()[:60]!r}",
        remedy='close the quote, and write a quote inside a quoted cell twice ("")',
        file=file,
        row=number,
        value=line.strip()[:200],
    )


def _hopeless(file: str, number: int) -> SheetError:
    return SheetError(
        f"more than {_MOST_BROKEN_QUOTES} rows have broken quotes",
        where=f"{file}, row {number}",
        remedy="export the sheet anew as CSV or XLSX; its quotes are not those of a CSV file",
    )
