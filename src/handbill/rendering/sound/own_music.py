"""The user's own music: read from where it is to begin, cut or repeated to length, faded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from handbill.domain.sound import Samples, wav_bytes
from handbill.errors import RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.sound.effects import RATE_HZ

Stereo = npt.NDArray[np.float32]

_LONGEST_S = 600
_SEAM_S = 1.2
_IN_S, _OUT_S = 0.03, 1.4


def own_bed(path: Path, from_s: float, length_ms: int) -> bytes:
    """Stereo WAV bytes at 48 000 Hz of exactly `length_ms` from the music in `path`.

    Music that is too short begins again, one end blended into the next beginning.

    Raises:
        RenderError: `path` holds no sound, or none after `from_s`.
    """
    window = ["-ss", f"{from_s:.3f}", "-t", str(_LONGEST_S)]
    raw = ["-vn", "-ac", "2", "-ar", str(RATE_HZ), "-f", "s16le", "pipe:1"]
    pcm, _ = run_ffmpeg([*window, *file_input(path), *raw])
    sound = np.frombuffer(pcm, "<i2").reshape(-1, 2).T.astype(np.float32) / np.float32(32768.0)
    if sound.shape[1] < RATE_HZ:
        raise RenderError(f"{path.name!r} has less than a second of music after {from_s:g} s")
    bed = _faded(_long_enough(sound, round(length_ms * RATE_HZ / 1000)))
    out = np.round(np.clip(bed.T, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
    return wav_bytes(Samples(pcm=out, rate_hz=RATE_HZ, channels=2))


def _long_enough(sound: Stereo, length: int) -> Stereo:
    seam = min(round(_SEAM_S * RATE_HZ), sound.shape[1] // 3)
    rising = np.sin(np.linspace(0.0, np.pi / 2, seam, dtype=np.float32))
    whole = sound
    while whole.shape[1] < length:
        blended = whole[:, -seam:] * rising[::-1] + sound[:, :seam] * rising
        whole = np.concatenate([whole[:, :-seam], blended, sound[:, seam:]], axis=1)
    return np.array(whole[:, :length])


def _faded(sound: Stereo) -> Stereo:
    begin = min(sound.shape[1], round(_IN_S * RATE_HZ))
    end = min(sound.shape[1], round(_OUT_S * RATE_HZ))
    sound[:, :begin] *= np.linspace(0.0, 1.0, begin, dtype=np.float32)
    sound[:, sound.shape[1] - end :] *= np.cos(np.linspace(0, np.pi / 2, end)).astype(np.float32)
    return sound
