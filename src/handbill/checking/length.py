"""``text.*``: lengths in the placement's own unit, and how many texts a field holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handbill.channels.units import count
from handbill.checking.view import CopyView, blocked, warned, weighed
from handbill.domain.finding import Finding
from handbill.domain.placement import TextField


def check_lengths(view: CopyView) -> Iterator[Finding]:
    """Too long, too short, too many, too few, missing or repeated texts, unknown fields."""
    rules = view.placement.texts
    for name, rule in view.placement.written_texts.items():
        texts = [text for text in view.copy.texts.get(name, ()) if text.strip()]
        yield from _counts(rule, texts)
        for text in texts:
            yield from _length(rule, _as_posted(view, name, text))
    for name in sorted(set(view.copy.texts) - set(view.placement.written_texts)):
        yield from _unwritten(name, rules.get(name), view.copy.texts[name])
    if (alt := rules.get("alt_text")) and view.copy.alt_text:
        yield from _length(alt, view.copy.alt_text)


def _as_posted(view: CopyView, name: str, text: str) -> str:
    """The text with the hashtags that will be added to it."""
    if name != view.placement.hashtags_in:
        return text
    missing = [tag for tag in view.copy.hashtags if tag not in text]
    return f"{text}\n\n{' '.join(missing)}" if missing else text


def _counts(rule: TextField, texts: Sequence[str]) -> Iterator[Finding]:
    if not texts and rule.min_items:
        yield blocked("text.missing", f"the field {rule.name!r} is empty", rule.name)
    elif len(texts) < rule.min_items:
        message = f"{len(texts)} texts, at least {rule.min_items} are needed"
        yield weighed("text.too_few", message, rule.name, rule.provenance)
    elif len(texts) > rule.max_items:
        message = f"{len(texts)} texts, at most {rule.max_items} are taken"
        yield weighed("text.too_many", message, rule.name, rule.provenance)
    seen: set[str] = set()
    for text in texts:
        if (folded := text.strip().casefold()) in seen:
            yield blocked("text.repeated", f"{text!r} stands there twice", rule.name)
        seen.add(folded)


def _length(rule: TextField, text: str) -> Iterator[Finding]:
    length = count(text, rule.unit)
    if length > rule.limit:
        message = f"{_short(text)} is {length} long, {rule.limit} fit (counted as {rule.unit})"
        if rule.soft:
            yield warned("text.cut_on_screen", f"{message}; the rest is cut on screen", rule.name)
        else:
            yield weighed("text.too_long", message, rule.name, rule.provenance)
    elif length < rule.min_chars:
        message = f"{_short(text)} is {length} long, at least {rule.min_chars} are needed"
        yield weighed("text.too_short", message, rule.name, rule.provenance)


def _unwritten(name: str, rule: TextField | None, texts: Sequence[str]) -> Iterator[Finding]:
    """A field that Handbill derives is checked by its limit; one that is unknown is named."""
    if rule is None:
        yield warned("text.unknown_field", f"the placement has no field {name!r}", name)
        return
    for text in texts:
        if text.strip():
            yield from _length(rule, text)


def _short(text: str) -> str:
    shown = 40
    return repr(text if len(text) <= shown else f"{text[:shown]}…")
