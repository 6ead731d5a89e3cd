"""Whether a file is a picture that can be used, proved by its bytes, or why it is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from handbill.domain.brief import Picture

if TYPE_CHECKING:
    from handbill.foreign.picture_decoder import Decoded, PictureDecoder

MAX_PICTURE_PIXELS = 50_000_000
MAX_PICTURE_BYTES = 100_000_000
MIN_PICTURE_PX = 16
_FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF")


@dataclass(frozen=True, slots=True)
class PictureFault:
    """Why a picture is left out: a problem's code, message and remedy."""

    code: str
    message: str
    remedy: str


def opened_decoder() -> PictureDecoder:
    """A decoder of pictures in a process of its own, which starts with the first picture."""
    # Processes take 20 ms to load, and many sheets name no pictures.
    from handbill.foreign.picture_decoder import PictureDecoder  # noqa: PLC0415 - see above

    return PictureDecoder(MAX_PICTURE_PIXELS, MIN_PICTURE_PX, _FORMATS)


def proved_picture(path: Path, decoder: PictureDecoder) -> Picture | PictureFault:
    """The picture in `path`, decoded once to prove that it is whole; or why it is none."""
    try:
        size_bytes = path.stat().st_size
        if size_bytes > MAX_PICTURE_BYTES:
            return _too_large(path, f"{size_bytes} bytes")
        decoded = decoder.decode(path)
        if decoded.found == "whole":
            return Picture(source=path.name, path=str(path), sha256=_sha256(path))
        return _fault_of(path, decoded)
    except OSError as fault:
        return _damaged(path, str(fault.strerror))


def _fault_of(path: Path, decoded: Decoded) -> PictureFault:
    if decoded.found == "unknown":
        return _no_picture(path)
    if decoded.found == "too_large":
        return _too_large(path, f"{decoded.width_px} × {decoded.height_px} pixels")
    if decoded.found == "too_small":
        return _too_small(path, decoded.width_px, decoded.height_px)
    if decoded.found == "too_costly":
        return _too_costly(path, decoded.fault)
    words = "it ends the program that opens it" if decoded.found == "crashed" else decoded.fault
    return _damaged(path, words)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _no_picture(path: Path) -> PictureFault:
    with path.open("rb") as stream:
        head = stream.read(256)
    kind = _kind_of(head)
    return PictureFault(
        "picture.not_a_picture",
        f"{path.name!r} is {kind}, whatever its name says",
        "save it as PNG, JPEG or WebP",
    )


def _kind_of(head: bytes) -> str:
    if not head:
        return "an empty file"
    if b"<svg" in head or (head.lstrip().startswith(b"<?xml") and b"svg" in head):
        return "an SVG drawing, which can carry programs and is not read"
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1"}:
        return "a HEIC picture, which is not read"
    if head.startswith(b"%PDF"):
        return "a PDF document"
    if head.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        return "a web page"
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)  # noqa: PLR2004 - ASCII
    return "a text file" if printable > len(head) * 0.9 else "no picture that can be read"


def _damaged(path: Path, fault: str) -> PictureFault:
    return PictureFault(
        "picture.damaged",
        f"{path.name!r} is damaged or cut off ({fault[:120]})",
        "export or copy the picture anew",
    )


def _too_costly(path: Path, used_up: str) -> PictureFault:
    return PictureFault(
        "picture.too_large",
        f"{path.name!r} takes more {used_up} to open than a picture may",
        "open it in an image editor and save it anew as JPEG or PNG",
    )


def _too_large(path: Path, size: str) -> PictureFault:
    return PictureFault(
        "picture.too_large",
        f"{path.name!r} has {size}; at most {MAX_PICTURE_PIXELS // 1_000_000} megapixels and"
        f" {MAX_PICTURE_BYTES // 1_000_000} MB are read",
        "make it smaller; 3000 pixels on the longer side serve every placement",
    )


def _too_small(path: Path, width_px: int, height_px: int) -> PictureFault:
    return PictureFault(
        "picture.too_small",
        f"{path.name!r} has {width_px} × {height_px} pixels",
        f"use a picture of at least {MIN_PICTURE_PX} pixels a side; 1500 and more look sharp",
    )
