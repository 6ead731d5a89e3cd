"""Marks files in place: temporary file, then rename, so that nobody meets half a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from handbill.errors import RenderError
from handbill.marking.facts_of_files import MarkFacts
from handbill.marking.mp4 import mp4_with_marks
from handbill.marking.packets import aigc_label, wants_aigc, wants_marks, xmp_packet
from handbill.marking.pdf import pdf_with_marks
from handbill.marking.pictures import jpeg_with_xmp, png_with_xmp, webp_with_xmp
from handbill.marking.profiles import digital_source_type
from handbill.marking.sounds import mp3_with_label, wav_with_label

_PICTURES: dict[bytes, Callable[[bytes, bytes], bytes]] = {
    b"\xff\xd8": jpeg_with_xmp,
    b"\x89P": png_with_xmp,
    b"RI": webp_with_xmp,
}


def mark_image(path: Path, facts: MarkFacts) -> tuple[str, ...]:
    """Write metadata into a JPEG, PNG, WebP or PDF; the names of the marks for the manifest.

    The file is left as it is when no profile asks for marks. Marking twice gives the same bytes
    as marking once, for all but PDF.

    Raises:
        RenderError: the file cannot be read as what it claims to be.
    """
    if not wants_marks(facts):
        return ()
    data = path.read_bytes()
    label = wants_aigc(facts)
    if data.startswith(b"%PDF"):
        # One label a file: in a PDF it stands in the information dictionary.
        info = {"AIGC": aigc_label(facts)} if label else {}
        xmp = xmp_packet(facts, with_aigc=False)
        _rewrite(path, lambda: pdf_with_marks(data, xmp, info))
    else:
        carrier = _PICTURES.get(data[:2])
        if carrier is None:
            raise RenderError(f"{path.name!r} is no JPEG, PNG, WebP or PDF and cannot be marked")
        xmp = xmp_packet(facts, with_aigc=label)
        _rewrite(path, lambda: carrier(data, xmp))
    return _names(facts, label=label)


def mark_film(path: Path, facts: MarkFacts) -> tuple[str, ...]:
    """Write metadata into an MP4; the names of the marks for the manifest.

    Pictures and sound are not touched. The Chinese label stands in the index alone, never in the
    XMP packet too: two labels in one file are as wrong as none.

    Raises:
        RenderError: the file's boxes cannot be read.
    """
    if not wants_marks(facts):
        return ()
    label = wants_aigc(facts)
    keys = {"AIGC": aigc_label(facts)} if label else {}
    keys["com.handbill.digitalsourcetype"] = digital_source_type(facts.origin)
    xmp = xmp_packet(facts, with_aigc=False)
    data = path.read_bytes()
    _rewrite(path, lambda: mp4_with_marks(data, keys, xmp))
    return _names(facts, label=label)


def mark_sound(path: Path, facts: MarkFacts) -> tuple[str, ...]:
    """Write the Chinese label into a WAV or MP3 where one is due; the marks' names.

    Raises:
        RenderError: a WAV cannot be read.
    """
    if not wants_aigc(facts):
        return ()
    data, label = path.read_bytes(), aigc_label(facts)
    carrier = wav_with_label if data.startswith(b"RIFF") else mp3_with_label
    _rewrite(path, lambda: carrier(data, label))
    return ("cn.aigc",)


def _names(facts: MarkFacts, *, label: bool) -> tuple[str, ...]:
    kind = digital_source_type(facts.origin).rsplit("/", 1)[-1]
    names = [f"iptc.digital_source_type:{kind}"]
    if facts.invented:
        names.append("iptc.ai_system_used")
    return (*names, "cn.aigc") if label else tuple(names)


def _rewrite(path: Path, make: Callable[[], bytes]) -> None:
    try:
        data = make()
    except (ValueError, IndexError, ArithmeticError) as fault:
        raise RenderError(f"{path.name!r} cannot be marked: {fault}") from fault
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
