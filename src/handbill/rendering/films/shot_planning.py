"""One scene of a film: how long it has to be, and which shots it comes apart into."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from handbill.domain.storyboard import Shot
from handbill.rendering.films.storyboard_files import ShotPlan
from handbill.rendering.films.telling import Telling
from handbill.rendering.films.transitions import turned
from handbill.rendering.films.words import has, has_all, shown_words, told_at
from handbill.rendering.spec import FilmSpec
from handbill.rendering.typography.breaking import is_rtl

LEAD_IN_MS = 220
TAIL_MS = 300
BETWEEN_MS = 150
_LONG_MS = 4_300  # a picture that stands longer is looked at no more
_SHORT_MS = 900
_STANDS_S, _LAST_S = 4.6, 5.0  # the same of a whole shot, and of the end card


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A shot before it has its place: what is said in it and how long it has to be.

    Attributes:
        reading_s: how long all its words take to be read.
        lead_s: the same for those that it cannot do without.
        covers: shots that follow in the same breath: one line tells of all of them.
    """

    plan: ShotPlan
    lines: tuple[int, ...]
    speech_ms: tuple[int, ...]
    reading_s: float
    lead_s: float = 0.0
    covers: tuple[ShotPlan, ...] = ()
    between_ms: int = BETWEEN_MS
    haste: float = 1.0

    @property
    def pictures(self) -> int:
        """How many shots it comes apart into at least."""
        return 1 + len(self.covers)

    @property
    def spoken_s(self) -> float:
        """From the shot's start to a moment after the last word; 0 where nobody speaks."""
        spoken = sum(self.speech_ms) + self.between_ms * max(0, len(self.lines) - 1)
        return (LEAD_IN_MS + spoken + TAIL_MS) / 1000 if self.lines else 0.0

    @property
    def need_s(self) -> float:
        """The least length: for what is said, and for what has to be read."""
        quiet_s = min(self.plan.most_s, max(self.plan.least_s, self.reading_s))
        covered_s = sum(plan.least_s for plan in self.covers)
        return max(self.haste * quiet_s + covered_s, self.lead_s + covered_s, self.spoken_s)

    @property
    def most_s(self) -> float:
        """How long it may stand where a film has time left; what is said may take longer."""
        if self.covers:  # they follow what is said, and only the last of them would grow
            return self.need_s
        return max(self.need_s, _LAST_S if self.plan.role == "end_card" else _STANDS_S)


def shot_words(spec: FilmSpec, plan: ShotPlan) -> str:
    """All words that the shot shows, on one line."""
    return " ".join(word for field in plan.texts for word in shown_words(spec, field))


def spread_lines(spec: FilmSpec, scenes: Sequence[Scene]) -> list[Scene]:
    """The same scenes; a line that tells what silent neighbours show runs on through them."""
    made: list[Scene] = []
    place = 0
    while place < len(scenes):
        end = place + 1
        while end < len(scenes) and _told_in_one(spec, scenes[place : end + 1]):
            end += 1
        run = scenes[place:end]
        last = next((scene.lines[-1] for scene in reversed(run) if scene.lines), -1)
        whole = last >= 0 and _tells(spec, last, [shot_words(spec, one.plan) for one in run])
        made += [_merged(run)] if whole else run
        place = end
    return made


def _told_in_one(spec: FilmSpec, scenes: Sequence[Scene]) -> bool:
    """Whether one line of `scenes` tells what each of them shows, in their order.

    Lines before it may introduce it. While no line is known yet, it may sit further on.
    """
    if not all(scene.plan.speaks and scene.plan.texts for scene in scenes):
        return False
    lines = [line for scene in scenes for line in scene.lines]
    shown = [shot_words(spec, scene.plan) for scene in scenes]
    if lines and _tells(spec, lines[-1], shown):
        return True
    listed = all(scene.plan.texts[0].startswith("benefit_") for scene in scenes)
    return listed and not any(_tells(spec, line, [text]) for line in lines for text in shown)


def _tells(spec: FilmSpec, line: int, shown: Sequence[str]) -> bool:
    places = [told_at(_text(spec, line), text) for text in shown]
    return all(place >= 0 for place in places) and places == sorted(set(places))


