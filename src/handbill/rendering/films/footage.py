"""The user's own clip inside a film: read by moviepy, its best moment, reframed to the canvas.

moviepy starts an ffmpeg of its own, which follows whatever a file says; so only files that begin
like a real container are handed to it, never playlists or lists of other files.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.finding import Finding, Severity
from handbill.errors import RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.films.planes import Plane, Sprite, as_plane, sprite_of
from handbill.rendering.pictures import saliency

_PROBES = 9
_RATE_HZ = 48_000
_REMEDY = "save it as MP4 (H.264)"


class Footage:
    """A stretch of a clip, `length_s` long, filling a canvas; shorter clips play to and fro.

    Attributes:
        start_s: where in the clip the stretch begins.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], length_s: float) -> None:
        from moviepy import VideoFileClip  # noqa: PLC0415 - an extra, and seconds of import

        self._path = path
        self._clip: Any = VideoFileClip(str(path), audio=False)
        self._size_px = size_px
        self._length_s = length_s
        self.start_s = self._best_start()

    def sprite_at(self, time_s: float) -> Sprite:
        """The clip's picture `time_s` after the stretch began, cropped and scaled."""
        return sprite_of(self._cropped(self._read(self.start_s + time_s)))

    def sound(self) -> npt.NDArray[np.float32]:
        """The stretch's sound, shaped (2, samples) at 48 000 Hz; empty when it has none."""
        window = ["-ss", f"{self.start_s:.3f}", "-t", f"{self._length_s:.3f}"]
        raw = ["-vn", "-ac", "2", "-ar", str(_RATE_HZ), "-f", "s16le", "pipe:1"]
        try:
            pcm, _ = run_ffmpeg([*window, *file_input(self._path), *raw])
        except RenderError:  # a clip without sound has no stream to decode
            return np.zeros((2, 0), np.float32)
        stereo = np.frombuffer(pcm, "<i2").reshape(-1, 2).T
        return stereo.astype(np.float32) / np.float32(32768.0)

    def close(self) -> None:
        """Give the clip's processes back."""
        self._clip.close()

    def _best_start(self) -> float:
        """The start of the sharpest and liveliest stretch, judged at a few moments."""
        free_s = float(self._clip.duration) - self._length_s
        if free_s <= 0.2:
            return 0.0
        starts = np.linspace(0.0, free_s, _PROBES)
        return float(max(starts, key=self._worth))

    def _worth(self, start_s: float) -> float:
        """Sharpness and some movement; flat (black, blurred) moments are worth little."""
        moments = [start_s + share * self._length_s for share in (0.15, 0.5, 0.85)]
        greys = [self._small_grey(moment) for moment in moments]
        sharp = min(float(cv2.Laplacian(grey, cv2.CV_32F).var()) for grey in greys)
        moved = float(np.mean(cv2.absdiff(greys[0], greys[2])))
        return sharp * (1.0 + min(moved, 25.0) / 25.0)

    def _small_grey(self, time_s: float) -> Plane:
        small = cv2.resize(self._read(time_s), (160, 160), interpolation=cv2.INTER_AREA)
        return as_plane(cv2.cvtColor(small, cv2.COLOR_BGRA2GRAY))

    def _read(self, time_s: float) -> Plane:
        """BGRA of a moment; past the end the clip runs backwards."""
        last_s = max(0.01, float(self._clip.duration) - 0.05)
        turn, rest = divmod(time_s, last_s)
        moment = rest if int(turn) % 2 == 0 else last_s - rest
        return as_plane(cv2.cvtColor(self._clip.get_frame(moment), cv2.COLOR_RGB2BGRA))

    @cached_property
    def _window(self) -> tuple[int, int, int, int]:
        """Left, top, width, height of the crop that keeps what draws the eye."""
        middle = self._read(self.start_s + self._length_s / 2)
        height, width = middle.shape[:2]
        factor = max(self._size_px[0] / width, self._size_px[1] / height)
        part_w, part_h = (
            min(width, self._size_px[0] / factor),
            min(height, self._size_px[1] / factor),
        )
        weight = saliency(middle)
        across = float((weight.sum(axis=0) * np.linspace(0, 1, weight.shape[1])).sum())
        down = float((weight.sum(axis=1) * np.linspace(0, 1, weight.shape[0])).sum())
        left = min(max(0.0, across * width - part_w / 2), width - part_w)
        top = min(max(0.0, down * height - part_h / 2), height - part_h)
        return round(left), round(top), round(part_w), round(part_h)

    def _cropped(self, bgra: Plane) -> Plane:
        left, top, width, height = self._window
        part = bgra[top : top + height, left : left + width]
        return as_plane(cv2.resize(part, self._size_px, interpolation=cv2.INTER_LINEAR))


def open_footage(path: str, size_px: tuple[int, int], length_s: float) -> Footage | Finding:
    """The clip at `path`, or why it cannot be used."""
    name = Path(path).name
    if not _is_container(Path(path)):
        return _finding(f"{name!r} is not a video file; {_REMEDY}")
    try:
        return Footage(Path(path), size_px, length_s)
    except ImportError:
        return _finding(f"{name!r} needs the extra 'footage': pip install 'handbill[footage]'")
    except (OSError, ValueError, KeyError, IndexError, AttributeError) as fault:
        told = str(fault).strip().splitlines()[:1]
        return _finding(f"{name!r} cannot be read as a video ({' '.join(told)}); {_REMEDY}")


def _finding(message: str) -> Finding:
    return Finding(code="film.footage", severity=Severity.WARN, message=message, field="film.mp4")


def _is_container(path: Path) -> bool:
    """Whether the file begins like MP4/MOV, Matroska/WebM or AVI."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError:
        return False
    iso = head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free")
    return iso or head[:4] == b"\x1aE\xdf\xa3" or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
