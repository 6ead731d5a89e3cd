"""CSV as RFC 4180 has it, safe to open in a spreadsheet program.

Excel, LibreOffice and Google Sheets run a cell that begins with ``=``, ``+``, ``-``, ``@`` or a
control character as a formula; a product's name from a stranger's feed could then read files or
call out. A guarded cell gets an apostrophe in front, which spreadsheet programs take for "this is
text" (OWASP ASVS 1.2.10). The guard can be undone exactly (`unguarded`).

Handbill's own lists are written in UTF-8 with a byte order mark, because Excel reads a CSV without
one in the machine's old code page and shows ``Ã¤`` for ``ä``; lines end in CR LF.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# The full-width signs work in the East Asian editions of Excel.
_FORMULA_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠")
_APOSTROPHE = "'"

Number = int | float


def is_formula(text: str) -> bool:
    """Whether a spreadsheet program might run `text` instead of showing it."""
    begin = text.lstrip(" \u00a0\ufeff" + _APOSTROPHE)[:1]
    return begin in _FORMULA_STARTS if begin else False


def guarded(text: str) -> str:
    """`text` with an apostrophe in front when it would else be run as a formula."""
    return _APOSTROPHE + text if is_formula(text) else text


def unguarded(text: str) -> str:
    """The text that was given to `guarded`."""
    return text[1:] if text.startswith(_APOSTROPHE) and is_formula(text) else text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str | Number]]) -> bytes:
    """A CSV file with every text guarded; numbers stay numbers, negative ones too."""
    return plain_csv_bytes(header, ([_cell(value) for value in row] for row in rows))


def plain_csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file with its cells as they are: for machines that publish a cell letter by letter.

    The caller keeps texts out of it for which `is_formula` holds.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: str | Number) -> str:
    return guarded(value.replace("\0", "")) if isinstance(value, str) else str(value)
