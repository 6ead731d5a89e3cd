"""Listening to a voice whose vendor gives no word times: times for captions, and a check."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from handbill.domain.finding import Finding, Severity
from handbill.domain.sound import SpokenLine, WordEvent, parse_wav
from handbill.press.calls import transcribe
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.recipes import HOUSE, maker_of
from handbill.providers.listening import TranscriptionRequest

# Numbers are heard as figures or as words, names in many spellings: so much may differ.
_LEAST_ALIKE = 0.6


def hears(docket: Docket) -> bool:
    """Whether the campaign names somebody who listens."""
    return maker_of(docket.campaign.provider("transcription")) != HOUSE


async def heard_all(
    equipment: Equipment, lines: Sequence[SpokenLine], locale: str, row: str
) -> tuple[tuple[SpokenLine, ...], tuple[Finding, ...], int]:
    """`heard` for every line of a film, at once."""
    each = await asyncio.gather(*(heard(equipment, line, locale, row) for line in lines))
    found = tuple(dict.fromkeys(one for _, findings, _ in each for one in findings))
    return tuple(line for line, _, _ in each), found, sum(cost for _, _, cost in each)


async def heard(
    equipment: Equipment, line: SpokenLine, locale: str, row: str
) -> tuple[SpokenLine, tuple[Finding, ...], int]:
    """`line` with the times of its words, what was found, and what listening cost.

    A line that has word times is not listened to. A vendor that does not answer costs the film
    nothing but its word times: that is a finding too.
    """
    if line.words:
        return line, (), 0
    handle = equipment.handle("transcription")
    request = TranscriptionRequest(wav=line.wav, locale=locale)
    result = await transcribe(equipment.calls, handle, request, row=row)
    if result.answer is None:
        found = _finding("voice.not_heard", f"nobody listened to the voice: {result.message}")
        return line, (found,), result.cost_usd_micros
    answer = result.answer
    alike = likeness(line.text, answer.text)
    if alike < _LEAST_ALIKE:
        message = (
            f"the voice says {answer.text[:120]!r} where the script has {line.text[:120]!r}; "
            "listen to it, or choose another voice"
        )
        return line, (_finding("voice.unlike_script", message),), result.cost_usd_micros
    length_ms = parse_wav(line.wav).duration_ms
    words = timed_words(line.text, answer.words, length_ms)
    return replace(line, words=words), (), result.cost_usd_micros


def likeness(script: str, said: str) -> float:
    """How much of `script` was said, 0 to 1; case, punctuation and spaces do not count."""
    return SequenceMatcher(None, _letters(script), _letters(said), autojunk=False).ratio()


def timed_words(script: str, said: Sequence[WordEvent], length_ms: int) -> tuple[WordEvent, ...]:
    """The words of `script` with the times at which they were heard.

    A word that was heard otherwise shares the time between its neighbours. Scripts without
    spaces, and answers without times, have no words.
    """
    tokens = script.split()
    if len(tokens) < 2 or not said:  # noqa: PLR2004 - one word is the line itself
        return ()
    matcher = SequenceMatcher(
        None,
        [_letters(token) for token in tokens],
        [_letters(word.text) for word in said],
        autojunk=False,
    )
    starts: dict[int, tuple[int, int]] = {}
    for block in matcher.get_matching_blocks():
        for step in range(block.size):
            word = said[block.b + step]
            starts[block.a + step] = (word.start_ms, min(word.end_ms, length_ms))
    return tuple(
        WordEvent(text=token, start_ms=start, end_ms=end)
        for token, (start, end) in zip(
            tokens, _spread(len(tokens), starts, length_ms), strict=True
        )
    )


def _spread(
    count: int, known: dict[int, tuple[int, int]], length_ms: int
) -> list[tuple[int, int]]:
    """Times for `count` words: those that are known, the others evenly between them."""
    spans: list[tuple[int, int]] = []
    number = 0
    while number < count:
        if number in known:
            spans.append(known[number])
            number += 1
            continue
        until = next((n for n in range(number, count) if n in known), count)
        begin = spans[-1][1] if spans else 0
        end = max(begin, known[until][0] if until in known else length_ms)
        step = (end - begin) / (until - number)
        spans += [
            (round(begin + step * n), round(begin + step * (n + 1))) for n in range(until - number)
        ]
        number = until
    return spans


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _finding(code: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARN, message=message, field="film.mp4")
