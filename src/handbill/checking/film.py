"""``film.*``: a film as the platform will meet it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from handbill.checking.mp4_boxes import Movie, Track, parse_mp4
from handbill.checking.view import blocked, warned, weighed
from handbill.domain.finding import Finding
from handbill.domain.placement import Provenance, VideoSpec

_FPS_TOLERANCE = 0.05
_LENGTH_TOLERANCE_S = 0.1
_DRIFT_S = 0.5
_ALIASES = {"h265": "hevc", "aac-lc": "aac", "mpeg4": "mp4v"}


def check_film(
    path: Path, spec: VideoSpec, limits: VideoSpec | None = None
) -> tuple[Finding, ...]:
    """Every finding of one film file.

    Args:
        path: an MP4.
        spec: what was ordered: size, frame rate, length, cap (`Placement.video`).
        limits: the platform's own figures, where they say more (`Placement.video_limits`).
    """
    return tuple(dict.fromkeys(_findings(path, spec, limits or spec)))


def _findings(path: Path, spec: VideoSpec, limits: VideoSpec) -> Iterator[Finding]:
    name = path.name
    data = path.read_bytes() if path.is_file() else b""
    if not data:
        yield blocked("film.missing", f"{name!r} is empty or not there", name)
        return
    try:
        movie = parse_mp4(data)
    except (ValueError, LookupError, struct.error) as fault:
        yield blocked("film.unreadable", f"{name!r} is no whole MP4: {fault}", name)
        return
    yield from _container(name, movie, limits)
    yield from _weight(name, len(data), spec, limits)
    yield from _length(name, movie, spec, limits)
    yield from _picture(name, movie.track("vide"), spec, limits)
    yield from _sound(name, movie, limits)


def _container(name: str, movie: Movie, limits: VideoSpec) -> Iterator[Finding]:
    if limits.containers and "mp4" not in limits.containers:
        message = f"{name!r} is an MP4, taken are {', '.join(limits.containers)}"
        yield weighed("film.container", message, name, limits.provenance)
    if not movie.moov_first:
        message = f"the index of {name!r} stands at its end: it cannot play while it loads"
        yield blocked("film.moov_last", message, name)


def _weight(name: str, size: int, spec: VideoSpec, limits: VideoSpec) -> Iterator[Finding]:
    cap = min((each for each in (spec.max_bytes, limits.max_bytes) if each), default=0)
    if cap and size > cap:
        message = f"{name!r} has {size} bytes, at most {cap} are taken"
        yield weighed("film.too_heavy", message, name, _of(spec, limits))
    if size < limits.min_bytes:
        message = f"{name!r} has {size} bytes, at least {limits.min_bytes} are needed"
        yield weighed("film.too_light", message, name, limits.provenance)


def _length(name: str, movie: Movie, spec: VideoSpec, limits: VideoSpec) -> Iterator[Finding]:
    length = movie.duration_s
    shortest = max(spec.min_s, limits.min_s)
    longest = min((each for each in (spec.max_s, limits.max_s) if each), default=0.0)
    if length + _LENGTH_TOLERANCE_S < shortest:
        message = f"{name!r} lasts {length:.2f} s, at least {shortest:g} s are needed"
        yield weighed("film.too_short", message, name, _of(spec, limits))
    if longest and length > longest + _LENGTH_TOLERANCE_S:
        message = f"{name!r} lasts {length:.2f} s, at most {longest:g} s are taken"
        yield weighed("film.too_long", message, name, _of(spec, limits))


def _picture(
    name: str, track: Track | None, spec: VideoSpec, limits: VideoSpec
) -> Iterator[Finding]:
    if track is None or not track.samples:
        yield blocked("film.no_picture", f"{name!r} has no pictures", name)
        return
    if (track.width_px, track.height_px) != (spec.width_px, spec.height_px):
        size = f"{track.width_px} × {track.height_px}"
        message = f"{name!r} is {size} px, ordered were {spec.width_px} × {spec.height_px} px"
        yield blocked("film.size", message, name)
    if abs(track.per_second - spec.fps) > _FPS_TOLERANCE:
        message = f"{name!r} runs at {track.per_second:.3f} frames/s, ordered were {spec.fps}"
        yield blocked("film.fps", message, name)
    elif not track.steady:
        message = f"the frames of {name!r} differ in length: ordered were {spec.fps} a second"
        yield blocked("film.variable_rate", message, name)
    wanted = _codecs(limits.video_codecs) or {"h264"}
    if track.codec not in wanted:
        message = f"{name!r} is {track.codec}, taken are {', '.join(sorted(wanted))}"
        yield blocked("film.codec", message, name)
    if limits.min_kbps and track.kbps < limits.min_kbps:
        message = f"{name!r} has {track.kbps:.0f} kbit/s, {limits.min_kbps} are asked for"
        yield warned("film.bit_rate", message, name)


def _sound(name: str, movie: Movie, limits: VideoSpec) -> Iterator[Finding]:
    track, picture = movie.track("soun"), movie.track("vide")
    if track is None or not track.samples:
        yield blocked("film.no_sound", f"{name!r} has no sound", name)
        return
    wanted = _codecs(limits.audio_codecs) or {"aac"}
    if track.codec not in wanted:
        message = f"the sound of {name!r} is {track.codec}, taken are {', '.join(sorted(wanted))}"
        yield blocked("film.sound_codec", message, name)
    if limits.min_audio_kbps and track.kbps < limits.min_audio_kbps:
        message = f"the sound of {name!r} has {track.kbps:.0f} kbit/s"
        message += f", {limits.min_audio_kbps} are asked for"
        yield warned("film.sound_bit_rate", message, name)
    if picture and abs(track.duration_s - picture.duration_s) > _DRIFT_S:
        message = f"sound and pictures of {name!r} differ in length: {track.duration_s:.2f} s"
        message += f" and {picture.duration_s:.2f} s"
        yield blocked("film.sound_length", message, name)


def _codecs(names: tuple[str, ...]) -> set[str]:
    return {_ALIASES.get(name, name) for name in names}


def _of(spec: VideoSpec, limits: VideoSpec) -> Provenance:
    return spec.provenance if limits is spec else limits.provenance
