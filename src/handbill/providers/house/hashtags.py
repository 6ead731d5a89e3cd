"""Hashtags from the row's own words, the brand's tags first."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from handbill.domain.brief import same_language
from handbill.domain.placement import Placement
from handbill.providers.house.reading import Reading, said

# How many tags suit a channel that states no cap; channels of the catalogue state their own.
_FITTING = {
    "instagram": 5,
    "tiktok": 4,
    "xiaohongshu": 5,
    "youtube": 4,
    "linkedin": 3,
    "facebook": 2,
    "x": 1,
    "threads": 1,
    "pinterest": 3,
}
_LONGEST = 28
_NOT_LETTERS = re.compile(r"[^\w]+", re.UNICODE)


def hashtags_for(reading: Reading, placement: Placement) -> tuple[str, ...]:
    """Tags with ``#``, as many as suit the placement and at most its cap."""
    wanted = _FITTING.get(placement.channel, 0)
    most = wanted if placement.hashtags_max is None else min(wanted, placement.hashtags_max)
    tags: dict[str, str] = {}
    for words in _sources(reading):
        tag = as_hashtag(words)
        if tag and not said(tag, reading.never):
            tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:most]


def as_hashtag(words: str) -> str:
    """``#OceanBlueShirt`` for “ocean blue shirt”; empty when nothing usable is left."""
    parts = [
        part
        for part in _NOT_LETTERS.split(words.lstrip("#").replace("'", "").replace("’", ""))
        if part
    ]
    parts = _without_run_on_figures(parts)
    if len(parts) > 1:
        parts = [part[:1].upper() + part[1:] for part in parts]
    text = "".join(parts)
    usable = text and not text.isdecimal() and any(letter.isalpha() for letter in text)
    return f"#{text}" if usable and len(text) <= _LONGEST else ""


def _without_run_on_figures(parts: list[str]) -> list[str]:
    """Leave out figures that side by side would read as another one: 205/55 is not 20555."""
    joined: set[int] = set()
    for place, (before, after) in enumerate(itertools.pairwise(parts)):
        if before[-1].isdigit() and after[0].isdigit():
            joined |= {place, place + 1}
    return [part for place, part in enumerate(parts) if place not in joined]


def _sources(reading: Reading) -> Iterator[str]:
    request = reading.request
    yield from request.kit.account(request.account).hashtags[:2]
    yield from request.kit.hashtags[:2]
    yield from request.brief.lines("keywords", request.locale)
    if same_language(request.brief.language, request.locale) or not reading.facts.get("category"):
        yield reading.facts["product"]
        yield reading.facts.get("category", "")
    else:
        yield reading.facts.get("category", "")
        yield reading.facts["product"]
    yield reading.facts.get("brand", "")
    yield from request.kit.hashtags[2:]
    yield reading.facts.get("vendor", "")
