"""The shape that copy must come in: one strict JSON schema for each set of placements.

Structure alone is enforced by the vendor; limits stand in the descriptions, where every model
reads them, and are checked here in the placement's own unit afterwards. A schema is the same for
every brief of a campaign, so vendors compile it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handbill.domain.placement import Placement, TextField

NAME = "handbill_copy"
_UNITS = {
    "x_weighted": "characters, Han, kana and emoji counting 2, any link 23",
    "google_width": "characters, Han and kana counting 2",
    "cjk_double": "characters, Han and kana counting 2",
    "cjk_double_60": "characters, Han and kana counting 2",
    "xhs_half": "Han characters, two Latin letters counting 1",
    "utf8_bytes": "bytes of UTF-8",
    "gsm7_septets": "letters of the plain SMS alphabet, no emoji",
    "threads_mixed": "characters, an emoji counting its bytes",
}
_DISPLAY = {
    "headline": "the poster's main line, at most 48 characters (24 in Chinese or Japanese)",
    "hook": "the film's first line, a question or a surprise, at most 40 characters (20)",
    "kicker": "two or three words above the headline, or an empty text",
    "subhead": "one sentence under the headline, at most 90 characters (45), or an empty text",
    "deadline": "until when the offer holds, with the slot ⟦ends_on⟧, or an empty text",
    "cta": "words of the button, at most 20 characters (8)",
}


def property_name(placement_id: str) -> str:
    """A placement's id as the name of a JSON property."""
    return placement_id.replace(".", "__")


def language_name(locale: str) -> str:
    """A locale as the name of a JSON property."""
    return locale.replace("-", "_")


def schema_for(placements: tuple[Placement, ...]) -> dict[str, Any]:
    """The schema of an answer that covers `placements`, in their order."""
    parts = {property_name(placement.id): _placement(placement) for placement in placements}
    return _object({"display": _display(), "placements": _object(parts)})


def schema_of_languages(parts: Mapping[str, tuple[Placement, ...]]) -> dict[str, Any]:
    """The schema of an answer in several languages; `parts` is by locale."""
    languages = {
        language_name(locale): schema_for(placements) for locale, placements in parts.items()
    }
    return _object({"languages": _object(languages)})


def _display() -> dict[str, Any]:
    texts: dict[str, Any] = {name: _text(words) for name, words in _DISPLAY.items()}
    words = "0 to 4 selling points from the brief, at most 34 characters (16) each"
    return _object({**texts, "benefits": _texts(words)})


def _placement(placement: Placement) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "order": _text("the order key that stands beside this placement, copied"),
        "framework": _text("the idea in one or two English words, such as question_hook"),
        "texts": _object({field.name: _field(field) for field in written(placement)}),
    }
    if placement.hashtags_max != 0:
        most = placement.hashtags_max
        parts["hashtags"] = _texts(f"with #, {f'at most {most}' if most else '3 to 6'}")
    if {"image", "film"} & set(placement.makes):
        parts["alt_text"] = _text("what the picture will show, for people who cannot see it")
    if "film" in placement.makes:
        words = "3 to 6 sentences that are spoken, 20 to 35 words in all, slots as in writing"
        parts["speech"] = _texts(words)
    return _object(parts)


def written(placement: Placement) -> tuple[TextField, ...]:
    """The fields that a writer fills."""
    return tuple(field for field in placement.texts.values() if field.written and field.limit)


def _field(field: TextField) -> dict[str, Any]:
    unit = _UNITS.get(field.unit, "characters")
    words = f"at most {field.limit} {unit}"
    if field.min_chars:
        words += f", at least {field.min_chars}"
    if field.rule:
        words += f"; {field.rule}"
    if field.max_items <= 1:
        return _text(words)
    fewest = max(1, field.min_items)
    return _texts(f"{fewest} to {field.max_items} different texts, each {words}")


def _text(words: str) -> dict[str, Any]:
    return {"type": "string", "description": words}


def _texts(words: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": words}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
