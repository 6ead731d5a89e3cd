"""Which of the user's files are clips, and what is to be said of those that are poor ones.

ffmpeg follows whatever a file says; so only files that begin like a real container are handed to
it, never playlists or lists of other files.
"""

from __future__ import annotations

from pathlib import Path

from handbill.domain.finding import Finding, Severity
from handbill.errors import RenderError, ToolStalled
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.films.footage_scan import TO_SDR, Scan, scan_clip

_REMEDY = "save it as MP4 (H.264)"
_MOVING_S, _LEAST_S = 0.2, 0.5
_LOST_S = 0.5
_TRANSPORT, _PACKET_BYTES = 0x47, (188, 192)
_HEAD_BYTES = 400


def look_through(paths: str) -> tuple[tuple[Scan, ...], list[Finding]]:
    """What can be used of the clips, one path a line, and what is wrong with them."""
    scans, findings = [], []
    for line in paths.splitlines():
        found = _scanned(Path(line))
        if isinstance(found, Finding):
            findings.append(found)
        else:
            scans.append(found)
            findings += _shortcomings(found)
    return tuple(scans), findings


def write_even_clip(path: Path, target: Path, fps: int, longest_s: float) -> bool:
    """Write a clip upright, at an even rate and in ordinary light; False for what is none."""
    scan = _scanned(path)
    if isinstance(scan, Finding):
        return False
    wide, high = (max(2, side // 2 * 2) for side in (scan.width_px, scan.height_px))
    size = f"scale={wide}:{high},setsar=1"
    steps = ("yadif=deint=interlaced", scan.crop, TO_SDR if scan.hdr else "", f"fps={fps}", size)
    picture = ["-vf", ",".join(filter(None, steps)), "-c:v", "libx264", "-preset", "ultrafast"]
    sound = ["-c:a", "pcm_s16le", "-ac", "2", "-ar", "48000"]
    run_ffmpeg(
        [
            *("-t", f"{longest_s:g}", *file_input(path), "-map", "0:v:0", "-map", "0:a:0?"),
            *(*picture, "-qp", "8", "-pix_fmt", "yuv420p", *sound, f"file:{target}"),
        ],
        limit_s=300.0,
    )
    return True


def _scanned(path: Path) -> Scan | Finding:
    if not _is_container(path):
        return footage_finding(f"{named(path)} is not a video file; {_REMEDY}")
    try:
        scan = scan_clip(path)
    except ToolStalled:
        raise
    except RenderError as fault:
        told = "it holds no picture" if "matches no streams" in str(fault) else last_line(fault)
        return footage_finding(f"{named(path)} cannot be read as a video ({told}); {_REMEDY}")
    if scan.black:
        return footage_finding(f"{named(path)} is black throughout; the film is cut without it")
    return scan


def _shortcomings(scan: Scan) -> list[Finding]:
    name = named(scan.path)
    if scan.length_s < _MOVING_S:
        return [footage_finding(f"{name} holds one picture and is shown as that")]
    if scan.length_s < _LEAST_S:
        return [
            footage_finding(
                f"{name} lasts {scan.length_s:.2f} s and plays to and fro; send a second or more"
            )
        ]
    if scan.still:
        return [footage_finding(f"nothing moves in {name}; a picture of it would be moved along")]
    lost_s = min(scan.promised_s, 300.0) - scan.length_s
    if lost_s > _LOST_S:
        return [
            footage_finding(
                f"{name} breaks off: only its first {scan.length_s:.1f} s of"
                f" {scan.promised_s:.1f} s can be read; the film uses those"
            )
        ]
    return []


def named(path: Path) -> str:
    """A clip's name as the user knows it; what was made for the film lies under a digest."""
    return repr(path.name) if path.suffix else "the clip that was made for this film"


def footage_finding(message: str, code: str = "film.footage") -> Finding:
    """A warning about a clip."""
    return Finding(code=code, severity=Severity.WARN, message=message, field="film.mp4")


def last_line(fault: Exception) -> str:
    """What ffmpeg said at last."""
    return (str(fault).strip().splitlines() or [""])[-1][:200]


def _is_container(path: Path) -> bool:
    """Whether the file begins like MP4/MOV, Matroska/WebM, AVI, MPEG or an animated GIF."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return False
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return True
    if head[:4] == b"RIFF":
        return head[8:12] == b"AVI "
    known = (b"\x1aE\xdf\xa3", b"\0\0\1\xba", b"GIF87a", b"GIF89a")
    return head.startswith(known) or any(_is_transport(head, packet) for packet in _PACKET_BYTES)


def _is_transport(head: bytes, packet: int) -> bool:
    """Whether every packet of `packet` bytes begins as those of MPEG transport streams do."""
    begins = range(packet - _PACKET_BYTES[0], len(head), packet)
    return len(head) == _HEAD_BYTES and all(head[at] == _TRANSPORT for at in begins)
