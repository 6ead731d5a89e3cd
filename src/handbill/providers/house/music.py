"""House music: composed, seeded beds of exact length, free of anybody's licence.

`music_score` writes the notes, `music_instruments` plays them; here they are mixed: panned,
given a hall, pumped by the bass drum, levelled and faded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from handbill.domain.sound import Samples, wav_bytes
from handbill.providers.house import music_instruments as band
from handbill.providers.house.music_choices import Choices, choose
from handbill.providers.house.music_moods import MOODS
from handbill.providers.house.music_score import Form, Note, compose, plan_form
from handbill.providers.ports import MusicAnswer, MusicRequest

LICENCE = "composed by Handbill for this asset; no third-party rights"

Stereo = npt.NDArray[np.float32]
_PEAK = 0.84
_LEVELS = {
    "kick": (0.54, 0.0),
    "backbeat": (0.42, 0.06),
    "cymbal": (0.22, 0.42),
    "crash": (0.26, -0.3),
    "bass": (0.32, 0.0),
    "chords": (0.24, 0.0),
    "lead": (0.24, 0.24),
}
# Frequency in Hz and gain in dB of the master, interpolated on a logarithmic axis.
_CURVE = (
    (20.0, -24.0),
    (38.0, -6.0),
    (70.0, -3.5),
    (140.0, -2.5),
    (300.0, -0.5),
    (700.0, 1.5),
    (1500.0, 3.5),
    (3000.0, 5.5),
    (7000.0, 6.5),
    (12_000.0, 5.5),
    (20_000.0, 0.0),
)
_HALL_S = 1.4
_WET = {"kick": 0.0, "bass": 0.0, "cymbal": 0.25, "backbeat": 0.5, "crash": 0.4}


class HouseMusicProvider:
    """Composes by arithmetic; the same request gives the same bytes."""

    @property
    def moods(self) -> tuple[str, ...]:
        """The moods that it knows, sorted."""
        return tuple(sorted(MOODS))

    async def compose(self, request: MusicRequest) -> MusicAnswer:
        """A bed of music of exactly `request.duration_ms`."""
        return await asyncio.to_thread(compose_bed, request)


@lru_cache(maxsize=4)
def compose_bed(request: MusicRequest) -> MusicAnswer:
    """`HouseMusicProvider.compose` without an event loop.

    Films of one row in several shapes have the same music, so the last beds are kept.
    """
    choices = choose(request.mood, request.seed)
    form = plan_form(request.duration_ms, request.bpm, request.accents_ms)
    accents_s = tuple(at_ms / 1000 for at_ms in sorted(request.accents_ms))
    notes = compose(choices, form, accents_s)
    mixed = _master(_mix(choices, form, notes, request.seed), form)
    pcm = np.round(mixed.T * 32767.0).astype("<i2").tobytes()
    wav = wav_bytes(Samples(pcm=pcm, rate_hz=band.RATE_HZ, channels=2))
    return MusicAnswer(wav=wav, licence=LICENCE)


def _mix(choices: Choices, form: Form, notes: list[Note], seed: int) -> Stereo:
    """All tracks in their hall, through the master's curve: less boom, more for small speakers."""
    length = round(form.duration_s * band.RATE_HZ)
    dry = np.zeros((2, length), np.float32)
    wet = np.zeros((2, length), np.float32)
    for track in _LEVELS:
        sound = _play(choices, [note for note in notes if note.track == track], length, seed)
        if track in ("chords", "bass"):
            sound *= _pump(notes, length, depth=0.45 if track == "chords" else 0.3)
        dry += _wide(sound) if track in ("chords", "lead", "crash") else sound
        wet += _WET.get(track, 1.0) * sound
    spectrum = _spectrum(dry, wet, choices.mood.echo, seed)
    mixed: Stereo = np.fft.irfft(spectrum)[:, :length].astype(np.float32, copy=False)
    return mixed


def _play(choices: Choices, notes: list[Note], length: int, seed: int) -> Stereo:
    """One track: every different note is played once and laid down where it is wanted."""
    stereo = np.zeros((2, length), np.float32)
    played: dict[tuple[int, int], band.Sound] = {}
    for index, note in enumerate(notes):
        key = (note.pitch, round(note.length_s * 50))
        if key not in played:
            played[key] = _sound(choices, note, np.random.default_rng([seed, *key]))
        gain, pan = _LEVELS[note.track]
        if note.track in ("lead", "cymbal"):
            pan *= 1.0 if index % 2 else -1.0
        if note.track == "chords":
            pan = ((note.pitch % 5) - 2) * 0.3
        drums = choices.mood.drums if not note.pitch else 1.0
        _lay(stereo, played[key], note.at_s, gain * drums * note.loudness, pan)
    return stereo


def _lay(stereo: Stereo, sound: band.Sound, at_s: float, gain: float, pan: float) -> None:
    start = round(at_s * band.RATE_HZ)
    part = sound[: max(0, stereo.shape[1] - start)]
    left, right = np.cos((1 + pan) * np.pi / 4), np.sin((1 + pan) * np.pi / 4)
    stereo[0, start : start + part.size] += np.float32(gain * left * 1.2) * part
    stereo[1, start : start + part.size] += np.float32(gain * right * 1.2) * part


