"""Rows in six languages, written whole by the house, ready to be measured and read."""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from handbill.channels import load_catalogue
from handbill.domain.brandkit import BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.campaign import Campaign
from handbill.domain.copy import Copy, Draft
from handbill.domain.finding import Finding
from handbill.domain.money import Price
from handbill.domain.order import Order
from handbill.domain.plan import plan_orders
from handbill.facts import facts_of, spoken_facts_of
from handbill.prompting import fill_draft
from handbill.providers.house import HouseCopy
from handbill.providers.ports import CopyRequest

ROWS = Path(__file__).resolve().parent.parent / "data" / "house_briefs.toml"
LOCALES = ("en", "zh-CN", "es", "de", "ja", "ar")
KIT = BrandKit(
    name="Harbour Lane",
    palette=Palette(primary="#1d3b53", secondary="#e4a84b", ink="#101820", paper="#fbf7ef"),
    heading=Typeface(family="Poppins"),
    body=Typeface(family="Poppins"),
    hashtags=("#HarbourLane",),
    url="https://harbourlane.example/shop",
    legal=MappingProxyType({"*": "© Harbour Lane"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One order, its draft and what became of it."""

    order: Order
    draft: Draft
    copy: Copy
    findings: tuple[Finding, ...]
    facts: Mapping[str, str]

    @property
    def main_text(self) -> str:
        """The longest text."""
        return max((text for texts in self.copy.texts.values() for text in texts), key=len)


@cache
def rows() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(ROWS.read_text(encoding="utf-8"))["row"])


def briefs_in(locale: str) -> tuple[Brief, ...]:
    """Twenty briefs whose own language is `locale`."""
    return tuple(_brief(number, row, locale) for number, row in enumerate(rows(), start=2))


def _brief(number: int, row: Mapping[str, Any], locale: str) -> Brief:
    language = locale.split("-", maxsplit=1)[0]
    was = row.get("was", "")
    ends: date | None = row.get("ends_on")
    return Brief(
        id=f"row-{number}",
        slug=f"row-{number}",
        source=SourceRow(file="house_briefs.toml", row=number),
        language=locale,
        product=row["name"][language],
        description=row.get("text", {}).get(language, ""),
        benefits=tuple(row.get("benefits", {}).get(language, ())),
        offer=row.get("offer", {}).get(language, ""),
        audience=row.get("audience", {}).get(language, ""),
        tone=row.get("tone", ""),
        price=Price(Decimal(row["price"]), "EUR"),
        compare_at_price=Price(Decimal(was), "EUR") if was else None,
        ends_on=ends,
        store_name="Harbour Lane Store" if row.get("store") else "",
        store_address="Quay Street 4" if row.get("store") else "",
    )


def write(
    briefs: Iterable[Brief],
    locale: str,
    placements: Sequence[str] = (),
    *,
    variants: int = 3,
    kit: BrandKit = KIT,
    seed: int = 7,
) -> list[Written]:
    """Every order of `briefs` in `locale`, written and filled."""
    catalogue = load_catalogue()
    chosen = {name: catalogue.placement(name) for name in placements or catalogue.made_ids}
    campaign = Campaign(
        name="Reading",
        folder="/campaign",
        sheet="/campaign/rows.csv",
        placements=tuple(chosen),
        locales=(locale,),
        variants=variants,
        seed=seed,
    )
    orders = plan_orders(campaign, kit, briefs, chosen).orders
    by_creative = sorted(orders, key=lambda order: order.creative_key)
    written: list[Written] = []
    for _, group in groupby(by_creative, key=lambda order: order.creative_key):
        written += answer(tuple(group), kit)
    places = {order.key: at for at, order in enumerate(orders)}
    return sorted(written, key=lambda each: places[each.order.key])


def answer(orders: tuple[Order, ...], kit: BrandKit = KIT) -> list[Written]:
    """The house's answer to one request, filled."""
    request = request_for(orders, kit)
    facts = request.facts
    drafts = asyncio.run(HouseCopy().write_copy(request)).drafts
    found = []
    for order in orders:
        copy, findings = fill_draft(drafts[order.key], facts, order.locale)
        found.append(
            Written(
                order=order, draft=drafts[order.key], copy=copy, findings=findings, facts=facts
            )
        )
    return found


def request_for(orders: tuple[Order, ...], kit: BrandKit = KIT) -> CopyRequest:
    """What the press would ask for these orders of one creative."""
    first = orders[0]
    facts = facts_of(first.brief, kit, first.locale, first.account)
    spoken = spoken_facts_of(first.brief, kit, first.locale, first.account)
    return CopyRequest(
        brief=first.brief,
        kit=kit,
        locale=first.locale,
        account=first.account,
        audience=first.audience,
        variant=first.variant,
        seed=first.seed,
        orders=orders,
        facts={**facts, **{f"spoken_{name}": text for name, text in spoken.items()}},
    )


def renamed(brief: Brief, name: str) -> Brief:
    """`brief` with another product."""
    return replace(brief, product=name)


# A letter of a script without spaces between words counts as a word.
_WORD = re.compile(r"[\u3005-\u30ff\u3400-\u9fff]|[^\W\u3005-\u30ff\u3400-\u9fff]+(?:['’]\w+)?")


def tokens(text: str) -> list[str]:
    """Words, or letters where words have no spaces between them."""
    return _WORD.findall(text.casefold())


def grams(text: str, length: int) -> list[tuple[str, ...]]:
    """Runs of `length` tokens."""
    words = tokens(text)
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]


def distinct_2(texts: Iterable[str]) -> float:
    """Share of different bigrams among all bigrams of the texts."""
    pairs = [pair for text in texts for pair in grams(text, 2)]
    return len(set(pairs)) / len(pairs)


def closest(texts: Sequence[str]) -> tuple[float, str, str]:
    """The two texts that share most trigrams: their Jaccard index, and both texts."""
    sets = [set(grams(text, 3)) or set(grams(text, 1)) for text in texts]
    best = (0.0, "", "")
    for at, one in enumerate(sets):
        for other_at in range(at):
            other = sets[other_at]
            index = len(one & other) / max(1, len(one | other))
            if index > best[0]:
                best = (index, texts[at], texts[other_at])
    return best
