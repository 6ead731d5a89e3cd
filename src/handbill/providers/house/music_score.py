"""Composing: from a mood, a seed and a length to notes on tracks.

The form fits the length: an opening, a build, the full band, a fill, and a last chord on the
tonic that rings out. Bars are counted backwards from that chord, so that it always falls on a
first beat; what is left at the front is a pick-up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from handbill.providers.house.music_choices import Choices, pitch_of

STEPS = 16
_RING_S, _LONGEST_RING_S = 1.35, 3.4
# Energies from which on the backbeat, and the melody, play; softer strokes of the bass drum wait.
_BUILT, _FULL, _LOUD = 0.45, 0.55, 0.7
# Bars from which on a piece has one in its middle without drums and melody, and its energy.
_LONG, _BREATH = 10, 0.42
# Nothing may be silent for longer than this at the front: a chord stands in.
_LATE_S = 0.08
# Beats that a piece needs before its landing.
_DRIVE_BEATS = 6
# Colour that a chord may bear: a seventh, else a ninth; and what rubs against its other tones.
_COLOURS = (6, 8)
_RUBS = (1, 11)
# Mean pitch of a melody from here up to an octave higher.
_LEAD_FROM = 73
_STRUM_S = 0.011
_COLOURED = 0.2  # halls from this size on take chords of four tones


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


def compose(choices: Choices, form: Form, accents_s: tuple[float, ...]) -> list[Note]:
    """All notes of the piece, in no particular order, none before zero."""
    notes: list[Note] = []
    bars = form.bars()
    for index, start_s in enumerate(bars):
        energy = _energy(index, len(bars))
        last = index == len(bars) - 1
        degree = _degree(choices, index, last=last)
        part = _drums(choices, form, start_s, energy)
        part += _harmony(choices, form, start_s, degree, full=energy > _FULL)
        part += _melody(choices, form, start_s, index, degree) if energy > _FULL else []
        notes += [replace(note, loudness=note.loudness * _swell(energy)) for note in part]
    notes = _with_break(form, notes, _landing_s(form, accents_s))
    notes += _opening(choices, form, notes)
    notes = _by_hand(choices, notes) + _accents(form, accents_s) + _last_chord(choices, form)
    return [note for note in notes if 0 <= note.at_s < form.duration_s]


def _energy(index: int, bars: int) -> float:
    """0.3 in the opening, rising bar by bar to 1.0 in the last third; long pieces breathe once."""
    if bars >= _LONG and index == bars // 2:
        return _BREATH
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
        for at_s, mark in _hits(choices.hats[energy > _FULL], choices, form, start_s)
    ]
    if energy < _BUILT:
        notes = [note for note in notes if note.track != "kick" or note.loudness > _LOUD]
    if energy >= _BUILT:
        notes += [
            Note(track="backbeat", at_s=at_s, length_s=0.25, loudness=loudness[mark])
            for at_s, mark in _hits(choices.backbeat, choices, form, start_s)
        ]
    return notes


def _harmony(
    choices: Choices, form: Form, start_s: float, degree: int, *, full: bool
) -> list[Note]:
    end_s = min(start_s + 4 * form.beat_s, form.end_s)
    notes = [
        Note(
            track="bass",
            at_s=at_s,
            length_s=min(choices.mood.hold * form.beat_s, 0.95 * (until_s - at_s)),
            pitch=_bass_pitch(choices, degree),
            loudness=1.0 if mark == "x" else 0.7,
        )
        for at_s, until_s, mark in _held(_hits(choices.bass, choices, form, start_s), end_s)
    ]
    # What rings by itself is held until the next chord; pads swell out of one into the other.
    legato = 1.0 if choices.chord_voice in ("keys", "pad_keys", "pad_string") else 0.9
    hits = _hits(choices.comps[full], choices, form, start_s)
    for at_s, until_s, mark in _held(hits, end_s):
        notes += [
            Note(
                track="chords",
                at_s=at_s,
                length_s=max(0.1, legato * (until_s - at_s)),
                pitch=pitch,
                loudness=0.9 if mark == "x" else 0.6,
            )
            for pitch in _voicing(choices, degree)
        ]
    return notes


def _held(hits: list[tuple[float, str]], end_s: float) -> list[tuple[float, float, str]]:
    """Every hit with the moment of the next one, or of the bar's end."""
    ends_s = [*(at_s for at_s, _ in hits[1:]), end_s]
    return [(at_s, until_s, mark) for (at_s, mark), until_s in zip(hits, ends_s, strict=True)]


def _bass_pitch(choices: Choices, degree: int) -> int:
    pitch = pitch_of(choices, degree)
    while pitch > 43:
        pitch -= 12
    return pitch


