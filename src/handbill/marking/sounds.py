"""The Chinese label in sound files, after TC260-PG-202510A: a RIFF chunk, or an ID3 frame."""

from __future__ import annotations

import struct

from handbill.marking.pictures import riff_chunk

_ID3_HEAD = 10
_LATIN = b"\x00"


def wav_with_label(data: bytes, label: str) -> bytes:
    """A WAV with `label` in a chunk ``AIGC`` of its own.

    Raises:
        ValueError: this is no WAV.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        message = "this is no WAV"
        raise ValueError(message)
    body = data[8:] + b"\x00" * (len(data) % 2) + riff_chunk(b"AIGC", label.encode())
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3_with_label(data: bytes, label: str) -> bytes:
    """An MP3 whose ID3v2.3 tag holds `label` alone; an older tag at its head is replaced."""
    if data[:3] == b"ID3":
        data = data[_ID3_HEAD + _from_syncsafe(data[6:10]) :]
    content = _LATIN + b"AIGC\x00" + label.encode()
    frame = b"TXXX" + struct.pack(">I", len(content)) + b"\x00\x00" + content
    return b"ID3\x03\x00\x00" + _syncsafe(len(frame)) + frame + data


def _syncsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def _from_syncsafe(four: bytes) -> int:
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]
