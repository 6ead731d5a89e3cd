"""Dividing words that are wider than their line: compounds at their joints, else by syllables.

A small set of rules for Latin script, meant for the one long word of a headline, not for running
text. A word is divided only where it could not stand whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_VOWELS = "aeiouyäöüåøæáéíóúàèìòùâêîôûëï"
_LONGEST_WHOLE = 11
# Endings after which German compounds join their next part.
_JOINTS = re.compile(
    r"(?:ungs|heits|keits|schafts|ions|täts|tums|lings|ings|ens|fahrts|freund|"
    r"apfel|haus|saft|zeit|platz|stück|mittel|kosten|straßen|wasser|garten|arbeits|verfolgbar|"
    r"qualitäts|familien|trauben|versand)(?=[a-zäöüß]{3})",
    re.IGNORECASE,
)
_UNDIVIDED = ("ch", "ck", "ph", "th", "qu", "sh", "st", "gn", "rh")
# They open a syllable together (ver·träg), but for the suffixes of German (träg·lich).
_CLUSTERS = tuple(
    f"{one}{two}" for two in "lr" for one in "bdfgkpt" if one + two not in ("dl", "tl")
)
_SUFFIXES = ("lich", "los", "lein", "ling", "reich")


def divide_long_words(text: str, fits: Callable[[str], bool]) -> str:
    """`text` with a hyphen in every word that does not pass `fits`; a line may end after it.

    `fits` tells whether a piece of a word, hyphen included, is narrow enough. A word that no
    division makes narrow enough is left as it is.
    """
    return " ".join(_divided(word, fits) for word in text.split(" "))


def _divided(word: str, fits: Callable[[str], bool]) -> str:
    if len(word) <= _LONGEST_WHOLE or fits(word):
        return word
    for place in _places(word):
        head, tail = word[:place], word[place:]
        if fits(f"{head}-"):
            rest = _divided(tail, fits)
            if all(fits(piece) for piece in rest.split("-")):
                return f"{head}-{rest}"
    return word


def _places(word: str) -> list[int]:
    """Where the word may be divided: joints of compounds, then syllables, last ones first."""
    joints = [match.end() for match in _JOINTS.finditer(word) if match.end() >= 4]
    syllables = [place for place in range(3, len(word) - 2) if _is_syllable(word.lower(), place)]
    return sorted(set(joints), reverse=True) + sorted(set(syllables) - set(joints), reverse=True)


def _is_syllable(word: str, place: int) -> bool:
    """A consonant before a vowel opens a syllable, or two that go together: ``Ge·schwin·dig``."""
    before, after = word[place - 1 : place + 1], word[place : place + 2]
    if not before.isalpha() or word[place] in _VOWELS or before in _UNDIVIDED:
        return False
    if before in _CLUSTERS:
        return word.startswith(_SUFFIXES, place)
    pair = after in _CLUSTERS and not word.startswith(_SUFFIXES, place + 1)
    return word[place + (2 if pair else 1)] in _VOWELS
