"""Composing: from a mood, a seed and a length to notes on tracks.

The form fits the length: an opening, a build, the full band, a fill, and a last chord on the
tonic that rings out. Bars are counted backwards from that chord, so that it always falls on a
first beat; what is left at the front is a pick-up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from handbill.providers.house.music_moods import MOODS, Mood

STEPS = 16
Option = TypeVar("Option")
_RING_S, _LONGEST_RING_S = 1.35, 3.4
# Energies from which on the backbeat, and the melody, play; softer strokes of the bass drum wait.
_BUILT, _FULL, _LOUD = 0.45, 0.55, 0.7
_LEADING = {0: 4, 1: 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One sound on the time line.

    Attributes:
        track: ``kick``, ``backbeat``, ``cymbal``, ``crash``, ``bass``, ``chords`` or ``lead``.
        pitch: MIDI number; 0 for drums.
        loudness: 0 to 1.
    """

    track: str
    at_s: float
    length_s: float
    pitch: int = 0
    loudness: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the seed chose from a mood, fixed for the whole piece."""

    mood: Mood
    scale: tuple[int, ...]
    tonic: int
    progression: tuple[int, ...]
    kick: str
    backbeat: str
    backbeat_voice: str
    hats: str
    bass: str
    comp: str
    chord_voice: str
    lead_voice: str
    motif: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The grid of a piece.

    Attributes:
        pickup_beats: beats before the first whole bar, 0 to 3.
        last_beat: index of the beat on which the last chord falls.
    """

    beat_s: float
    duration_s: float
    pickup_beats: int
    last_beat: int

    @property
    def end_s(self) -> float:
        """When the last chord sounds."""
        return self.last_beat * self.beat_s

    def bars(self) -> list[float]:
        """Starts of the bars before the last chord; the first may lie before zero."""
        first = self.pickup_beats - 4 if self.pickup_beats else 0
        return [beat * self.beat_s for beat in range(first, self.last_beat, 4)]


def plan_form(duration_ms: int, bpm: int, accents_ms: tuple[int, ...] = ()) -> Form:
    """The grid for a piece of exactly `duration_ms` at `bpm`.

    The last chord falls on the last accent, the end card of a film, where that leaves it room to
    ring and not too much.
    """
    duration_s, beat_s = duration_ms / 1000, 60.0 / bpm
    last_beat = max(0, int((duration_s - _RING_S) / beat_s))
    card_s = max(accents_ms, default=0) / 1000
    if _RING_S <= duration_s - card_s <= _LONGEST_RING_S:
        last_beat = round(card_s / beat_s)
    return Form(
        beat_s=beat_s, duration_s=duration_s, pickup_beats=last_beat % 4, last_beat=last_beat
    )


def choose(mood_name: str, seed: int) -> Choices:
    """What `seed` picks from the mood; an unknown mood is played bright."""
    mood = MOODS.get(mood_name, MOODS["bright"])
    dice = np.random.default_rng([seed, sum(mood_name.encode())])
    return Choices(
        mood=mood,
        scale=_pick(dice, mood.scales),
        tonic=_pick(dice, mood.tonics),
        progression=_pick(dice, mood.progressions),
        kick=_pick(dice, mood.kicks),
        backbeat=_pick(dice, mood.backbeats),
        backbeat_voice=_pick(dice, mood.backbeat),
        hats=_pick(dice, mood.hats),
        bass=_pick(dice, mood.basses),
        comp=_pick(dice, mood.comps),
        chord_voice=_pick(dice, mood.chord_voices),
        lead_voice=_pick(dice, mood.lead_voices),
        motif=_invent_motif(dice),
    )


