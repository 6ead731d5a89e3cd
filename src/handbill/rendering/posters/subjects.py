"""Which of a brief's pictures a poster shows: one, several, or one before and one after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handbill.domain.brief import Picture
from handbill.domain.finding import Finding
from handbill.rendering.pictures import LoadedPicture, load_picture, load_scene
from handbill.rendering.spec import PosterSpec

# Words of a file's name or of its alternative text, and how the poster says it, by language.
_PAIR_WORDS = {
    "en": ("Before", "After"),
    "ar": ("قبل", "بعد"),
    "de": ("Vorher", "Nachher"),
    "es": ("Antes", "Después"),
    "fr": ("Avant", "Après"),
    "he": ("לפני", "אחרי"),
    "hi": ("पहले", "बाद में"),
    "it": ("Prima", "Dopo"),
    "ja": ("使用前", "使用後"),
    "ko": ("전", "후"),
    "nl": ("Voor", "Na"),
    "pl": ("Przed", "Po"),
    "pt": ("Antes", "Depois"),
    "ru": ("До", "После"),
    "th": ("ก่อน", "หลัง"),
    "tr": ("Önce", "Sonra"),
    "zh": ("之前", "之后"),
    "zh-TW": ("之前", "之後"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """Pictures that could be read, and findings for those that could not."""

    shown: tuple[LoadedPicture, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def first(self) -> LoadedPicture | None:
        """The main picture, or None."""
        return self.shown[0] if self.shown else None


def one_subject(spec: PosterSpec) -> Subjects:
    """The variant's own picture, the one after where the brief has a pair; another if need be.

    A scene shows the product already, and nothing else is shown beside it.
    """
    if spec.scene:
        return Subjects(shown=(load_scene(spec.scene, spec.subject),))
    return _readable(ordered_pictures(spec), 1)


def several_subjects(spec: PosterSpec, count: int) -> Subjects:
    """Up to `count` pictures; a pair comes as before, after."""
    pair = pair_of(spec.pictures)
    return _readable(pair if pair and count == len(pair) else ordered_pictures(spec), count)


def ordered_pictures(spec: PosterSpec) -> tuple[Picture, ...]:
    """The brief's pictures in the order in which the variant shows them."""
    if pair := pair_of(spec.pictures):
        rest = [picture for picture in spec.pictures if picture not in pair]
        return (pair[1], *rest, pair[0])
    start = (spec.variant - 1) % len(spec.pictures) if spec.pictures else 0
    return (*spec.pictures[start:], *spec.pictures[:start])


def pair_of(pictures: Sequence[Picture]) -> tuple[Picture, Picture] | None:
    """A picture before and one after, told by file names or alternative texts."""
    if len(pictures) < 2:
        return None
    for before_word, after_word in _PAIR_WORDS.values():
        before = [picture for picture in pictures if before_word.lower() in _words_of(picture)]
        after = [picture for picture in pictures if after_word.lower() in _words_of(picture)]
        if before and after and before[0] != after[0]:
            return before[0], after[0]
    return None


def pair_words(locale: str) -> tuple[str, str]:
    """How the poster calls the two in `locale`; empty where we do not know the language."""
    language = locale.split("-", maxsplit=1)[0]
    return _PAIR_WORDS.get(locale) or _PAIR_WORDS.get(language) or ("", "")


def _words_of(picture: Picture) -> set[str]:
    """The words of the file's name, and the first of the alternative text."""
    name = re.split(r"[/\\]", picture.source)[-1].rsplit(".", maxsplit=1)[0]
    words = (*re.split(r"[\W_\d]+", name), *picture.alt.split()[:1])
    return {word.lower().strip(".,:;!") for word in words}


def _readable(pictures: Sequence[Picture], count: int) -> Subjects:
    shown: list[LoadedPicture] = []
    findings: list[Finding] = []
    for picture in pictures:
        found = load_picture(picture)
        if isinstance(found, Finding):
            findings.append(found)
        else:
            shown.append(found)
            findings += found.notes
        if len(shown) == count:
            break
    return Subjects(shown=tuple(shown), findings=tuple(findings))
