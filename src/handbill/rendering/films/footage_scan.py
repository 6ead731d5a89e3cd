"""A user's clip looked through once: how large and long it is, its shots, its best moments.

ffmpeg decodes the clip small and slowly (8 pictures a second), turned upright as its metadata says
and whatever its frame rate; everything is judged on those pictures. What the clip's container says
about its length is not believed: only what could be decoded counts.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from handbill.errors import RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.faces import LOOK_PX, find_faces
from handbill.rendering.films.footage_bars import find_inside

SCAN_FPS = 8
_FACES_EVERY = 4  # pictures of the scan
_FACE_GAIN = 0.8  # a stretch with a face near is worth up to so much more
_NEAR = 0.22  # of the longer side: a face of a person who speaks to the camera
_SIDE = 160
_MOST_S = 300.0  # of a longer clip the beginning is looked at
_PICTURE = _SIDE * _SIDE * 3 // 2
_DARKEST, _UNMOVED = 30, 0.12  # levels of 255; black is 16
_CUT = 0.3  # share of a picture's levels that changes between two shots
# Paper of HLG and PQ pictures (203 cd/m², ITU-R BT.2408) becomes paper of BT.709.
TO_SDR = (
    "zscale=transfer=linear:npl=203,tonemap=mobius:desat=0"
    ",zscale=transfer=bt709:matrix=bt709:primaries=bt709:range=limited"
)
_HDR = ("smpte2084", "arib-std-b67")

_FOR_FACES = (
    f"fps={SCAN_FPS / _FACES_EVERY}:eof_action=pass"
    f",scale={LOOK_PX}:{LOOK_PX}:flags=area:force_original_aspect_ratio=decrease"
    f",pad={LOOK_PX}:{LOOK_PX},format=bgr24"
)

Series = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was found out about one clip.

    Attributes:
        path: the clip.
        width_px, height_px: upright, in square pixels, without bars.
        crop: the filter that cuts black bars away, empty where there are none.
        length_s: of what can be decoded.
        promised_s: what the container says, 0 where it says nothing.
        hdr: its light is to be mapped to what screens of films show.
        black, still: nothing is seen in it, or nothing moves, from its beginning to its end.
        cuts_s: where its shots begin, 0 included.
        worth: of every picture of the scan: sharp, lively, well lit, with people's faces.
    """

    path: Path
    width_px: int
    height_px: int
    crop: str
    length_s: float
    promised_s: float
    hdr: bool
    black: bool
    still: bool
    cuts_s: tuple[float, ...]
    worth: Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of a clip; the higher `worth`, the better."""

    scan: Scan
    start_s: float
    worth: float


def scan_clip(path: Path) -> Scan:
    """Look through the clip at `path`; what has been looked at before is remembered.

    Raises:
        RenderError: not one picture of it can be decoded.
    """
    state = path.stat()
    return _scan(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _scan(path: Path, changed_ns: int, size_bytes: int) -> Scan:
    del changed_ns, size_bytes  # so that an edited clip is another one
    small = f"fps={SCAN_FPS}:eof_action=pass,scale={_SIDE}:{_SIDE}:flags=area,format=yuv420p"
    with tempfile.TemporaryDirectory(prefix="handbill-clip-") as folder:
        larger = Path(folder) / "faces.raw"
        raw, said = run_ffmpeg(
            [
                *("-t", f"{_MOST_S:g}", *file_input(path), "-map", "0:v:0", "-vf", small),
                *("-f", "rawvideo", "pipe:1", "-map", "0:v:0", "-vf", _FOR_FACES),
                *("-t", f"{_MOST_S:g}", "-f", "rawvideo", f"file:{larger}"),
            ],
            talk="info",
        )
        faces = _near_faces(larger)
    count = len(raw) // _PICTURE
    if not count:
        raise RenderError(f"{path.name!r} holds no picture that can be decoded")
    pictures = np.frombuffer(raw, np.uint8, count * _PICTURE).reshape(count, _PICTURE)
    lumas = _luma(pictures)
    inside = find_inside(lumas)
    width_px, height_px = inside.size_px(*_size(said))
    promised = re.search(r"Duration: (\d+):(\d\d):(\d\d\.\d+)", said)
    return Scan(
        path=path,
        width_px=width_px,
        height_px=height_px,
        crop=inside.crop,
        length_s=count / SCAN_FPS,
        promised_s=_seconds(promised.groups()) if promised else 0.0,
        hdr=any(name in said for name in _HDR),
        black=float(np.percentile(lumas, 98, axis=(1, 2)).max()) < _DARKEST,
        still=count > SCAN_FPS and float(np.percentile(_moved(lumas), 97)) < _UNMOVED,
        cuts_s=_cuts(pictures),
        worth=_worth(pictures) * (1 + _FACE_GAIN * _stretched(faces, count)),
    )


def sample_clip(path: Path, fps: float, long_px: int) -> npt.NDArray[np.uint8]:
    """Its pictures at even distances, BGR, shaped (n, height, width, 3).

    Raises:
        RenderError: not one can be decoded.
    """
    scan = scan_clip(path)
    factor = long_px / max(scan.width_px, scan.height_px)
    wide, high = (max(2, round(side * factor)) for side in (scan.width_px, scan.height_px))
    size = f"scale={wide}:{high}:flags=area"
    small = ",".join(filter(None, (f"fps={fps}:eof_action=pass", scan.crop, size, "format=bgr24")))
    limits = ["-t", f"{_MOST_S:g}", *file_input(path), "-map", "0:v:0"]
    raw, _ = run_ffmpeg([*limits, "-vf", small, "-f", "rawvideo", "pipe:1"])
    count = len(raw) // (wide * high * 3)
    return np.frombuffer(raw, np.uint8, count * wide * high * 3).reshape(count, high, wide, 3)


def find_moments(scans: tuple[Scan, ...], length_s: float) -> list[Moment]:
    """Stretches of `length_s` that do not overlap, best first; at least one a clip.

    A stretch lies within one shot where a shot is long enough. The best of every clip come before
    the second best of any.
    """
    by_clip = [_moments_of(scan, length_s) for scan in scans]
    ranked = [
        (rank, -moment.worth, clip, moment)
        for clip, moments in enumerate(by_clip)
        for rank, moment in enumerate(moments)
    ]
    return [moment for *_, moment in sorted(ranked, key=lambda one: one[:3])]


def _moments_of(scan: Scan, length_s: float) -> list[Moment]:
    span = max(1, round(length_s * SCAN_FPS))
    if len(scan.worth) <= span:
        return [Moment(scan=scan, start_s=0.0, worth=float(scan.worth.mean()))]
    means = np.convolve(scan.worth, np.full(span, 1 / span), "valid")
    for cut_s in scan.cuts_s[1:]:
        cut = round(cut_s * SCAN_FPS)
        means[max(0, cut - span + 1) : cut] *= 0.2  # it would run over a cut
    found: list[Moment] = []
    while means.max() > 0 and len(found) < 8:
        best = int(np.argmax(means))
        found.append(Moment(scan=scan, start_s=best / SCAN_FPS, worth=float(means[best])))
        means[max(0, best - span + 1) : best + span] = 0
    least = 0.35 * found[0].worth if found else 0.0
    return [one for one in found if one.worth >= least] or [
        Moment(scan=scan, start_s=0.0, worth=0.0)
    ]


def _size(said: str) -> tuple[int, int]:
    """Width and height as the clip is shown: upright, in square pixels."""
    stream = re.search(
        r"Stream #0:\d+.*?: Video: .*, (\d{1,5})x(\d{1,5})\b(?: \[SAR (\d+):(\d+) )?", said
    )
    if stream is None:
        raise RenderError("ffmpeg does not tell the size of the clip's pictures")
    wide, high, across, down = (int(part or 0) for part in stream.groups())
    if across and down:
        wide = max(1, round(wide * across / down))
    turn = re.search(r"rotation of (-?[\d.]+) degrees", said)
    turned = turn is not None and round(float(turn.group(1)) / 90) % 2 == 1
    return (high, wide) if turned else (wide, high)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds = (float(part or 0) for part in parts)
    return 3600 * hours + 60 * minutes + seconds


def _near_faces(file: Path) -> Series:
    """How near the nearest face is in every picture of `file`: 0 for none, 1 for a close-up."""
    size = LOOK_PX * LOOK_PX * 3
    count = file.stat().st_size // size
    if not count:
        return np.zeros(1)
    pictures = np.memmap(file, np.uint8, "r", shape=(count, LOOK_PX, LOOK_PX, 3))
    near = [
        max((bottom - top for _, top, _, bottom in find_faces(np.asarray(one))), default=0.0)
        for one in pictures
    ]
    return np.minimum(1.0, np.array(near) / _NEAR)


def _stretched(faces: Series, count: int) -> Series:
    """One value for each of `count` pictures of the scan."""
    return faces[np.minimum(np.arange(count) // _FACES_EVERY, len(faces) - 1)]


def _luma(pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    return pictures[:, : _SIDE * _SIDE].reshape(-1, _SIDE, _SIDE)


def _moved(lumas: npt.NDArray[np.uint8]) -> Series:
    """How far every picture's levels are from those of the one before."""
    moved: Series = np.abs(np.diff(lumas.astype(np.int16), axis=0, prepend=lumas[:1])).mean(
        axis=(1, 2)
    )
    return moved