def _text(spec: FilmSpec, line: int) -> str:
    return spec.speech[line] if line < len(spec.speech) else ""


def _merged(scenes: Sequence[Scene]) -> Scene:
    return replace(
        scenes[0],
        lines=tuple(line for scene in scenes for line in scene.lines),
        speech_ms=tuple(length_ms for scene in scenes for length_ms in scene.speech_ms),
        covers=tuple(scene.plan for scene in scenes[1:]),
    )


def shots_of(
    spec: FilmSpec, scene: Scene, edges: Sequence[int], bpm: int, telling: Telling
) -> list[Shot]:
    """The scene between its `edges` (milliseconds) as one shot, or as several.

    It comes apart where it tells of several things, or where it is long and there is more to
    show. Shots have the words that they are there for; see `telling.with_words`.
    """
    first = _shot(spec, scene.plan, edges)
    if scene.covers:
        others = [_shot(spec, plan, edges) for plan in scene.covers]
        marks = _on_beats(_told_ms(spec, scene, edges), edges, bpm, spec.canvas.fps)
    else:
        most = (edges[1] - edges[0]) // _LONG_MS
        room_s = (edges[1] - edges[0]) / (most + 1) / 1000
        others = list(itertools.islice(_turns(spec, scene, first, telling, room_s), most))
        step = (edges[1] - edges[0]) / (len(others) + 1)
        at_ms = [edges[0] + step * (place + 1) for place in range(len(others))]
        marks = _on_beats(at_ms, edges, bpm, spec.canvas.fps)
    shots = [replace(first, speech=scene.lines), *others]
    spans = itertools.pairwise([edges[0], *marks, edges[1]])
    return [
        replace(shot, start_ms=start_ms, end_ms=end_ms)
        for shot, (start_ms, end_ms) in zip(shots, spans, strict=True)
    ]


def _turns(
    spec: FilmSpec, scene: Scene, first: Shot, telling: Telling, room_s: float
) -> Iterator[Shot]:
    """What a long shot changes to."""
    whip = turned("whip", rtl=is_rtl(spec.locale))
    for turn in scene.plan.then:
        if has_all(spec, turn.needs):
            words = telling.news(turn.layout, first.texts[1:], room_s)
            if words is not None:
                yield replace(first, layout=turn.layout, transition=whip, speech=(), texts=words)


def _told_ms(spec: FilmSpec, scene: Scene, edges: Sequence[int]) -> list[float]:
    """When each of the covered shots is told of."""
    before_ms = sum(scene.speech_ms[:-1]) + scene.between_ms * (len(scene.lines) - 1)
    line = _text(spec, scene.lines[-1])
    return [
        edges[0]
        + LEAD_IN_MS
        + before_ms
        + told_at(line, shot_words(spec, plan)) * scene.speech_ms[-1]
        for plan in scene.covers
    ]


def _on_beats(at_ms: Sequence[float], edges: Sequence[int], bpm: int, fps: int) -> list[int]:
    """The moments on beats and whole frames, none too near to another one or to an edge."""
    beat_ms, frame_ms = 60_000 / bpm, 1000 / fps
    marks: list[int] = []
    for place, at in enumerate(at_ms):
        left = len(at_ms) - place
        low = (marks[-1] if marks else edges[0]) + _SHORT_MS
        high = edges[1] - left * _SHORT_MS
        held = max(low, min(high, edges[0] + round((at - edges[0]) / beat_ms) * beat_ms))
        marks.append(round(round(held / frame_ms) * frame_ms))
    return marks


def _shot(spec: FilmSpec, plan: ShotPlan, edges: Sequence[int]) -> Shot:
    plain = plan.layout_plain and not has(spec, "picture")
    return Shot(
        role=plan.role,
        start_ms=edges[0],
        end_ms=edges[1],
        layout=plan.layout_plain if plain else plan.layout,
        motion=plan.motion,
        transition=turned(plan.transition, rtl=is_rtl(spec.locale)),
        texts=tuple(word for field in plan.texts for word in shown_words(spec, field)),
        speech=(),
    )
