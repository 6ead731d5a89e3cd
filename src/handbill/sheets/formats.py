"""Opens a sheet of any format as a stream of rows, by its bytes first and its name second."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from handbill.domain.finding import Problem
from handbill.errors import SheetError
from handbill.sheets.options import SheetOptions
from handbill.sheets.presets import known_header
from handbill.sheets.tables import TableRow

_ZIP = b"PK\x03\x04"
_LEGACY = bytes.fromhex("d0cf11e0a1b11ae1")
_PARQUET = b"PAR1"
_SUFFIXES = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".psv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".json",
     ".jsonl", ".ndjson", ".parquet", ".xml", ".rss"}
)  # fmt: skip


@dataclass(slots=True)
class Content:
    """A sheet opened: its name for problems, and its rows, the header among them."""

    file: str
    rows: Iterator[TableRow | Problem]
    worksheet: str = ""
    header_row: int = 0

    @property
    def place(self) -> str:
        """File and worksheet for a message."""
        return f"{self.file}, worksheet {self.worksheet!r}" if self.worksheet else self.file


def open_content(
    path: Path,
    options: SheetOptions,
    holds_products: Callable[[list[tuple[str, ...]]], bool],
) -> Content:
    """Open a sheet of any format.

    Raises:
        SheetError: the format is not known or the file cannot be read.
    """
    file = path.name
    with path.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(_ZIP):
        return _packed(path, file, options, holds_products)
    if head.startswith(_LEGACY):
        from handbill.sheets.other_workbooks import read_other_workbook  # noqa: PLC0415 - loads calamine

        rows = read_other_workbook(path, file, options.worksheet, holds_products)
        return Content(file, rows.rows, rows.name)
    if head.startswith(_PARQUET):
        from handbill.sheets.parquet_files import read_parquet  # noqa: PLC0415 - loads pyarrow

        return Content(file, read_parquet(path, file))
    return _text(path, file, options, head)


def _packed(
    path: Path,
    file: str,
    options: SheetOptions,
    holds_products: Callable[[list[tuple[str, ...]]], bool],
) -> Content:
    from handbill.sheets.packages import check_package  # noqa: PLC0415 - loads zipfile

    names = check_package(path, file)
    if "xl/workbook.xml" in names:
        from handbill.sheets.workbooks import read_workbook  # noqa: PLC0415 - loads zipfile

        book = read_workbook(path, file, options.worksheet, holds_products)
        return Content(file, book.rows, book.name)
    if "content.xml" in names or "xl/workbook.bin" in names:
        from handbill.sheets.other_workbooks import read_other_workbook  # noqa: PLC0415 - loads calamine

        other = read_other_workbook(path, file, options.worksheet, holds_products)
        return Content(file, other.rows, other.name)
    raise SheetError(
        "the file is an archive, not a workbook",
        where=file,
        remedy="unpack it and name the sheet that lies in it",
    )


def _text(path: Path, file: str, options: SheetOptions, head: bytes) -> Content:
    suffix = path.suffix.lower()
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if suffix in {".jsonl", ".ndjson"}:
        from handbill.sheets.json_files import read_json_lines  # noqa: PLC0415 - loads json

        return Content(file, read_json_lines(path, file, options.encoding))
    if suffix == ".json" or (suffix not in _SUFFIXES and plain[:1] in {b"[", b"{"}):
        from handbill.sheets.json_files import read_json_rows  # noqa: PLC0415 - loads json

        return Content(file, read_json_rows(path, file, options.encoding))
    if suffix in {".xml", ".rss"} or plain.startswith((b"<?xml", b"<rss", b"<feed")):
        from handbill.sheets.feeds import read_feed_rows  # noqa: PLC0415 - loads an XML parser

        return Content(file, read_feed_rows(path, file))
    _check_is_text(head, file)
    from handbill.sheets.flat_files import read_flat_rows  # noqa: PLC0415 - only here is it needed

    return Content(file, read_flat_rows(path, file, options.encoding, known_header))


def _check_is_text(head: bytes, file: str) -> None:
    """Refuse what is plainly something else, so that nobody reads a table out of a picture."""
    kinds = {b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture",
             b"%PDF": "a PDF document", b"GIF8": "a GIF picture",
             b"\x1f\x8b": "a gzip archive", b"{\\rtf": "an RTF document",
             b"<!DO": "a web page", b"<htm": "a web page", b"<tab": "a web page",
             b"<sty": "a web page", b"<met": "a web page", b"SQLi": "a database"}  # fmt: skip
    for mark, kind in kinds.items():
        if head.startswith(mark) or (mark[:1] == b"<" and head.lower().startswith(mark.lower())):
            raise SheetError(
                f"the file is {kind}, not a sheet",
                where=file,
                remedy="name a csv, tsv, xlsx, ods or json file; a table that was exported as a"
                " web page can be opened in Excel or LibreOffice and saved as XLSX",
            )
