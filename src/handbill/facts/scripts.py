"""Scripts of texts and locales, and what right-to-left lines need."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import cache

# First words of Unicode names → ISO 15924. Kana decide for Japanese even beside many Han.
_SCRIPTS = {
    "LATIN": "Latn",
    "CJK": "Hani",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "HANGUL": "Hang",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "THAI": "Thai",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "BOPOMOFO": "Hani",
}
_OF_LANGUAGE = {
    "zh": "Hani",
    "ja": "Jpan",
    "ko": "Hang",
    "ar": "Arab",
    "fa": "Arab",
    "ur": "Arab",
    "he": "Hebr",
    "yi": "Hebr",
    "ru": "Cyrl",
    "uk": "Cyrl",
    "bg": "Cyrl",
    "sr": "Cyrl",
    "el": "Grek",
    "th": "Thai",
    "hi": "Deva",
    "mr": "Deva",
    "bn": "Beng",
    "ta": "Taml",
    "hy": "Armn",
    "ka": "Geor",
}
_RTL_SCRIPTS = {"Arab", "Hebr"}
_STRONG = {"L", "R", "AL"}
FIRST_STRONG_ISOLATE, LEFT_TO_RIGHT_ISOLATE, POP_ISOLATE = "\u2068", "\u2066", "\u2069"
_KANA_SHARE = 0.1


def is_rtl(locale: str) -> bool:
    """Whether lines in `locale` (BCP 47) run from right to left."""
    return script_of_locale(locale) in _RTL_SCRIPTS


def script_of_locale(locale: str) -> str:
    """The ISO 15924 code of a locale's script; ``Latn`` for languages that are not listed."""
    parts = locale.replace("_", "-").split("-")
    named = next((part.title() for part in parts[1:] if len(part) == len("Latn")), "")
    if named in {"Hans", "Hant"}:
        return "Hani"
    return named or _OF_LANGUAGE.get(parts[0].lower(), "Latn")


def script_of_text(text: str) -> str:
    """The ISO 15924 code of the script that most letters of `text` have; empty without letters.

    Any fair share of kana makes a text Japanese (``Jpan``), however many Han it holds.
    """
    counts = Counter(script for letter in text if (script := script_of_letter(letter)))
    if not counts:
        return ""
    if counts["Jpan"] >= _KANA_SHARE * (counts["Jpan"] + counts["Hani"]) and counts["Jpan"]:
        counts["Jpan"] += counts.pop("Hani", 0)
    return min(counts, key=lambda script: (-counts[script], script))


@cache
def script_of_letter(letter: str) -> str:
    """The script of one letter, or empty for digits, marks and signs."""
    if not letter.isalpha():
        return ""
    words = unicodedata.name(letter, "").replace("FULLWIDTH ", "").replace("HALFWIDTH ", "")
    return _SCRIPTS.get(words.split(" ", 1)[0], "Zyyy")


def isolate(text: str, locale: str) -> str:
    """`text`, kept in one piece where a right-to-left line would take it apart.

    Isolates are added only where the bidirectional algorithm would reorder: digit groups with
    spaces (phones), and foreign names that begin or end without a letter of their own direction
    (``3-Pack Socks``). Everything else stays as it is, for isolates have a cost: fonts may lack
    them and SMS count them.
    """
    if not is_rtl(locale) or not text:
        return text
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    foreign = "L" in kinds
    groups = sum(1 for word in text.split() if any(letter.isdigit() for letter in word)) > 1
    loose = foreign and (kinds[0] not in _STRONG or kinds[-1] not in _STRONG)
    if groups and not foreign and not {"R", "AL"} & set(kinds):
        return f"{LEFT_TO_RIGHT_ISOLATE}{text}{POP_ISOLATE}"
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if loose else text
