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
    r"(?:ungs|heits|keits|schafts|ions|täts|tums|lings|ings|els|ers|ens|fahrts|freund|"
    r"apfel|haus|saft|zeit|platz|stück)(?=[a-zäöüß]{3})",
    re.IGNORECASE,
)
_UNDIVIDED = ("ch", "ck", "ph", "th", "qu", "sh", "st", "gn", "rh")


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
    """A consonant before a vowel opens a syllable: ``Ge·schwin·dig``."""
    opens = word[place] not in _VOWELS and word[place].isalpha() and word[place + 1] in _VOWELS
    return opens and word[place - 1 : place + 1] not in _UNDIVIDED and word[place - 1].isalpha()
