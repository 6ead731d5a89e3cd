"""What the house band knows: seven moods, their harmony, rhythm and instruments.

Rhythms are bars of sixteen steps: ``x`` loud, ``o`` soft, ``-`` open or long, ``.`` rest. Chords
are degrees of the mood's scale, counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
DORIAN = (0, 2, 3, 5, 7, 9, 10)
MIXOLYDIAN = (0, 2, 4, 5, 7, 9, 10)
LYDIAN = (0, 2, 4, 6, 7, 9, 11)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """The vocabulary of one mood; the composer picks one of each by seed.

    Attributes:
        scales: scales that suit.
        progressions: four degrees, a bar each; the last leads back to the first.
        tonics: MIDI pitches of the chords' root.
        kicks, backbeats, hats: rhythms of bass drum, snare and cymbals.
        backbeat: instruments for the second and fourth beat: ``snare``, ``clap``, ``snap``.
        cymbal: ``hat`` or ``shaker``.
        basses: rhythms of the bass.
        comps: rhythms of the chords.
        chord_voices, lead_voices: instruments.
        swing: 0 (straight) to 0.33 (triplets): how late every second step comes.
        drive: of the bass, 0.5 to 2.5.
        drums: loudness of the drums, 0 to 1.
        hold: of the bass, in beats at most.
        loose_s: how late a hand may be: 0 for machines.
        echo: 0 (dry) to 0.5 (a hall).
    """

    scales: tuple[tuple[int, ...], ...]
    progressions: tuple[tuple[int, int, int, int], ...]
    tonics: tuple[int, ...]
    kicks: tuple[str, ...]
    backbeats: tuple[str, ...]
    backbeat: tuple[str, ...]
    hats: tuple[str, ...]
    cymbal: str
    basses: tuple[str, ...]
    comps: tuple[str, ...]
    chord_voices: tuple[str, ...]
    lead_voices: tuple[str, ...]
    swing: float
    drive: float
    drums: float
    echo: float
    hold: float
    loose_s: float


MOODS: dict[str, Mood] = {
    "bright": Mood(
        scales=(MAJOR, LYDIAN, MIXOLYDIAN),
        progressions=(
            (0, 4, 5, 3),
            (0, 3, 5, 4),
            (3, 0, 4, 5),
            (0, 2, 3, 4),
            (5, 3, 0, 4),
            (0, 1, 5, 4),
            (5, 1, 0, 4),
        ),
        tonics=(57, 59, 60, 62, 64, 55),
        kicks=("x...x...x...x...", "x.....x.x...x...", "x...x...x..xx..."),
        backbeats=("....x.......x...", "....x.......x..o"),
        backbeat=("clap", "snare"),
        hats=("..x...x...x...x.", "o.x.o.x.o.x.o.xo", "x.o.x.o.x.o.x.-."),
        cymbal="hat",
        basses=("x..x..x.x..x..x.", "..x...x...x...x.", "x.....x.x.....x."),
        comps=("x..x..x...x..x..", "..x...x...x...x.", "x.....x...x....."),
        chord_voices=("keys", "synth_chord", "string"),
        lead_voices=("bell", "synth", "whistle"),
        swing=0.0,
        drive=1.2,
        drums=0.9,
        echo=0.16,
        hold=0.45,
        loose_s=0.003,
    ),
    "warm": Mood(
        scales=(MAJOR, MIXOLYDIAN, DORIAN),
        progressions=(
            (0, 5, 3, 4),
            (0, 3, 1, 4),
            (5, 3, 0, 4),
            (0, 2, 5, 3),
            (3, 4, 2, 5),
            (0, 3, 6, 0),
            (0, 6, 3, 4),
        ),
        tonics=(55, 57, 58, 60, 53),
        kicks=("x.......x.......", "x.....o.x.......", "x.........x....."),
        backbeats=("....x.......x...", "....o.......x..."),
        backbeat=("snap", "snare"),
        hats=("o.o.o.o.o.o.o.o.", "x.o.x.o.x.o.x.oo", "..o...o...o...o."),
        cymbal="shaker",
        basses=("x.....x.x.......", "x.......x...x...", "x..x....x..x...."),
        comps=("x.......x.......", "x..o..x...o.x...", "x.o.x.o.x.o.x.o."),
        chord_voices=("string", "keys"),
        lead_voices=("whistle", "keys", "string"),
        swing=0.12,
        drive=0.7,
        drums=0.7,
        echo=0.24,
        hold=0.7,
        loose_s=0.009,
    ),
    "calm": Mood(
        scales=(MAJOR, LYDIAN, DORIAN),
        progressions=(
            (0, 5, 3, 0),
            (0, 2, 3, 4),
            (3, 0, 4, 5),
            (0, 4, 3, 3),
            (5, 0, 3, 4),
            (0, 1, 5, 4),
            (0, 4, 1, 0),
        ),
        tonics=(52, 53, 55, 57, 50),
        kicks=("x...............", "x.........o.....", "................"),
        backbeats=("........o.......", "................"),
        backbeat=("snap",),
        hats=("....o.......o...", "..o...o...o...o.", "................"),
        cymbal="shaker",
        basses=("x...............", "x.......x.......", "x.........x....."),
        comps=("x...............", "x.......o.......", "x..o..o...o..o.."),
        chord_voices=("pad_keys", "keys", "pad_string"),
        lead_voices=("bell", "whistle", "keys"),
        swing=0.0,
        drive=0.5,
        drums=0.5,
        echo=0.36,
        hold=3.6,
        loose_s=0.01,
    ),
    "bold": Mood(
        scales=(MINOR, DORIAN, MIXOLYDIAN),
        progressions=(
            (0, 5, 2, 6),
            (0, 3, 5, 6),
            (0, 6, 5, 6),
            (0, 2, 6, 3),
            (5, 6, 0, 0),
            (0, 6, 3, 0),
            (0, 3, 0, 6),
        ),
        tonics=(52, 53, 55, 57, 50),
        kicks=("x...x...x...x...", "x..x..x.x..x..x.", "x.x...x...x.x..."),
        backbeats=("....x.......x...", "....x..o....x.o."),
        backbeat=("snare", "clap"),
        hats=("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "..-...-...-...-."),
        cymbal="hat",
        basses=("x.xxx.xxx.xxx.xx", "x..x..x.x..x..x.", "x.x.x.x.x.x.x.x."),
        comps=("x.....x.....x...", "x...............", "x..x..x.x......."),
        chord_voices=("synth_chord", "pad_keys"),
        lead_voices=("synth", "bell"),
        swing=0.0,
        drive=2.2,
        drums=1.0,
        echo=0.13,
        hold=0.42,
        loose_s=0.0,
    ),
    "playful": Mood(
        scales=(MAJOR, MIXOLYDIAN),
        progressions=((0, 3, 0, 4), (0, 5, 1, 4), (0, 4, 3, 4), (0, 0, 3, 4), (3, 0, 1, 4)),
        tonics=(60, 62, 64, 65, 58),
        kicks=("x.......x.......", "x.....x...x.....", "x...x...x...x..."),
        backbeats=("....x.......x...", "....x.......x.x."),
        backbeat=("snap", "clap"),
        hats=("..x...x...x...x.", "x..ox..ox..ox..o", "..o.x.o...o.x.o."),
        cymbal="hat",
        basses=("x...o...x...o...", "x.....x.x...x...", "x..x..x.....x..."),
        comps=("..x...x...x...x.", "x.x...x.x.x...x.", "..x..x....x..x.."),
        chord_voices=("mallet", "string"),
        lead_voices=("mallet", "whistle", "bell"),
        swing=0.2,
        drive=0.8,
        drums=0.75,
        echo=0.12,
        hold=0.4,
        loose_s=0.006,
    ),
    "elegant": Mood(
        scales=(DORIAN, MINOR),
        progressions=((0, 3, 0, 6), (0, 5, 3, 4), (3, 0, 6, 0), (0, 2, 3, 6), (5, 6, 0, 4)),
        tonics=(53, 54, 56, 58, 61),
        kicks=("x...x...x...x...", "x...x...x..ox..."),
        backbeats=("....o.......o...", "....x.......o..."),
        backbeat=("clap", "snap"),
        hats=("..-...-...-...-.", "..-o..-o..-o..-o"),
        cymbal="hat",
        basses=("x.....o...x.....", "..x...x...x...x.", "x.......o.x....."),
        comps=("..x..x....x..x..", "x..x......x..x..", "...x..x....x..x."),
        chord_voices=("keys", "pad_keys"),
        lead_voices=("keys", "bell", "whistle"),
        swing=0.1,
        drive=0.6,
        drums=0.62,
        echo=0.3,
        hold=0.9,
        loose_s=0.005,
    ),
    "urban": Mood(
        scales=(MINOR, DORIAN),
        progressions=(
            (0, 0, 5, 6),
            (0, 5, 0, 6),
            (0, 3, 5, 6),
            (5, 6, 0, 0),
            (0, 2, 5, 4),
            (0, 3, 0, 6),
            (0, 6, 3, 0),
            (0, 3, 6, 4),
        ),
        tonics=(49, 51, 52, 54, 56, 59),
        kicks=("x.....x...x.....", "x..x......x..o..", "x.......o.x..x.."),
        backbeats=("........x.......", "........x.....o."),
        backbeat=("clap", "snare"),
        hats=("x.x.x.x.x.x.xooo", "x.x.xox.x.x.x.xo", "xoooxoooxoooxo-."),
        cymbal="hat",
        basses=("x.....x...x.....", "x..x......x.....", "x.........x..x.."),
        comps=("x...............", "x.....x.........", "..x.....x.......", "x.......o..o...."),
        chord_voices=("keys", "mallet", "pad_keys"),
        lead_voices=("bell", "mallet", "whistle"),
        swing=0.14,
        drive=1.5,
        drums=0.95,
        echo=0.18,
        hold=1.6,
        loose_s=0.004,
    ),
}
