"""``language.*``: copy in another language or script than its order asks for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from handbill.channels.units import find_links
from handbill.checking.view import CopyView, blocked, warned
from handbill.domain.brief import Brief, same_language
from handbill.domain.finding import Finding
from handbill.facts import script_of_locale
from handbill.facts.scripts import script_of_letter

# Function words tell Latin languages apart; words that two of them share are left out.
_FUNCTION_WORDS: Mapping[str, str] = {
    "en": (
        "the and of to for with your you is are this that it from our we on by at be have has not "
        "more every when what where how which their they will can just its"
    ),
    "de": (
        "der die das und ist nicht mit für von dem den des ein eine einen einer im zum zur auf "
        "auch sich dein deine ihr ihre wir sie bei aus nach wie oder nur noch bis jetzt"
    ),
    "es": (
        "el la los las de y que en un una con por para tu su es del al lo como más pero este esta "
        "sin sobre ya tus sus nuestro nuestra desde hasta cada"
    ),
    "fr": (
        "le les des et est une dans pour avec sur vous votre nous que qui pas plus ce cette aux "
        "du au ces sont notre vos chez chaque"
    ),
    "it": (
        "il lo gli di e è che per con una del della dei delle nel nella sono più tuo tua suo "
        "non come anche ogni questo questa"
    ),
    "pt": (
        "o os as e é de do da dos das em no na que para com uma um não por mais seu sua você são "
        "como também cada este esta ao"
    ),
    "nl": (
        "het een en van de voor met op is niet zijn aan dat die deze jouw je ook bij naar nog wij "
        "onze elke"
    ),
}
_WORDS = {tag: frozenset(words.split()) for tag, words in _FUNCTION_WORDS.items()}
# Fields of names, slugs and tags belong to no language.
_NAMES_ALONE = {"hashtags", "path1", "path2", "tags_total", "link", "display.address"}
_FEWEST_LETTERS = 12
_SURE_CHARS = 40
_SURE_WORDS = 4
_FOREIGN_SHARE = 0.5
_KANA_SHARE = 0.05


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


def language_of(text: str) -> str:
    """The Latin language that `text` is surely in, or empty."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    hits = {tag: sum(1 for word in words if word in known) for tag, known in _WORDS.items()}
    best = max(hits, key=lambda tag: (hits[tag], tag))
    others = max(count for tag, count in hits.items() if tag != best)
    sure = hits[best] >= _SURE_WORDS and hits[best] >= others + max(2, others // 2)
    return best if sure else ""


def _of_text(field: str, text: str, locale: str, names: re.Pattern[str]) -> Iterator[Finding]:
    plain = names.sub(" ", _without_links(text))
    wanted, scripts = script_of_locale(locale), Counter[str]()
    for letter in plain:
        if script := script_of_letter(letter):
            scripts[script] += 1
    letters = sum(scripts.values())
    if letters < _FEWEST_LETTERS and not (wanted == "Latn" and scripts["Hani"]):
        return
    foreign = letters - scripts[wanted] - (scripts["Hani"] if wanted == "Jpan" else 0)
    if foreign > _FOREIGN_SHARE * letters or _wrong_kana(wanted, scripts, letters):
        message = f"{text!r} is not written in {locale!r}"
        severe = letters >= _FEWEST_LETTERS
        yield (blocked if severe else warned)("language.wrong_script", message, field)
    elif wanted == "Latn" and (found := language_of(plain)) and not same_language(found, locale):
        if locale.split("-", maxsplit=1)[0].lower() not in _WORDS:
            return
        sure = len(plain.strip()) >= _SURE_CHARS
        message = f"{text!r} reads as {found!r}, not as {locale!r}"
        yield (blocked if sure else warned)("language.wrong_language", message, field)


def _wrong_kana(wanted: str, scripts: Counter[str], letters: int) -> bool:
    """Chinese with kana is Japanese; a long Japanese text without any is Chinese."""
    if wanted == "Hani":
        return scripts["Jpan"] > _KANA_SHARE * letters
    return wanted == "Jpan" and not scripts["Jpan"] and scripts["Hani"] >= 2 * _FEWEST_LETTERS


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
    return re.compile(pattern, re.IGNORECASE)
