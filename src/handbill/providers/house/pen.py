"""Choosing lines: dealt from shuffled pools, so that variants never draw the same card."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd
from random import Random
from typing import TypeVar

from handbill.channels.units import count
from handbill.providers.house.banks import Line
from handbill.providers.house.reading import Reading, said
from handbill.providers.house.sentences import bare, clause_of

T = TypeVar("T")


def dealt(cards: Sequence[T], dealer: Random, weight: Callable[[T], float]) -> list[T]:
    """`cards` shuffled, the weightier ones (weight > 0) earlier on average.

    Source: Efraimidis and Spirakis, Weighted random sampling with a reservoir, 2006.
    """
    ranked = [
        (dealer.random() ** (1 / weight(card)), -number) for number, card in enumerate(cards)
    ]
    return [cards[-number] for _, number in sorted(ranked, reverse=True)]


# How often a line of the tone of voice comes before the lines that serve every tone.
_IN_TONE = 0.7
# In headlines a tone has one or two lines a pool: dealt first, they would head every row of a
# campaign. There they are only this many times as likely to come early.
_TONE_WEIGHT = 3.0
_SEPARATORS = (" - ", " – ", " — ", " | ", "｜", " (", "（", ", ", "，", "、")
_WEAK_ENDS = frozenset(
    {
        "and",
        "or",
        "of",
        "with",
        "for",
        "the",
        "a",
        "in",
        "de",
        "y",
        "con",
        "und",
        "mit",
        "für",
        "&",
        "+",
        "-",
        "–",
        "و",
        "من",
        "مع",
    }
)


@dataclass(slots=True, kw_only=True)
class Pen:
    """Picks lines for one document and remembers which it used.

    Attributes:
        reading: what may be said.
        salt: makes documents of one creative idea differ from one another.
        own: words for the fields of lines (``{benefit}`` and the like).
    """

    reading: Reading
    salt: str = ""
    own: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Gather the row's own words, other sentences for other variants."""
        self.own = {**own_words(self.reading), **self.own}

    def line(
        self,
        place: str,
        *,
        limit: int = 0,
        unit: str = "codepoints",
        lines: Sequence[Line] = (),
        fresh_name: bool = False,
        mixed: bool = False,
    ) -> str:
        """A line of `place` that the row can carry and that fits, or empty.

        Args:
            place: a pool of the bank.
            limit: the most that it may take when filled; 0 for no limit.
            unit: what `limit` counts; see `channels.units`.
            lines: further lines to choose among.
            fresh_name: whether lines without the product's name are preferred.
            mixed: whether lines of the tone of voice stand among the others, not before them.
        """
        cards = list(self.deal(place, lines, mixed=mixed))
        if fresh_name:
            cards.sort(key=lambda line: "product" in line.slots)
        for card in cards:
            text = self.said(card)
            if not self._heard(text) and (fitting := self.fit(text, limit, unit)):
                self.used.append(text)
                return fitting
        return ""

    def _heard(self, text: str) -> bool:
        """Whether the document says this already, alone or within a longer line."""
        plain = bare(text).casefold()
        return any(plain in used.casefold() for used in self.used)

    def deal(
        self, place: str, lines: Sequence[Line] = (), *, mixed: bool = False
    ) -> Iterator[Line]:
        """The usable lines of a pool, shuffled once a brief and cut anew for each variant.

        Args:
            place: a pool of the bank.
            lines: further lines to choose among.
            mixed: whether lines of the tone of voice stand among the others, not before them.
        """
        reading = self.reading
        cards = [
            line for line in (*reading.bank.pool(place), *lines) if usable(line, reading, self.own)
        ]
        dealer = Random(f"{reading.story}:{self.salt}:{place}")
        if mixed:
            yield from self._cut(
                dealt(cards, dealer, lambda line: _TONE_WEIGHT if line.tones else 1.0)
            )
            return
        dealer.shuffle(cards)
        toned = self._cut([line for line in cards if line.tones])
        plain = self._cut([line for line in cards if not line.tones])
        in_tone = Random(f"{reading.request.seed}:{self.salt}:{place}").random() < _IN_TONE
        yield from (*toned, *plain) if in_tone else (*plain, *toned)

    def _cut(self, cards: list[Line]) -> list[Line]:
        cut = (self.reading.variant - 1) * _stride(len(cards)) % len(cards) if cards else 0
        return cards[cut:] + cards[:cut]

    def said(self, line: Line) -> str:
        """The line with the row's own words in its fields."""
        text = line.text
        for name in sorted(line.fields):
            text = text.replace("{" + name + "}", self.own[name])
        return text

    def fit(self, text: str, limit: int, unit: str, *, shorten: bool = True) -> str:
        """`text` when it fits filled, else with a shorter name of the product, else empty."""
        if not limit or count(self.reading.filled(text), unit) <= limit:
            return text
        if "⟦product⟧" not in text or not shorten:
            return ""
        for short in short_names(self.reading.facts["product"]):
            shorter = text.replace("⟦product⟧", short)
            if count(self.reading.filled(shorter), unit) <= limit:
                return shorter
        return ""


