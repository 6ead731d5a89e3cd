"""Metadata into JPEG, PNG and WebP, byte by byte: pixels are never touched."""

from __future__ import annotations

import struct
import zlib

_XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\x00"
_XMP_PNG = b"XML:com.adobe.xmp"
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_APP0 = b"\xe0"
_SEGMENT_LIMIT = 65_533
_VP8X_XMP = 0x04
_VP8X_ALPHA = 0x10


def jpeg_with_xmp(data: bytes, xmp: bytes) -> bytes:
    """A JPEG with `xmp` as its only XMP segment, after JFIF or Exif.

    Raises:
        ValueError: this is no JPEG, or the packet is too large for one segment.
    """
    if not data.startswith(b"\xff\xd8") or len(xmp) + len(_XMP_JPEG) > _SEGMENT_LIMIT:
        message = "this is no JPEG, or the packet is too large"
        raise ValueError(message)
    payload = _XMP_JPEG + xmp
    segment = b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload
    kept, at = [data[:2]], 2
    placed = False
    while data[at : at + 1] == b"\xff" and data[at + 1] not in {0xDA, 0xD9}:
        length = struct.unpack_from(">H", data, at + 2)[0] + 2
        piece = data[at : at + length]
        leads = piece[1:2] == _APP0 or piece[4:10] == b"Exif\x00\x00"
        if not placed and not leads:
            kept.append(segment)
            placed = True
        if not piece[4:].startswith(_XMP_JPEG):
            kept.append(piece)
        at += length
    if not placed:
        kept.append(segment)
    return b"".join(kept) + data[at:]


def png_with_xmp(data: bytes, xmp: bytes) -> bytes:
    """A PNG with `xmp` as its only XMP chunk, right after the header.

    Raises:
        ValueError: this is no PNG.
    """
    if not data.startswith(_PNG_HEAD):
        message = "this is no PNG"
        raise ValueError(message)
    chunks, at = [_PNG_HEAD], len(_PNG_HEAD)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunk = data[at : at + length + 12]
        if not (kind == b"iTXt" and chunk[8:].startswith(_XMP_PNG + b"\x00")):
            chunks.append(chunk)
        if kind == b"IHDR":
            chunks.append(_png_chunk(b"iTXt", _XMP_PNG + b"\x00\x00\x00\x00\x00" + xmp))
        at += length + 12
    return b"".join(chunks)


def webp_with_xmp(data: bytes, xmp: bytes) -> bytes:
    """A WebP with `xmp` as its only XMP chunk; a simple file becomes an extended one.

    Raises:
        ValueError: this is no WebP, or its size cannot be read.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        message = "this is no WebP"
        raise ValueError(message)
    chunks = [(kind, body) for kind, body in _riff_chunks(data) if kind != b"XMP "]
    if chunks[0][0] == b"VP8X":
        head = chunks[0][1]
        chunks[0] = (b"VP8X", bytes([head[0] | _VP8X_XMP]) + head[1:])
    else:
        width, height, alpha = _webp_size(*chunks[0])
        flags = _VP8X_XMP | (_VP8X_ALPHA if alpha else 0)
        sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        chunks.insert(0, (b"VP8X", bytes([flags, 0, 0, 0]) + sides))
    chunks.append((b"XMP ", xmp))
    body = b"WEBP" + b"".join(riff_chunk(kind, content) for kind, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    """One RIFF chunk with its padding."""
    return kind + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)


def _riff_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    chunks, at = [], 12
    while at + 8 <= len(data):
        kind, length = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return chunks


def _webp_size(kind: bytes, body: bytes) -> tuple[int, int, bool]:
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 6)
        return width & 0x3FFF, height & 0x3FFF, False
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", body, 1)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    message = f"the WebP begins with {kind!r}"
    raise ValueError(message)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
