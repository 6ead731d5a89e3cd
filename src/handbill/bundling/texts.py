"""The small text files of an order: ``copy.json``, ``copy.txt`` and ``todo.txt``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from handbill.bundling.contents import FinishedOrder
from handbill.channels.units import count
from handbill.domain.copy import Copy
from handbill.domain.digest import plain
from handbill.domain.placement import Placement


def json_bytes(value: object) -> bytes:
    """`value` as JSON that is the same for equal values: sorted keys, UTF-8, a last newline."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return f"{text}\n".encode()


def copy_json(finished: FinishedOrder, copy: Copy) -> bytes:
    """``copy.json``: everything that was written for one order, with its lengths and limits."""
    order = finished.order
    return json_bytes(
        {
            "account": order.account,
            "alt_text": copy.alt_text,
            "audience": order.audience,
            "brief": order.brief.id,
            "display": plain(copy.display),
            "extra": dict(copy.extra),
            "facts": list(copy.facts),
            "fields": [name for name, _ in _in_order(copy, order.placement)],
            "framework": copy.framework,
            "hashtags": list(copy.hashtags),
            "hashtags_max": order.placement.hashtags_max,
            "lengths": _lengths(copy.texts, order.placement),
            "locale": order.locale,
            "model": copy.model,
            "order": order.key,
            "placement": order.placement.id,
            "product": order.brief.name_in(order.locale),
            "provider": copy.provider,
            "speech": list(copy.speech),
            "texts": {name: list(texts) for name, texts in copy.texts.items()},
            "url": order.brief.url,
            "variant": order.variant,
        }
    )


def copy_txt(finished: FinishedOrder, copy: Copy) -> bytes:
    """``copy.txt``: what a person pastes.

    One text stands alone, with its hashtags under it; several stand each under their name in
    square brackets.
    """
    parts = list(_parts(copy, finished.order.placement))
    if len(parts) == 1:
        return f"{parts[0][1]}\n".encode()
    return "\n\n".join(f"[{name}]\n{text}" for name, text in parts).encode() + b"\n"


def todo_txt(lines: Sequence[str]) -> bytes:
    """``todo.txt``: what a person must still do before this goes out."""
    return "".join(f"[ ] {line}\n" for line in lines).encode()


def _lengths(
    texts: Mapping[str, tuple[str, ...]], placement: Placement
) -> dict[str, list[dict[str, object]]]:
    """Per field and text: its length in the placement's own unit, and the limit."""
    lengths: dict[str, list[dict[str, object]]] = {}
    for name, values in texts.items():
        rule = placement.texts.get(name)
        if rule is None or not rule.limit:
            continue
        lengths[name] = [
            {
                "length": count(text, rule.unit),
                "limit": rule.limit,
                "soft": rule.soft,
                "unit": rule.unit,
            }
            for text in values
        ]
    return lengths


def _parts(copy: Copy, placement: Placement) -> Iterator[tuple[str, str]]:
    tags = " ".join(copy.hashtags)
    fields = [(name, texts) for name, texts in _in_order(copy, placement) if any(texts)]
    alone = len(fields) == 1 and len(fields[0][1]) == 1
    for name, texts in fields:
        for number, text in enumerate(texts, start=1):
            label = name.replace("_", " ") + (f" {number}" if len(texts) > 1 else "")
            yield label, f"{text}\n\n{tags}" if alone and _lacks(text, copy) else text
    if tags and not alone and not all(tag in _all_text(copy) for tag in copy.hashtags):
        yield "hashtags", tags
    if copy.alt_text and not alone:
        yield "alt text", copy.alt_text


def _in_order(copy: Copy, placement: Placement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The fields as the placement lists them, then those that it does not know, by name."""
    known = [name for name in placement.texts if name in copy.texts]
    others = sorted(name for name in copy.texts if name not in placement.texts)
    return ((name, copy.texts[name]) for name in (*known, *others))


def _lacks(text: str, copy: Copy) -> bool:
    return bool(copy.hashtags) and not all(tag in text for tag in copy.hashtags)


def _all_text(copy: Copy) -> str:
    return "\n".join(text for texts in copy.texts.values() for text in texts)
