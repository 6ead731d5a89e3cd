"""Captions: groups of words with their times, as SRT and WebVTT, and as actors in the picture."""

from __future__ import annotations

import difflib
import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handbill.domain.sound import SpokenLine, WordEvent, parse_wav
from handbill.rendering.typography.breaking import phrases_of

_MOST_CHARS = 42
_MOST_WIDE_CHARS = 20
_WIDE = 0x2E80
# Above that, but with spaces around: letters of Arabic and Hebrew in one form, signs, pictographs.
_SPACED = re.compile("[\ufb1d-\ufdff\ufe00-\ufe0f\ufe70-\ufefc\U0001f000-\U0001faff]")
_SENTENCE_END = ("!", "?", ".", "。", "！", "？", "؟", "।", "…")
_PAUSE = (*_SENTENCE_END, ",", ";", ":", "，", "；", "：", "、", "،", "؛", "–", "—")
_LEAST_MS = 600
_CHARS_A_SECOND, _WIDE_A_SECOND = 17.0, 9.0
_LATER_MS = 300  # after its last word at most: so long every shot stands
_HALF_WAY = 0.45
_LEADING_CHARS = 3  # articles and prepositions are seldom longer
_SURE = 3  # letters in a row that caption and voice must share before their times count
_WIDES = "⺀-鿿豈-﫿＀-￯"
_THAI = "\u0e01-\u0e3a\u0e40-\u0e5b"
_RUNS = re.compile(rf"[{_WIDES}]+ ?|[{_THAI}]+ ?|[^\s{_WIDES}{_THAI}]+(?: (?=[{_WIDES}{_THAI}]))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What stands on the screen at one time.

    Attributes:
        words: with their times on the film's time line; together they make `text`.
        line: index of the spoken line that it belongs to.
    """

    text: str
    start_ms: int
    end_ms: int
    words: tuple[WordEvent, ...]
    line: int


def plan_cues(spoken: Sequence[SpokenLine], starts_ms: Sequence[int]) -> tuple[Cue, ...]:
    """The captions of a film, in order, none overlapping; lines that are not heard have none."""
    heard = sorted((start_ms, index) for index, start_ms in enumerate(starts_ms) if start_ms >= 0)
    cues: list[Cue] = []
    for start_ms, index in heard:
        cues += _cues_of(spoken[index], start_ms, index)
    return tuple(_untangled(cues))


def srt_text(cues: Sequence[Cue]) -> str:
    """The captions as SubRip."""
    return "".join(
        f"{number}\n{_clock(cue.start_ms, ',')} --> {_clock(cue.end_ms, ',')}\n{cue.text}\n\n"
        for number, cue in enumerate(cues, 1)
    )


def vtt_text(cues: Sequence[Cue]) -> str:
    """The captions as WebVTT."""
    blocks = (
        f"{_clock(cue.start_ms, '.')} --> {_clock(cue.end_ms, '.')}\n{_escaped(cue.text)}\n\n"
        for cue in cues
    )
    return "WEBVTT\n\n" + "".join(blocks)


def timed_words(line: SpokenLine) -> tuple[WordEvent, ...]:
    """The words of the caption's text with times from the voice.

    What is spoken may be written otherwise (``€5`` is said ``five euros``): letters that both
    have in common give exact times, and what lies between them is shared out by its length.
    """
    tokens = words_of(line.text)
    if not tokens:
        return ()
    curve = _curve(_letters(tokens), line)
    places = [0, *itertools.accumulate(len(_letters([token])) for token in tokens)]
    edges = [_on_curve(curve, place) for place in places]
    return tuple(
        WordEvent(text=token, start_ms=edges[place], end_ms=max(edges[place], edges[place + 1]))
        for place, token in enumerate(tokens)
    )


def words_of(text: str) -> list[str]:
    """What is lit at one time: words, and phrases of scripts that write no spaces."""
    tokens: list[str] = []
    for run in _RUNS.findall(text):
        phrases = phrases_of(run) if _glues(run[0]) else [run]
        for phrase in phrases:
            # A run of signs alone belongs to what it follows.
            if tokens and _glues(phrase[0]) and not any(map(str.isalnum, phrase)):
                tokens[-1] += phrase
            else:
                tokens.append(phrase)
    return tokens


def _letters(words: Sequence[str]) -> str:
    return "".join(char for word in words for char in word.lower() if char.isalnum())


def _curve(shown: str, line: SpokenLine) -> list[tuple[float, int]]:
    """Pairs of a place among the `shown` letters and when it is heard, rising."""
    length_ms = parse_wav(line.wav).duration_ms
    said = line.words or (WordEvent(text=line.text, start_ms=0, end_ms=length_ms),)
    heard, times_ms = _heard(said)
    points: list[tuple[float, int]] = [(0.0, said[0].start_ms)]
    match = difflib.SequenceMatcher(None, shown, heard, autojunk=False)
    for block in match.get_matching_blocks():
        text = shown[block.a : block.a + block.size]
        if block.size >= _SURE or any(map(_is_wide, text)):
            points += [
                (float(block.a + step), times_ms[block.b + step]) for step in range(block.size)
            ]
    return [*points, (float(max(1, len(shown))), said[-1].end_ms)]


def _heard(said: Sequence[WordEvent]) -> tuple[str, list[int]]:
    """All letters that are said, and when each begins, evenly within its word."""
    text, times_ms = "", []
    for event in said:
        letters = _letters([event.text])
        span_ms = event.end_ms - event.start_ms
        times_ms += [
            event.start_ms + span_ms * place // len(letters) for place in range(len(letters))
        ]
        text += letters
    return text, times_ms


def _on_curve(curve: list[tuple[float, int]], share: float) -> int:
    for (left, left_ms), (right, right_ms) in itertools.pairwise(curve):
        if share <= right:
            part = (share - left) / (right - left) if right > left else 0.0
            return round(left_ms + part * (right_ms - left_ms))
    return curve[-1][1]


def _cues_of(line: SpokenLine, start_ms: int, index: int) -> list[Cue]:
    clauses: list[list[WordEvent]] = [[]]
    for word in timed_words(line):
        if clauses[-1] and _ends_clause(clauses[-1]):
            clauses.append([])
        clauses[-1].append(word)
    groups = [group for clause in clauses if clause for group in _shared_out(clause)]
    return [_cue(group, start_ms, index) for group in groups]


def _ends_clause(words: list[WordEvent]) -> bool:
    """Whether a new cue starts after `words`: after a sentence, or a pause half way."""
    last, text = words[-1].text, _joined(words)
    if last.endswith(_SENTENCE_END) and not last[:-1].isdigit():
        return True
    return last.endswith(_PAUSE) and len(text) > _HALF_WAY * _most_chars(text)


def _shared_out(words: list[WordEvent]) -> list[list[WordEvent]]:
    """As few cues as hold `words`, about equally long, none ending in a word that leads on."""
    text = _joined(words)
    for parts in range(-(-len(text) // _most_chars(text)), len(words)):
        if cuts := _evenest(words, parts):
            return [words[start:end] for start, end in itertools.pairwise(cuts)]
    return [[word] for word in words]


def _evenest(words: list[WordEvent], parts: int) -> list[int]:
    """Edges of `parts` groups of words whose lengths differ least; empty where none fit."""
    whole = _joined(words)
    ideal, most = len(whole) / parts, _most_chars(whole)
    found: dict[int, tuple[float, list[int]]] = {0: (0.0, [0])}
    for _ in range(parts):
        longer: dict[int, tuple[float, list[int]]] = {}
        for start, (cost, edges) in found.items():
            for end in range(start + 1, len(words) + 1):
                length = len(_joined(words[start:end]))
                if length > most:
                    break
                total = cost + (length / ideal - 1) ** 2 + _torn(words[end - 1], end, len(words))
                if end not in longer or total < longer[end][0]:
                    longer[end] = (total, [*edges, end])
        found = longer
    return found[len(words)][1] if len(words) in found else []


def _torn(last: WordEvent, end: int, count: int) -> float:
    """What it costs to end a cue after `last`: little at a pause, much at a word that leads on."""
    if end == count or last.text.endswith(_PAUSE):
        return 0.0
    short = len(last.text) <= _LEADING_CHARS and not _is_wide(last.text[0])
    return 0.4 if short else 0.12


def _cue(group: list[WordEvent], start_ms: int, index: int) -> Cue:
    words = tuple(
        WordEvent(text=word.text, start_ms=start_ms + word.start_ms, end_ms=start_ms + word.end_ms)
        for word in group
    )
    return Cue(
        text=_joined(group),
        start_ms=words[0].start_ms,
        end_ms=words[-1].end_ms,
        words=words,
        line=index,
    )


def _untangled(cues: list[Cue]) -> list[Cue]:
    """Each cue stays until it can have been read, where the next one leaves room for that."""
    return [
        replace(cue, end_ms=_held_ms(cue, after))
        for cue, after in itertools.zip_longest(cues, cues[1:])
    ]


def _held_ms(cue: Cue, after: Cue | None) -> int:
    wide = sum(map(_is_wide, cue.text))
    reading_s = wide / _WIDE_A_SECOND + (len(cue.text) - wide) / _CHARS_A_SECOND
    wished_ms = cue.start_ms + max(_LEAST_MS, math.ceil(1000 * reading_s))
    held_ms = max(cue.end_ms, min(wished_ms, cue.end_ms + _LATER_MS))
    return min(held_ms, after.start_ms) if after else held_ms


def joined(words: Sequence[str]) -> str:
    """The words as written: no space between words of scripts without spaces."""
    text = ""
    for word in words:
        glued = not text or _glues(text[-1]) or _glues(word[0])
        text += word if glued else f" {word}"
    return text.strip()


def _joined(words: Sequence[WordEvent]) -> str:
    return joined([word.text for word in words])


def _glues(char: str) -> bool:
    """Whether words of its script stand side by side without a space."""
    return _is_wide(char) or "\u0e01" <= char <= "\u0e5b" or char.isspace()


def _is_wide(char: str) -> bool:
    return ord(char) >= _WIDE and not _SPACED.match(char)


def _most_chars(text: str) -> int:
    wide = sum(_is_wide(char) for char in text)
    return _MOST_WIDE_CHARS if wide * 2 > len(text) else _MOST_CHARS


def _clock(at_ms: int, mark: str) -> str:
    seconds, rest = divmod(max(0, at_ms), 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}{mark}{rest:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
