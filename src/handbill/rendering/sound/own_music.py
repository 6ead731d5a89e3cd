"""The user's own music: read from where it is to begin, cut or repeated to length, faded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from handbill.domain.campaign import LEAST_MUSIC_S
from handbill.domain.sound import Samples, wav_bytes
from handbill.errors import RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.sound.effects import RATE_HZ

Stereo = npt.NDArray[np.float32]

_LONGEST_S = 600
_SEAM_S = 1.2
_IN_S, _OUT_S = 0.03, 1.4
# Root mean square below which there is nothing to hear: -70 dB.
_SILENT = 10 ** (-70 / 20)
# Ends are looked for this far before the last sample, in steps of a hundredth of a second.
_SOONER_S = 2.4
_STEP = RATE_HZ // 100


def own_bed(path: Path, part_s: tuple[float, float], length_ms: int) -> bytes:
    """Stereo WAV bytes at 48 000 Hz of exactly `length_ms` from the music in `path`.

    Music that is too short begins again: where its own beat comes round, one end blended into the
    next beginning.

    Args:
        path: any file with sound that ffmpeg reads.
        part_s: where in it to begin and to end; an end of 0 is its own.
        length_ms: of the film.

    Raises:
        RenderError: `path` holds no sound, ends before `part_s`, or is silent there.
    """
    sound = _part(path, *part_s)
    bed = _faded(_long_enough(sound, round(length_ms * RATE_HZ / 1000)))
    out = np.round(np.clip(bed.T, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
    return wav_bytes(Samples(pcm=out, rate_hz=RATE_HZ, channels=2))


def _part(path: Path, from_s: float, to_s: float) -> Stereo:
    wanted_s = min(to_s - from_s, _LONGEST_S) if to_s else _LONGEST_S
    window = ["-ss", f"{from_s:.3f}", "-t", f"{wanted_s:.3f}"]
    raw = ["-vn", "-ac", "2", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    try:
        pcm, _ = run_ffmpeg([*window, *file_input(path), *raw])
    except RenderError as fault:
        message = (
            f"film.music: {path.name!r} holds no sound that can be read; save it as WAV or MP3"
        )
        raise RenderError(f"{message} ({str(fault).splitlines()[0]})") from fault
    sound = np.frombuffer(pcm, "<i2").reshape(-1, 2).T.astype(np.float32) / np.float32(32768.0)
    length_s = sound.shape[1] / RATE_HZ
    if length_s < LEAST_MUSIC_S:
        raise RenderError(
            f"film.music: {path.name!r} has less than a second of music after {from_s:g} s; "
            "begin it sooner: music_from_s"
        )
    if to_s and length_s < wanted_s - LEAST_MUSIC_S:
        raise RenderError(
            f"film.music: {path.name!r} ends at {from_s + length_s:.1f} s, before "
            f"music_to_s = {to_s:g}; write an earlier moment or leave music_to_s out"
        )
    if float(np.sqrt(np.mean(np.square(sound)))) < _SILENT:
        raise RenderError(
            f"film.music: {path.name!r} is silent from {from_s:g} to {from_s + length_s:g} s; "
            "choose another part or file, or leave music out for composed music"
        )
    return sound


def _long_enough(sound: Stereo, length: int) -> Stereo:
    if sound.shape[1] >= length:
        return np.array(sound[:, :length])
    seam = min(round(_SEAM_S * RATE_HZ), sound.shape[1] // 3)
    sound = sound[:, : _comes_round(sound, seam) + seam]
    rising = np.sin(np.linspace(0.0, np.pi / 2, seam, dtype=np.float32))
    whole = sound
    while whole.shape[1] < length:
        blended = whole[:, -seam:] * rising[::-1] + sound[:, :seam] * rising
        whole = np.concatenate([whole[:, :-seam], blended, sound[:, seam:]], axis=1)
    return np.array(whole[:, :length])


def _comes_round(sound: Stereo, seam: int) -> int:
    """The sample near the end from which on the music's onsets fall as they do from its start."""
    steps = sound.shape[1] // _STEP
    energy = np.square(sound[:, : steps * _STEP]).sum(axis=0).reshape(steps, _STEP).sum(axis=1)
    rises = np.maximum(0.0, np.diff(np.log10(energy + 1e-4), prepend=0.0))
    rises[0] = rises[1:].max(initial=0.0)  # it begins with a beat, as a cut at one has it
    last = steps - -(-seam // _STEP)
    first = max(last - round(_SOONER_S * 100), steps // 2)
    lags = range(first, last + 1)
    best = max(lags, key=lambda lag: (_likeness(rises, lag), lag), default=last)
    return min(best * _STEP, int(sound.shape[1]) - seam)


def _likeness(rises: npt.NDArray[np.float32], lag: int) -> float:
    begin, end = rises[: rises.size - lag], rises[lag:]
    size = float(np.linalg.norm(begin) * np.linalg.norm(end))
    return round(float(begin @ end) / size, 3) if size > 1e-6 else 0.0


def _faded(sound: Stereo) -> Stereo:
    begin = min(sound.shape[1], round(_IN_S * RATE_HZ))
    end = min(sound.shape[1], round(_OUT_S * RATE_HZ))
    sound[:, :begin] *= np.linspace(0.0, 1.0, begin, dtype=np.float32)
    sound[:, sound.shape[1] - end :] *= np.cos(np.linspace(0, np.pi / 2, end)).astype(np.float32)
    return sound