def _voicing(choices: Choices, degree: int) -> tuple[int, ...]:
    """Root, third, fifth and in a hall a colour, folded to lie close around middle C."""
    tones = [pitch_of(choices, degree + step) for step in (0, 2, 4)]
    if choices.mood.echo > _COLOURED:
        colours = (pitch_of(choices, degree + step) for step in _COLOURS)
        tones += [one for one in colours if not _rubs(one, tones)][:1]
    return tuple(sorted({55 + (tone - 55) % 12 for tone in tones}))


def _rubs(pitch: int, chord: Sequence[int]) -> bool:
    """Whether it lies a semitone beside a tone of `chord`, in any octave."""
    return any((pitch - tone) % 12 in _RUBS for tone in chord)


def _melody(choices: Choices, form: Form, start_s: float, index: int, degree: int) -> list[Note]:
    """The motif over this bar's chord: its first or second half; every fourth bar rests.

    On the beats it keeps clear of the chord's tones by more than a semitone.
    """
    if index % 4 == 3:
        return []
    half = (index % 2) * STEPS
    figure = [(step - half, tone) for step, tone in choices.motif if half <= step < half + STEPS]
    step_s = form.beat_s / 4
    lift = degree % 7 + (1 if index % 4 == 2 else 0)
    chord = _voicing(choices, degree)
    pitches = [
        _clear_of(choices, chord, lift + tone) if step % 4 == 0 else pitch_of(choices, lift + tone)
        for step, tone in figure
    ]
    mean = sum(pitches) / max(1, len(pitches))
    shift = 12 * -int((mean - _LEAD_FROM) // 12)
    notes = []
    for (step, _), pitch in zip(figure, pitches, strict=True):
        at_s = start_s + (step + choices.mood.swing * (step % 2)) * step_s
        if at_s + step_s <= form.end_s:
            loudness = 0.8 if step % 4 == 0 else 0.66
            notes.append(
                Note(
                    track="lead",
                    at_s=at_s,
                    length_s=step_s * 1.8,
                    pitch=pitch + shift,
                    loudness=loudness,
                )
            )
    return notes


def _clear_of(choices: Choices, chord: Sequence[int], degree: int) -> int:
    """The pitch of `degree`, or of the next one below that rubs against no tone of `chord`."""
    lower = (pitch_of(choices, degree - step) for step in range(len(choices.scale)))
    return next(pitch for pitch in lower if not _rubs(pitch, chord))


def _by_hand(choices: Choices, notes: list[Note]) -> list[Note]:
    """Notes a little late and a little uneven, as hands are; strings are strummed upwards."""
    dice = np.random.default_rng([choices.seed, 5])
    played = []
    for note, late, soft in zip(
        notes, dice.random(len(notes)), dice.random(len(notes)), strict=True
    ):
        late_s = choices.mood.loose_s * late if note.track != "kick" else 0.0
        if note.track == "chords" and choices.chord_voice in ("string", "pad_string"):
            late_s += _STRUM_S * ((note.pitch - 55) / 4)
        played.append(
            replace(note, at_s=note.at_s + late_s, loudness=note.loudness * (1 - 0.16 * soft))
        )
    return played


def _opening(choices: Choices, form: Form, notes: list[Note]) -> list[Note]:
    """A chord from the first sample on, where nothing but a cymbal begins there."""
    firm = (note.at_s for note in notes if note.track != "cymbal" and note.at_s >= 0)
    first_s = min(firm, default=form.end_s)
    if first_s <= _LATE_S:
        return []
    degree = _degree(choices, 0, last=form.last_beat <= STEPS // 4)
    return [
        Note(track="chords", at_s=0.0, length_s=max(0.3, first_s), pitch=pitch, loudness=0.6)
        for pitch in _voicing(choices, degree)
    ]


def _landing_s(form: Form, accents_s: tuple[float, ...]) -> float:
    """What the piece drives at: the end card of a film where it begins bars before the last chord.

    Else it is the last chord, which most often falls on the card.
    """
    card_s = max(accents_s, default=form.end_s)
    early = _DRIVE_BEATS * form.beat_s <= card_s <= form.end_s - form.beat_s
    return card_s if early else form.end_s


def _with_break(form: Form, notes: list[Note], landing_s: float) -> list[Note]:
    """The floor drops away under a roll of two beats, so that what comes at `landing_s` lands."""
    hole_s = landing_s - 2 * form.beat_s
    floor = ("kick", "bass")
    kept = [
        replace(note, length_s=min(note.length_s, hole_s - note.at_s))
        if note.track == "bass" and note.at_s < hole_s
        else note
        for note in notes
        if note.track not in floor or not hole_s <= note.at_s < landing_s - form.beat_s / 16
    ]
    kept += _fill(form, hole_s)
    # The last chord brings its own bass drum.
    if landing_s < form.end_s:
        kept.append(Note(track="kick", at_s=landing_s, length_s=0.3))
    return kept


def _fill(form: Form, start_s: float) -> list[Note]:
    """A roll that grows through the two beats from `start_s` on."""
    step_s = form.beat_s / 4
    return [
        Note(
            track="backbeat",
            at_s=start_s + step * step_s,
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