def _sound(choices: Choices, note: Note, noise: np.random.Generator) -> band.Sound:
    drums: dict[str, Callable[[], band.Sound]] = {
        "kick": lambda: band.kick(noise, weight=0.6 + 0.3 * choices.mood.drive),
        "backbeat": lambda: _BACKBEATS[choices.backbeat_voice](noise),
        "cymbal": lambda: _cymbal(choices, note, noise),
        "crash": lambda: band.crash(noise, max(0.8, note.length_s)),
        "bass": lambda: band.bass(note.pitch, note.length_s, choices.mood.drive),
        "chords": lambda: _voice(choices.chord_voice, note, noise),
        "lead": lambda: _voice(choices.lead_voice, note, noise),
    }
    return drums[note.track]()


_BACKBEATS = {"snare": band.snare, "clap": band.clap, "snap": band.snap}


def _cymbal(choices: Choices, note: Note, noise: np.random.Generator) -> band.Sound:
    if choices.mood.cymbal == "shaker":
        return band.shaker(noise)
    return band.hat(noise, note.length_s)


def _voice(name: str, note: Note, noise: np.random.Generator) -> band.Sound:
    pitch, length_s = note.pitch, note.length_s
    if name == "string":
        return band.string(pitch, length_s, noise)
    if name == "synth_chord":
        return band.synth(pitch, min(length_s, 0.45)) * np.float32(0.8)
    if name in ("pad_keys", "pad_string"):
        front = (
            band.keys(pitch, length_s)
            if name == "pad_keys"
            else band.string(pitch, length_s, noise)
        )
        back = band.pad(pitch, length_s)
        back[: front.size] += np.float32(0.55) * front[: back.size]
        return back
    players = {
        "keys": band.keys,
        "mallet": band.mallet,
        "bell": band.bell,
        "whistle": band.whistle,
        "synth": band.synth,
    }
    return players[name](pitch, length_s)


def _wide(sound: Stereo) -> Stereo:
    """Both sides a little of each other, late: instruments stand beside the singer, not on him."""
    spread = sound.copy()
    for side, late_ms in ((0, 9.7), (1, 13.1)):
        step = round(late_ms * band.RATE_HZ / 1000)
        spread[side, step:] += np.float32(0.55) * sound[1 - side, :-step]
        spread[side, step:] -= np.float32(0.3) * sound[side, :-step]
    return spread


def _pump(notes: list[Note], length: int, depth: float) -> npt.NDArray[np.float32]:
    """Gain that dips at every bass drum and recovers in 220 ms."""
    gain = np.ones(length, np.float32)
    recovery = np.arange(round(0.22 * band.RATE_HZ)) / (0.22 * band.RATE_HZ)
    dip = (1.0 - depth * (1.0 - recovery) ** 2).astype(np.float32)
    for note in notes:
        if note.track == "kick":
            start = round(note.at_s * band.RATE_HZ)
            part = gain[start : start + dip.size]
            np.minimum(part, dip[: part.size], out=part)
    return gain


def _spectrum(dry: Stereo, wet: Stereo, echo: float, seed: int) -> npt.NDArray[np.complex64]:
    """`dry` and `echo` of `wet` in a hall, through the master's curve.

    The hall is noise that dies within 1.4 s, darker as it goes; it is as loud as `wet`.
    """
    size = _fast_size(dry.shape[1] + round(_HALL_S * band.RATE_HZ))
    time = np.arange(round(_HALL_S * band.RATE_HZ), dtype=np.float32) / np.float32(band.RATE_HZ)
    noise = np.random.default_rng([seed, 77])
    tail = noise.standard_normal((2, time.size), dtype=np.float32) * np.exp(-4.6 * time)
    tail[:, : round(0.012 * band.RATE_HZ)] = 0.0
    before = np.fft.rfft(wet, size)
    hall = (before * np.fft.rfft(tail, size)).astype(np.complex64, copy=False)
    frequencies = np.fft.rfftfreq(size, 1.0 / band.RATE_HZ).astype(np.float32)
    hall *= frequencies / (frequencies + 180) / (1 + (frequencies / 4_200) ** 2)
    hall *= np.float32(echo * np.linalg.norm(before) / (np.linalg.norm(hall) or 1.0))
    points = np.array(_CURVE)
    octaves = np.log2(np.maximum(frequencies, 20.0))
    gains_db = np.interp(octaves, np.log2(points[:, 0]), points[:, 1])
    hall += np.fft.rfft(dry, size)
    hall *= (10.0 ** (gains_db / 20.0)).astype(np.float32)
    return hall


def _fast_size(least: int) -> int:
    """The next larger size that transforms fast: a small multiple of a power of two."""
    step = 1 << max(0, least.bit_length() - 4)
    sizes = (step * factor for factor in (8, 9, 10, 12, 15, 16))
    return next(size for size in sizes if size >= least)


def _master(sound: Stereo, form: Form) -> Stereo:
    """Warmed by soft saturation, peaking at `_PEAK`, silent at both ends."""
    peak = float(np.quantile(np.abs(sound), 0.9995)) or 1.0
    warm = np.tanh(1.15 * sound / peak)
    warm *= _PEAK / max(1e-9, float(np.abs(warm).max()))
    rate = band.RATE_HZ
    fade = min(warm.shape[1] // 2, round(min(1.1, form.duration_s - form.end_s) * rate))
    warm[:, -fade:] *= np.cos(np.linspace(0.0, np.pi / 2, fade)) ** 2
    warm[:, :240] *= np.linspace(0.0, 1.0, 240)[: warm.shape[1]]
    mastered: Stereo = warm.astype(np.float32)
    return mastered
