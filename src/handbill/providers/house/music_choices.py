"""What a seed picks from a mood for one piece: key, harmony, rhythms, instruments and a motif."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from handbill.providers.house.music_moods import MOODS, Mood

Option = TypeVar("Option")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the seed chose from a mood, fixed for the whole piece.

    Attributes:
        hats, comps: a rhythm for the opening and one for the full band.
        seed: of the hands' own looseness.
    """

    mood: Mood
    scale: tuple[int, ...]
    tonic: int
    progression: tuple[int, ...]
    kick: str
    backbeat: str
    backbeat_voice: str
    hats: tuple[str, str]
    bass: str
    comps: tuple[str, str]
    chord_voice: str
    lead_voice: str
    motif: tuple[tuple[int, int], ...]
    seed: int


def choose(mood_name: str, seed: int) -> Choices:
    """What `seed` picks from the mood; an unknown mood is played bright."""
    mood = MOODS.get(mood_name, MOODS["bright"])
    dice = np.random.default_rng([seed, sum(mood_name.encode())])
    scale = _pick(dice, mood.scales)
    return Choices(
        mood=mood,
        scale=scale,
        tonic=_pick(dice, mood.tonics),
        progression=_pick(dice, _sound_progressions(mood, scale)),
        kick=_pick(dice, mood.kicks),
        backbeat=_pick(dice, mood.backbeats),
        backbeat_voice=_pick(dice, mood.backbeat),
        hats=(_pick(dice, mood.hats), _pick(dice, mood.hats)),
        bass=_pick(dice, mood.basses),
        comps=(_pick(dice, mood.comps), _pick(dice, mood.comps)),
        chord_voice=_pick(dice, mood.chord_voices),
        lead_voice=_pick(dice, mood.lead_voices),
        motif=_invent_motif(dice),
        seed=seed,
    )


def _sound_progressions(
    mood: Mood, scale: tuple[int, ...]
) -> tuple[tuple[int, int, int, int], ...]:
    """Those of the mood's progressions that have a perfect fifth over every root in `scale`."""
    return tuple(
        one
        for one in mood.progressions
        if all((scale[(degree + 4) % 7] - scale[degree]) % 12 == 7 for degree in one)
    )


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
