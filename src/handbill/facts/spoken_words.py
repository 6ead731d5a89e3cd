"""Abbreviations and signs between words, as voices say them."""

from __future__ import annotations

import re
from functools import lru_cache

# "Disney+", "C++", "18+".
_PLUS = {
    "en": "plus", "de": "plus", "es": "más", "fr": "plus", "it": "più", "pt": "mais", "nl": "plus",
    "pl": "plus", "zh": "加", "ja": "プラス", "ko": "플러스", "ar": "زائد",
}  # fmt: skip
# "20 cm x 30 cm", and "2x" alone.
_BY = {
    "en": ("by", "times"), "de": ("mal", "mal"), "es": ("por", "veces"), "fr": ("par", "fois"),
    "it": ("per", "volte"), "pt": ("por", "vezes"), "nl": ("bij", "keer"), "pl": ("na", "razy"),
    "zh": ("乘", "倍"), "ja": ("かける", "倍"), "ko": ("곱하기", "배"),
}  # fmt: skip
_NUMBER = {
    "en": "number", "de": "Nummer", "es": "número", "fr": "numéro", "it": "numero",
    "pt": "número", "nl": "nummer", "pl": "numer",
}  # fmt: skip
_NUMBERED = re.compile(
    r"(?:#|№ ?|\b(?:No|Nro|Núm|Num|n)\.[º°]? ?|\b[Nn]r\.? ?|\b[Nn][º°] ?)(?=\d)"
)
_SHORT = {
    "en": {
        "approx.": "approximately", "incl.": "including", "excl.": "excluding",
        "e.g.": "for example", "i.e.": "that is", "vs.": "versus", "w/o": "without",
        "w/": "with", "min.": "minimum", "max.": "maximum", "vol.": "volume", "Tel.": "telephone",
        "Sq. ft.": "square feet", "sq. ft.": "square feet", "mins": "minutes", "hrs": "hours",
        "pcs": "pieces", "pcs.": "pieces",
    },
    "de": {
        "ca.": "circa", "inkl.": "inklusive", "exkl.": "exklusive", "zzgl.": "zuzüglich",
        "z. B.": "zum Beispiel", "z.B.": "zum Beispiel", "d. h.": "das heißt",
        "d.h.": "das heißt", "bzw.": "beziehungsweise", "usw.": "und so weiter",
        "mind.": "mindestens", "max.": "maximal", "Std.": "Stunden", "Min.": "Minuten",
        "Stk.": "Stück", "Tel.": "Telefon", "Jh.": "Jahrhundert", "ggf.": "gegebenenfalls",
    },
    "fr": {
        "env.": "environ", "p. ex.": "par exemple", "p.ex.": "par exemple", "etc.": "et cetera",
        "max.": "maximum", "min.": "minimum", "tél.": "téléphone", "Tél.": "téléphone",
        "pers.": "personnes", "1er": "premier", "1re": "première",
    },
    "es": {
        "aprox.": "aproximadamente", "p. ej.": "por ejemplo", "p.ej.": "por ejemplo",
        "máx.": "máximo", "mín.": "mínimo", "tel.": "teléfono", "Tel.": "teléfono",
        "uds.": "unidades", "c/u": "cada uno", "incl.": "incluido",
    },
    "it": {
        "ca.": "circa", "es.": "esempio", "max.": "massimo", "min.": "minimo",
        "tel.": "telefono", "Tel.": "telefono", "pz.": "pezzi", "incl.": "incluso",
    },
    "pt": {
        "aprox.": "aproximadamente", "p. ex.": "por exemplo", "máx.": "máximo",
        "mín.": "mínimo", "tel.": "telefone", "Tel.": "telefone", "un.": "unidades",
        "incl.": "incluindo",
    },
    "nl": {
        "ca.": "circa", "incl.": "inclusief", "excl.": "exclusief", "bijv.": "bijvoorbeeld",
        "max.": "maximaal", "min.": "minimaal", "tel.": "telefoon", "Tel.": "telefoon",
        "p.p.": "per persoon", "o.a.": "onder andere",
    },
    "pl": {
        "ok.": "około", "np.": "na przykład", "m.in.": "między innymi", "godz.": "godzina",
        "tel.": "telefon", "Tel.": "telefon", "szt.": "sztuk", "maks.": "maksymalnie",
        "min.": "minimum", "ul.": "ulica", "wł.": "włącznie",
    },
}  # fmt: skip
# Pictographs with their joiners, skin tones, flags and keycaps, and marks of trade. No voice has a
# word for them. A joiner alone stays: letters of Hindi need it.
_SEEN = "\U0001f000-\U0001faff\u25a0-\u27bf\u2b00-\u2bff\u2190-\u21ff©®™"
_EMOJI = re.compile(f"[{_SEEN}][{_SEEN}\u200d\ufe0f]*|[\ufe0f\u20e3]+")


def said_words(text: str, language: str) -> str:
    """`text` without emoji, and with abbreviations and joining signs in words.

    Args:
        text: a written sentence whose prices and units are in words already.
        language: such as ``de``.
    """
    rest = _EMOJI.sub(" ", text)
    # A line of nothing else is left to the voice, which cannot speak an empty one.
    if rest != text and re.search(r"\w", rest):
        text = re.sub(r" {2,}", " ", rest).strip()
        text = re.sub(r" (?=[.,!?;:…。！？，、])", "", text)
    known = _SHORT.get(language, {})
    if known:
        text = _pattern(language).sub(lambda short: _spelt(short, known), text)
    if language in _NUMBER:
        text = _NUMBERED.sub(f"{_NUMBER[language]} ", text)
    text = re.sub(r"\b24/7\b", "24 7", text)
    text = re.sub(r"\b(\d{3})/(?=\d\d\b)", r"\1 ", text)  # the size of a tyre
    text = re.sub(r"(?<=\w) / (?=\w)", ", ", text)
    return _plus(_by(text, language), language)


@lru_cache(maxsize=16)
def _pattern(language: str) -> re.Pattern[str]:
    longest = sorted(_SHORT[language], key=lambda short: (-len(short), short))
    return re.compile(r"(?<![\w.])(?:" + "|".join(map(re.escape, longest)) + r")(?![\w/])")


def _spelt(found: re.Match[str], known: dict[str, str]) -> str:
    """The word; its dot stays where it ends the text too."""
    last = found.group().endswith(".") and not found.string[found.end() :].strip()
    return known[found.group()] + ("." if last else "")


def _by(text: str, language: str) -> str:
    if language not in _BY:
        return text
    joint, times = _BY[language]
    gap = "" if language in ("zh", "ja") else " "
    text = re.sub(r"(?<=\w) ?× ?(?=\d)|(?<=\w) x (?=\d)", f"{gap}{joint}{gap}", text)
    return re.sub(
        r"(?<![A-Za-z0-9.,])(\d+(?:[.,]\d+)?) ?[x×](?![A-Za-z0-9×])", rf"\1{gap}{times}", text
    )


def _plus(text: str, language: str) -> str:
    if language not in _PLUS:
        return text
    text = re.sub(r"(?<=[\w+])\+(?!\w)", f" {_PLUS[language]}", text)
    return re.sub(r"(?<=[^\W\d])\+(?=[^\W\d])", f" {_PLUS[language]} ", text)
