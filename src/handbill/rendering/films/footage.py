"""The user's own clips inside a film: their best moments, steadied and reframed to the canvas.

Clips are read by ffmpeg in a process of its own, which turns them upright, evens out their frame
rate and brings their light to BT.709. ffmpeg follows whatever a file says; so only files that
begin like a real container are handed to it, never playlists or lists of other files.
"""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.finding import Finding, Severity
from handbill.errors import RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.films.footage_camera import Camera, is_noisy, plan_camera, small_grey
from handbill.rendering.films.footage_scan import Moment, Scan, find_moments, scan_clip
from handbill.rendering.films.planes import Plane, Sprite, as_plane

_RATE_HZ = 48_000
_REMEDY = "save it as MP4 (H.264)"
_LONG_SIDE = 1920
_LEAST_S = 0.4  # less than that is a picture, not a clip
_LOST_S = 0.5
_DENOISE = "hqdn3d=4:3:6:4.5"
_TO_SDR = (
    "zscale=transfer=linear:npl=203,tonemap=mobius:desat=0"
    ",zscale=transfer=bt709:matrix=bt709:primaries=bt709:range=limited"
)
_INVERSE = cv2.WARP_INVERSE_MAP


class Footage:
    """A stretch of a clip filling a canvas; one that is too short plays to and fro.

    Attributes:
        start_s: where in the clip the stretch begins.
        camera: how its crop moves.
        denoised: whether grain was taken out of it.
    """

    def __init__(
        self, moment: Moment, size_px: tuple[int, int], length_s: float, fps: int = 30
    ) -> None:
        self.start_s = moment.start_s
        self._scan = moment.scan
        self._size_px = size_px
        self._length_s = length_s
        self._fps = fps
        self._stored_px = _stored_size(moment.scan, size_px)
        self._folder = tempfile.TemporaryDirectory(prefix="handbill-clip-")
        self._pictures = self._decode("")
        self.denoised = is_noisy([self._luma(at) for at in self._samples()])
        if self.denoised:
            self._pictures = self._decode(_DENOISE)
        self._clear = np.zeros((size_px[1], size_px[0]), np.uint8)
        self.camera: Camera = self._plan()

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

    def sound(self) -> npt.NDArray[np.float32]:
        """The stretch's sound, shaped (2, samples) at 48 000 Hz; empty when it has none."""
        window = ["-ss", f"{self.start_s:.3f}", "-t", f"{self._length_s:.3f}"]
        raw = ["-vn", "-ac", "2", "-ar", str(_RATE_HZ), "-f", "s16le", "pipe:1"]
        try:
            pcm, _ = run_ffmpeg([*window, *file_input(self._scan.path), *raw])
        except RenderError:  # a clip without sound has no stream to decode
            return np.zeros((2, 0), np.float32)
        stereo = np.frombuffer(pcm, "<i2").reshape(-1, 2).T
        return stereo.astype(np.float32) / np.float32(32768.0)

    def close(self) -> None:
        """Give the decoded pictures back."""
        self._pictures = np.zeros((1, 1), np.uint8)
        self._folder.cleanup()

    def _decode(self, denoise: str) -> npt.NDArray[np.uint8]:
        """The stretch's pictures as the film takes them, one a row, in a file of their own."""
        wide, high = self._stored_px
        steps = [
            *filter(None, [denoise, _TO_SDR if self._scan.hdr else ""]),
            f"fps={self._fps}:eof_action=pass",
            f"scale={wide}:{high}:flags=bicubic:out_range=tv:out_color_matrix=bt709",
            "format=yuv420p",
        ]
        target = Path(self._folder.name) / ("clean.yuv" if denoise else "plain.yuv")
        run_ffmpeg(
            [
                *("-ss", f"{self.start_s:.3f}", "-t", f"{self._length_s:.3f}"),
                *file_input(self._scan.path),
                *("-map", "0:v:0", "-vf", ",".join(steps), "-f", "rawvideo", f"file:{target}"),
            ],
            limit_s=300.0,
        )
        size = wide * high * 3 // 2
        count = target.stat().st_size // size
        if not count:
            raise RenderError(f"{self._scan.path.name!r} holds no picture that can be decoded")
        return np.memmap(target, np.uint8, "r", shape=(count, size))

    def _samples(self) -> range:
        return range(0, len(self._pictures), max(1, len(self._pictures) // 3))

    def _luma(self, at: int) -> Plane:
        wide, high = self._stored_px
        return as_plane(self._pictures[at][: wide * high].reshape(high, wide))

    def _plan(self) -> Camera:
        greys = [small_grey(self._luma(at)) for at in range(len(self._pictures))]
        (wide, high), (full_w, full_h) = self._size_px, self._stored_px
        factor = min(full_w / wide, full_h / high)
        return plan_camera(greys, self._fps, (factor * wide / full_w, factor * high / full_h))

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
    paths: str, size_px: tuple[int, int], length_s: float, pick: int = 0, fps: int = 30
) -> tuple[Footage | None, list[Finding]]:
    """The moment number `pick` of the clips, best first, and what was found wrong with them.

    Args:
        paths: of the clips, one a line.
        size_px: what it fills; both sides even.
        length_s: how long it plays.
        pick: 0 for the best moment; more than there are starts again.
        fps: of the film.
    """
    scans, findings = [], []
    for line in paths.splitlines():
        found = _scanned(Path(line))
        if isinstance(found, Finding):
            findings.append(found)
        else:
            scans.append(found)
            findings += _shortcomings(found)
    if not scans:
        return None, findings
    moments = find_moments(tuple(scans), length_s)
    try:
        footage = Footage(moments[pick % len(moments)], size_px, length_s, fps)
    except RenderError as fault:
        return None, [*findings, _finding(f"a clip cannot be read ({_first_line(fault)})")]
    return footage, findings + _told(footage, moments[pick % len(moments)].scan)


def _scanned(path: Path) -> Scan | Finding:
    if not _is_container(path):
        return _finding(f"{path.name!r} is not a video file; {_REMEDY}")
    try:
        return scan_clip(path)
    except RenderError as fault:
        told = _first_line(fault)
        return _finding(f"{path.name!r} cannot be read as a video ({told}); {_REMEDY}")


def _shortcomings(scan: Scan) -> list[Finding]:
    name = scan.path.name
    if scan.length_s < _LEAST_S:
        return [_finding(f"{name!r} lasts {scan.length_s:.2f} s: it is shown as a picture")]
    lost_s = min(scan.promised_s, 300.0) - scan.length_s
    if lost_s > _LOST_S:
        return [
            _finding(
                f"{name!r} breaks off: only its first {scan.length_s:.1f} s of"
                f" {scan.promised_s:.1f} s can be read; the film uses those"
            )
        ]
    return []


def _told(footage: Footage, scan: Scan) -> list[Finding]:
    """What was done to a clip, or could not be."""
    name = scan.path.name
    done = []
    if footage.camera.steadied:
        done.append("steadied")
    if footage.denoised:
        done.append("cleaned of grain")
    if scan.hdr:
        done.append("brought from HDR to ordinary light")
    found = [_finding(f"{name!r} was {' and '.join(done)} for the film", "film.footage_mended")]
    found = found if done else []
    if footage.enlarged > 1.9:
        message = f"{name!r} is enlarged {footage.enlarged:.1f} times and looks soft"
        found.append(_finding(f"{message}; use a larger clip", "film.footage_small"))
    return found


def _stored_size(scan: Scan, size_px: tuple[int, int]) -> tuple[int, int]:
    """Size to keep a clip's pictures in: what covers the canvas, never more than the clip has."""
    cover = max(size_px[0] / scan.width_px, size_px[1] / scan.height_px)
    share = min(1.0, 1.1 * cover, 2 * _LONG_SIDE / max(scan.width_px, scan.height_px))
    wide, high = (max(2, round(side * share / 2) * 2) for side in (scan.width_px, scan.height_px))
    return wide, high


def _first_line(fault: Exception) -> str:
    return (str(fault).strip().splitlines() or [""])[-1][:200]


def _finding(message: str, code: str = "film.footage") -> Finding:
    return Finding(code=code, severity=Severity.WARN, message=message, field="film.mp4")


def _is_container(path: Path) -> bool:
    """Whether the file begins like MP4/MOV, Matroska/WebM or AVI."""
    try:
        with path.open("rb") as stream:
            head = stream.read(16)
    except OSError:
        return False
    iso = head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free")
    return iso or head[:4] == b"\x1aE\xdf\xa3" or (head[:4] == b"RIFF" and head[8:12] == b"AVI ")
