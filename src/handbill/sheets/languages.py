"""Which language a row is written in, told by its letters."""

from __future__ import annotations

import re
from functools import lru_cache

# A syllable of Han, kana or Hangul says about as much as three letters of an alphabet.
_DENSE = 3
_SCRIPTS: tuple[tuple[str, re.Pattern[str], int], ...] = (
    ("kana", re.compile(r"[\u3041-\u30fa\u30fc-\u30ff\uff66-\uff9d]"), _DENSE),
    ("han", re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), _DENSE),
    ("hangul", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]"), _DENSE),
    ("arabic", re.compile(r"[\u0620-\u064a\u066e-\u06d3\u0750-\u077f]"), 1),
    ("hebrew", re.compile(r"[\u05d0-\u05ea]"), 1),
    ("cyrillic", re.compile(r"[\u0400-\u052f]"), 1),
    ("greek", re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"), 1),
    ("thai", re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]"), 1),
    ("devanagari", re.compile(r"[\u0900-\u097f]"), 1),
    ("latin", re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"), 1),
)
_LANGUAGE = {
    "kana": "ja", "han": "zh-CN", "hangul": "ko", "arabic": "ar", "hebrew": "he",
    "cyrillic": "ru", "greek": "el", "thai": "th", "devanagari": "hi",
}  # fmt: skip
_WRITTEN_IN = {
    "ja": "kana", "zh": "han", "ko": "hangul", "ar": "arabic", "fa": "arabic", "ur": "arabic",
    "he": "hebrew", "ru": "cyrillic", "uk": "cyrillic", "bg": "cyrillic", "sr": "cyrillic",
    "mk": "cyrillic", "el": "greek", "th": "thai", "hi": "devanagari", "mr": "devanagari",
    "ne": "devanagari",
}  # fmt: skip
_TRADITIONAL = frozenset(
    "這個們來時會對學國說點過體廣開關門間電話車買賣貨價優質與為愛無鮮滿贈專櫃實樣歲"
)
_SIMPLIFIED = frozenset(
    "这个们来时会对学国说点过体广开关门间电话车买卖货价优质与为爱无鲜满赠专柜实样岁"
)


def language_of(text: str, source_locale: str = "", locales: tuple[str, ...] = ()) -> str:
    """BCP 47 tag of the language that `text` is written in.

    Args:
        text: everything that a row says.
        source_locale: the sheet's language where the campaign names it; it decides among the
            languages of one script.
        locales: the campaign's locales; the first of the right script serves when
            `source_locale` does not.
    """
    script = script_of(text)
    if text.isascii() or script in {"latin", ""}:
        return source_locale if script_written(source_locale) == "latin" else _latin(locales)
    if script_written(source_locale) == script:
        return source_locale
    if script == "han":
        return _chinese(text, locales)
    fitting = (tag for tag in locales if script_written(tag) == script)
    return next(fitting, _LANGUAGE[script])


def script_of(text: str) -> str:
    """The script that most of the text is in, or empty when it has no letters."""
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    weights = {name: len(found.findall(text)) * weight for name, found, weight in _SCRIPTS}
    if weights["kana"] and weights["kana"] + weights["han"] >= weights["latin"] / 2:
        return "kana"
    if weights["han"] * 2 >= weights["latin"] and weights["han"] > 0:
        return "han"
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] else ""


@lru_cache(maxsize=256)
def script_written(locale: str) -> str:
    """The script that a locale is written in (kana stands for Japanese); empty for no locale."""
    return _WRITTEN_IN.get(locale.partition("-")[0].lower(), "latin") if locale else ""


def _latin(locales: tuple[str, ...]) -> str:
    return next((tag for tag in locales if script_written(tag) == "latin"), "en")


def _chinese(text: str, locales: tuple[str, ...]) -> str:
    letters = set(text)
    traditional = len(letters & _TRADITIONAL) > len(letters & _SIMPLIFIED)
    own = {"tw", "hk", "mo", "hant"}
    fitting = (tag for tag in locales if script_written(tag) == "han"
               and bool(own & set(tag.lower().split("-"))) == traditional)  # fmt: skip
    return next(fitting, "zh-TW" if traditional else "zh-CN")
