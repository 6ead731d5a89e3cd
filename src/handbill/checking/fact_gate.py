"""``fact.*``: every number, date, price, address and contact must come from brief or brand.

Statements of the copy are compared with those of the brief, the kit and the facts that are worked
out of them. A wrong price is the one error that a marketer cannot forgive, so what is not there
is blocked, however small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from handbill.checking.number_words import PROMISES, SHARED
from handbill.checking.tokens import Token, address, tokens_in
from handbill.checking.view import CopyView, blocked
from handbill.domain.brandkit import BrandKit
from handbill.domain.brief import Brief
from handbill.domain.finding import Finding
from handbill.domain.money import Price
from handbill.domain.slots import SPOKEN
from handbill.facts.formats import format_price

# A bare number may repeat a measure or a price; what was a percentage stays one.
_SAID_BARE = {"money", "measure"}
_EXACT = {"email", "handle", "time"}
_PHONE_TAIL = 7


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be said, by kind.

    Attributes:
        bare: numbers that stand without a unit in the brief.
        typed: kind and number → currencies or units that it stands with.
        phrases: texts that may stand as they are and allow nothing more: the numbers of an
            address or of a spoken price are no facts of their own.
    """

    exact: set[tuple[str, str]] = field(default_factory=set)
    dates: dict[str, set[str]] = field(default_factory=dict)
    phones: set[str] = field(default_factory=set)
    urls: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    typed: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    phrases: set[str] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take every statement of `text` in."""
        for token in tokens_in(text):
            self._add(token)

    def without_phrases(self, text: str) -> str:
        """`text` without the phrases that may stand as they are."""
        for phrase in sorted(self.phrases, key=lambda phrase: (-len(phrase), phrase)):
            if phrase in text:
                # "6,5" must not be taken out of "6,50".
                whole = rf"(?<!\d)(?<!\d[.,]){re.escape(phrase)}(?!\d)(?![.,]\d)"
                text = re.sub(whole, " ", text)
        return text

    def add_price(self, price: Price | None) -> None:
        """A price may be said with its own currency, or with none when the row names none."""
        if price:
            amount = f"{price.amount.normalize():f}"
            self.typed.setdefault(("money", amount), set()).add(price.currency)
            self.add(format_price(price, "en"))

    def add_url(self, url: str) -> None:
        """An address may be said whole, without its query, or as its host alone."""
        plain = address(url)
        self.urls.update((plain, plain.split("?", 1)[0].rstrip("/")))
        self.urls.add(plain.split("?", 1)[0].split("/", 1)[0])

    def _add(self, token: Token) -> None:
        for reading in token.readings:
            if token.kind == "url":
                self.add_url(reading)
            elif token.kind == "phone":
                self.phones.add(reading)
            elif token.kind == "date":
                self.dates.setdefault(reading, set()).add(token.unit)
            elif token.kind in _EXACT:
                self.exact.add((token.kind, reading))
            elif token.kind == "number":
                self.bare.add(reading)
            else:
                self.typed.setdefault((token.kind, reading), set()).add(token.unit)

    def holds(self, token: Token) -> bool:
        """Whether a statement of the copy may be said."""
        return any(self._holds(token, reading) for reading in token.readings)

    def _holds(self, token: Token, reading: str) -> bool:
        if token.kind == "url":
            return reading in self.urls
        if token.kind == "phone":
            return any(_same_phone(reading, phone) for phone in self.phones)
        if token.kind == "date":
            years = self.dates.get(reading, set())
            return bool(years) and (not token.unit or token.unit in years)
        if token.kind in _EXACT:
            return (token.kind, reading) in self.exact
        return self._holds_amount(token, reading)

    def _holds_amount(self, token: Token, reading: str) -> bool:
        if reading in self.bare and token.unit not in PROMISES:
            return True
        if token.kind == "number":
            return any((kind, reading) in self.typed for kind in _SAID_BARE)
        units = self.typed.get((token.kind, reading))
        return units is not None and any(_same_unit(token.unit, unit) for unit in units)


def check_facts(view: CopyView) -> Iterator[Finding]:
    """Statements that are neither in the brief, nor in the kit, nor worked out of them."""
    allowed = allowed_facts(view.brief, view.kit, view.facts, view.order.account)
    language = view.locale.split("-", maxsplit=1)[0].lower()
    seen: set[tuple[str, str, str]] = set()
    for name, text in view.texts():
        for token in tokens_in(allowed.without_phrases(text), language):
            key = (name, token.kind, token.text)
            if key not in seen and not allowed.holds(token):
                seen.add(key)
                message = (
                    f"{token.text!r} is neither in the brief nor in the brand kit: {text!r};"
                    " correct the text, or add the fact to the row"
                )
                yield blocked(f"fact.{token.kind}", message, name)


def allowed_facts(
    brief: Brief, kit: BrandKit, facts: Mapping[str, str], account: str = ""
) -> Allowed:
    """Everything that a brief, a kit and the facts worked out of them say."""
    allowed = Allowed()
    written = [
        text for name, text in facts.items() if not name.startswith((SPOKEN, "store_address"))
    ]
    for text in (*_texts_of_brief(brief), *_texts_of_kit(kit, account), *written):
        allowed.add(text)
    allowed.phrases.update(_phrases(brief, kit, facts, account))
    for price in (brief.price, brief.compare_at_price):
        allowed.add_price(price)
    for day in (brief.starts_on, brief.ends_on):
        if day:
            allowed.dates.setdefault(f"{day.month:02d}-{day.day:02d}", set()).add(str(day.year))
    for url in (brief.url, kit.url, kit.account(account).url):
        if url:
            allowed.add_url(url)
    return allowed


def _texts_of_brief(brief: Brief) -> Iterable[str]:
    yield from (brief.product, brief.description, brief.category, brief.vendor, brief.offer)
    yield from (brief.cta, brief.audience, brief.store_name)
    yield from (brief.url, f"☎ {brief.store_phone}", *brief.benefits, *brief.keywords)
    yield from (*brief.must_say, *brief.extras.values())
    for by_locale in brief.translations.values():
        yield from by_locale.values()


def _phrases(brief: Brief, kit: BrandKit, facts: Mapping[str, str], account: str) -> Iterable[str]:
    yield from (text for name, text in facts.items() if name.startswith(SPOKEN))
    # A name is one thing, whatever its figures look like; addresses write it with hyphens.
    for name in (brief.product, facts.get("product", "")):
        if any(letter.isdigit() for letter in name):
            yield from (name, *_in_addresses(name))
    for line in (brief.store_address, kit.account(account).store_address):
        if line:
            yield line
            yield from (part.strip() for part in line.split(",") if part.strip())


def _in_addresses(name: str) -> Iterator[str]:
    """A name as paths write it, whole or shortened, but not to half of a number."""
    parts = re.sub(r"\W+", "-", name).strip("-").lower().split("-")
    yield "-".join(parts)
    for kept in range(len(parts) - 1, 0, -1):
        split = parts[kept - 1][-1:].isdigit() and parts[kept][:1].isdigit()
        short = "-".join(parts[:kept])
        if not split and re.search(r"[^\W\d]", short):
            yield short


def _texts_of_kit(kit: BrandKit, account: str) -> Iterable[str]:
    voice = kit.account(account)
    yield from (kit.name, kit.url, voice.display_name, voice.url, *kit.hashtags, *voice.hashtags)
    yield from (f"@{voice.handle.lstrip('@')}", voice.store_name)
    yield f"☎ {voice.store_phone}"
    yield from (*kit.tagline.values(), *kit.legal.values())
    for lines in kit.must_say.values():
        yield from lines


def _same_unit(one: str, other: str) -> bool:
    if not one or not other or one == other:
        return True
    return other in SHARED.get(one, ()) or one in SHARED.get(other, ())


def _same_phone(one: str, other: str) -> bool:
    """Equal numbers, with or without country code or leading zeros."""
    one, other = one.lstrip("0"), other.lstrip("0")
    short, long = sorted((one, other), key=len)
    return len(short) >= _PHONE_TAIL and long.endswith(short)
