"""From a draft with slots to finished copy: facts enter here, and nowhere else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from handbill.domain.copy import SLOT_CLOSE, SLOT_OPEN, Copy, DisplayText, Draft
from handbill.domain.finding import Finding, Severity
from handbill.domain.slots import SLOT, SPOKEN, fill_slots, slots_in


def fill_draft(
    draft: Draft, facts: Mapping[str, str], locale: str
) -> tuple[Copy, tuple[Finding, ...]]:
    """The finished copy of `draft`, with what was wrong with its slots.

    Every text is filled and its seams are mended: doubled stops and stray spaces go. Speech takes
    the spoken form of a fact (``spoken_price``) when `facts` has one.

    Args:
        draft: texts with slots such as ``⟦price⟧``.
        facts: slot name → text in the locale.
        locale: BCP 47 tag that the draft was written in.

    Returns:
        The copy, and one blocking finding for each slot that the brief has no fact for.
    """
    filled = {
        name: tuple(fill_slots(text, facts) for text in texts)
        for name, texts in draft.texts.items()
    }
    copy = Copy(
        order_key=draft.order_key,
        locale=locale,
        framework=draft.framework,
        texts=filled,
        display=_display(draft.display, facts),
        speech=tuple(fill_slots(line, facts, spoken=True) for line in draft.speech),
        hashtags=tuple(fill_slots(tag, facts) for tag in draft.hashtags),
        alt_text=fill_slots(draft.alt_text, facts),
        facts=_used(draft, facts),
    )
    return copy, tuple(_findings(draft, facts))


def _display(display: DisplayText, facts: Mapping[str, str]) -> DisplayText:
    lines = {
        field.name: fill_slots(value, facts)
        for field in dataclasses.fields(display)
        if isinstance(value := getattr(display, field.name), str)
    }
    benefits = (fill_slots(text, facts) for text in display.benefits)
    return dataclasses.replace(display, **lines, benefits=tuple(filter(None, benefits)))


def _used(draft: Draft, facts: Mapping[str, str]) -> tuple[str, ...]:
    named = {slot for _, text in _all_texts(draft) for slot in slots_in(text)}
    return tuple(sorted(slot for slot in named if facts.get(slot)))


def _findings(draft: Draft, facts: Mapping[str, str]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for field, text in _all_texts(draft):
        for slot in slots_in(text):
            if (field, slot) not in seen and not _known(slot, facts):
                seen.add((field, slot))
                yield _no_fact(field, slot, facts)
        if {SLOT_OPEN, SLOT_CLOSE} & set(SLOT.sub("", text)):
            yield _broken(field, text)


def _known(slot: str, facts: Mapping[str, str]) -> bool:
    return bool(facts.get(slot) or facts.get(SPOKEN + slot))


def _no_fact(field: str, slot: str, facts: Mapping[str, str]) -> Finding:
    known = ", ".join(
        name for name in sorted(facts) if facts[name] and not name.startswith(SPOKEN)
    )
    return Finding(
        code="slot.unknown",
        severity=Severity.BLOCK,
        message=f"the text asks for {slot!r}, which the brief does not give; it has: {known}",
        field=field,
    )


def _broken(field: str, text: str) -> Finding:
    return Finding(
        code="slot.broken",
        severity=Severity.BLOCK,
        message=f"a slot is not closed in {text!r}; write it as ⟦name⟧",
        field=field,
    )


def _all_texts(draft: Draft) -> Iterator[tuple[str, str]]:
    for name, texts in sorted(draft.texts.items()):
        yield from ((name, text) for text in texts)
    for field in dataclasses.fields(draft.display):
        value = getattr(draft.display, field.name)
        texts = (value,) if isinstance(value, str) else value
        yield from ((f"display.{field.name}", text) for text in texts)
    yield from (("speech", line) for line in draft.speech)
    yield from (("hashtags", tag) for tag in draft.hashtags)
    yield ("alt_text", draft.alt_text)
