"""Orders and copies for tests of the rules."""

from __future__ import annotations

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from handbill.channels import load_catalogue
from handbill.checking import check_copy
from handbill.domain.brandkit import AccountVoice, BrandKit, Palette, Typeface
from handbill.domain.brief import Brief, SourceRow
from handbill.domain.campaign import Campaign
from handbill.domain.copy import Copy, DisplayText
from handbill.domain.finding import Finding, Severity
from handbill.domain.money import Price
from handbill.domain.order import Order
from handbill.domain.plan import plan_orders
from handbill.facts import facts_of

KIT = BrandKit(
    name="Harbour Tea",
    palette=Palette(primary="#1d4e4a", secondary="#e07a3f", ink="#1c2321", paper="#fbf7ef"),
    heading=Typeface(family="Poppins", weight=700),
    body=Typeface(family="Poppins"),
    url="https://harbour-tea.example",
    accounts={"north": AccountVoice(name="north", handle="harbour.north")},
)
BRIEF = Brief(
    id="1",
    slug="spring-green",
    source=SourceRow(file="briefs.csv", row=2),
    language="en",
    product="Spring Green Tea",
    description="First flush, picked in April. A tin of 80 g makes about 40 cups.",
    benefits=("From one garden", "Dried the same night"),
    offer="20% off your first order",
    price=Price(Decimal("19.90"), "EUR"),
    compare_at_price=Price(Decimal("24.90"), "EUR"),
    url="https://harbour-tea.example/spring",
    ends_on=date(2026, 5, 31),
    store_phone="+49 40 123 456",
    store_address="Kai 3, 20457 Hamburg",
    translations={
        "description": {
            "zh-CN": "头采春茶，四月采摘。每罐80克，约可冲泡40杯。",
            "de": "Erste Ernte aus dem April.",
        },
        "benefits": {"zh-CN": "单一茶园\n当夜烘干"},
    },
)


def order_for(
    placement: str = "facebook.post",
    locale: str = "en",
    *,
    kit: BrandKit = KIT,
    account: str = "",
    **changes: Any,
) -> Order:
    """One order of `BRIEF`, changed by `changes`."""
    campaign = Campaign(
        name="Spring",
        folder="/campaigns/spring",
        sheet="briefs.csv",
        placements=(placement,),
        locales=(locale,),
        accounts=(account,),
    )
    brief = dataclasses.replace(BRIEF, **changes)
    known = {placement: load_catalogue().placement(placement)}
    return plan_orders(campaign, kit, [brief], known).orders[0]


def findings_of(  # noqa: PLR0913 - every part of an order can be set apart
    text: str = "Good tea.",
    placement: str = "facebook.post",
    locale: str = "en",
    *,
    texts: dict[str, tuple[str, ...]] | None = None,
    kit: BrandKit = KIT,
    account: str = "",
    display: DisplayText | None = None,
    hashtags: tuple[str, ...] = (),
    alt_text: str = "",
    speech: tuple[str, ...] = (),
    **changes: Any,
) -> tuple[Finding, ...]:
    """What the rules find in one copy; `text` goes into the placement's first written field."""
    order = order_for(placement, locale, kit=kit, account=account, **changes)
    field = next(iter(order.placement.written_texts), "")
    copy = Copy(
        order_key=order.key,
        locale=locale,
        framework="plain",
        texts=texts if texts is not None else {field: (text,)},
        display=display or DisplayText(headline="Spring Green Tea"),
        hashtags=hashtags,
        alt_text=alt_text,
        speech=speech,
    )
    return check_copy(copy, order, kit, facts_of(order.brief, kit, locale, account))


def codes_of(findings: tuple[Finding, ...]) -> set[str]:
    """The codes of the findings."""
    return {finding.code for finding in findings}


def blocking_codes(findings: tuple[Finding, ...]) -> set[str]:
    """The codes of those that block."""
    return {finding.code for finding in findings if finding.severity is Severity.BLOCK}
