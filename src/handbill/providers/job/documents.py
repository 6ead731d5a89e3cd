"""Finding and placing values in JSON by dotted paths: ``content.video_url``, ``output.0``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def find(document: Any, path: str) -> Any:
    """The value at `path`, or None; the empty path is the document itself."""
    value = document
    for step in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def first_text(document: Any, paths: Sequence[str]) -> str:
    """The first of `paths` that holds a text that is not empty, else an empty one."""
    for path in paths:
        value = find(document, path)
        if isinstance(value, str) and value:
            return value
    return ""


def word_at(document: Any, path: str) -> str:
    """The word at `path`; truth values are ``true`` and ``false``, a missing one is empty."""
    value = find(document, path)
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else ""


def place(document: Any, path: str, value: Any) -> None:
    """Put `value` at `path`; tables on the way are made, a list grows by one at most."""
    *way, last = path.split(".")
    at = document
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
    if isinstance(at, list) and int(last) == len(at):
        at.append(value)
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
