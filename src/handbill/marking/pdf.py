"""Metadata into a PDF by an incremental update: what stands there stays byte for byte."""

from __future__ import annotations

import re

_STARTXREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_REFERENCE = rb"/%s\s+(\d+)\s+(\d+)\s+R"


def pdf_with_marks(data: bytes, xmp: bytes, info: dict[str, str]) -> bytes:
    """A PDF with `xmp` as its metadata and `info` in its information dictionary.

    Raises:
        ValueError: its table of objects cannot be read (a compressed one, or a broken file).
    """
    end = _STARTXREF.search(data)
    trailer_at = data.rfind(b"trailer")
    if end is None or trailer_at < 0:
        message = "its table of objects cannot be read"
        raise ValueError(message)
    trailer = data[trailer_at : end.start()]
    size = _number(trailer, rb"/Size\s+(\d+)")
    root = _number(trailer, _REFERENCE % b"Root")
    catalogue = re.sub(rb"/Metadata\s+\d+\s+\d+\s+R", b"", _body(data, root))
    # The information dictionary keeps its number, so that the file has one and not two.
    named = re.search(_REFERENCE % b"Info", trailer)
    info_at = int(named.group(1)) if named else size + 1
    before = _body(data, info_at) if named else b"<<"
    objects = {
        root: b"%s/Metadata %d 0 R\n>>" % (catalogue, size),
        size: b"<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream"
        % (len(xmp), xmp),
        info_at: b"%s%s>>" % (before, _entries(info)),
    }
    links = b"/Size %d /Root %d 0 R /Info %d 0 R /Prev %s" % (
        max(size, info_at) + 1,
        root,
        info_at,
        end.group(1),
    )
    return data + _update(data, objects, links)


def _update(data: bytes, objects: dict[int, bytes], links: bytes) -> bytes:
    """Objects, their table and a trailer that points back to the file before."""
    out, table = bytearray(b"\n"), []
    for number, body in sorted(objects.items()):
        table.append(b"%d 1\n%010d 00000 n \n" % (number, len(data) + len(out)))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(data) + len(out)
    out += b"xref\n" + b"".join(table) + b"trailer\n<<" + links + b">>\n"
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % at)


def _number(trailer: bytes, pattern: bytes) -> int:
    match = re.search(pattern, trailer)
    if match is None:
        message = "its trailer is not whole"
        raise ValueError(message)
    return int(match.group(1))


def _body(data: bytes, number: int) -> bytes:
    """The dictionary of an object up to its closing brackets."""
    found = list(re.finditer(rb"(?<!\d)%d 0 obj\s*(<<.*?)>>\s*endobj" % number, data, re.DOTALL))
    if not found:
        message = f"object {number} cannot be read"
        raise ValueError(message)
    return found[-1].group(1)


def _entries(info: dict[str, str]) -> bytes:
    pairs = (f"/{name} ({_escaped(value)})\n" for name, value in info.items() if value)
    return "".join(pairs).encode("latin-1", "replace")


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
