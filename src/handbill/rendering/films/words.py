"""The words of a film by the field names that layouts use."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from handbill.rendering.spec import FilmSpec

_LONGEST_ADDRESS = 30
_MARK = "“"
_TOLD, _BEGINNING = 0.85, 6
_FIGURES = re.compile(
    r"\d|[%٪€$£¥₹]|percent|prozent|por ciento|pour cent|百分|折|减"
    r"|パーセント|割引|بالمئة|خصم",
    re.IGNORECASE,
)


def shown_words(spec: FilmSpec, field: str) -> tuple[str, ...]:
    """What `spec` has to show for `field`; ``a|b`` means the first that is not empty."""
    for name in field.split("|"):
        if words := _words(spec, name):
            return words
    return ()


def closeness(line: str, shown: str) -> float:
    """How much a spoken line is about what a shot shows: 0 to 1, and 1 more for figures in both.

    Measured by pairs of neighbouring letters, which works without word lists in every script.
    """
    said, seen = _pairs(line), _pairs(shown)
    share = len(said & seen) / len(said) if said else 0.0
    figures = bool(_FIGURES.search(line)) and bool(_FIGURES.search(shown))
    return share + (1.0 if figures else 0.0)


def told_at(line: str, shown: str) -> float:
    """Where in `line` (0 to 1 of its length) what is `shown` is told; -1 where it is not."""
    wanted, said = _pairs(shown), _pairs(line)
    if not wanted or len(wanted & said) < _TOLD * len(wanted):
        return -1.0
    beginning = shown.casefold().strip()[:_BEGINNING]
    place = line.casefold().find(beginning)
    return place / max(1, len(line)) if place >= 0 else -1.0


def address_of(url: str) -> str:
    """A web address as people read it: without scheme, ``www.`` and tracking."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    path = parts.path.rstrip("/")
    host = parts.netloc.removeprefix("www.")
    # Nobody types a long path off a film, and with it the address would be too small to read.
    return host + path if len(host + path) <= _LONGEST_ADDRESS else host


def _pairs(text: str) -> set[str]:
    letters = "".join(char for char in text.lower() if char.isalnum())
    return {letters[place : place + 2] for place in range(len(letters) - 1)}


def _words(spec: FilmSpec, name: str) -> tuple[str, ...]:
    if name == "picture":
        return tuple(picture.source for picture in spec.pictures if picture.path)
    if name == "quote_mark" or name.startswith("number_"):
        return (_MARK if name == "quote_mark" else name[-1],)
    if name.startswith("benefit_"):
        place = int(name[-1]) - 1
        return spec.display.benefits[place : place + 1]
    if name == "url":
        address = address_of(spec.url or spec.kit.url)
        return (address,) if address else ()
    found = getattr(spec.display, name, "")
    if isinstance(found, tuple):
        return tuple(word for word in found if word)
    return (found,) if found else ()
