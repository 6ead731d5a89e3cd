"""``film.*``: a film as whoever plays it will see and hear it: decoded whole, once.

One pass of ffmpeg decodes every frame and every sound packet, and measures on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handbill.checking.view import blocked, warned
from handbill.domain.finding import Finding
from handbill.domain.placement import VideoSpec
from handbill.errors import RenderError, ToolStalled
from handbill.foreign.ffmpeg import file_input, run_ffmpeg

_LIMIT_S = 300.0
_BLACK_S = 0.1
_FROZEN_S = 1.0
_SILENT_S = 3.0
_LUFS_TOLERANCE = 1.0
_PEAK_DB = -1.0
_CLIPPED_DB = 0.5
# Pictures are judged small: what cannot be seen at this width is neither light nor movement.
_PICTURES = (
    "scale=w=216:h=-2:flags=fast_bilinear"
    f",blackdetect=d={_BLACK_S}:pic_th=0.98:pix_th=0.06"
    f",freezedetect=n=0.0003:d={_FROZEN_S}"
)
_SOUNDS = f"silencedetect=n=-55dB:d={_SILENT_S},ebur128=peak=true:framelog=quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Playing:
    """What was seen and heard.

    Attributes:
        frames: decoded pictures.
        black, frozen, silent: stretches, start and end in seconds.
        lufs, peak_db: integrated loudness and true peak; None without sound.
        colours: as the stream is tagged, such as ``tv, bt709``.
    """

    frames: int
    black: tuple[tuple[float, float], ...]
    frozen: tuple[tuple[float, float], ...]
    silent: tuple[tuple[float, float], ...]
    lufs: float | None
    peak_db: float | None
    colours: str


def check_playing(path: Path, spec: VideoSpec, *, length_s: float) -> tuple[Finding, ...]:
    """Decode the film at `path` whole, and tell what a viewer would notice.

    Args:
        path: an MP4.
        spec: what was ordered.
        length_s: how long it was meant to be.

    Raises:
        ToolMissing: there is no ffmpeg.
        ToolStalled: ffmpeg stood still, which says nothing about the film.
    """
    try:
        playing = play_film(path, length_s)
    except ToolStalled:
        raise
    except RenderError as fault:
        message = f"{path.name!r} cannot be decoded to its end: {str(fault)[-300:]}"
        return (blocked("film.undecodable", message, path.name),)
    return tuple(
        finding
        for rule in (_frames, _pictures, _sound)
        for finding in rule(path.name, playing, spec, length_s)
    )


def play_film(path: Path, length_s: float = 0.0) -> Playing:
    """Decode the film at `path` whole.

    Args:
        path: a film.
        length_s: its length, to which stretches without an end are cut.

    Raises:
        RenderError: a frame or a sound packet cannot be decoded.
        ToolMissing: there is no ffmpeg.
    """
    counted, said = run_ffmpeg(
        [
            *("-xerror", "-err_detect", "explode"),
            *file_input(path, "mov"),
            *("-map", "0:v:0", "-vf", _PICTURES, "-fps_mode", "passthrough"),
            *("-map", "0:a:0?", "-af", _SOUNDS),
            *("-progress", "pipe:1", "-f", "null", "-"),
        ],
        limit_s=_LIMIT_S,
        talk="info",
    )
    return parse_playing(counted.decode(errors="replace"), said, length_s)


def parse_playing(counted: str, said: str, length_s: float) -> Playing:
    """What ffmpeg's progress and its filters told.

    Args:
        counted: lines ``frame=405``, the last of which counts.
        said: its log.
        length_s: end of what never ended.
    """
    frames = re.findall(r"^frame=(\d+)", counted, re.MULTILINE)
    level = re.search(r"\bI:\s+(-?[\d.]+|-inf) LUFS", said)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf) dBFS", said)
    colours = re.search(r"Video: .*?yuv\w+\(([^)]*)\)", said)
    return Playing(
        frames=int(frames[-1]) if frames else 0,
        black=_stretches(said, "black_start:", "black_end:", length_s),
        frozen=_stretches(said, "freeze_start: ", "freeze_end: ", length_s),
        silent=_stretches(said, "silence_start: ", "silence_end: ", length_s),
        lufs=float(level.group(1)) if level else None,
        peak_db=float(peak.group(1)) if peak else None,
        colours=colours.group(1) if colours else "",
    )


def _stretches(
    said: str, start: str, end: str, length_s: float
) -> tuple[tuple[float, float], ...]:
    begun = [float(found) for found in re.findall(rf"{start}(-?[\d.]+)", said)]
    ended = [float(found) for found in re.findall(rf"{end}(-?[\d.]+)", said)]
    ended += [max(length_s, at) for at in begun[len(ended) :]]
    return tuple(zip(begun, ended, strict=False))


def _frames(name: str, playing: Playing, spec: VideoSpec, length_s: float) -> Iterator[Finding]:
    wanted = round(length_s * spec.fps)
    if playing.frames != wanted:
        message = f"{name!r} has {playing.frames} frames, {wanted} were to be there"
        yield blocked("film.frames", message, name)
    if not playing.colours.startswith("tv, bt709"):
        message = f"the colours of {name!r} are not tagged as BT.709: {playing.colours!r}"
        yield blocked("film.colour_tags", message, name)


def _pictures(name: str, playing: Playing, spec: VideoSpec, length_s: float) -> Iterator[Finding]:
    del spec, length_s
    for start_s, end_s in playing.black:
        message = f"{name!r} is black from {start_s:.2f} to {end_s:.2f} s"
        yield blocked("film.black", message, name)
    for start_s, end_s in playing.frozen:
        message = f"nothing moves in {name!r} from {start_s:.2f} to {end_s:.2f} s"
        yield warned("film.frozen", message, name)


def _sound(name: str, playing: Playing, spec: VideoSpec, length_s: float) -> Iterator[Finding]:
    if playing.lufs is None or playing.peak_db is None:
        yield blocked("film.no_sound", f"{name!r} has no sound", name)
        return
    if any(end_s - start_s > 0.9 * length_s for start_s, end_s in playing.silent):
        yield warned("film.silent", f"nothing is heard in {name!r}", name)
        return
    for start_s, end_s in playing.silent:
        message = f"nothing is heard in {name!r} from {start_s:.2f} to {end_s:.2f} s"
        yield warned("film.silent", message, name)
    if abs(playing.lufs - spec.loudness_lufs) > _LUFS_TOLERANCE:
        message = f"{name!r} is at {playing.lufs:.1f} LUFS, {spec.loudness_lufs:g} were wanted"
        yield warned("film.loudness", message, name)
    if playing.peak_db > _PEAK_DB:
        message = f"the sound of {name!r} peaks at {playing.peak_db:.1f} dBTP, above {_PEAK_DB:g}"
        told = blocked if playing.peak_db > _CLIPPED_DB else warned
        yield told("film.peak", message, name)
