"""Level and encoding: −14 LUFS or what the placement asks, true peaks below −1 dB, AAC-LC.

AAC overshoots what went into it, so the result is decoded and measured, and encoded a second time
with another gain when it missed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from handbill.domain.sound import Samples, wav_bytes
from handbill.errors import RenderError
from handbill.foreign.ffmpeg import file_input, run_ffmpeg
from handbill.rendering.sound.effects import RATE_HZ

Stereo = npt.NDArray[np.float32]
Levels = npt.NDArray[np.float32]

PEAK_DB = -1.0
TOLERANCE_LU = 0.5
_MARGIN_DB = 1.8
_TRIES = 4
_LOOK_AHEAD = 192  # samples: 4 ms
# The encoder puts this many samples in front of the first one. They are left out of its input
# instead of being hidden by an edit list, which many platforms ignore.
_PRIMING = 1024
_TENTH = RATE_HZ // 10
# A shelf for the head and a high pass, b and a of each: ITU-R BS.1770-4, tables 1 and 2.
_K_FILTERS = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
_PLAIN = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact"]
# At these bit rates it keeps as close to its input as the other coder, overshoots less, and costs
# half.
_CODER = ["-aac_coder", "fast"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """EBU R 128: integrated loudness and true peak; -70 and -inf for silence."""

    lufs: float
    peak_db: float


def measure_loudness(path: Path) -> Loudness:
    """What ffmpeg's ``ebur128`` says of the sound in `path`.

    Raises:
        RenderError: the file has no sound, or cannot be decoded.
    """
    _, said = run_ffmpeg(
        [*file_input(path), "-vn", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        talk="info",
    )
    return parse_loudness(said)


def parse_loudness(said: str) -> Loudness:
    """The summary that ``ebur128`` prints.

    Raises:
        RenderError: there is none.
    """
    summary = said.rpartition("Summary:")[2]
    level = re.search(r"I:\s+(-?[\d.]+|-inf|nan) LUFS", summary)
    peak = re.search(r"Peak:\s+(-?[\d.]+|-inf|nan) dBFS", summary)
    if level is None or peak is None:
        raise RenderError(f"ffmpeg gave no loudness: {said[-300:].strip()!r}")
    return Loudness(lufs=float(level.group(1)), peak_db=float(peak.group(1)))


def encode_master(mixed: Stereo, target: Path, lufs: float) -> Loudness:
    """Write `mixed` to `target` (``.m4a``) at `lufs` ± 1 with peaks below −1 dBTP.

    Raises:
        RenderError: encoding failed.
    """
    gain_db, ceiling_db = lufs - estimate_lufs(mixed), PEAK_DB - _MARGIN_DB
    peaks = true_peaks(mixed)
    gain_db += lufs - estimate_lufs(limit_peaks(mixed, peaks, gain_db, ceiling_db))
    found = Loudness(lufs=-70.0, peak_db=-70.0)
    for _ in range(_TRIES):
        encode_sound(limit_peaks(mixed, peaks, gain_db, ceiling_db)[:, _PRIMING:], target)
        found = measure_loudness(target)
        level_ok = abs(found.lufs - lufs) <= TOLERANCE_LU or found.lufs <= -60
        if level_ok and found.peak_db <= PEAK_DB:
            break
        gain_db += 0.0 if level_ok else lufs - found.lufs
        ceiling_db -= max(0.0, found.peak_db - PEAK_DB + 0.3)
    return found


def limit_peaks(mixed: Stereo, peaks: Levels, gain_db: float, ceiling_db: float) -> Stereo:
    """`mixed` louder by `gain_db`; where its `peaks` then pass `ceiling_db`, turned down.

    That is done looking ahead 4 ms, both channels alike.
    """
    gain, ceiling = np.float32(10 ** (gain_db / 20)), 10 ** (ceiling_db / 20)
    wanted = np.minimum(1.0, ceiling / np.maximum(gain * peaks, 1e-9)).astype(np.float32)
    kernel = np.ones((1, 2 * _LOOK_AHEAD + 1), np.uint8)
    lowest = cv2.erode(wanted[None, :], kernel, borderType=cv2.BORDER_REPLICATE)
    window = cv2.getGaussianKernel(2 * _LOOK_AHEAD - 1, _LOOK_AHEAD / 3.2).astype(np.float32).T
    smooth = cv2.filter2D(lowest, -1, window, borderType=cv2.BORDER_REPLICATE)
    return mixed * (gain * np.asarray(smooth, dtype=np.float32))


def encode_sound(sound: Stereo, target: Path, codec: str = "aac", kbps: int = 192) -> None:
    """Encode samples shaped (channels, samples) to `target`; the same samples, the same bytes."""
    clipped = np.clip(sound.T, -1.0, 1.0)
    pcm = np.round(clipped * 32767.0).astype("<i2").tobytes()
    wav = wav_bytes(Samples(pcm=pcm, rate_hz=RATE_HZ, channels=sound.shape[0]))
    options = ["-c:a", codec, "-b:a", f"{kbps}k", "-ar", str(RATE_HZ)]
    options += _CODER if codec == "aac" else []
    arguments = ["-f", "wav", "-i", "pipe:0", *_PLAIN, *options, "-threads", "1"]
    run_ffmpeg([*arguments, f"file:{target}"], sound_in=wav)


def true_peaks(sound: Stereo) -> Levels:
    """At every sample the highest level around it; points between are estimated fourfold."""
    peaks = np.abs(sound)
    taps = np.arange(-8, 8)
    for quarter in (0.25, 0.5, 0.75):
        kernel = np.sinc(taps + quarter) * np.hanning(18)[1:-1]
        kernel = (kernel / kernel.sum()).astype(np.float32)[None, :]
        between = cv2.filter2D(sound, -1, kernel, anchor=(8, 0), borderType=cv2.BORDER_CONSTANT)
        np.maximum(peaks, np.abs(between, out=between), out=peaks)
    highest: Levels = peaks.max(axis=0)
    return highest


def estimate_lufs(sound: Stereo) -> float:
    """Integrated loudness after ITU-R BS.1770-4, within about 0.2 LU of what ``ebur128`` says.

    Its filter is applied to the spectra of tenths of a second, which costs a hundredth of decoding
    and measuring a file; so a film is usually encoded once. −70 for silence.
    """
    count = sound.shape[1] // _TENTH
    if count < 4:
        return -70.0
    tenths = sound[:, : count * _TENTH].reshape(sound.shape[0], count, _TENTH)
    power = np.abs(np.fft.rfft(tenths, axis=2)) ** 2 @ _weights()
    blocks = np.convolve(power.sum(axis=0), np.full(4, 0.25), "valid")
    loud = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not loud.size:
        return -70.0
    kept = loud[loud > 0.1 * loud.mean()]
    return float(-0.691 + 10 * np.log10(kept.mean()))


@lru_cache(maxsize=1)
def _weights() -> npt.NDArray[np.float64]:
    """By how much each line of a tenth's spectrum counts: the two filters of BS.1770 at 48 kHz."""
    turn = np.exp(-2j * np.pi * np.arange(_TENTH // 2 + 1) / _TENTH)
    gain = np.ones(turn.shape, np.complex128)
    for above, below in _K_FILTERS:
        gain *= np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)
    weights: npt.NDArray[np.float64] = 2.0 * np.abs(gain) ** 2 / _TENTH**2
    return weights
