"""The user's own clips inside a film: their best moments, steadied and reframed to the canvas.

Clips are read by ffmpeg in a process of its own, which turns them upright, evens out their frame
rate and brings their light to BT.709.
"""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.finding import Finding
from handbill.errors import RenderError, ToolStalled
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.films.footage_camera import Camera, plan_camera, rows_watched, small_grey
from handbill.rendering.films.footage_files import (
    footage_finding,
    last_line,
    look_through,
    named,
)
from handbill.rendering.films.footage_mending import AS_IT_IS, Mending, plan_mending
from handbill.rendering.films.footage_scan import TO_SDR, Moment, Scan, find_moments
from handbill.rendering.films.planes import Plane, Sprite, as_plane

_RATE_HZ = 48_000
_LONG_SIDE = 1920
_INVERSE = cv2.WARP_INVERSE_MAP


class Footage:
    """A stretch of a clip filling a canvas; one that is too short plays to and fro.

    Attributes:
        start_s: where in the clip the stretch begins.
        camera: how its crop moves.
        mending: what was done to its pictures.
    """

    def __init__(
        self, moment: Moment, size_px: tuple[int, int], length_s: float, fps: int, care: str
    ) -> None:
        self.start_s = moment.start_s
        self._scan = moment.scan
        self._size_px = size_px
        self._length_s = length_s
        self._fps = fps
        self._stored_px = _stored_size(moment.scan, size_px)
        self._folder = tempfile.TemporaryDirectory(prefix="handbill-clip-")
        self._pictures = self._decode(AS_IT_IS)
        self.mending = self._mend(care)
        self._clear = np.zeros((size_px[1], size_px[0]), np.uint8)
        self.camera: Camera = self._plan(steady=care != "as_is")

    def sprite_at(self, time_s: float) -> Sprite:
        """The clip's picture `time_s` after the stretch began, cropped and scaled."""
        last = len(self._pictures) - 1
        turn, rest = divmod(round(time_s * self._fps), max(1, last))
        at = min(last, rest if turn % 2 == 0 else last - rest)
        wide, high = self._stored_px
        raw = self._pictures[at]
        luma, chroma = raw[: wide * high].reshape(high, wide), raw[wide * high :]
        half = chroma.reshape(2, high // 2, wide // 2)
        keep = self._clear
        return Sprite(
            y=self._cropped(luma, at, 1),
            u=self._cropped(half[0], at, 2),
            v=self._cropped(half[1], at, 2),
            keep=keep,
            keep_half=keep[: keep.shape[0] // 2, : keep.shape[1] // 2],
            opaque=True,
        )

    def watched(self, top: float, bottom: float) -> float:
        """How much of what draws the eye lies between two heights, all given in shares."""
        rows = len(self._watched)
        return float(self._watched[round(top * rows) : round(bottom * rows)].sum())

    def sound(self) -> npt.NDArray[np.float32]:
        """The stretch's sound, shaped (2, samples) at 48 000 Hz; empty when it has none."""
        window = ["-ss", f"{self.start_s:.3f}", "-t", f"{self._length_s:.3f}"]
        raw = ["-vn", "-ac", "2", "-ar", str(_RATE_HZ), "-f", "s16le", "pipe:1"]
        try:
            pcm, _ = run_ffmpeg([*window, *file_input(self._scan.path), *raw])
        except ToolStalled:
            raise
        except RenderError:  # a clip without sound has no stream to decode
            return np.zeros((2, 0), np.float32)
        stereo = np.frombuffer(pcm, "<i2").reshape(-1, 2).T
        return stereo.astype(np.float32) / np.float32(32768.0)

    def close(self) -> None:
        """Give the decoded pictures back."""
        self._pictures = np.zeros((1, 1), np.uint8)
        self._folder.cleanup()

    def _mend(self, care: str) -> Mending:
        """Decode again what is poor, as far as `care` goes."""
        count = len(self._pictures)
        samples = range(0, count, max(1, count // 3))
        cover = _cover(self._scan, self._size_px)
        later = self._fps // 8  # in slow clips the very next picture is the same one
        pairs = [(self._luma(at), self._luma((at + later) % count)) for at in samples]
        mending = plan_mending(pairs, [self._bgr(at) for at in samples], cover, care)
        if mending == AS_IT_IS:
            return mending
        if mending.last:
            self._stored_px = _even(self._scan, cover)
        self._pictures = self._decode(mending)
        return mending

    def _decode(self, mending: Mending) -> npt.NDArray[np.uint8]:
        """The stretch's pictures as the film takes them, one a row, in a file of their own."""
        wide, high = self._stored_px
        way = "lanczos" if mending.last else "bicubic"
        size = f"scale={wide}:{high}:flags={way}"
        film = "out_range=tv:out_color_matrix=bt709"
        sized = [size, mending.colours, f"scale={film}"] if mending.colours else [f"{size}:{film}"]
        steps = [
            *("yadif=deint=interlaced", self._scan.crop),
            *(mending.first, TO_SDR if self._scan.hdr else ""),
            f"fps={self._fps}:eof_action=pass",
            *(*sized, "format=yuv420p", mending.last),
        ]
        target = Path(self._folder.name) / ("plain.yuv" if mending == AS_IT_IS else "mended.yuv")
        run_ffmpeg(
            [
                *("-ss", f"{self.start_s:.3f}", "-t", f"{self._length_s:.3f}"),
                *file_input(self._scan.path),
                *("-map", "0:v:0", "-vf", ",".join(filter(None, steps))),
                *("-f", "rawvideo", f"file:{target}"),
            ],
            limit_s=300.0,
        )
        size_bytes = wide * high * 3 // 2
        count = target.stat().st_size // size_bytes
        if not count:
            raise RenderError(f"{self._scan.path.name!r} holds no picture that can be decoded")
        return np.memmap(target, np.uint8, "r", shape=(count, size_bytes))

    def _luma(self, at: int) -> Plane:
        wide, high = self._stored_px
        return as_plane(self._pictures[at][: wide * high].reshape(high, wide))

    def _bgr(self, at: int) -> npt.NDArray[np.uint8]:
        wide, high = self._stored_px
        stacked = np.asarray(self._pictures[at]).reshape(high * 3 // 2, wide)
        return np.asarray(cv2.cvtColor(stacked, cv2.COLOR_YUV2BGR_I420), np.uint8)

    def _plan(self, *, steady: bool) -> Camera:
        greys = [small_grey(self._luma(at)) for at in range(len(self._pictures))]
        (wide, high), (full_w, full_h) = self._size_px, self._stored_px
        factor = min(full_w / wide, full_h / high)
        crop = (factor * wide / full_w, factor * high / full_h)
        camera = plan_camera(greys, self._fps, crop, steady=steady)
        self._watched = rows_watched(greys, camera, crop)
        return camera

    @property
    def enlarged(self) -> float:
        """Pixels of the canvas for one of the clip, 1 or more where it is too small."""
        own = self._scan.width_px / self._stored_px[0]
        return 1.0 / (self._scale * own)

    @cached_property
    def _scale(self) -> float:
        """Stored pixels for one of the canvas."""
        fit = min(self._stored_px[axis] / self._size_px[axis] for axis in (0, 1))
        return fit * self.camera.zoom

    def _cropped(self, plane: Plane, at: int, share: int) -> Plane:
        """The crop of one plane; `share` is 2 for planes of half size."""
        high, wide = plane.shape
        size = (self._size_px[0] // share, self._size_px[1] // share)
        middle = self.camera.centres[at] * (wide, high)
        scale = self._scale
        shift = [middle[axis] - 0.5 - scale * (size[axis] - 1) / 2 for axis in (0, 1)]
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
        flags = _INVERSE | (cv2.INTER_CUBIC if scale < 0.8 else cv2.INTER_LINEAR)
        edge = cv2.BORDER_REPLICATE
        return as_plane(cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=edge))


def open_footage(
    paths: str,
    size_px: tuple[int, int],
    length_s: float,
    pick: int = 0,
    fps: int = 30,
    care: str = "mend",
) -> tuple[Footage | None, list[Finding]]:
    """The moment number `pick` of the clips, best first, and what was found wrong with them.

    Args:
        paths: of the clips, one a line.
        size_px: what it fills; both sides even.
        length_s: how long it plays.
        pick: 0 for the best moment; more than there are starts again.
        fps: of the film.
        care: how far poor clips are mended; see `footage_mending`.
    """
    scans, findings = look_through(paths)
    if not scans:
        return None, findings
    moments = find_moments(scans, length_s)
    try:
        footage = Footage(moments[pick % len(moments)], size_px, length_s, fps, care)
    except ToolStalled:
        raise
    except RenderError as fault:
        return None, [*findings, footage_finding(f"a clip cannot be read ({last_line(fault)})")]
    return footage, findings + _told(footage, moments[pick % len(moments)].scan)


def _told(footage: Footage, scan: Scan) -> list[Finding]:
    """What was done to a clip, or could not be."""
    name = named(scan.path)
    done = ["cut free of its black bars"] if scan.crop else []
    if footage.camera.steadied:
        done.append("steadied")
    done += footage.mending.told
    if scan.hdr:
        done.append("brought from HDR to ordinary light")
    found = [footage_finding(f"{name} was {', '.join(done)} for the film", "film.footage_mended")]
    found = found if done else []
    if footage.enlarged > 1.9:
        message = f"{name} is enlarged {footage.enlarged:.1f} times and looks soft"
        found.append(footage_finding(f"{message}; use a larger clip", "film.footage_small"))
    return found


def _stored_size(scan: Scan, size_px: tuple[int, int]) -> tuple[int, int]:
    """Size to keep a clip's pictures in: what covers the canvas, never more than the clip has."""
    share = min(
        1.0, 1.1 * _cover(scan, size_px), 2 * _LONG_SIDE / max(scan.width_px, scan.height_px)
    )
    return _even(scan, share)


def _cover(scan: Scan, size_px: tuple[int, int]) -> float:
    """How many times a clip is enlarged to cover `size_px`."""
    return max(size_px[0] / scan.width_px, size_px[1] / scan.height_px)


def _even(scan: Scan, share: float) -> tuple[int, int]:
    wide, high = (max(2, round(side * share / 2) * 2) for side in (scan.width_px, scan.height_px))
    return wide, high
