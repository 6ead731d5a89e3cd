"""Where a line may break: phrases of Japanese and Chinese, whole words of Korean, bound pairs."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

_ZERO_WIDTH_SPACE = "\u200b"
_WORD_JOINER = "\u2060"
_NO_BREAK_SPACE = "\u00a0"
_RLI, _PDI = "\u2067", "\u2069"

_RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur", "ps", "yi"})
_NUMBER_AND_UNIT = re.compile(r"(\d) (?=[%€$£¥₹°×]|(?:ml|cl|l|g|kg|cm|mm|m|km|h|min|Uhr)\b)")
_CURRENCY_AND_NUMBER = re.compile(r"([€$£¥₹]|\b[A-Z]{3}) (?=\d)")
_SPACE_BEFORE_MARK = re.compile(r" (?=[?!:;»–—]|[\U0001F000-\U0001FAFF\u2600-\u27BF])")
_SHORT_LAST_WORD = re.compile(r"(?<= \w\w\w) (?=\S{1,2}$)|(?<=\w\w\w\w) (?=\S{1,3}$)")
_CLAUSE_END = re.compile(r"(?<=[，。、！？；：,!?;:])(?=[^\s，。、！？；：])")
_SENTENCE_END = re.compile(r"(?<=[.!?:…؟।]) (?=\S)")
# A date in Chinese or Japanese stays on one line; and what the model cuts a Chinese phrase at
# belongs together: particles to what stands before them, 上周 and its like to each other.
_FIGURE = r"\d〇零一二三四五六七八九十"
_DATE_TORN = re.compile(rf"[{_FIGURE}][{_FIGURE}\u200b]*[年月](?:[{_FIGURE}\u200b]+[月日号號])*")
_TRAILING = frozenset("的了吗呢吧过着们嘛呀啊地得")
_LEADING_TOO = frozenset("地得过着了")  # 地铁, 得到, 过年: only alone are these particles
_HAN_PAIRS = frozenset(
    {"上周", "下周", "本周", "上月", "下月", "每天", "每周", "每月", "今天", "明天"}
)
_KANA_JOINTS = frozenset({"という", "といっ", "といえ"})
_HANGUL_PAIR = re.compile(r"(?<=[\uac00-\ud7a3\d])(?=[\uac00-\ud7a3\u3131-\u318e.,!?%])")
_NUMBER_AND_WORD = re.compile(r"(?<=\d) (?=[^\W\d_])|(?<=\d\.) (?=[^\W\d_])")
_NUMBER_AND_HYPHEN = re.compile(r"(?<=\d-)(?=[^\W\d_])|(?<=[^\W\d_]-)(?=\d)")
_WITHIN = re.compile(r"(?<=[^\s\u2060])(?=[^\s\u2060])")
_THAI_WITHIN = re.compile(r"(?<=[\u0e01-\u0e3a\u0e45-\u0e4f])(?=[\u0e01-\u0e2e\u0e40-\u0e44])")
_KANA = re.compile(r"[\u3040-\u30ff]")
_THAI = re.compile(r"[\u0e01-\u0e5b]")
_UNSPACED = re.compile(r"[\u0e01-\u0e5b\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_HAN_OR_KANA = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def is_rtl(locale: str) -> bool:
    """Whether text of `locale` runs from right to left."""
    return locale.replace("_", "-").split("-", maxsplit=1)[0].lower() in _RTL_LANGUAGES


def breakable(text: str, locale: str) -> str:
    """`text` with the joints that may not break bound, and phrase breaks marked.

    The result looks the same; only characters without ink are added.
    """
    bound = _NUMBER_AND_UNIT.sub(rf"\1{_NO_BREAK_SPACE}", text)
    bound = _CURRENCY_AND_NUMBER.sub(rf"\1{_NO_BREAK_SPACE}", bound)
    bound = _SPACE_BEFORE_MARK.sub(_NO_BREAK_SPACE, bound)
    bound = _SHORT_LAST_WORD.sub(_NO_BREAK_SPACE, bound)
    language = locale.split("-", maxsplit=1)[0]
    if language in {"ja", "zh"} and _HAN_OR_KANA.search(bound):
        return _phrases(bound, locale)
    return _HANGUL_PAIR.sub(_WORD_JOINER, bound) if language == "ko" else bound


def phrases_of(run: str) -> list[str]:
    """A run of Chinese, Japanese or Thai in phrases that belong together."""
    if _THAI.search(run):
        return list(_parser("th").parse(run))
    language = "ja" if _KANA.search(run) else "zh"
    if not _HAN_OR_KANA.search(run):
        return [run]
    return _phrases(run, language).replace(_WORD_JOINER, "").split(_ZERO_WIDTH_SPACE)


def by_clause(text: str, locale: str) -> str:
    """Chinese and Japanese `text` that may break after punctuation alone; else empty."""
    language = locale.split("-", maxsplit=1)[0]
    if language not in {"ja", "zh"} or not _HAN_OR_KANA.search(text):
        return ""
    clauses = _CLAUSE_END.split(text)
    return _ZERO_WIDTH_SPACE.join(_glued(clause) for clause in clauses) if clauses[1:] else ""


def by_sentence(text: str, most_chars: int) -> str:
    """`text` in which sentences of at most `most_chars` keep to one line each; else empty.

    For scripts with spaces: ``One hour. One fixed price.`` breaks after ``hour.`` alone.
    """
    sentences = _SENTENCE_END.split(text)
    if len(sentences) < 2 or _HAN_OR_KANA.search(text):
        return ""
    return " ".join(
        one.replace(" ", _NO_BREAK_SPACE) if len(one) <= most_chars else one for one in sentences
    )


def kept_whole(text: str, names: Sequence[str]) -> str:
    """`text` in which no run that one of `names` holds too is torn, nor a number off its noun.

    Of scripts with spaces runs of two words or more are meant, of the others runs of two letters.
    """
    parts, place = [], 0
    lowered, wanted = text.lower(), [name.lower() for name in names]
    while place < len(text):
        length = _run_length(lowered, place, wanted) if len(lowered) == len(text) else 0
        run = text[place : place + max(1, length)]
        parts.append(_unbroken(run) if length else run)
        place += len(run)
    held = _NUMBER_AND_WORD.sub(_NO_BREAK_SPACE, "".join(parts))
    return _NUMBER_AND_HYPHEN.sub(_WORD_JOINER, held)


def is_torn(text: str, place: int, names: Sequence[str]) -> bool:
    """Whether a line that ends after `place` characters of `text` tears one of `names`."""
    held = kept_whole(text, names)
    at = next(
        at for at in range(len(held) + 1) if len(held[:at].replace(_WORD_JOINER, "")) >= place
    )
    return held[at : at + 1] in (_WORD_JOINER, _NO_BREAK_SPACE)


def by_space(text: str) -> str:
    """Thai `text` that may break at its spaces alone; else empty."""
    if not _THAI.search(text) or " " not in text.strip():
        return ""
    return _THAI_WITHIN.sub(_WORD_JOINER, text)


def _run_length(text: str, place: int, names: Sequence[str]) -> int:
    """How long a run of one of `names` begins at `place`; 0 for none worth keeping."""
    if text[place].isspace() or _inside_word(text, place):
        return 0
    for end in range(len(text), place + 1, -1):
        run = text[place:end]
        worth = " " in run or "-" in run or _UNSPACED.search(run)
        whole = not run[-1].isspace() and not _inside_word(text, end)
        if worth and whole and any(run in name for name in names):
            return len(run)
    return 0


def _inside_word(text: str, place: int) -> bool:
    """Whether a word of a script with spaces goes on over `place`."""
    around = text[max(0, place - 1) : place + 1]
    return len(around) == 2 and around.isalnum() and not _UNSPACED.search(around)


def _unbroken(run: str) -> str:
    if _THAI.search(run):
        return _THAI_WITHIN.sub(_WORD_JOINER, run).replace(" ", _NO_BREAK_SPACE)
    joined = _WITHIN.sub(_WORD_JOINER, run) if _HAN_OR_KANA.search(run) else run
    return joined.replace("-", f"-{_WORD_JOINER}").replace(" ", _NO_BREAK_SPACE)


def directed(text: str, locale: str) -> str:
    """`text` isolated from right to left where the locale is written so."""
    return f"{_RLI}{text}{_PDI}" if is_rtl(locale) else text


def upper(text: str, locale: str) -> str:
    """`text` in capitals where the script has them; Turkish and German by their own rules."""
    if locale.startswith(("tr", "az")):
        text = text.replace("i", "İ").replace("ı", "I")
    return text.replace("ß", "ẞ").upper() if text.upper() != text else text


def _phrases(text: str, locale: str) -> str:
    parser = _parser("zh-hant" if re.search("hant|tw|hk", locale.lower()) else locale[:2])
    found = _held(parser.parse(text.replace(_WORD_JOINER, "")), _joints(text))
    phrases = [piece for phrase in found for piece in _CLAUSE_END.split(phrase)]
    marked = _ZERO_WIDTH_SPACE.join(_joined(phrases))
    whole = _DATE_TORN.sub(lambda date: date.group().replace(_ZERO_WIDTH_SPACE, ""), marked)
    return _ZERO_WIDTH_SPACE.join(_glued(phrase) for phrase in whole.split(_ZERO_WIDTH_SPACE))


def _joints(text: str) -> set[int]:
    """Where `text` is held together, as places of it without the joiners."""
    parts = text.split(_WORD_JOINER)
    return set(itertools.accumulate(len(part) for part in parts[:-1]))


def _held(phrases: list[str], joints: set[int]) -> list[str]:
    """Phrases put together again where they were cut at a joint, or within a word of Latin."""
    held: list[str] = []
    place = 0
    for phrase in phrases:
        seam = held[-1][-1] + phrase[0] if held else ""
        if place in joints or (seam.isascii() and seam.isalnum()):
            held[-1:] = ["".join((*held[-1:], phrase))]
        else:
            held.append(phrase)
        place += len(phrase)
    return held


def _joined(phrases: list[str]) -> list[str]:
    """Phrases of a single character joined to what follows: the model splits 每|一|天."""
    joined: list[str] = []
    for phrase in _apart(phrases):
        trails = phrase[0] in _TRAILING and (len(phrase) == 1 or phrase[0] not in _LEADING_TOO)
        if joined and (len(joined[-1]) == 1 or trails):
            joined[-1] += phrase
        else:
            joined.append(phrase)
    if len(joined) > 1 and len(joined[-1].rstrip("，。、！？!?")) == 1:
        joined[-2:] = ["".join(joined[-2:])]
    return joined


def _apart(phrases: list[str]) -> list[str]:
    """Phrases with pairs that the model tore (喝上|周) put together again (喝|上周)."""
    mended = list(phrases)
    for place in range(1, len(mended)):
        before, after = mended[place - 1], mended[place]
        if before[-1:] + after[:1] in _HAN_PAIRS or before[-1:] + after[:2] in _KANA_JOINTS:
            mended[place - 1], mended[place] = before[:-1], before[-1] + after
    return [phrase for phrase in mended if phrase]


def _glued(phrase: str) -> str:
    """`phrase` with no break inside, except at its spaces."""
    return _WITHIN.sub(_WORD_JOINER, phrase) if _HAN_OR_KANA.search(phrase) else phrase


@cache
def _parser(model: str) -> Any:
    import budoux  # noqa: PLC0415 - its models load in tens of milliseconds, for these scripts alone

    loaders = {
        "ja": budoux.load_default_japanese_parser,
        "th": budoux.load_default_thai_parser,
        "zh": budoux.load_default_simplified_chinese_parser,
        "zh-hant": budoux.load_default_traditional_chinese_parser,
    }
    return loaders[model]()
