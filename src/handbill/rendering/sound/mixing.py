"""The mix: voice in front, music that steps back under it, effects at their moments.

All sounds are float32 at 48 000 Hz, stereo ones shaped (2, samples).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from handbill.domain.sound import parse_wav
from handbill.rendering.sound.effects import LEADS_S, RATE_HZ, make_effect

Sound = npt.NDArray[np.float32]
Stereo = npt.NDArray[np.float32]

# Loudness of each part against the others, RMS where it sounds. Where speech is understood, at 300
# to 3000 Hz, composed music lies 14 to 20 dB below the voice while somebody speaks. It comes up
# between the lines, unless the next one is too near for that.
_VOICE_RMS = 0.125
_MUSIC_RMS = 0.085
_CLIP_RMS = 0.05
_DUCKED = 0.35
_FALL_S, _RECOVER_S = 0.16, 0.42
_NEAR_S = 0.5
_EFFECT_LEVEL = 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A line of speech on the time line."""

    wav: bytes
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """An effect (`effects.LEADS_S`) whose impact falls on `at_ms`."""

    name: str
    at_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Sound of the user's own clip, shaped (2, samples), from a moment on."""

    sound: Stereo
    at_ms: int


def read_sound(wav: bytes) -> Sound:
    """WAV bytes as samples shaped (channels, samples) at 48 000 Hz.

    Raises:
        ValueError: not a 16-bit WAV.
    """
    samples = parse_wav(wav)
    shaped = np.frombuffer(samples.pcm, dtype="<i2").reshape(-1, samples.channels).T
    sound: Sound = shaped.astype(np.float32) / np.float32(32768.0)
    return sound if samples.rate_hz == RATE_HZ else _resampled(sound, samples.rate_hz)


def mix_sound(music: Stereo, spoken: Sequence[Spoken], cues: Sequence[Cue], seed: int) -> Stereo:
    """The whole film's sound, as long as `music`; its level is set later by `mastering`."""
    length = music.shape[1]
    voice = voice_track(spoken, length)
    spans = [(line.at_ms / 1000, _end_s(line)) for line in spoken]
    gain = ducking(spans, length)
    mixed = music * gain
    mixed += _effects(cues, length, seed) * (0.55 + 0.45 * gain)
    return (mixed + voice).astype(np.float32)


def with_beds(mixed: Stereo, beds: Sequence[Bed], spoken: Sequence[Spoken]) -> Stereo:
    """`mixed` with the sound of clips under it: quiet, and quieter still under speech."""
    length = mixed.shape[1]
    gain = ducking([(line.at_ms / 1000, _end_s(line)) for line in spoken], length)
    for bed in beds:
        start = bed.at_ms * RATE_HZ // 1000
        part = bed.sound[:, : max(0, length - start)]
        level = float(np.sqrt(np.mean(np.square(part)))) if part.size else 0.0
        if level > 1e-4:
            quiet = part * np.float32(min(4.0, _CLIP_RMS / level)) * _fade_out(part.shape[1])
            mixed[:, start : start + part.shape[1]] += quiet * gain[start : start + part.shape[1]]
    return mixed


def voice_track(spoken: Sequence[Spoken], length: int) -> Sound:
    """All lines at their moments, at the voice's level; mono."""
    track = np.zeros(length, np.float32)
    for line in spoken:
        sound = read_sound(line.wav).mean(axis=0)
        start = line.at_ms * RATE_HZ // 1000
        part = sound[: max(0, length - start)]
        track[start : start + part.size] += part
    loud = np.abs(track) > 0.01
    level = float(np.sqrt(np.mean(np.square(track[loud])))) if loud.any() else 1.0
    levelled: Sound = track * np.float32(_VOICE_RMS / level)
    return levelled


def ducking(spans_s: Sequence[tuple[float, float]], length: int) -> Sound:
    """Gain of the music: 1 in the open, `_DUCKED` under speech, sloping in between."""
    gain = np.ones(length, np.float32)
    for start_s, end_s in _joined(spans_s):
        points = (start_s - _FALL_S, start_s + 0.02, end_s, end_s + _RECOVER_S)
        first, last = (min(length, max(0, round(at * RATE_HZ))) for at in (points[0], points[-1]))
        time = np.arange(first, last, dtype=np.float64) / RATE_HZ
        slope = np.interp(time, points, (1.0, _DUCKED, _DUCKED, 1.0)).astype(np.float32)
        np.minimum(gain[first:last], slope, out=gain[first:last])
    return gain


def _joined(spans_s: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans in order, those with less than `_NEAR_S` between them as one."""
    joined: list[tuple[float, float]] = []
    for start_s, end_s in sorted(spans_s):
        if joined and start_s - joined[-1][1] < _NEAR_S:
            joined[-1] = joined[-1][0], max(end_s, joined[-1][1])
        else:
            joined.append((start_s, end_s))
    return joined


def _end_s(line: Spoken) -> float:
    return (line.at_ms + parse_wav(line.wav).duration_ms) / 1000


def music_track(wav: bytes, length: int, gain_db: float = 0.0) -> Stereo:
    """Music of `length` samples at its usual level and `gain_db`; silence for no bytes."""
    stereo = np.zeros((2, length), np.float32)
    if not wav:
        return stereo
    sound = read_sound(wav)
    part = (sound if sound.shape[0] == 2 else np.repeat(sound[:1], 2, axis=0))[:, :length]
    stereo[:, : part.shape[1]] = part
    if part.shape[1] < length:
        stereo[:, : part.shape[1]] *= _fade_out(part.shape[1])
    level = float(np.sqrt(np.mean(np.square(part)))) or 1.0
    levelled: Stereo = stereo * np.float32(_MUSIC_RMS * 10 ** (gain_db / 20) / level)
    return levelled


def _fade_out(length: int) -> Sound:
    slope = np.ones(length, np.float32)
    fade = min(length, RATE_HZ // 2)
    slope[length - fade :] = np.linspace(1.0, 0.0, fade, dtype=np.float32)
    return slope


def _effects(cues: Sequence[Cue], length: int, seed: int) -> Stereo:
    stereo = np.zeros((2, length), np.float32)
    for index, cue in enumerate(cues):
        sound = make_effect(cue.name, seed + index) * np.float32(_EFFECT_LEVEL)
        start = round((cue.at_ms / 1000 - LEADS_S[cue.name]) * RATE_HZ)
        sound = sound[max(0, -start) :]
        start = max(0, start)
        part = sound[: max(0, length - start)]
        lean = 0.86 if index % 2 else 1.0
        stereo[0, start : start + part.size] += lean * part
        stereo[1, start : start + part.size] += (1.86 - lean) * part
    return stereo


def _resampled(sound: Sound, rate_hz: int) -> Sound:
    """Band-limited resampling through the spectrum."""
    length = round(sound.shape[1] * RATE_HZ / rate_hz)
    pad = rate_hz // 20
    padded = np.pad(sound, ((0, 0), (pad, pad)))
    whole = round(padded.shape[1] * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(padded)
    bins = whole // 2 + 1
    spectrum = np.pad(spectrum, ((0, 0), (0, max(0, bins - spectrum.shape[1]))))[:, :bins]
    out = np.fft.irfft(spectrum, whole) * (whole / padded.shape[1])
    start = round(pad * RATE_HZ / rate_hz)
    resampled: Sound = out[:, start : start + length].astype(np.float32)
    return resampled
