"""The instruments of the house band: each note is a short mono sound made by arithmetic.

Every function returns float32 samples at 48 000 Hz that start and end at zero. Pitches are MIDI
numbers (60 is middle C, 69 is 440 Hz); lengths in seconds are how long the note is held.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Sound = npt.NDArray[np.float32]
Noise = np.random.Generator

RATE_HZ = 48_000
_POINTS = 1 << 15


def frequency_hz(pitch: float) -> float:
    """Frequency of a MIDI pitch in equal temperament."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def kick(noise: Noise, weight: float = 1.0) -> Sound:
    """Bass drum: a falling sine with a click; `weight` from 0.5 (soft) to 1.5 (heavy)."""
    time = _time(0.34)
    pitch_hz = 44.0 + 105.0 * np.exp(-time * 34.0) + 160.0 * np.exp(-time * 240.0)
    body = np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ) * np.exp(-time * (11.0 / weight))
    click = noise.standard_normal(time.size) * np.exp(-time * 700.0) * 0.18
    return _finish(np.tanh(1.6 * (body + click)))


def snare(noise: Noise) -> Sound:
    """Snare drum: wires over a tuned skin."""
    time = _time(0.26)
    skin = np.sin(2 * np.pi * 188.0 * time) * np.exp(-time * 26.0)
    wires = _band(noise.standard_normal(time.size), 900.0, 9_000.0) * np.exp(-time * 17.0)
    return _finish(0.45 * skin + 0.75 * wires)


def clap(noise: Noise) -> Sound:
    """Hand clap: three short bursts and a tail."""
    time = _time(0.28)
    bursts = sum(
        np.where(time >= at, np.exp(-np.maximum(time - at, 0.0) * fall), 0.0)
        for at, fall in ((0.0, 260.0), (0.011, 260.0), (0.023, 24.0))
    )
    return _finish(0.6 * bursts * _band(noise.standard_normal(time.size), 700.0, 5_200.0))


def snap(noise: Noise) -> Sound:
    """Finger snap: a small bright crack."""
    time = _time(0.12)
    crack = _band(noise.standard_normal(time.size), 1_700.0, 4_800.0)
    return _finish(0.8 * crack * np.exp(-time * 62.0))


def hat(noise: Noise, length_s: float = 0.05) -> Sound:
    """Hi-hat; longer than 0.12 s sounds open."""
    time = _time(max(0.05, length_s) + 0.03)
    metal = _band(noise.standard_normal(time.size), 6_800.0, 16_000.0)
    return _finish(0.5 * metal * np.exp(-time * (5.0 / max(0.03, length_s))))


def shaker(noise: Noise) -> Sound:
    """Shaker: a soft grain that swells and falls."""
    time = _time(0.11)
    shape = np.sin(np.pi * np.minimum(time / 0.09, 1.0)) ** 2
    return _finish(0.34 * shape * _band(noise.standard_normal(time.size), 4_500.0, 12_000.0))


def crash(noise: Noise, length_s: float = 1.6) -> Sound:
    """Cymbal that rings for `length_s`."""
    time = _time(length_s)
    metal = _band(noise.standard_normal(time.size), 3_600.0, 15_000.0)
    return _finish(0.42 * metal * np.exp(-time * (3.6 / length_s)))


def bass(pitch: float, length_s: float, drive: float = 1.0) -> Sound:
    """Bass: sine and warm overtones; `drive` from 0.5 (round) to 2.5 (growling)."""
    time = _time(length_s + 0.05)
    turn = 2 * np.pi * frequency_hz(pitch) * time
    tone = np.sin(turn) + 0.35 * np.sin(2 * turn) + 0.16 * drive * np.sin(3 * turn)
    body = np.tanh(tone * (0.8 + 0.5 * drive)) * (0.55 + 0.45 * np.exp(-time * 4.5))
    return _held(0.8 * body, length_s, attack_s=0.006, release_s=0.045)


def keys(pitch: float, length_s: float) -> Sound:
    """Electric piano: two operators, bell at the front, round after."""
    time = _time(length_s + 0.25)
    turn = 2 * np.pi * frequency_hz(pitch) * time
    tine = 1.5 * np.exp(-time * 7.0) * np.sin(turn) + 0.35 * np.exp(-time * 16.0) * np.sin(
        14 * turn
    )
    tone = np.sin(turn + tine) * np.exp(-time * 1.9)
    return _held(0.6 * tone, length_s, attack_s=0.004, release_s=0.24)


def pad(pitch: float, length_s: float, brightness: float = 0.5) -> Sound:
    """Strings: three detuned voices with soft overtones that beat; slow to come and go."""
    time = _time(length_s + 0.5)
    wave = _pad_wave(brightness)
    sound = np.zeros(time.size, np.float32)
    for cents in (-7.0, 0.0, 6.0):
        turns = frequency_hz(pitch + cents / 100.0) * time + cents / (2 * np.pi)
        sound += wave[(turns * wave.size).astype(np.int64) & (wave.size - 1)]
    return _held(0.17 * sound, length_s, attack_s=0.14, release_s=0.45)


