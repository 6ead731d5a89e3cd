"""Two cells at the end of every row of a worksheet; all other bytes of the workbook stay."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from xml.sax.saxutils import escape

from handbill.sheets.presets import MESSAGE_HEADER, STATUS_HEADER

_ROW = re.compile(rb"<((?:\w+:)?)row\b([^>]*?)(/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_NUMBER = re.compile(rb'\br="(\d+)"')
_SPANS = re.compile(rb'\s+spans="[^"]*"')
_CELL = re.compile(rb'\br="([A-Z]{1,3})\d+"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="[A-Z]+\d+:([A-Z]{1,3})\d+"')
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOST_CHARS = 32_000
_LETTERS = 26
_TITLES = (STATUS_HEADER, MESSAGE_HEADER)


def annotate_workbook(
    path: Path, worksheet: str, header_row: int, marks: Mapping[int, tuple[str, str]], out: Path
) -> Path:
    """Write a copy of a workbook with status and message behind its last column.

    Args:
        path: an XLSX or XLSM file that was read before, so that it is known to be safe.
        worksheet: the name of the one that is annotated.
        header_row: the row of the header.
        marks: row → status and message; rows that are absent are ``ok`` when they hold a cell.
        out: the file to write.
    """
    part = _part_of(path, worksheet)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as copy:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == part:
                data = _annotated(data, header_row, marks)
            copy.writestr(member, data, compress_type=member.compress_type)
    return out


def _part_of(path: Path, worksheet: str) -> str:
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 150 ms to load

    with closing(load_workbook(path, read_only=True, keep_links=False)) as book:
        return str(book[worksheet]._worksheet_path)  # type: ignore[attr-defined]  # noqa: SLF001


def _annotated(xml: bytes, header_row: int, marks: Mapping[int, tuple[str, str]]) -> bytes:
    # A cell that a merge covers would not be seen.
    used = {*_CELL.findall(xml), *_MERGED.findall(xml)}
    first = max(map(_column_number, used), default=0) + 1
    places = _column_name(first), _column_name(first + 1)
    count = 0

    def extended(match: re.Match[bytes]) -> bytes:
        nonlocal count
        own = _NUMBER.search(match[2])
        count = int(own[1]) if own else count + 1
        filled = b"<" in (match[4] or b"")
        unmarked = ("ok", "") if filled and count > header_row else ("", "")
        texts = _TITLES if count == header_row else marks.get(count, unmarked)
        if not texts[0]:
            return match[0]
        prefix = match[1].decode()
        cells = "".join(
            f'<{prefix}c r="{place}{count}" t="inlineStr"><{prefix}is>'
            f'<{prefix}t xml:space="preserve">{_safe(text)}</{prefix}t></{prefix}is></{prefix}c>'
            for place, text in zip(places, texts, strict=True)
        )
        attributes = _SPANS.sub(b"", match[2])
        inner = (match[4] or b"") + cells.encode()
        return b"<%brow%b>%b</%brow>" % (match[1], attributes, inner, match[1])

    return _ROW.sub(extended, xml)


def _safe(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text)[:_MOST_CHARS])


def _column_number(name: bytes) -> int:
    number = 0
    for letter in name.decode():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number


def _column_name(number: int) -> str:
    name = ""
    while number:
        number, last = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + last) + name
    return name
