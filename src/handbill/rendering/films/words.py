"""The words of a film by the field names that layouts use."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from urllib.parse import urlsplit

from handbill.domain.brief import Picture
from handbill.rendering.spec import FilmSpec

_LONGEST_ADDRESS = 30
_MARK = "“"
_TOLD, _BEGINNING = 0.85, 6
_WIDE, _SAYING_WORDS, _SAYING_WIDE = 0x2E80, 4, 7
_ASKING = ("?", "？", "؟", "か。")
# In the names or descriptions of pictures.
_BEFORE = frozenset({
    "before", "vorher", "avant", "antes", "prima", "voor", "przed",
    "之前", "使用前", "施工前", "ビフォー", "قبل",
})  # fmt: skip
_AFTER = frozenset({
    "after", "nachher", "après", "apres", "después", "despues", "depois", "dopo", "erna", "potem",
    "之后", "使用后", "使用後", "施工後", "アフター", "بعد",
})  # fmt: skip
_PAIR = (_AFTER, _BEFORE)
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


def has(spec: FilmSpec, need: str) -> bool:
    """Whether `spec` has what a storyboard asks for; ``a|b`` means either."""
    return any(_has_one(spec, name) for name in need.split("|"))


def has_all(spec: FilmSpec, needs: Sequence[str]) -> bool:
    """Whether `spec` has everything that a storyboard asks for."""
    return all(has(spec, need) for need in needs)


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
        return tuple(word for word in spec.display.benefits[place : place + 1] if word)
    if name == "url":
        address = address_of(spec.url or spec.kit.url)
        return (address,) if address else ()
    found = getattr(spec.display, name, "")
    if isinstance(found, tuple):
        return tuple(word for word in found if word)
    return (found,) if found else ()


def after_first(pictures: Sequence[Picture]) -> tuple[Picture, ...]:
    """The pictures; of a pair named before and after, the one after comes first."""
    before = [picture for picture in pictures if picture.path and _named(picture, _BEFORE)]
    after = [picture for picture in pictures if picture.path and _named(picture, _AFTER)]
    if not before or not after:
        return tuple(pictures)
    pair = (after[0], before[0])
    return (*pair, *(picture for picture in pictures if picture not in pair))


def _has_one(spec: FilmSpec, name: str) -> bool:
    test = _TESTS.get(name)
    return test(spec) if test else bool(shown_words(spec, name))


def _pictures(spec: FilmSpec) -> list[Picture]:
    return [picture for picture in spec.pictures if picture.path]


def _is_pair(spec: FilmSpec) -> bool:
    """Whether the first picture is named after something, and the second before it."""
    pair = _pictures(spec)[:2]
    return len(pair) == len(_PAIR) and all(map(_named, pair, _PAIR))


def _named(picture: Picture, words: Collection[str]) -> bool:
    name = f"{picture.source.rpartition('/')[2]} {picture.alt}".casefold()
    return not set(words).isdisjoint(re.split(r"[\W_\d]+", name))


def _is_saying(text: str) -> bool:
    """Whether a line can stand in quotation marks: a whole sentence that tells something."""
    wide = sum(ord(char) >= _WIDE for char in text)
    long_enough = len(text.split()) >= _SAYING_WORDS or wide >= _SAYING_WIDE
    return long_enough and not re.search(r"[\d:：?？؟]", text)


_TESTS: dict[str, Callable[[FilmSpec], bool]] = {
    "picture": lambda spec: bool(_pictures(spec)),
    "pictures": lambda spec: len(_pictures(spec)) > 1,
    "no_picture": lambda spec: not _pictures(spec),
    "before_after": _is_pair,
    "video": lambda spec: bool(spec.video),
    "videos": lambda spec: len(spec.video.splitlines()) > 1,
    "question": lambda spec: spec.display.hook.rstrip().endswith(_ASKING),
    "saying": lambda spec: _is_saying(spec.display.subhead),
}
