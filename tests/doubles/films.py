"""MP4 files box by box: everything that an index says, without a picture in it."""

from __future__ import annotations

import struct


def box(kind: bytes, body: bytes) -> bytes:
    """One box."""
    return struct.pack(">I", len(body) + 8) + kind + body


def film_bytes(  # noqa: PLR0913 - everything that a test may want to be wrong
    *,
    width_px: int = 108,
    height_px: int = 192,
    seconds: float = 8.0,
    sound_seconds: float | None = None,
    fps: int = 30,
    codec: bytes = b"avc1",
    sound_codec: bytes = b"mp4a",
    sound: bool = True,
    moov_first: bool = True,
    media: int = 2_000,
) -> bytes:
    """An MP4 with `media` bytes of media, none of which is a picture."""
    frames = round(seconds * fps)
    picture = struct.pack(">24xHH50x", width_px, height_px)
    tracks = [_track(b"vide", _entry(codec, picture), seconds, [10] * frames, 0)]
    if sound:
        heard = seconds if sound_seconds is None else sound_seconds
        speaker = struct.pack(">8x8xHH4xI", 2, 16, 48_000 << 16)
        packets = [4] * round(heard * 48_000 / 1024)
        tracks.append(_track(b"soun", _entry(sound_codec, speaker), heard, packets, 100))
    moov = box(b"moov", _header(b"mvhd", seconds) + b"".join(tracks))
    ftyp, mdat = box(b"ftyp", b"isom\x00\x00\x02\x00isomavc1"), box(b"mdat", bytes(media))
    return ftyp + (moov + mdat if moov_first else mdat + moov)


def _header(kind: bytes, seconds: float) -> bytes:
    return box(kind, struct.pack(">4x8xII80x", 1000, round(seconds * 1000)))


def _entry(codec: bytes, body: bytes) -> bytes:
    return struct.pack(">4xI", 1) + box(codec, body)


def _track(kind: bytes, entry: bytes, seconds: float, sizes: list[int], offset: int) -> bytes:
    table = box(b"stsd", entry)
    table += box(
        b"stsz", struct.pack(">4xII", 0, len(sizes)) + struct.pack(f">{len(sizes)}I", *sizes)
    )
    table += box(b"stco", struct.pack(">4xII", 1, offset))
    media = _header(b"mdhd", seconds) + box(b"hdlr", struct.pack(">8x4s12x", kind))
    return box(b"trak", box(b"mdia", media + box(b"minf", box(b"stbl", table))))