def compose(choices: Choices, form: Form, accents_s: tuple[float, ...]) -> list[Note]:
    """All notes of the piece, in no particular order, none before zero."""
    notes: list[Note] = []
    bars = form.bars()
    for index, start_s in enumerate(bars):
        energy = _energy(index, len(bars))
        last = index == len(bars) - 1
        degree = _degree(choices, index, last=last)
        part = _drums(choices, form, start_s, energy)
        part += _harmony(choices, form, start_s, degree)
        part += _melody(choices, form, start_s, index, degree) if energy > _FULL else []
        if last:
            # The floor drops away under the roll, so that the last chord lands.
            hole_s = start_s + 2 * form.beat_s
            part = [n for n in part if n.track not in ("kick", "bass") or n.at_s < hole_s]
            part += _fill(form, start_s)
        notes += [replace(note, loudness=note.loudness * _swell(energy)) for note in part]
    notes += _accents(form, accents_s) + _last_chord(choices, form)
    return [note for note in notes if 0 <= note.at_s < form.duration_s]


def pitch_of(choices: Choices, degree: int) -> int:
    """MIDI pitch of a degree of the scale, counted from the tonic, over any octave."""
    octave, step = divmod(degree, len(choices.scale))
    return choices.tonic + 12 * octave + choices.scale[step]


def _pick(dice: np.random.Generator, options: tuple[Option, ...]) -> Option:
    return options[int(dice.integers(len(options)))]


def _invent_motif(dice: np.random.Generator) -> tuple[tuple[int, int], ...]:
    """A short figure: (step of two bars, degree above the chord's root)."""
    rhythms = (
        (0, 3, 6, 8, 16, 19, 22),
        (0, 4, 6, 10, 12, 20),
        (2, 4, 8, 10, 18, 20, 24),
        (0, 6, 8, 14, 16, 22),
        (4, 6, 8, 12, 20, 22, 24, 28),
        (0, 2, 4, 8, 16, 18, 20, 26),
    )
    steps = rhythms[int(dice.integers(len(rhythms)))]
    degree = int(dice.choice([2, 4, 7]))
    motif = []
    for step in steps:
        motif.append((step, degree))
        leap = int(dice.choice([-2, -1, -1, 1, 1, 2, 3]))
        degree = min(9, max(0, degree + leap))
        degree = degree if step % 8 else min((0, 2, 4, 7, 9), key=lambda tone: abs(tone - degree))
    return tuple(motif)


def _energy(index: int, bars: int) -> float:
    """0.3 in the opening, rising bar by bar to 1.0 in the last third."""
    return 1.0 if bars <= 2 else min(1.0, 0.3 + 1.0 * index / (bars - 1))


def _swell(energy: float) -> float:
    """Loudness for an energy: an opening lies about 5 dB below the end."""
    return 0.48 + 0.52 * energy


def _degree(choices: Choices, index: int, *, last: bool) -> int:
    if last:
        return 4 if choices.scale[6] == 11 else 6
    return choices.progression[index % len(choices.progression)]


def _hits(pattern: str, choices: Choices, form: Form, start_s: float) -> list[tuple[float, str]]:
    step_s = form.beat_s / 4
    late_s = choices.mood.swing * step_s
    return [
        (start_s + step * step_s + (late_s if step % 2 else 0.0), mark)
        for step, mark in enumerate(pattern)
        if mark != "." and start_s + (step + 0.5) * step_s < form.end_s
    ]


def _drums(choices: Choices, form: Form, start_s: float, energy: float) -> list[Note]:
    loudness = {"x": 1.0, "o": 0.5, "-": 0.8}
    notes = [
        Note(track="kick", at_s=at_s, length_s=0.3, loudness=loudness[mark])
        for at_s, mark in _hits(choices.kick, choices, form, start_s)
    ]
    notes += [
        Note(
            track="cymbal",
            at_s=at_s,
            length_s=0.22 if mark == "-" else 0.05,
            loudness=energy * loudness[mark],
        )
        for at_s, mark in _hits(choices.hats, choices, form, start_s)
    ]
    if energy < _BUILT:
        notes = [note for note in notes if note.track != "kick" or note.loudness > _LOUD]
    if energy >= _BUILT:
        notes += [
            Note(track="backbeat", at_s=at_s, length_s=0.25, loudness=loudness[mark])
            for at_s, mark in _hits(choices.backbeat, choices, form, start_s)
        ]
    return notes