def _cuts(pictures: npt.NDArray[np.uint8]) -> tuple[float, ...]:
    """Where levels and colours change at once, and far more than around it."""
    bars = np.array([_histogram(picture) for picture in pictures])
    change = np.abs(np.diff(bars, axis=0)).sum(axis=1) / 2
    cuts = [0.0]
    for place, amount in enumerate(change):
        around = np.delete(change[max(0, place - 4) : place + 5], min(place, 4))
        usual = float(np.median(around)) if around.size else 0.0
        if amount > max(_CUT, 3 * usual):
            cuts.append((place + 1) / SCAN_FPS)
    return tuple(cuts)


def _histogram(picture: npt.NDArray[np.uint8]) -> Series:
    luma, chroma = picture[: _SIDE * _SIDE], picture[_SIDE * _SIDE :]
    half = chroma.size // 2
    parts = ((luma, 24), (chroma[:half], 12), (chroma[half:], 12))
    bars = [np.histogram(part, bins=bins, range=(0, 256))[0] / part.size for part, bins in parts]
    return np.concatenate(bars) / len(bars)


def _worth(pictures: npt.NDArray[np.uint8]) -> Series:
    """Sharpness, with some movement, in neither dark nor burnt light."""
    lumas = _luma(pictures)
    sharp = np.array([cv2.Laplacian(one, cv2.CV_32F).var() for one in lumas], np.float64)
    level = lumas.mean(axis=(1, 2))
    spread = lumas.std(axis=(1, 2))
    moved = _moved(lumas)
    lively = 1.0 + np.clip(moved, 0, 12) / 12 - np.clip(moved - 25, 0, 40) / 40
    lit = np.clip((level - 20) / 40, 0.05, 1) * np.clip((240 - level) / 30, 0.05, 1)
    worth: Series = np.log1p(sharp) * lively * lit * np.clip(spread / 30, 0.1, 1)
    return worth
