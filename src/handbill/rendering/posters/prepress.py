"""What a print shop looks for in a PDF and Skia does not write: where to cut, and which RGB it is.

The page gets a TrimBox and a BleedBox, the document an output intent with sRGB's profile. That is
no PDF/X: the colours stay RGB, and the shop's own software turns them into its inks.
"""

from __future__ import annotations

import re
import zlib
from functools import cache

from PIL import ImageCms

_TABLE = re.compile(rb"xref\n0 (\d+)\n((?:\d{10} \d{5} [nf] \n)+)trailer\n<</Size \d+")
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\n?$")
_ENTRY_BYTES = 20
# An ICC header tells when it was made and carries a digest: the same file must come every time.
_ICC_DATE, _ICC_DIGEST = slice(24, 36), slice(84, 100)
_ICC_SOME_DAY = bytes((7, 208, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))


def ready_for_print(data: bytes, trim_inset_pt: float) -> bytes:
    """A PDF of one page as Skia writes it, with boxes and an output intent.

    Args:
        data: the file.
        trim_inset_pt: from each edge of the page to where it is cut: the bleed, in points.

    Raises:
        ValueError: the file is not built as Skia builds it.
    """
    start, table = _START.search(data), _TABLE.search(data)
    if start is None or table is None:
        message = "the PDF's table of objects cannot be read"
        raise ValueError(message)
    count, lines = int(table.group(1)), table.group(2)
    offsets = [int(lines[at : at + 10]) for at in range(0, len(lines), _ENTRY_BYTES)]
    page = _head_of(data, offsets, b"Page")
    catalogue = _head_of(data, offsets, b"Catalog")
    insertions = sorted(
        (
            (page, _boxes(data[page:], trim_inset_pt)),
            (catalogue, _intent(count)),
            (table.start(), _profile_object(count)),
        )
    )
    moved = [at + sum(len(what) for where, what in insertions if where <= at) for at in offsets]
    at_profile = table.start() + sum(len(what) for _, what in insertions[:-1])
    body = _with(data[: table.start()], insertions)
    entries = b"".join(b"%010d 00000 n \n" % at for at in (*moved[1:], at_profile))
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (count + 1)
    rest = data[table.end() : start.start()]
    tail = b"trailer\n<</Size %d" % (count + 1) + rest
    return body + head + entries + tail + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _head_of(data: bytes, offsets: list[int], kind: bytes) -> int:
    """Where the entries of the dictionary of `kind` begin."""
    pattern = re.compile(rb"\d+ 0 obj\n<<(?=/Type /%s\b)" % kind)
    found = [match.end() for at in offsets if (match := pattern.match(data, at))]
    if len(found) != 1:
        message = f"the PDF has {len(found)} objects of the kind {kind.decode()}, one was expected"
        raise ValueError(message)
    return found[0]


def _boxes(page: bytes, inset_pt: float) -> bytes:
    media = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)
    if media is None:
        message = "the PDF's page has no size"
        raise ValueError(message)
    width, height = (float(edge) for edge in media.groups())
    trim = f"{inset_pt:.3f} {inset_pt:.3f} {width - inset_pt:.3f} {height - inset_pt:.3f}"
    return f"/TrimBox [{trim}]\n/BleedBox [0 0 {width:.3f} {height:.3f}]\n".encode("ascii")


def _intent(profile: int) -> bytes:
    name = b"sRGB IEC61966-2.1"
    return (
        b"/OutputIntents [<</Type /OutputIntent\n/S /GTS_PDFA1\n/OutputConditionIdentifier (%s)\n"
        b"/Info (%s)\n/DestOutputProfile %d 0 R>>]\n" % (name, name, profile)
    )


def _profile_object(number: int) -> bytes:
    packed = zlib.compress(_srgb_profile(), 9)
    head = b"%d 0 obj\n<</N 3\n/Filter /FlateDecode\n/Length %d>> stream\n" % (number, len(packed))
    return head + packed + b"\nendstream\nendobj\n"


@cache
def _srgb_profile() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_ICC_DATE], profile[_ICC_DIGEST] = _ICC_SOME_DAY, bytes(16)
    return bytes(profile)


def _with(data: bytes, insertions: list[tuple[int, bytes]]) -> bytes:
    made, done = bytearray(), 0
    for where, what in insertions:
        made += data[done:where] + what
        done = where
    return bytes(made + data[done:])
