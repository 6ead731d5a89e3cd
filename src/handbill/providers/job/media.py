"""What kind of file came, told by its bytes alone."""

from __future__ import annotations

import io

_BOX_HEAD = 8
_LONG_BOX_HEAD = 16
_EBML = b"\x1aE\xdf\xa3"
_LEAST_BYTES = 64
_MOST_DECODED_PX = 50_000_000
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def video_mime(data: bytes) -> str:
    """``video/mp4``, ``video/webm``, or empty when it is neither or cut short."""
    if data[4:8] == b"ftyp":
        return "video/mp4" if _is_whole_mp4(data) else ""
    return "video/webm" if data.startswith(_EBML) and len(data) >= _LEAST_BYTES else ""


def image_mime(data: bytes) -> str:
    """``image/png``, ``image/jpeg``, ``image/webp``, or empty when none can be read whole."""
    from PIL import Image  # noqa: PLC0415 - only where pictures are made

    try:
        with Image.open(io.BytesIO(data), formats=tuple(_FORMATS)) as picture:
            if picture.width * picture.height > _MOST_DECODED_PX:
                return ""
            picture.load()
            return _FORMATS[picture.format or ""]
    except Exception:  # noqa: BLE001 - Pillow's decoders raise many kinds
        return ""


def _is_whole_mp4(data: bytes) -> bool:
    """Whether the boxes fill the file to its end, and one of them is the index."""
    at, indexed = 0, False
    while at + _BOX_HEAD <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        indexed = indexed or data[at + 4 : at + 8] == b"moov"
        if size == 1:
            size = int.from_bytes(data[at + _BOX_HEAD : at + _LONG_BOX_HEAD], "big")
        if size == 0:  # this box goes on to the end of the file
            return indexed
        if size < _BOX_HEAD:
            return False
        at += size
    return indexed and at == len(data)
