"""What calamine does not tell of an ODS worksheet: errors, merges, hidden rows, its true size."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handbill.errors import SheetError
from handbill.sheets.worksheet_facts import Merged, WorksheetFacts

# A short file can stand for thousands of millions of cells: ODS writes "the same again, n times".
MAX_REPEATED_CELLS = 5_000_000
_MOST_MERGED_ROWS = 1_000
_HIDDEN = frozenset({"collapse", "filter"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocumentFacts:
    """One worksheet; `errors` holds row → index of the cell → the error that it shows."""

    facts: WorksheetFacts
    errors: Mapping[int, Mapping[int, str]]


@dataclass(slots=True)
class _Gatherer:
    row: int = 0
    cells: int = 0
    merged: dict[int, list[Merged]] = field(default_factory=dict)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def take(self, element: Any) -> int:
        """Hear of one row, which may stand for many; gives how many filled cells it stands for."""
        before = self.cells
        times = _count(element, "number-rows-repeated")
        filled = False
        column = 0
        for cell in element:
            if _name(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            wide = _count(cell, "number-columns-repeated")
            if _has_value(cell):
                filled = True
                self.cells += times * wide
            self._judge(cell, column)
            column += wide
        if filled and _attribute(element, "visibility") in _HIDDEN:
            self.hidden.add(self.row + 1)
        self.row += times
        return self.cells - before

    def facts(self) -> OpenDocumentFacts:
        """What was heard."""
        return OpenDocumentFacts(
            facts=WorksheetFacts(
                merged_into={row: tuple(found) for row, found in self.merged.items()},
                hidden_rows=frozenset(self.hidden),
            ),
            errors=self.errors,
        )

    def _judge(self, cell: Any, column: int) -> None:
        if _attribute(cell, "value-type") == "error" or _is_error(cell):
            self.errors.setdefault(self.row + 1, {})[column] = _shown(cell) or "error"
        wide, high = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if wide * high == 1:
            return
        reference = f"{wide} × {high} cells"
        for row in range(self.row + 1, self.row + 1 + min(high, _MOST_MERGED_ROWS)):
            first = column + (row == self.row + 1)
            if first < column + wide:
                self.merged.setdefault(row, []).append((first, reference))


def is_open_document(path: Path) -> bool:
    """Whether the file is an ODS package."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        return "content.xml" in package.namelist()


def open_document_facts(path: Path, file: str) -> dict[str, OpenDocumentFacts]:
    """Worksheet → its facts, of an ODS file; read before any other reader opens it.

    Raises:
        SheetError: it stands for more cells than are read, or is no XML that is safe to read.
    """
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # noqa: PLC0415 - loads the XML package
    from defusedxml.ElementTree import ParseError  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    gatherers: dict[str, _Gatherer] = {}
    cells = 0
    try:
        with zipfile.ZipFile(path) as package, package.open("content.xml") as stream:
            for worksheet, row in _rows(stream):
                cells += gatherers.setdefault(worksheet, _Gatherer()).take(row)
                if cells > MAX_REPEATED_CELLS:
                    raise SheetError(
                        f"the workbook stands for more than {MAX_REPEATED_CELLS} filled cells",
                        where=f"{file}, worksheet {worksheet!r}",
                        remedy="save the sheet as CSV, which is read row by row",
                    )
    except (DefusedXmlException, ParseError) as fault:
        raise SheetError(
            f"the workbook cannot be read ({type(fault).__name__})",
            where=file,
            remedy="open it in the program that made it and save it anew",
        ) from None
    return {worksheet: gatherer.facts() for worksheet, gatherer in gatherers.items()}


def _rows(stream: Any) -> Iterator[tuple[str, Any]]:
    """The row elements with the names of their tables, each let go after use."""
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - loads the XML package

    table: Any = None
    worksheet = ""
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        name = _name(element)
        if name == "table" and event == "start":
            table, worksheet = element, _attribute(element, "name")
        elif name == "table-row" and event == "end" and table is not None:
            yield worksheet, element
            element.clear()
            table.clear()


def _has_value(cell: Any) -> bool:
    return any(_name(child) == "p" for child in cell) or _attribute(cell, "value") != ""


def _is_error(cell: Any) -> bool:
    return _attribute(cell, "formula") != "" and _shown(cell).startswith(("#", "Err:"))


def _shown(cell: Any) -> str:
    return "".join("".join(child.itertext()) for child in cell if _name(child) == "p").strip()


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: Any, name: str) -> str:
    """The attribute of any namespace; an error's own type stands beside its type as text."""
    found = [value for key, value in element.attrib.items() if key.rpartition("}")[2] == name]
    return "error" if "error" in found else (found[0] if found else "")


def _count(element: Any, name: str) -> int:
    text = _attribute(element, name)
    return max(1, int(text)) if text.isdecimal() else 1
