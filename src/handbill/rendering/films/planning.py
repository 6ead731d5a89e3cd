"""Planning a film: which storyboard, which shots, how long each, where speech falls. No pixels.

Cuts fall on beats of the music. A shot is as long as what is said in it, or as long as its words
take to read; the whole is 6 to 20 seconds where the placement allows it.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import replace

from handbill.domain.sound import SpokenLine, parse_wav
from handbill.domain.storyboard import MusicCue, Shot, Storyboard
from handbill.rendering.films.choosing import choose_board, dressed, mood_of
from handbill.rendering.films.shot_planning import (
    BETWEEN_MS,
    LEAD_IN_MS,
    TAIL_MS,
    Scene,
    shot_words,
    shots_of,
    spread_lines,
)
from handbill.rendering.films.storyboard_files import (
    ShotPlan,
    StoryboardFile,
    read_layouts,
    read_storyboards,
    storyboard_folder,
    templates_digest,
)
from handbill.rendering.films.telling import (
    Layouts,
    Telling,
    reading_time_s,
    telling_plans,
    with_words,
)
from handbill.rendering.films.words import closeness, has_all, shown_words, told_at
from handbill.rendering.spec import FilmSpec

_LEAST_S = 6.0
_MOST_S = 20.0
_LONGEST_S = 30.0
_FEWEST = 3
_TORN = 0.5  # what it loses where another one is said in a shot that it tells of, after it
_ASTRAY = 0.03  # what a line loses of its closeness for every shot that it is moved
_NEARLY = 0.9  # of a wished length: what fills so much of it is drawn out
_HASTE = 0.8  # of a short film's shots, against the time that their words take


def plan_film(
    spec: FilmSpec, spoken: Sequence[SpokenLine], board: StoryboardFile | None = None
) -> Storyboard:
    """Decide storyboard, shots and times for `spec` with these spoken lines (none: a silent film).

    The same spec and lines give the same storyboard.

    Args:
        spec: what the film shows.
        spoken: lines of the voice-over, in order.
        board: the storyboard to follow; without one the content decides.

    Raises:
        TemplateError: a storyboard file is wrong.
    """
    folder = storyboard_folder()
    board = dressed(spec, board or choose_board(spec, read_storyboards(folder)))
    dice = random.Random(f"{spec.seed}/{board.name}")  # noqa: S311 - variety, not secrets
    bpm = dice.randint(*board.bpm)
    layouts = read_layouts(folder)
    scenes, kept = _scenes(spec, board, layouts, _lengths_ms(spoken))
    cuts = _cuts(scenes, bpm, spec)
    return Storyboard(
        name=board.name,
        duration_ms=cuts[-1],
        shots=_shots(spec, scenes, cuts, bpm, layouts),
        music=MusicCue(mood=mood_of(spec, board), bpm=bpm, accents_ms=tuple(cuts[1:-1])),
        speech_at_ms=_speech_starts(scenes, cuts, kept, len(spoken)),
        templates_digest=templates_digest(folder),
    )


def _shots(
    spec: FilmSpec, scenes: Sequence[Scene], cuts: Sequence[int], bpm: int, layouts: Layouts
) -> tuple[Shot, ...]:
    """All shots in order, with their words; what one of them shows anyway, no long one repeats."""
    plans = [plan for scene in scenes for plan in (scene.plan, *scene.covers)]
    planned = {
        word for plan in plans[:-1] for field in plan.texts for word in shown_words(spec, field)
    }
    telling = Telling(
        spec=spec, layouts=layouts, planned=planned, shown={plan.layout for plan in plans}
    )
    shots: list[Shot] = []
    for scene, edges in zip(scenes, itertools.pairwise(cuts), strict=True):
        shots += shots_of(spec, scene, edges, bpm, telling)
    return with_words(spec, shots, layouts)


def _lengths_ms(spoken: Sequence[SpokenLine]) -> tuple[int, ...]:
    return tuple(parse_wav(line.wav).duration_ms for line in spoken)


def _scenes(
    spec: FilmSpec, board: StoryboardFile, layouts: Layouts, lengths_ms: tuple[int, ...]
) -> tuple[list[Scene], list[int]]:
    """The shots that the content fills, with the spoken lines that fit into the film."""
    plans = [
        plan
        for plan in board.shots
        if plan.from_s <= spec.length_s < plan.to_s and has_all(spec, plan.needs)
    ]
    kept = list(range(len(lengths_ms)))
    scenes = _with_lines(spec, telling_plans(spec, plans, layouts), kept, lengths_ms)
    most_s = _most_s(spec, lengths_ms)
    while _total_s(scenes) > most_s and _shortened(spec, plans, kept):
        scenes = _with_lines(spec, telling_plans(spec, plans, layouts), kept, lengths_ms)
    if _total_s(scenes) > most_s:
        scenes = [replace(scene, haste=_HASTE) for scene in scenes]
    return scenes, kept


def _shortened(spec: FilmSpec, plans: list[ShotPlan], kept: list[int]) -> bool:
    """Leave out a shot or a line, whichever the film can better do without; False for neither."""
    if len(plans) > _FEWEST and (len(plans) > len(kept) or len(kept) <= 2):
        plans.remove(_least_wanted(spec, plans))
    elif len(kept) > 1:
        # Of two lines the opening's is read in the picture; the last asks to act.
        kept.pop(len(kept) // 2 if len(kept) > 2 else 0)
    else:
        return False
    return True


def _least_wanted(spec: FilmSpec, plans: list[ShotPlan]) -> ShotPlan:
    """A shot from the middle, the offer and the product last: they are what a film is for.

    Of the two an offer stays; a mere price goes in every other film.
    """
    middle = plans[1:-1]
    roles = ("product", "offer") if spec.display.badge or spec.seed % 2 else ("offer", "product")
    dear = [plan for role in roles for plan in middle if plan.role == role]
    others = [plan for plan in middle if plan not in dear]
    return others[len(others) // 2] if others else dear[0]


def _with_lines(
    spec: FilmSpec, plans: list[ShotPlan], kept: list[int], lengths_ms: tuple[int, ...]
) -> list[Scene]:
    speaking = [index for index, plan in enumerate(plans) if plan.speaks] or [0]
    seats = [speaking[_seat(place, len(kept), len(speaking))] for place in range(len(kept))]
    if kept == [len(lengths_ms) - 1] and kept != [0]:
        seats = speaking[-1:]
    heard: dict[int, list[int]] = {index: [] for index in range(len(plans))}
    for seat, line in zip(_by_subject(spec, plans, seats, kept), kept, strict=True):
        heard[seat].append(line)
    scenes = [
        Scene(
            plan=plan,
            lines=tuple(heard[index]),
            speech_ms=tuple(lengths_ms[line] for line in heard[index]),
            reading_s=reading_time_s([shot_words(spec, plan)]),
            lead_s=reading_time_s(_lead(spec, plan)),
            between_ms=BETWEEN_MS + spec.kit.speaker.pause_ms,
        )
        for index, plan in enumerate(plans)
    ]
    return spread_lines(spec, scenes)


def _lead(spec: FilmSpec, plan: ShotPlan) -> tuple[str, ...]:
    """What a shot cannot do without: its first words."""
    return shown_words(spec, plan.texts[0]) if plan.texts else ()


def _by_subject(
    spec: FilmSpec, plans: list[ShotPlan], seats: list[int], kept: list[int]
) -> list[int]:
    """The seats between the first and the last dealt so that lines fall where they are shown."""
    middle = seats[1:-1]
    if not middle or len(set(middle)) != len(middle) or len(middle) > 4:
        return seats
    lines = [spec.speech[line] if line < len(spec.speech) else "" for line in kept[1:-1]]
    shown = {
        seat: shot_words(spec, plans[seat])
        for seat in range(seats[0] + 1, seats[-1])
        if plans[seat].speaks
    }

    def fits(order: tuple[int, ...]) -> float:
        # What is shown decides; of equally good orders the one that is spread out best is taken.
        about = sum(closeness(line, shown[seat]) for line, seat in zip(lines, order, strict=True))
        astray = sum(abs(a - b) for a, b in zip(order, middle, strict=True))
        # What one line tells of several shots is not cut up by another line.
        torn = sum(
            seat < other and told_at(line, shown[other]) >= 0
            for line, seat in zip(lines, order, strict=True)
            for other in order
        )
        return about - _ASTRAY * astray - _TORN * torn

    return [seats[0], *max(itertools.permutations(shown, len(middle)), key=fits), seats[-1]]


def _seat(place: int, lines: int, seats: int) -> int:
    """Which shot a line falls into: the first opens, the last closes, the rest spread out.

    The opening has one line however many there are: it must not wait for a second one.
    """
    if place == 0 or seats == 1:
        return 0
    if lines >= seats:
        return 1 + (place - 1) * (seats - 1) // (lines - 1)
    return round(place * (seats - 1) / (lines - 1))


def _total_s(scenes: list[Scene]) -> float:
    return sum(scene.need_s for scene in scenes)


def _most_s(spec: FilmSpec, lengths_ms: tuple[int, ...]) -> float:
    """20 s, more when what is said needs it, never more than the placement takes."""
    if spec.length_s:
        return _length_s(spec) - 0.2
    allowed = min(_LONGEST_S, spec.canvas.max_s or _LONGEST_S)
    said_s = (sum(lengths_ms) + (TAIL_MS + LEAD_IN_MS) * len(lengths_ms)) / 1000
    return min(allowed, max(_MOST_S, said_s + 1.5)) - 0.6


def _length_s(spec: FilmSpec) -> float:
    """The wished length within what the placement takes; 0 for none."""
    longest = min(spec.length_s, spec.canvas.max_s or spec.length_s)
    return max(longest, spec.canvas.min_s) if spec.length_s else 0.0


def _cuts(scenes: list[Scene], bpm: int, spec: FilmSpec) -> list[int]:
    """Milliseconds of all cuts, zero and end included, on beats and on whole frames."""
    beat_s, fps = 60.0 / bpm, spec.canvas.fps
    beats = [max(2, math.ceil(scene.need_s / beat_s - 0.05)) for scene in scenes]
    wished_s = _fillable_s(spec, scenes)
    least = math.ceil(max(wished_s or _LEAST_S, spec.canvas.min_s) / beat_s)
    while sum(beats) < least:
        # The opening is not made longer; of the others the one that is farthest from its most.
        beats[
            min(range(1, len(beats)), key=lambda at: beats[at] * beat_s / scenes[at].most_s)
        ] += 1
    most_s = wished_s or spec.canvas.max_s or _LONGEST_S
    while sum(beats) * beat_s > most_s + 0.01 and max(beats) > 2:
        pairs = zip(beats, scenes, strict=True)
        free_s = [count * beat_s - scene.need_s for count, scene in pairs]
        beats[max((at for at in range(len(beats)) if beats[at] > 2), key=free_s.__getitem__)] -= 1
    edges = [0]
    for count in beats:
        edges.append(edges[-1] + count)
    cuts = [round(round(edge * beat_s * fps) * 1000 / fps) for edge in edges]
    # A wished length is kept to the frame: the last shot stands less than a beat longer.
    return [*cuts[:-1], round(round(wished_s * fps) * 1000 / fps)] if wished_s else cuts


def _fillable_s(spec: FilmSpec, scenes: Sequence[Scene]) -> float:
    """The wished length; less where these scenes have too little to show for it."""
    fullest_s = scenes[0].need_s + sum(scene.most_s for scene in scenes[1:])
    wished_s = _length_s(spec)
    if fullest_s >= _NEARLY * wished_s:
        return wished_s
    return max(fullest_s, spec.canvas.min_s, _LEAST_S)


def _speech_starts(
    scenes: list[Scene], cuts: list[int], kept: list[int], lines: int
) -> tuple[int, ...]:
    starts = dict.fromkeys(range(lines), -1)
    for index, scene in enumerate(scenes):
        at_ms = cuts[index] + LEAD_IN_MS
        for line, length_ms in zip(scene.lines, scene.speech_ms, strict=True):
            starts[line] = at_ms if line in kept else -1
            at_ms += length_ms + scene.between_ms
    return tuple(starts.values())