@lru_cache(maxsize=2)
def _pad_wave(brightness: float) -> Sound:
    """One turn of a pad in 32 768 points: so many that the nearest one is 60 dB from the truth."""
    turn = np.arange(_POINTS) * (2 * np.pi / _POINTS)
    wave = sum(np.sin(k * turn) / k ** (2.4 - brightness) for k in range(1, 8))
    return np.asarray(wave, dtype=np.float32)


def string(pitch: float, length_s: float, noise: Noise) -> Sound:
    """Plucked string (Karplus and Strong's loop, all its periods at once), in tune.

    Every period is the one before it through a filter that takes half of its delay back, so its
    spectrum is the first one's times a power. Periods of whole samples are up to half a semitone
    from the pitch; the sound is stretched by what is missing.
    """
    true_period = RATE_HZ / frequency_hz(pitch)
    period = max(2, round(true_period))
    count = int((length_s + 0.3) * RATE_HZ / true_period) + 2
    grain = noise.uniform(-1.0, 1.0, period)
    grain = (grain + np.roll(grain, 1) + np.roll(grain, 2)) / 3.0
    spectrum = np.fft.rfft(grain)
    spectrum[0] = 0.0
    fall = (0.996 if pitch < 64 else 0.993) * np.cos(np.pi * np.arange(spectrum.size) / period)
    powers = np.maximum(fall, 1e-6) ** np.arange(count)[:, None]
    rows = np.fft.irfft((spectrum * powers).astype(np.complex64), period, axis=1).ravel()
    wanted = np.arange(int((count - 1) * true_period)) * (period / true_period)
    tuned = np.interp(wanted, np.arange(rows.size), rows)
    return _held(0.75 * tuned, length_s, attack_s=0.002, release_s=0.28)


def mallet(pitch: float, length_s: float) -> Sound:
    """Marimba: a knock with two overtones that die at once."""
    time = _time(min(length_s, 0.5) + 0.25)
    turn = 2 * np.pi * frequency_hz(pitch) * time
    tone = np.sin(turn) * np.exp(-time * 8.0) + 0.3 * np.sin(3.93 * turn) * np.exp(-time * 22.0)
    knock = 0.12 * np.sin(9.2 * turn) * np.exp(-time * 60.0)
    return _finish(0.75 * (tone + knock))


def bell(pitch: float, length_s: float) -> Sound:
    """Glockenspiel with a long clear tail."""
    time = _time(length_s + 0.7)
    turn = 2 * np.pi * frequency_hz(pitch) * time
    tone = np.sin(turn + 0.9 * np.exp(-time * 6.0) * np.sin(3.5 * turn)) * np.exp(-time * 3.4)
    return _finish(0.5 * tone)


def whistle(pitch: float, length_s: float) -> Sound:
    """Flute-like lead with a late, slight vibrato."""
    time = _time(length_s + 0.1)
    sway = 0.0045 * np.minimum(time / 0.35, 1.0) * np.sin(2 * np.pi * 5.3 * time)
    turn = 2 * np.pi * np.cumsum(frequency_hz(pitch) * (1.0 + sway)) / RATE_HZ
    tone = np.sin(turn) + 0.18 * np.sin(2 * turn) + 0.07 * np.sin(3 * turn)
    return _held(0.5 * tone, length_s, attack_s=0.03, release_s=0.09)


def synth(pitch: float, length_s: float) -> Sound:
    """Bright saw lead whose overtones close like a filter."""
    time = _time(length_s + 0.12)
    turn = 2 * np.pi * frequency_hz(pitch) * time
    most = max(1, min(14, int(9_000.0 / frequency_hz(pitch))))
    sound = sum(
        np.sin(overtone * turn) / overtone * np.exp(-time * 0.55 * overtone)
        for overtone in range(1, most + 1)
    )
    return _held(0.42 * np.asarray(sound), length_s, attack_s=0.005, release_s=0.1)


def _time(length_s: float) -> npt.NDArray[np.float64]:
    return np.arange(max(8, int(length_s * RATE_HZ))) / RATE_HZ


def _band(
    sound: npt.NDArray[np.float64], low_hz: float, high_hz: float
) -> npt.NDArray[np.float64]:
    """What lies between two frequencies, with soft edges, at the loudness it had."""
    spectrum = np.fft.rfft(sound)
    frequencies = np.maximum(np.fft.rfftfreq(sound.size, 1.0 / RATE_HZ), 1.0)
    spectrum *= 1.0 / (1.0 + (low_hz / frequencies) ** 6) / (1.0 + (frequencies / high_hz) ** 6)
    kept = np.fft.irfft(spectrum, sound.size)
    peak = float(np.abs(kept).max())
    banded: npt.NDArray[np.float64] = kept / peak if peak else kept
    return banded


def _held(
    sound: npt.NDArray[np.floating], length_s: float, *, attack_s: float, release_s: float
) -> Sound:
    time = np.arange(sound.size) / RATE_HZ
    rise = np.minimum(time / attack_s, 1.0)
    fall = np.clip(1.0 - (time - length_s) / release_s, 0.0, 1.0)
    return _finish(sound * rise * fall * fall)


def _finish(sound: npt.NDArray[np.floating]) -> Sound:
    """No click at either end."""
    ramp = min(96, sound.size // 4)
    sound[:16] *= np.linspace(0.0, 1.0, 16)
    sound[-ramp:] *= np.linspace(1.0, 0.0, ramp)
    return sound.astype(np.float32)
