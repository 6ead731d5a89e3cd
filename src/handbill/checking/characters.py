"""``characters.*``: letters that nobody sees and that change what is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from handbill.checking.view import CopyView, blocked, warned
from handbill.domain.finding import Finding
from handbill.facts import is_rtl

_OVERRIDES = re.compile(r"[\u202a-\u202e]")
_ISOLATES = re.compile(r"[\u2066-\u2069]")
_UNSEEN = re.compile(r"[\u00ad\u200b\u2060-\u2064\ufeff\u180e\u115f\u1160\u3164]")
_TAGS = re.compile(r"[\U000e0000-\U000e007f]")
# England, Scotland and Wales are black flags with tag letters and a closing tag.
_TAGGED_FLAG = re.compile(r"\U0001f3f4[\U000e0061-\U000e007a]{2,6}\U000e007f")
_BROKEN = "\ufffd"
_ALLOWED_CONTROLS = "\n\t"


def check_characters(view: CopyView) -> Iterator[Finding]:
    """Control, invisible, private and unassigned characters, and unbalanced isolates."""
    for field, text in view.texts():
        yield from _of_text(field, text, view.locale)


def _of_text(field: str, text: str, locale: str) -> Iterator[Finding]:
    if match := _OVERRIDES.search(text):
        yield blocked("characters.bidi_override", _named(match.group(), text), field)
    if _ISOLATES.search(text) and not (is_rtl(locale) and balanced(text)):
        yield blocked("characters.bidi_isolate", _named(_isolate(text), text), field)
    if match := _UNSEEN.search(text):
        yield blocked("characters.invisible", _named(match.group(), text), field)
    if match := _TAGS.search(_TAGGED_FLAG.sub("", text)):
        yield blocked("characters.tag", _named(match.group(), text), field)
    yield from _by_category(field, text)


def _by_category(field: str, text: str) -> Iterator[Finding]:
    for letter in sorted(set(text)):
        kind = unicodedata.category(letter)
        if kind == "Cc" and letter not in _ALLOWED_CONTROLS:
            yield blocked("characters.control", _named(letter, text), field)
        elif kind in {"Co", "Cs"} or letter == _BROKEN:
            yield blocked("characters.broken", _named(letter, text), field)
        elif kind == "Cn":
            yield warned("characters.unassigned", _named(letter, text), field)


def balanced(text: str) -> bool:
    """Whether every isolate that opens is closed within its line."""
    for line in text.split("\n"):
        depth = 0
        for letter in line:
            depth += 1 if letter in "\u2066\u2067\u2068" else -1 if letter == "\u2069" else 0
            if depth < 0:
                return False
        if depth:
            return False
    return True


def _isolate(text: str) -> str:
    match = _ISOLATES.search(text)
    return match.group() if match else ""


def _named(letter: str, text: str) -> str:
    name = unicodedata.name(letter, "unnamed")
    return f"U+{ord(letter):04X} ({name}) stands in {text!r}: take it out"
