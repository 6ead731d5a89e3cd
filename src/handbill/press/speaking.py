"""What a film's voice says, and what its captions show of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.order import Order
from handbill.domain.slots import SPOKEN
from handbill.facts import facts_of, spoken_text
from handbill.providers.ports import KnowsLocales, ProviderHandle, SpeechRequest

_WIDE = 0x2E80
_EDGES = ("(?<![A-Za-z0-9\u00c0-\u06ff])", "(?![A-Za-z0-9\u00c0-\u06ff])")


def speech_request(kit: BrandKit, locale: str, text: str) -> SpeechRequest:
    """The request for one line: its words as the brand says them, in the brand's manner."""
    speaker = kit.speaker
    words, phonemes = _taken_apart(speaker.words_in(locale))
    said = spoken_text(exchanged(text, words), locale)
    return SpeechRequest(
        text=said,
        phonemes=tuple(pair for pair in phonemes if pair[0] in said),
        locale=locale,
        voice=speaker.voice_in(locale),
        pace=speaker.pace,
        mood=speaker.mood,
    )


def _taken_apart(
    lexicon: Mapping[str, str],
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What every voice is given for a word, and the sounds for those that know phonemes.

    An entry is ``nyokki``, ``[[n'jokI]]`` or ``nyokki [[n'jokI]]``.
    """
    words, phonemes = {}, []
    for written in sorted(lexicon):
        told, opened, sounds = lexicon[written].partition("[[")
        words[written] = told.strip() or written
        if opened:
            phonemes.append((words[written], sounds.strip().removesuffix("]]")))
    return words, phonemes


def is_mute(handle: ProviderHandle, locale: str) -> bool:
    """Whether a provider of voice says of itself that it has none for `locale`."""
    return isinstance(handle.voice, KnowsLocales) and not handle.voice.speaks(locale)


def caption_lines(order: Order, copy: Copy, kit: BrandKit) -> tuple[str, ...]:
    """The spoken lines as they are read: ``€19.90`` where the voice says ``19 euros 90``."""
    facts = facts_of(order.brief, kit, order.locale, order.account)
    written = {
        said: facts[name.removeprefix(SPOKEN)]
        for name, said in facts.items()
        if name.startswith(SPOKEN) and facts.get(name.removeprefix(SPOKEN))
    }
    return tuple(exchanged(line, written) for line in copy.speech)


def exchanged(text: str, words: Mapping[str, str]) -> str:
    """`text` with whole words exchanged, the longest first, none exchanged twice."""
    if not words:
        return text
    longest = sorted(words, key=lambda word: (-len(word), word))
    wanted = "|".join(_whole(word) for word in longest if word)
    return re.sub(wanted, lambda found: words[found.group()], text) if wanted else text


def _whole(word: str) -> str:
    """A pattern for `word` as a whole word; scripts without spaces have no such edges."""
    before = _EDGES[0] if _has_edge(word[0]) else ""
    after = _EDGES[1] if _has_edge(word[-1]) else ""
    return f"{before}{re.escape(word)}{after}"


def _has_edge(letter: str) -> bool:
    return letter.isalnum() and ord(letter) < _WIDE