def _harmony(choices: Choices, form: Form, start_s: float, degree: int) -> list[Note]:
    notes = [
        Note(
            track="bass",
            at_s=at_s,
            length_s=form.beat_s * (0.42 if mark == "x" else 0.3),
            pitch=_bass_pitch(choices, degree),
            loudness=1.0 if mark == "x" else 0.7,
        )
        for at_s, mark in _hits(choices.bass, choices, form, start_s)
    ]
    hits = _hits(choices.comp, choices, form, start_s)
    ends_s = [at_s for at_s, _ in hits[1:]] + [min(start_s + 4 * form.beat_s, form.end_s)]
    for (at_s, mark), end_s in zip(hits, ends_s, strict=True):
        notes += [
            Note(
                track="chords",
                at_s=at_s,
                length_s=max(0.1, 0.9 * (end_s - at_s)),
                pitch=pitch,
                loudness=0.9 if mark == "x" else 0.6,
            )
            for pitch in _voicing(choices, degree)
        ]
    return notes


def _bass_pitch(choices: Choices, degree: int) -> int:
    pitch = pitch_of(choices, degree)
    while pitch > 43:
        pitch -= 12
    return pitch


def _voicing(choices: Choices, degree: int) -> tuple[int, ...]:
    """Root, third, fifth and a ninth or seventh, folded to lie close around middle C."""
    tones = (degree, degree + 2, degree + 4, degree + (8 if degree % 2 else 6))
    folded = []
    for tone in tones:
        pitch = pitch_of(choices, tone)
        while pitch > 69:
            pitch -= 12
        while pitch < 55:
            pitch += 12
        folded.append(pitch)
    return tuple(sorted(set(folded[: 4 if choices.mood.echo > 0.2 else 3])))


def _melody(choices: Choices, form: Form, start_s: float, index: int, degree: int) -> list[Note]:
    """The motif over this bar's chord: its first or second half; every fourth bar rests."""
    if index % 4 == 3:
        return []
    half = (index % 2) * STEPS
    figure = [(step - half, tone) for step, tone in choices.motif if half <= step < half + STEPS]
    step_s = form.beat_s / 4
    lift = 1 if index % 4 == 2 else 0
    notes = []
    for step, tone in figure:
        at_s = start_s + step * step_s
        if at_s + step_s > form.end_s:
            continue
        pitch = pitch_of(choices, degree % 7 + tone + lift)
        while pitch < 67:
            pitch += 12
        while pitch > 86:
            pitch -= 12
        notes.append(
            Note(track="lead", at_s=at_s, length_s=step_s * 1.8, pitch=pitch, loudness=0.75)
        )
    return notes


def _fill(form: Form, start_s: float) -> list[Note]:
    """A roll that grows through the last two beats before the last chord."""
    step_s = form.beat_s / 4
    return [
        Note(
            track="backbeat",
            at_s=start_s + (8 + step) * step_s,
            length_s=0.2,
            loudness=0.25 + 0.08 * step,
        )
        for step in (0, 2, 4, 5, 6, 7)
    ]


def _accents(form: Form, accents_s: tuple[float, ...]) -> list[Note]:
    """A cymbal at every cut, the loudest at the last one."""
    inside = [at_s for at_s in accents_s if 0.2 < at_s < form.duration_s - 0.2]
    return [
        Note(
            track="crash",
            at_s=at_s,
            length_s=1.0,
            loudness=0.75 if at_s == inside[-1] else 0.4,
        )
        for at_s in inside
    ]


def _last_chord(choices: Choices, form: Form) -> list[Note]:
    ring_s = form.duration_s - form.end_s
    chord = [
        Note(track="chords", at_s=form.end_s, length_s=ring_s, pitch=pitch, loudness=1.0)
        for pitch in _voicing(choices, 0)
    ]
    lead = pitch_of(choices, 7)
    lead += 12 if lead < 67 else 0
    return [
        *chord,
        Note(track="lead", at_s=form.end_s, length_s=ring_s * 0.6, pitch=lead, loudness=0.8),
        Note(track="bass", at_s=form.end_s, length_s=ring_s, pitch=_bass_pitch(choices, 0)),
        Note(track="kick", at_s=form.end_s, length_s=0.3),
        Note(track="crash", at_s=form.end_s, length_s=ring_s, loudness=0.8),
    ]
