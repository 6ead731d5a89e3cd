"""A copy of the user's own sheet with a status and a message for every row.

Nothing else is touched: of a text file every byte stays, of a workbook every part but the one
worksheet, and of that every cell. The two new cells cannot be run as formulas, because they begin
with a word of ours.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import TextIO

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.encodings import encoding_of
from handbill.sheets.flat_files import sniffed
from handbill.sheets.options import MAX_CELL_CHARS, SheetOptions
from handbill.sheets.presets import MESSAGE_HEADER, STATUS_HEADER, known_header
from handbill.sheets.reading import locate_header, read_table
from handbill.sheets.records import records
from handbill.sheets.tables import TableRow

_SAMPLE_CHARS = 64_000
_ZIP = b"PK\x03\x04"
_TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt", ".psv"})
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def annotate_sheet(
    path: Path,
    problems: Iterable[Problem],
    out: Path,
    options: SheetOptions = SheetOptions(),  # noqa: B008 - a frozen value
) -> Path:
    """Write a copy of `path` to `out` with two columns more: status and message.

    A row is ``ok``, ``warning`` or ``rejected``. XLSX, XLSM, CSV and TSV keep their form; every
    other format becomes a CSV file. A row with a broken quote stays as it is, because nothing can
    be added to it that would be read.

    Args:
        path: the sheet.
        problems: from reading it.
        out: the file to write; it must not be the sheet itself.
        options: as it was read.

    Returns:
        The file that was written; its suffix is ``.csv`` where the format could not be kept.

    Raises:
        SheetError: the sheet cannot be read, or `out` is the sheet.
    """
    if out.exists() and out.samefile(path):
        raise SheetError("the copy would take the sheet's own place", where=str(out),
                         remedy="name another file")  # fmt: skip
    marks = row_marks(problems)
    worksheet, header_row = locate_header(path, options)
    with path.open("rb") as stream:
        packed = stream.read(4) == _ZIP
    if packed and path.suffix.lower() in {".xlsx", ".xlsm"}:
        from handbill.sheets.annotating_workbooks import (  # noqa: PLC0415 - loads zipfile
            annotate_workbook,
        )

        return annotate_workbook(path, worksheet, header_row, marks, out)
    if not packed and path.suffix.lower() in _TEXT_SUFFIXES:
        return _annotate_flat(path, header_row, marks, out, options)
    return _as_table(path, marks, out.with_suffix(".csv"), options)


def row_marks(problems: Iterable[Problem]) -> dict[int, tuple[str, str]]:
    """Row → status and message of every row that has a problem."""
    marks: dict[int, tuple[str, str]] = {}
    for problem in problems:
        status, message = marks.get(problem.row, ("warning", ""))
        place = f"{problem.column}: " if problem.column else ""
        line = f"[{problem.code}] {place}{problem.message}. {problem.remedy}"
        marks[problem.row] = (
            "rejected" if problem.rejects else status,
            f"{message}\n{line}" if message else line,
        )
    return marks


def _annotate_flat(
    path: Path,
    header_row: int,
    marks: Mapping[int, tuple[str, str]],
    out: Path,
    options: SheetOptions,
) -> Path:
    proved = encoding_of(path, options.encoding)
    csv.field_size_limit(MAX_CELL_CHARS)
    target, mark = _target_encoding(path, proved)
    with (
        path.open(encoding=proved, newline="") as source,
        out.open("w", encoding=target, newline="") as copy,
    ):
        copy.write(mark)
        _copy_rows(source, copy, header_row, marks)
    return out


def _target_encoding(path: Path, proved: str) -> tuple[str, str]:
    """What to write with, and the byte order mark where the codec would choose another one."""
    if proved != "utf-16":
        return proved, ""
    with path.open("rb") as stream:
        return _MARKS[stream.read(2)], "\ufeff"


def _copy_rows(
    source: TextIO, copy: TextIO, header_row: int, marks: Mapping[int, tuple[str, str]]
) -> None:
    dialect = sniffed(source.read(_SAMPLE_CHARS), known_header)
    source.seek(0)
    copy.writelines(next(source) for _ in range(dialect.preface))
    for record in records(source, dialect):
        if record.cells is None:
            copy.write(record.text)
            continue
        status, message = _mark_of(record.number, header_row, record.cells, marks)
        copy.write(_extended(record.text, dialect.delimiter, status, message))


def _mark_of(
    number: int, header_row: int, cells: Iterable[str], marks: Mapping[int, tuple[str, str]]
) -> tuple[str, str]:
    if number == header_row:
        return STATUS_HEADER, MESSAGE_HEADER
    filled = any(cell.strip() for cell in cells)
    return marks.get(number, ("ok", "") if filled and number > header_row else ("", ""))


def _extended(line: str, delimiter: str, status: str, message: str) -> str:
    if not status:
        return line
    body = line.rstrip("\r\n")
    cells = StringIO()
    csv.writer(cells, delimiter=delimiter, lineterminator="").writerow([status, message])
    return f"{body}{delimiter}{cells.getvalue()}{line[len(body) :]}"


def _as_table(
    path: Path, marks: Mapping[int, tuple[str, str]], out: Path, options: SheetOptions
) -> Path:
    """Formats that cannot be added to become a CSV file whose cells cannot run as formulas."""
    table = read_table(path, options)
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*map(_guarded, table.header), STATUS_HEADER, MESSAGE_HEADER])
        for row in table.rows:
            if isinstance(row, TableRow):
                missing = [""] * (len(table.header) - len(row.cells))
                status = _mark_of(row.number, 0, row.cells, marks)
                writer.writerow([*map(_guarded, row.cells), *missing, *status])
    return out


def _guarded(text: str) -> str:
    begin = text.lstrip(" '\u00a0\ufeff")[:1]
    return f"'{text}" if begin and begin in "=+-@\t\r\n\0＝＋－＠" else text
