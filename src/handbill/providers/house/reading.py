"""What one row offers a writer in one locale: facts, own words, kind, tone of voice."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from handbill.domain.brief import same_language
from handbill.domain.order import story_seed
from handbill.domain.slots import fill_slots
from handbill.providers.house.banks import TONES, Bank, Kind
from handbill.providers.house.sentences import points_of, sentences_of, starting_upper
from handbill.providers.ports import CopyRequest

_MOST_BENEFITS = 4
# Where neither brief nor brand names a tone, variants speak in different ones, none of them stiff.
_VOICES = ("", "warm", "playful", "plain", "bold")
# What people do about kinds of product that no basket takes; the others follow the row's facts.
_CTA_OF_KIND = {
    "service": "default_service",
    "stay": "default_service",
    "property": "contact_us",
    "place": "default_store",
    "software": "default_plain",
}
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One request, read.

    Attributes:
        story: the seed that all variants of the brief share.
        facts: the request's facts without empty ones.
        sentences: of the description in the locale; empty when the row has none in it.
        benefits: up to four, from the row or found in its description.
        kind: what sort of product, or None.
        tone: one of `banks.TONES`, or empty: the brief's, the account's or the brand's, else one
            that turns with the variant.
        cta: words of the button in the locale.
        never: what must not be said, casefolded.
        must: what must be said, as the brief and the brand want it.
        group: whether the offer is for several people together.
        visited: whether the place matters: the row itself names a shop, or people come for what
            it sells. A shop that only the account has is no news on a poster for a mug.
    """

    request: CopyRequest
    bank: Bank
    story: int
    facts: Mapping[str, str]
    sentences: tuple[str, ...]
    benefits: tuple[str, ...]
    kind: Kind | None
    tone: str
    cta: str
    never: tuple[str, ...]
    must: tuple[str, ...]
    group: bool
    visited: bool = False

    @property
    def variant(self) -> int:
        """The 1-based variant."""
        return self.request.variant

    def has(self, *slots: str) -> bool:
        """Whether every one of these facts is given."""
        return all(self.facts.get(slot) for slot in slots)

    def filled(self, text: str) -> str:
        """`text` as a reader will see it."""
        return fill_slots(text, self.facts)


def read_request(request: CopyRequest, bank: Bank, kinds: Sequence[Kind]) -> Reading:
    """Read a request; pure."""
    facts = {name: text for name, text in request.facts.items() if text.strip()}
    facts.setdefault("product", request.brief.name_in(request.locale))
    if request.audience and same_language(request.brief.language, request.locale):
        facts.setdefault("audience", request.audience)
    never = _never(request)
    sentences = _sentences(request, bank, never)
    kind = _kind(request, kinds)
    return Reading(
        request=request,
        bank=bank,
        story=story_seed(request.seed, request.variant),
        facts=facts,
        sentences=sentences,
        benefits=_benefits(request, bank, sentences, never),
        kind=kind,
        tone=_tone(request, bank),
        cta=_cta(request, bank, facts, kind),
        never=never,
        must=_must(request),
        group=_is_group(request, bank),
        visited=_is_visited(request, kind),
    )


def _never(request: CopyRequest) -> tuple[str, ...]:
    words = (*request.kit.never_say, *request.brief.never_say)
    return tuple(word.casefold().strip() for word in words if word.strip())


def _must(request: CopyRequest) -> tuple[str, ...]:
    language = request.locale.split("-", maxsplit=1)[0]
    by_locale = request.kit.must_say
    brand = by_locale.get(request.locale) or by_locale.get(language) or by_locale.get("*", ())
    return tuple(dict.fromkeys((*brand, *request.brief.lines("must_say", request.locale))))


def _sentences(request: CopyRequest, bank: Bank, never: Sequence[str]) -> tuple[str, ...]:
    text = request.brief.text("description", request.locale)
    return tuple(each for each in sentences_of(text, bank.style) if not said(each, never))


def said(text: str, never: Sequence[str]) -> bool:
    """Whether `text` says one of the words that must not be said (casefolded)."""
    folded = text.casefold()
    return any(word in folded for word in never)


