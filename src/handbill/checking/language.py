"""``language.*``: copy in another language or script than its order asks for."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from handbill.channels.units import find_links
from handbill.checking.view import CopyView, blocked, warned
from handbill.domain.brief import Brief, same_language
from handbill.domain.finding import Finding
from handbill.facts import script_of_locale
from handbill.facts.scripts import script_of_letter

_FUNCTION_WORDS = Path(__file__).with_name("function_words.toml")
# Fields of names, slugs and tags belong to no language.
_NAMES_ALONE = {"hashtags", "path1", "path2", "tags_total", "link", "display.address"}
_FEWEST_LETTERS = 12
_SURE_CHARS = 40
_SURE_WORDS = 3
_FOREIGN_SHARE = 0.5
_KANA_SHARE = 0.05
_DENSE = {"Hani", "Jpan", "Hang"}
# Letters of everyday Chinese that Japanese does not write.
_CHINESE = re.compile(
    r"[的了吗吧呢们这那您你她它哪怎么没说让给还为来对时会过经动头从两现实间开关]"
)


def check_language(view: CopyView) -> Iterator[Finding]:
    """Texts in a foreign script block; a foreign Latin language blocks where it is sure."""
    names = _names(view)
    for field, text in view.texts():
        if field not in _NAMES_ALONE:
            yield from _of_text(field, text, view.locale, names)


def check_translation(view: CopyView) -> Iterator[Finding]:
    """The row says nothing in this language: the copy can only hold names and facts."""
    brief, locale = view.brief, view.locale
    lacking = [name for name in ("description", "benefits") if _lacks(brief, name, locale)]
    if lacking and not any(brief.text(name, locale) for name in ("description", "benefits")):
        columns = " and ".join(f"{name}.{locale}" for name in lacking)
        message = f"the row has no texts in {locale!r}; add the columns {columns}"
        yield warned("language.untranslated", message)
    for name in ("must_say",):
        if _lacks(brief, name, locale):
            message = f"the row's {name} has no {locale!r} version; add the column {name}.{locale}"
            yield warned("language.must_say_untranslated", message)
    if _lacks(brief, "offer", locale) and "offer" not in view.facts:
        message = f"the offer {brief.offer!r} is not understood well enough to be said in"
        message += f" {locale!r}; add the column offer.{locale}"
        yield warned("language.offer_untranslated", message)


def language_of(text: str, wanted: str = "") -> str:
    """The Latin language that `text` is surely in, or empty.

    Args:
        text: a line or more; short ones are seldom sure.
        wanted: the language that it should be in; nothing of that language in a text makes two
            small words of another one enough.
    """
    hits = _hits(text)
    best = max(hits, key=lambda tag: (hits[tag], tag == wanted, tag))
    others = max((count for tag, count in hits.items() if tag != best), default=0)
    expected = hits.get(wanted, others)
    if best == wanted:
        return wanted if hits[best] > others else ""
    sure = hits[best] >= _SURE_WORDS and hits[best] > expected + expected // 2
    lone = hits[best] >= _SURE_WORDS - 1 and expected == 0
    return best if sure or lone else ""


def _hits(text: str) -> dict[str, int]:
    """How many different small words and telling letters of each language a text holds."""
    plain = text.casefold().replace("’", "'")
    words = set(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", plain))
    return {
        tag: len(words & known) + sum(1 for letter in letters if letter in plain)
        for tag, (known, letters) in _known_words().items()
    }


@cache
def _known_words() -> Mapping[str, tuple[frozenset[str], str]]:
    tables = tomllib.loads(_FUNCTION_WORDS.read_text("utf-8"))
    return {
        tag: (frozenset(table["words"].split()), table["letters"]) for tag, table in tables.items()
    }


def _of_text(field: str, text: str, locale: str, names: re.Pattern[str]) -> Iterator[Finding]:
    plain = names.sub(" ", _without_links(text))
    wanted = script_of_locale(locale)
    scripts = _weights(plain)
    weight = sum(scripts.values())
    foreign = weight - scripts[wanted] - (scripts["Hani"] if wanted == "Jpan" else 0)
    if foreign > _FOREIGN_SHARE * weight or _wrong_kana(wanted, scripts, plain):
        if weight >= _FEWEST_LETTERS:
            yield blocked("language.wrong_script", f"{text!r} is not written in {locale!r}", field)
    elif wanted == "Latn":
        yield from _latin(field, text, plain, locale)


def _latin(field: str, text: str, plain: str, locale: str) -> Iterator[Finding]:
    wanted = locale.split("-", maxsplit=1)[0].lower()
    if wanted not in _known_words():
        return
    found = language_of(plain, wanted)
    if found and not same_language(found, locale):
        sure = len(_without_links(text).strip()) >= _SURE_CHARS
        message = f"{text!r} reads as {found!r}, not as {locale!r}"
        yield (blocked if sure else warned)("language.wrong_language", message, field)


def _weights(text: str) -> Counter[str]:
    """How much each script says: a letter of a dense script says as much as two others."""
    weights = Counter[str]()
    for letter in text:
        if script := script_of_letter(letter):
            weights[script] += 2 if script in _DENSE else 1
    return weights


def _wrong_kana(wanted: str, scripts: Counter[str], text: str) -> bool:
    """Chinese with kana is Japanese; a Japanese sentence without any is Chinese."""
    if wanted == "Hani":
        return scripts["Jpan"] > _KANA_SHARE * sum(scripts.values())
    if wanted != "Jpan" or scripts["Jpan"]:
        return False
    return scripts["Hani"] >= 4 * _FEWEST_LETTERS or bool(_CHINESE.search(text))


def _lacks(brief: Brief, name: str, locale: str) -> bool:
    return bool(getattr(brief, name)) and not brief.text(name, locale)


def _without_links(text: str) -> str:
    for link in reversed(find_links(text)):
        text = f"{text[: link.start]} {text[link.end :]}"
    return re.sub(r"[#@][\w.]+", " ", text)


def _names(view: CopyView) -> re.Pattern[str]:
    """Names, whole or a word of them, and texts that must be said stay as they are."""
    brief, kit = view.brief, view.kit
    voice = kit.account(view.order.account)
    names = [brief.product, brief.name_in(view.locale), brief.vendor, kit.name, brief.store_name]
    names += [brief.store_address, voice.display_name, voice.store_name, voice.store_address]
    names += [view.facts.get(name, "") for name in ("product", "brand", "store_address")]
    words = [word for name in names for word in re.findall(r"[^\W\d_]{2,}", name)]
    lines = [kit.tagline_in(view.locale), kit.legal_in(view.locale)]
    lines += brief.lines("must_say", view.locale)
    known = {name for name in (*names, *lines, *words) if name.strip()}
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    pattern = "|".join(re.escape(name) for name in longest_first) or r"(?!)"
    return re.compile(rf"(?:{pattern})(?!(?-i:[a-z]))", re.IGNORECASE)
