"""What a streaming reader of workbooks does not tell of a worksheet: merges, what is hidden."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from handbill.errors import SheetError

_CHUNK_BYTES = 1 << 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d+)"')
_HIDDEN = re.compile(rb'<(?:\w+:)?row\s(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_COLUMN = re.compile(rb'<(?:\w+:)?col\s(?=[^>]*?\bhidden="(?:1|true)")[^>]*>')
_FIRST, _LAST = re.compile(rb'\bmin="(\d+)"'), re.compile(rb'\bmax="(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_LETTERS = 26
# Merges are told row by row; those of more rows than these are told for the first of them.
_MOST_MERGED_ROWS = 1_000
_MOST_COLUMNS = 16_384

Merged = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetFacts:
    """One worksheet.

    Attributes:
        merged_into: row → index of the first cell that a merge leaves empty, and the merge.
        hidden_rows: their numbers.
        hidden_columns: their indexes, from 0.
        formulas: whether there are any.
    """

    merged_into: Mapping[int, tuple[Merged, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: bool = False

    @property
    def oddities(self) -> bool:
        """Whether anything is hidden."""
        return bool(self.hidden_rows or self.hidden_columns)


def scanned(path: Path, part: str, where: str) -> WorksheetFacts:
    """The facts of one worksheet.

    Args:
        path: the workbook.
        part: name of the worksheet's part in it.
        where: for messages.

    Raises:
        SheetError: its rows stand out of order, so that readers would lose some of them.
    """
    merged: dict[int, list[Merged]] = {}
    hidden: set[int] = set()
    columns: set[int] = set()
    formulas = False
    row = 0
    for text in _pieces(path, part):
        formulas = formulas or bool(_FORMULA.search(text))
        for found in _ROW.findall(text):
            before, row = row, int(found)
            if row <= before:
                raise _disordered(before, row, where)
        hidden.update(map(int, _HIDDEN.findall(text)))
        columns.update(_hidden_columns(text))
        _add_merged(merged, _MERGED.findall(text))
    return WorksheetFacts(
        merged_into={row: tuple(found) for row, found in merged.items()},
        hidden_rows=frozenset(hidden), hidden_columns=frozenset(columns), formulas=formulas,
    )  # fmt: skip


def _pieces(path: Path, part: str) -> Iterator[bytes]:
    """The part in pieces that end behind a tag."""
    with zipfile.ZipFile(path) as package:
        if part not in package.namelist():
            return
        with package.open(part) as stream:
            rest = b""
            while chunk := stream.read(_CHUNK_BYTES):
                text = rest + chunk
                cut = text.rfind(b">") + 1
                rest = text[cut:]
                yield text[:cut]


def _hidden_columns(text: bytes) -> Iterator[int]:
    for tag in _COLUMN.findall(text):
        first, last = _FIRST.search(tag), _LAST.search(tag)
        if first and last:
            yield from range(int(first[1]) - 1, min(int(last[1]), _MOST_COLUMNS))


def _add_merged(merged: dict[int, list[Merged]], ranges: list[tuple[bytes, ...]]) -> None:
    for left, top, right, bottom in ranges:
        reference = f"{left.decode()}{int(top)}:{right.decode()}{int(bottom)}"
        first, last = _index(left), _index(right)
        for row in range(int(top), min(int(bottom), int(top) + _MOST_MERGED_ROWS) + 1):
            begin = first + 1 if row == int(top) else first
            if begin <= last:
                merged.setdefault(row, []).append((begin, reference))


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters.decode():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def _disordered(before: int, row: int, where: str) -> SheetError:
    return SheetError(
        f"the workbook is damaged: row {row} stands behind row {before}",
        where=where,
        remedy="open it in Excel or LibreOffice and save it anew, so that no row is lost",
    )