def _benefits(
    request: CopyRequest, bank: Bank, sentences: Sequence[str], never: Sequence[str]
) -> tuple[str, ...]:
    own = request.brief.lines("benefits", request.locale)
    found = own or points_of(" ".join(sentences), bank.style)
    kept = [starting_upper(text.strip().rstrip(".。")) for text in found if not said(text, never)]
    return tuple(dict.fromkeys(text for text in kept if text))[:_MOST_BENEFITS]


def _kind(request: CopyRequest, kinds: Sequence[Kind]) -> Kind | None:
    brief = request.brief
    name = f" {brief.product} {brief.name_in(request.locale)} ".casefold()
    rest = f" {brief.category} {brief.text('category', request.locale)} ".casefold()
    scores = [(_score(kind, name) * 2 + _score(kind, rest), kind) for kind in kinds]
    best = max((score for score, _ in scores), default=0)
    if not best and brief.store_name and brief.store_name.casefold() == brief.product.casefold():
        return next((kind for kind in kinds if kind.name == "place"), None)
    return next((kind for score, kind in scores if score == best), None) if best else None


def _is_visited(request: CopyRequest, kind: Kind | None) -> bool:
    brief = request.brief
    if brief.store_name or brief.store_address:
        return True
    names = (brief.product, brief.name_in(request.locale))
    groups = (brief.category, brief.text("category", request.locale))
    text = f" {' '.join((*names, *groups))} ".casefold()
    return kind is not None and any(_holds(text, word.casefold()) for word in kind.visit)


def _score(kind: Kind, text: str) -> int:
    """Letters of the longest word of `kind` that `text` holds; Han and kana count double."""
    found = (word for word in kind.words if _holds(text, word.casefold()))
    return max((len(word) * (2 if _DENSE.search(word) else 1) for word in found), default=0)


def _holds(text: str, word: str) -> bool:
    if word not in text:
        return False
    if _DENSE.search(word):
        return True
    return re.search(rf"(?<!\w)(?:ال)?{re.escape(word)}(?:s|es|en|n)?(?!\w)", text) is not None


def _tone(request: CopyRequest, bank: Bank) -> str:
    account = request.kit.account(request.account).tone
    for text in (request.brief.tone, account, ", ".join(request.kit.tone)):
        if tone := _tone_in(text.casefold(), bank):
            return tone
    voices = list(_VOICES)
    Random(f"{story_seed(request.seed, request.variant)}:voices").shuffle(voices)
    return voices[(request.variant - 1) % len(voices)]


def _tone_in(text: str, bank: Bank) -> str:
    places = {
        tone: min(text.find(word) for word in (tone, *bank.tone_words[tone]) if word in text)
        for tone in TONES
        if any(word in text for word in (tone, *bank.tone_words[tone]))
    }
    return min(places, key=lambda tone: places[tone], default="")


def _cta(request: CopyRequest, bank: Bank, facts: Mapping[str, str], kind: Kind | None) -> str:
    if own := request.brief.text("cta", request.locale).strip():
        return own
    if known := _known_cta(request.brief.cta, bank):
        return known
    where = (
        _CTA_OF_KIND[kind.name]
        if kind and kind.name in _CTA_OF_KIND
        else "default_link"
        if facts.get("url")
        else "default_store"
        if facts.get("store_name")
        else "default_plain"
    )
    never = _never(request)
    choices = [text for text in bank.cta[where] if not said(text, never)] or bank.cta[where]
    return choices[story_seed(request.seed, 0) % len(choices)]


def _known_cta(text: str, bank: Bank) -> str:
    """Our words for a call to action that another language's bank knows by name."""
    key = _CTA_KEYS.get(text.strip().casefold().rstrip("!.！。"), "")
    return bank.cta[key][0] if key in bank.cta else ""


# Filled from every bank that is read: words of a button, casefolded → its name in the banks.
_CTA_KEYS: dict[str, str] = {}


def learn_cta(banks: Sequence[Bank]) -> None:
    """Know the buttons of all `banks`, so that one language's can be said in another."""
    for bank in banks:
        for key, texts in bank.cta.items():
            if not key.startswith("default_"):
                for text in texts:
                    _CTA_KEYS.setdefault(text.casefold(), key)


def _is_group(request: CopyRequest, bank: Bank) -> bool:
    offer = f"{request.brief.offer} {request.brief.text('offer', request.locale)}".casefold()
    return any(word in offer for word in bank.style.group_words)
