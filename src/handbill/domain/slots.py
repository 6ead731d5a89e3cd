"""Slots for facts: reading them, filling them, and mending the seams around what was filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

SLOT = re.compile(r"⟦\s*([^⟦⟧|]*?)\s*(?:\|\s*([a-z0-9]+)\s*)?⟧")
# Spoken texts take the fact under this prefix when there is one: "spoken_price" for "price".
SPOKEN = "spoken_"

_NAMES = frozenset({"product", "brand", "vendor", "store_name", "url", "url_short", "category"})
_SENTENCE_START = re.compile(r"(?:^|[.!?…]\s+|\n)$")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_HAN_OR_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaffA-Za-z]")
_LATIN_START = re.compile(r"[A-Za-zÀ-ž]")
_LATIN_END = re.compile(r"[A-Za-zÀ-ž]$")
_SEAMS = (
    (re.compile(r"[ \t\u00a0]+(?=\n|$)"), ""),
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"\n{3,}"), "\n\n"),
    (re.compile(r"\(\s*\)|（\s*）"), ""),
    (re.compile(r" +(?=[,.;!?،؛؟。，！？；：、](?:\s|$|[^\w]))"), ""),
    (re.compile(r"(?<=[!?…؟。！？])\s*[.。]+(?=\s|$|[^\w.。])"), ""),
    (re.compile(r"(?<=[!?…？！])\s*。+"), ""),
    (re.compile(r"(?<=[!?…؟。！？؛])[,،，、](?=\s|$)"), ""),
    (re.compile(r"(?<!\.)\.\.(?!\.)"), "."),
    (re.compile(r"。{2,}"), "。"),
    (re.compile(r"！{2,}"), "！"),
    (re.compile(r"(?<=[.!?。！？][\"”」»])[.。]"), ""),
    (re.compile(r"\.(?=[:;!?؟])"), ""),
    (re.compile(r"。(?=[：；！？，])"), ""),
    (re.compile(r"[,،，、;；:：]\s*(?=[.!?。！？])"), ""),
    (re.compile(r",\s*,"), ","),
    # The Arabic preposition joins a name in Arabic letters, and its article loses the alif.
    (re.compile(r"لـال(?=\w)"), "لل"),
    (re.compile(r"لـ(?=[\u0621-\u064a])"), "ل"),
)
# Letters beyond ASCII that the 7-bit alphabet of SMS has (3GPP TS 23.038).
_GSM_KEPT = frozenset("äöüÄÖÜßàèéìòùñÑåÅæÆøØÇÉ¿¡£€§@$¥")


def slots_in(text: str) -> tuple[str, ...]:
    """Names of the slots in `text`, in order, each once."""
    return tuple(dict.fromkeys(match.group(1) for match in SLOT.finditer(text)))


def fill_slots(text: str, facts: Mapping[str, str], *, spoken: bool = False) -> str:
    """`text` with every slot filled; a slot without a fact leaves nothing behind.

    A slot may name a form: ``⟦price|gsm⟧`` spells the fact in letters that an SMS takes.

    Args:
        text: with slots.
        facts: slot name → text.
        spoken: whether the text is heard, not read.
    """
    if "⟦" not in text:
        return tidied(text)
    pieces: list[str] = []
    end = 0
    for match in SLOT.finditer(text):
        pieces.append(text[end : match.start()])
        before = "".join(pieces)
        fact = _fact(match, before, facts, spoken=spoken)
        pieces.append(_spaced(fact, before, text[match.end() : match.end() + 1]))
        end = match.end()
    return tidied("".join(pieces) + text[end:])


def tidied(text: str) -> str:
    """`text` without doubled stops, stray spaces and empty brackets."""
    for seam, mended in _SEAMS:
        text = seam.sub(mended, text)
    return text.strip()


def in_gsm7(text: str) -> str:
    """`text` in letters of the SMS alphabet where that is possible, other scripts as they are."""
    plain = text.translate(_GSM_TABLE)
    return "".join(_gsm_letter(letter) for letter in plain)


def _fact(match: re.Match[str], before: str, facts: Mapping[str, str], *, spoken: bool) -> str:
    name, form = match.group(1), match.group(2)
    fact = (spoken and facts.get(SPOKEN + name)) or facts.get(name, "")
    if name not in _NAMES and _SENTENCE_START.search(before):
        fact = _capital(fact)
    return in_gsm7(fact) if form == "gsm" else fact


def _spaced(fact: str, before: str, after: str) -> str:
    """The fact with room around Latin words that stand among Han letters or other words."""
    left = " " if _LATIN_START.match(fact) and _HAN_OR_WORD.search(before[-1:]) else ""
    right = " " if _LATIN_END.search(fact) and _HAN.match(after) else ""
    return f"{left}{fact}{right}"


def _capital(fact: str) -> str:
    # "free shipping" opens a sentence with a capital; "iPhone" and "eBook" stay as they are.
    return fact[:1].upper() + fact[1:] if fact[:2].islower() and fact[:2].isalpha() else fact


def _gsm_letter(letter: str) -> str:
    if letter.isascii() or letter in _GSM_KEPT:
        return letter
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isascii() else letter


_GSM_TABLE = {
    ord(letter): spelt
    for letters, spelt in (
        ("\u00a0\u202f\u2009\u200a", " "),
        ("–—−‑", "-"),
        ("‘’‚ʼ", "'"),
        ("“”„«»", '"'),
        ("…", "..."),
        ("•·", "-"),
        ("→", ">"),
        ("×", "x"),
        ("Œ", "OE"),
        ("œ", "oe"),
        ("ẞ", "SS"),
        ("\u200e\u200f\u2066\u2067\u2068\u2069\u200b", ""),
    )
    for letter in letters
}
