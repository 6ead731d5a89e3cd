"""Metadata into an MP4: keys in its index, XMP in a box of its own at the end.

The index grows, and stands before the media, so every chunk offset moves with it. Boxes after
ISO/IEC 14496-12; keys after the QuickTime file format, as ``ffmpeg -movflags use_metadata_tags``
writes them.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_PARENTS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
_UTF8 = 1


def mp4_with_marks(data: bytes, keys: Mapping[str, str], xmp: bytes) -> bytes:
    """An MP4 with these keys as its only metadata, and `xmp` where it is not empty.

    Raises:
        ValueError: the file's boxes cannot be read.
    """
    top = [box for box in _boxes(data, 0, len(data)) if not _is_xmp(data, box)]
    moov = next((box for box in top if box[0] == b"moov"), None)
    if moov is None:
        message = "it has no index"
        raise ValueError(message)
    marked = _moov(data, moov, keys)
    grown = len(marked) - (moov[2] - moov[1])
    media_at = next((start for kind, start, _ in top if kind == b"mdat"), 0)
    if media_at > moov[1]:
        marked = _moved(marked, grown)
    pieces = [marked if box is moov else data[box[1] : box[2]] for box in top]
    return b"".join(pieces) + (_box(b"uuid", _XMP_UUID + xmp) if xmp else b"")


def _moov(data: bytes, moov: tuple[bytes, int, int], keys: Mapping[str, str]) -> bytes:
    """The index without its old metadata and with the new."""
    inner = b"".join(
        data[start:end]
        for kind, start, end in _boxes(data, moov[1] + 8, moov[2])
        if kind not in {b"udta", b"meta"}
    )
    return _box(b"moov", inner + _box(b"udta", _meta(keys)))


def _meta(keys: Mapping[str, str]) -> bytes:
    handler = _full(b"hdlr", struct.pack(">I4s12x", 0, b"mdta") + b"\x00")
    names = [_box(b"mdta", name.encode()) for name in keys]
    items = b"".join(
        _box(struct.pack(">I", at), _box(b"data", struct.pack(">II", _UTF8, 0) + value.encode()))
        for at, value in enumerate(keys.values(), start=1)
    )
    table = _full(b"keys", struct.pack(">I", len(names)) + b"".join(names))
    return _full(b"meta", handler + table + _box(b"ilst", items))


def _moved(data: bytes, by: int) -> bytes:
    """The index with every chunk offset moved by `by` bytes."""
    out = bytearray(data)
    for kind, start, _ in _descend(data, 0, len(data)):
        if kind in {b"stco", b"co64"}:
            form = "I" if kind == b"stco" else "Q"
            (count,) = struct.unpack_from(">I", data, start + 12)
            offsets = struct.unpack_from(f">{count}{form}", data, start + 16)
            moved = (offset + by for offset in offsets)
            struct.pack_into(f">{count}{form}", out, start + 16, *moved)
    return bytes(out)


def _descend(data: bytes, start: int, end: int) -> list[tuple[bytes, int, int]]:
    found = []
    for box in _boxes(data, start, end):
        found.append(box)
        if box[0] in _PARENTS:
            found += _descend(data, box[1] + 8, box[2])
    return found


def _boxes(data: bytes, start: int, end: int) -> list[tuple[bytes, int, int]]:
    """Kind, start and end (exclusive) of each box; only media may be of 64-bit size.

    Raises:
        ValueError: a box reaches beyond its parent.
    """
    found, at = [], start
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
        stop = end if size == 0 else at + size
        if stop > end or size in range(2, 8):
            message = f"the box {kind!r} reaches beyond its end"
            raise ValueError(message)
        found.append((kind, at, stop))
        at = stop
    return found


def _is_xmp(data: bytes, box: tuple[bytes, int, int]) -> bool:
    return box[0] == b"uuid" and data[box[1] + 8 : box[1] + 24] == _XMP_UUID


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _full(kind: bytes, body: bytes) -> bytes:
    return _box(kind, b"\x00\x00\x00\x00" + body)