def _stride(cards: int) -> int:
    """How far apart variants cut a pool: far, and so that each starts at another card."""
    wanted = max(1, round(cards * 0.38))
    return next(step for step in range(wanted, wanted + cards + 1) if gcd(step, cards) == 1)


def usable(line: Line, reading: Reading, own: Mapping[str, str]) -> bool:
    """Whether the row has all that the line asks for, in its tone, with no forbidden word."""
    if line.tones and reading.tone not in line.tones:
        return False
    if not all(own.get(name) for name in line.fields) or not reading.has(*line.slots):
        return False
    if {"product", "store_name"} <= line.slots and _is_the_shop(reading):
        return False
    repeats_button = "cta" not in line.fields and reading.cta.casefold() in line.text.casefold()
    return not repeats_button and not said(line.text, reading.never)


def _is_the_shop(reading: Reading) -> bool:
    """Whether the row offers the shop itself: "⟦product⟧ at ⟦store_name⟧" says it twice."""
    return reading.facts["product"].casefold() == reading.facts.get("store_name", "").casefold()


def own_words(reading: Reading) -> dict[str, str]:
    """The row's own words by field, turned so that each variant starts at another one."""
    turn = reading.variant - 1
    benefits = turned(reading.benefits, turn)
    sentences = turned(reading.sentences, turn)
    dense = reading.bank.style.dense
    short = (clause_of(text, 22 if dense else 48, reading.bank.style) for text in sentences)
    line = next((text for text in short if len(text) >= (4 if dense else 8)), "")
    words = {
        "line": line,
        "cta": reading.cta,
        "benefit": benefits[0] if benefits else "",
        "benefit_2": benefits[1] if len(benefits) > 1 else "",
        "benefit_3": benefits[2] if len(benefits) > 2 else "",
        "sentence": sentences[0] if sentences else "",
        "sentence_2": sentences[1] if len(sentences) > 1 else "",
    }
    return {name: text for name, text in words.items() if text}


def turned(items: Sequence[T], turn: int) -> tuple[T, ...]:
    """`items` starting at another one."""
    if not items:
        return ()
    cut = turn % len(items)
    return (*items[cut:], *items[:cut])


def short_names(name: str) -> Iterator[str]:
    """Ever shorter names, cut at separators and then at words; the last one has one word."""
    for separator in _SEPARATORS:
        head = name.split(separator, maxsplit=1)[0].strip()
        if head and head != name:
            yield head
    words = name.split()
    for kept in range(len(words) - 1, 0, -1):
        if words[kept - 1].casefold() not in _WEAK_ENDS and not _in_number(words, kept):
            yield " ".join(words[:kept]).rstrip(",;:-–—|·")
    if len(words) <= 1 and len(name) > 1:
        yield from (name[:cut] for cut in range(len(name) - 1, 0, -1) if not _in_number(name, cut))


def _in_number(name: Sequence[str], cut: int) -> bool:
    """Whether `name`, letters or words, is cut inside a number: its first half is another one."""
    before, after = name[cut - 1], name[cut]
    return after[0].isdigit() and (before[-1].isdigit() or before[-1] in ".,")


def ended(text: str, reading: Reading) -> str:
    """`text` as a sentence: with a full stop unless it ends in a mark of its own."""
    stripped = text.rstrip()
    if not stripped or stripped[-1] in ".!?…。！？؟:：":
        return stripped
    return bare(stripped) + reading.bank.style.sentence_end
