"""A worksheet of Handbill's own in a user's workbook; every other part stays byte for byte.

The workbook is not loaded and saved by a library, which would lose charts, macros and comments:
one part is put in, and three short lists (workbook, relations, types) name it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from posixpath import dirname, join, normpath
from xml.sax.saxutils import escape, quoteattr

from handbill.bundling.cells import guarded
from handbill.bundling.staging import replace_file
from handbill.errors import BundleError

TITLE = "Handbill status"
_PART = "handbill-status.xml"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_TYPES = "[Content_Types].xml"
_SUFFIXES = frozenset({".xlsx", ".xlsm"})
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MOST_CHARS = 32_000
_LETTERS = 26
# Namespaces of usual files, and of those that were saved as "strict".
_USUAL = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main",
          "http://schemas.openxmlformats.org/officeDocument/2006/relationships")  # fmt: skip
_STRICT = ("http://purl.oclc.org/ooxml/spreadsheetml/main",
           "http://purl.oclc.org/ooxml/officeDocument/relationships")  # fmt: skip

Rows = Sequence[Sequence[str | int]]


def takes_worksheet(workbook: Path) -> bool:
    """Whether a worksheet can be put into the file: by its name and by its first bytes."""
    return workbook.suffix.lower() in _SUFFIXES and zipfile.is_zipfile(workbook)


def write_worksheet(workbook: Path, rows: Rows) -> Path:
    """Put `rows` into the worksheet ``Handbill status`` of a workbook, in one step.

    A worksheet of that name is replaced; it is Handbill's. Texts are guarded against being run as
    formulas when a person edits or exports them.

    Args:
        workbook: an XLSX or XLSM file.
        rows: the first one is the header.

    Raises:
        BundleError: the file is no such workbook, or cannot be written; it is unchanged then.
    """
    if not takes_worksheet(workbook):
        raise BundleError(
            f"{str(workbook)!r} is no XLSX or XLSM workbook, so it has no place for a worksheet\n"
            "  → leave --write-back-worksheet out: the status is kept in a file beside the sheet"
        )
    with zipfile.ZipFile(workbook) as source:
        members = [(member, source.read(member)) for member in source.infolist()]
    changed = _changed({member.filename: data for member, data in members}, rows, workbook)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for member, data in members:
            fresh = changed.pop(member.filename, data)
            target.writestr(member, fresh, compress_type=member.compress_type)
        for name, data in changed.items():
            target.writestr(zipfile.ZipInfo(name), data, compress_type=zipfile.ZIP_DEFLATED)
    replace_file(workbook, packed.getvalue())
    return workbook


def _changed(parts: Mapping[str, bytes], rows: Rows, workbook: Path) -> dict[str, bytes]:
    """The parts that differ from the user's, by name."""
    try:
        book = _target_of_type(parts["_rels/.rels"].decode(), "officeDocument", "")
        relations = join(dirname(book), "_rels", f"{book.rsplit('/', 1)[-1]}.rels")
        book_xml, relations_xml = parts[book].decode(), parts[relations].decode()
        types_xml = parts[_TYPES].decode()
    except (KeyError, ValueError) as error:
        raise BundleError(
            f"{str(workbook)!r} has a form that nothing can be added to safely ({error!r})\n"
            "  → leave --write-back-worksheet out: the status is kept in a file beside the sheet"
        ) from error
    spaces = _STRICT if _STRICT[0] in book_xml else _USUAL
    sheet = _sheet_xml(rows, spaces[0]).encode()
    own = re.search(rf"<(?:\w+:)?sheet\b[^>]*\bname={quoteattr(TITLE)}[^>]*>", book_xml)
    if own and (relation := re.search(r'\w+:id="([^"]+)"', own[0])):
        return {_target_of_id(relations_xml, relation[1], dirname(book)): sheet}
    part = join(dirname(book), "worksheets", _PART)
    new_id = _free(relations_xml)
    number = 1 + max(map(int, re.findall(r'\bsheetId="(\d+)"', book_xml)), default=0)
    prefix = _prefix_before(book_xml, "sheets")
    line = (
        f'<{prefix}sheet name={quoteattr(TITLE)} sheetId="{number}" '
        f'xmlns:hb="{spaces[1]}" hb:id="{new_id}"/>'
    )
    relation_line = (
        f'<{_prefix_before(relations_xml, "Relationships")}Relationship Id="{new_id}" '
        f'Type="{spaces[1]}/worksheet" Target="worksheets/{_PART}"/>'
    )
    type_line = (
        f'<{_prefix_before(types_xml, "Types")}Override PartName="/{part}" ContentType="{_TYPE}"/>'
    )
    return {
        book: _before_end(book_xml, "sheets", line),
        relations: _before_end(relations_xml, "Relationships", relation_line),
        _TYPES: _before_end(types_xml, "Types", type_line),
        part: sheet,
    }


def _target_of_type(relations: str, kind: str, folder: str) -> str:
    for found in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        target = re.search(r'\bTarget="([^"]+)"', found)
        if re.search(rf'\bType="[^"]*/{kind}"', found) and target:
            return _resolved(target[1], folder)
    raise KeyError(kind)


def _target_of_id(relations: str, wanted: str, folder: str) -> str:
    for found in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", relations):
        target = re.search(r'\bTarget="([^"]+)"', found)
        if re.search(rf'\bId="{re.escape(wanted)}"', found) and target:
            return _resolved(target[1], folder)
    raise KeyError(wanted)


def _resolved(target: str, folder: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))


def _free(relations: str) -> str:
    taken = set(re.findall(r'\bId="([^"]+)"', relations))
    return next(name for n in range(len(taken) + 1) if (name := f"rIdHandbill{n}") not in taken)


def _prefix_before(xml: str, element: str) -> str:
    found = re.search(rf"</((?:\w+:)?){element}\s*>", xml)
    return found[1] if found else ""


def _before_end(xml: str, element: str, line: str) -> bytes:
    fresh, count = re.subn(rf"</(?:\w+:)?{element}\s*>", lambda end: line + end[0], xml, count=1)
    if not count:
        raise BundleError(f"the workbook has no list of {element!r} that can be added to")
    return fresh.encode()


def _sheet_xml(rows: Rows, namespace: str) -> str:
    lines = "".join(
        f'<row r="{number}">'
        + "".join(_cell_xml(f"{_column(place)}{number}", value) for place, value in enumerate(row))
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetData>{lines}</sheetData></worksheet>'
    )


def _cell_xml(place: str, value: str | int) -> str:
    if isinstance(value, int):
        return f'<c r="{place}"><v>{value}</v></c>'
    text = escape(_FORBIDDEN.sub("\ufffd", guarded(value))[:_MOST_CHARS])
    if not text:
        return ""
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _column(place: int) -> str:
    """``A`` for 0; a status has fewer columns than there are letters."""
    return chr(ord("A") + place % _LETTERS)
