"""What an MP4 says about itself, read from its boxes: no decoder and no foreign program.

Boxes after ISO/IEC 14496-12 (file format), 14496-14 (MP4) and 14496-15 (H.264 and H.265).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_CODECS = {
    "avc1": "h264",
    "avc3": "h264",
    "hvc1": "hevc",
    "hev1": "hevc",
    "vp09": "vp9",
    "av01": "av1",
    "mp4a": "aac",
    "Opus": "opus",
    "mp4v": "mpeg4",
    ".mp3": "mp3",
}
_AVC1_SIZE_AT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: its kind, and where its payload lies (end exclusive)."""

    kind: str
    start: int
    payload: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One track.

    Attributes:
        kind: ``vide``, ``soun`` or another handler.
        codec: ``h264``, ``aac``, …, or the raw sample entry.
        duration_s: of the media.
        samples: frames or sound packets.
        edits: entries of the edit list, 0 when there is none.
        steady: all samples last equally long, the last one perhaps excepted.
    """

    kind: str
    codec: str
    duration_s: float
    samples: int
    width_px: int = 0
    height_px: int = 0
    channels: int = 0
    rate_hz: int = 0
    edits: int = 0
    size_bytes: int = 0
    steady: bool = True

    @property
    def per_second(self) -> float:
        """Samples a second: the frame rate of a picture track."""
        return self.samples / self.duration_s if self.duration_s else 0.0

    @property
    def kbps(self) -> float:
        """Average bit rate in kilobits a second."""
        return self.size_bytes * 8 / 1000 / self.duration_s if self.duration_s else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movie:
    """A film as its boxes describe it.

    Attributes:
        brand: major brand, such as ``isom``.
        moov_first: the index stands before the media, so that it plays while it loads.
    """

    brand: str
    duration_s: float
    moov_first: bool
    tracks: tuple[Track, ...]

    def track(self, kind: str) -> Track | None:
        """The first track of a kind."""
        return next((track for track in self.tracks if track.kind == kind), None)


def parse_mp4(data: bytes) -> Movie:
    """What the boxes of `data` say.

    Raises:
        ValueError: this is no MP4, or it was cut off.
    """
    top = list(boxes_in(data, 0, len(data)))
    order = [box.kind for box in top]
    if not order or order[0] != "ftyp" or "moov" not in order or "mdat" not in order:
        message = "it has no ftyp, moov and mdat boxes"
        raise ValueError(message)
    moov = next(box for box in top if box.kind == "moov")
    ftyp = top[0]
    inner = {box.kind: box for box in boxes_in(data, moov.payload, moov.end)}
    if "mvhd" not in inner:
        message = "its index has no header"
        raise ValueError(message)
    traks = [box for box in boxes_in(data, moov.payload, moov.end) if box.kind == "trak"]
    return Movie(
        brand=data[ftyp.payload : ftyp.payload + 4].decode("latin-1"),
        duration_s=_duration(data, inner["mvhd"]),
        moov_first=order.index("moov") < order.index("mdat"),
        tracks=tuple(_track(data, trak) for trak in traks),
    )


def boxes_in(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets.

    Raises:
        ValueError: a box reaches beyond its parent.
    """
    at = start
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        payload = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, payload)
            payload += 8
        stop = end if size == 0 else at + size
        if stop > end or stop < payload:
            message = f"the box {kind!r} reaches beyond its end: the file was cut off"
            raise ValueError(message)
        yield Box(kind=kind.decode("latin-1"), start=at, payload=payload, end=stop)
        at = stop


def _inside(data: bytes, box: Box, *path: str) -> Box | None:
    found: Box | None = box
    for kind in path:
        if found is None:
            return None
        found = next((b for b in boxes_in(data, found.payload, found.end) if b.kind == kind), None)
    return found


def _duration(data: bytes, header: Box) -> float:
    """Duration in seconds of an ``mvhd`` or ``mdhd`` box."""
    if data[header.payload] == 1:
        scale, length = struct.unpack_from(">IQ", data, header.payload + 20)
    else:
        scale, length = struct.unpack_from(">II", data, header.payload + 12)
    return float(length / scale) if scale else 0.0


def _track(data: bytes, trak: Box) -> Track:
    handler = _inside(data, trak, "mdia", "hdlr")
    header = _inside(data, trak, "mdia", "mdhd")
    table = _inside(data, trak, "mdia", "minf", "stbl")
    edits = _inside(data, trak, "edts", "elst")
    kind = data[handler.payload + 8 : handler.payload + 12].decode("latin-1") if handler else ""
    entry = _inside(data, table, "stsd") if table else None
    name, shape = _sample_entry(data, entry, kind) if entry else ("", {})
    samples, size = _sizes(data, table) if table else (0, 0)
    return Track(
        kind=kind,
        codec=_CODECS.get(name, name),
        duration_s=_duration(data, header) if header else 0.0,
        samples=samples,
        edits=struct.unpack_from(">I", data, edits.payload + 4)[0] if edits else 0,
        size_bytes=size,
        steady=_steady(data, table) if table else True,
        **shape,
    )


def _sample_entry(data: bytes, stsd: Box, kind: str) -> tuple[str, dict[str, int]]:
    at = stsd.payload + 8
    name = data[at + 4 : at + 8].decode("latin-1")
    if kind == "vide":
        width, height = struct.unpack_from(">HH", data, at + _AVC1_SIZE_AT)
        return name, {"width_px": width, "height_px": height}
    if kind == "soun":
        channels = struct.unpack_from(">H", data, at + 24)[0]
        rate = struct.unpack_from(">I", data, at + 32)[0] >> 16
        return name, {"channels": channels, "rate_hz": rate}
    return name, {}


def _sizes(data: bytes, table: Box) -> tuple[int, int]:
    """Number of samples and their bytes together."""
    stsz = _inside(data, table, "stsz")
    if stsz is None:
        return 0, 0
    same, count = struct.unpack_from(">II", data, stsz.payload + 4)
    if same:
        return count, same * count
    return count, sum(struct.unpack_from(f">{count}I", data, stsz.payload + 12))


def _steady(data: bytes, table: Box) -> bool:
    """Whether the time table gives every sample but the last the same length."""
    stts = _inside(data, table, "stts")
    if stts is None:
        return True
    (count,) = struct.unpack_from(">I", data, stts.payload + 4)
    runs = struct.unpack_from(f">{2 * count}I", data, stts.payload + 8)
    lengths = list(zip(runs[::2], runs[1::2], strict=True))
    if lengths and lengths[-1][0] == 1:
        lengths.pop()
    return len({length for _, length in lengths}) <= 1
