"""Responsive search ads: many short texts that combine freely, so each must stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handbill.channels.units import count
from handbill.domain.placement import TextField
from handbill.providers.house.banks import Line
from handbill.providers.house.pen import Pen, ended, turned
from handbill.providers.house.sentences import clause_of

# A search ad shows up to three headlines; five named ones among fifteen rarely meet.
_MOST_NAMED = 5
_MOST_FACTUAL = 7
_PATH_BREAKS = re.compile(r"[^\w]+", re.UNICODE)


def write_headlines(pen: Pen, rule: TextField) -> tuple[str, ...]:
    """As many different headlines as the row carries, without exclamation marks.

    Those with the row's own facts and words come first; some are kept for all, so that a
    combination never says the product's name three times.
    """
    cards = list(pen.deal("search.headline"))
    named = sorted(
        (card for card in cards if "product" in card.slots),
        key=lambda card: not pen.fit(pen.said(card), rule.limit, rule.unit, shorten=False),
    )[:_MOST_NAMED]
    factual = [c for c in cards if (c.slots or c.fields) and "product" not in c.slots]
    general = [card for card in cards if not card.slots and not card.fields]
    return _different(pen, (*named, *factual[:_MOST_FACTUAL], *general), rule, calm=True)


def write_descriptions(pen: Pen, rule: TextField) -> tuple[str, ...]:
    """Two to four descriptions: the row's own sentences first, cut at clauses only."""
    dense = pen.reading.bank.style.dense
    room = rule.limit // 2 if dense else rule.limit
    sentences = turned(pen.reading.sentences, pen.reading.variant - 1)
    clauses = (clause_of(text, room - 1, pen.reading.bank.style) for text in sentences)
    own = [ended(text, pen.reading) for text in clauses if len(text) > room // 4]
    must = [ended(text, pen.reading) for text in pen.reading.must]
    first = [t for t in (*must, *own[:2]) if count(pen.reading.filled(t), rule.unit) <= rule.limit]
    for name in ("sentence", "sentence_2"):
        pen.own.pop(name, None)
    return _different(pen, pen.deal("search.description"), rule, first=tuple(first))


def write_path(pen: Pen, rule: TextField, number: int) -> str:
    """A word of the shown address: the category or the product, else a word of the bank."""
    facts = pen.reading.facts
    source = facts.get("category", "") if number == 1 else facts["product"]
    return _path(source, rule) or pen.reading.bank.words.get(f"search.path{number}", "")


def _different(
    pen: Pen,
    cards: Iterable[Line],
    rule: TextField,
    *,
    calm: bool = False,
    first: tuple[str, ...] = (),
) -> tuple[str, ...]:
    texts = {pen.reading.filled(text).casefold(): text for text in first}
    for line in cards:
        said = pen.said(line).replace("!", "").replace("！", "") if calm else pen.said(line)
        text = pen.fit(said, rule.limit, rule.unit)
        filled = pen.reading.filled(text)
        if text and not (calm and ("!" in filled or "！" in filled)):
            texts.setdefault(filled.casefold().rstrip(".。"), text)
        if len(texts) >= rule.max_items:
            break
    return tuple(texts.values())


def _path(words: str, rule: TextField) -> str:
    parts = [part for part in _PATH_BREAKS.split(words.lower()) if part]
    for kept in range(len(parts), 0, -1):
        if kept < len(parts) and parts[kept - 1][-1].isdigit() and parts[kept][0].isdigit():
            continue  # the first half of a number is another number
        path = "-".join(parts[:kept])
        if count(path, rule.unit) <= rule.limit:
            return path
    return ""
