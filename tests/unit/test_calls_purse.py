"""Whose money it is: budgets from the campaign, its rows, its providers and the day."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest

from handbill.domain.campaign import Campaign, ProviderChoice
from handbill.errors import SettingsError
from handbill.press.prices import cost_micros
from handbill.press.purse import open_purse
from handbill.providers.openai.answers import read_usage
from handbill.providers.ports import PriceTerms, Usage
from handbill.settings import read_settings
from tests.doubles.asks import a_brief

NOON = 1_800_000_000.0
OPENAI = PriceTerms(vendor="openai")


def test_every_budget_finds_its_cap() -> None:
    choice = ProviderChoice(name="openai", parameters=MappingProxyType({"budget_usd": 3}))
    campaign = Campaign(
        name="C",
        folder="/",
        sheet="/s",
        placements=(),
        locales=(),
        budget_usd=Decimal("20.5"),
        providers=MappingProxyType({"copy": choice, "image": replace(choice, name="other")}),
    )
    briefs = [replace(a_brief(1), budget_usd=Decimal("0.25")), a_brief(2)]
    purse = open_purse(campaign, briefs, on_uncertain="hold", day_usd=Decimal(7))
    caps = purse.caps("b1")
    assert (caps.campaign, caps.row, caps.day) == (20_500_000, 250_000, 7_000_000)
    assert dict(caps.providers) == {"openai": 3_000_000, "other": 3_000_000}
    assert purse.caps("b2").row is None


def test_settings_of_money_are_read_and_refused() -> None:
    settings = read_settings({"HANDBILL_ON_UNCERTAIN": "resend", "HANDBILL_DAY_BUDGET_USD": "2.5"})
    assert (settings.on_uncertain, settings.day_budget_usd) == ("resend", Decimal("2.5"))
    for name, value in (
        ("HANDBILL_ON_UNCERTAIN", "maybe"),
        ("HANDBILL_DAY_BUDGET_USD", "much"),
        ("HANDBILL_DAY_BUDGET_USD", "-1"),
        ("HANDBILL_DAY_BUDGET_USD", "NaN"),
        ("HANDBILL_TEST_FAILPOINT", "now"),
    ):
        with pytest.raises(SettingsError, match=value):
            read_settings({name: value})


def used(cost: int | None = None, **units: int) -> Usage:
    return Usage(units=MappingProxyType(units), cost_usd_micros=cost)


BRIEF = {"input_tokens": 1600, "cache_read_tokens": 1100, "output_tokens": 900}
PICTURE = {"input_tokens": 50, "input_text_tokens": 50, "output_tokens": 400}
PICTURE["output_image_tokens"] = 400
EDIT = PICTURE | {"input_tokens": 1050, "input_image_tokens": 1000}
CACHED_EDIT = EDIT | {"cache_read_tokens": 500, "cache_image_read_tokens": 450}
OWN = PriceTerms(usd_per=MappingProxyType({"input_tokens": 2e-6, "call": 0.01}))
CACHED = PriceTerms(usd_per=MappingProxyType({"input_tokens": 1e-5, "cache_read_tokens": 1e-6}))
CASES: list[tuple[str, dict[str, int], PriceTerms, int | None]] = [
    # 0.511 USD for a thousand briefs, half of it in batches.
    ("gpt-6-luna", BRIEF, OPENAI, 511),
    ("gpt-6-luna", BRIEF, replace(OPENAI, processing="batch"), 256),
    ("gpt-6-luna", BRIEF, replace(OPENAI, service_tier="flex"), 256),
    ("gpt-6-luna", BRIEF, replace(OPENAI, service_tier="priority"), 1022),
    ("gpt-image-2.5-flare", PICTURE, OPENAI, 12_250),
    ("gpt-image-2.5-flare", PICTURE, replace(OPENAI, processing="batch"), 6125),
    # 50 words at 5 USD, 1,000 tokens of a picture at 8, 400 of one that came out at 30, a million.
    ("gpt-image-2.5-flare", EDIT, OPENAI, 20_250),
    # 450 of the picture's tokens at 2 and 50 of the words at 1.25 came from the cache.
    ("gpt-image-2.5-flare", CACHED_EDIT, OPENAI, 17_363),
    ("tts-1", {"input_characters": 300}, OPENAI, 4500),
    # The list has this model and no price for these units: that is unknown, not free.
    ("gpt-4o-mini-tts", {"input_characters": 300}, OPENAI, None),
    ("a-model-of-mine", {"input_tokens": 5}, OPENAI, None),
    ("a-model-of-mine", {"input_tokens": 5}, PriceTerms(), None),
    ("a-model-of-mine", {}, PriceTerms(free=True), 0),
    ("any", {"input_tokens": 1000}, OWN, 12_000),
    ("any", {"input_tokens": 1000, "cache_read_tokens": 400}, CACHED, 6400),
]


@pytest.mark.parametrize(("model", "usage", "terms", "micros"), CASES)
def test_a_usage_has_its_price_or_none(
    model: str, usage: dict[str, int], terms: PriceTerms, micros: int | None
) -> None:
    assert cost_micros(model, used(**usage), terms, NOON) == micros


def test_the_tier_that_was_served_is_paid_and_not_the_one_that_was_asked_for() -> None:
    flex = replace(OPENAI, service_tier="flex")
    served = replace(used(None, **BRIEF), service_tier="default")
    assert cost_micros("gpt-6-luna", served, flex, NOON) == 511
    batch = replace(OPENAI, processing="batch")
    assert cost_micros("gpt-6-luna", served, batch, NOON) == 256


@pytest.mark.parametrize(
    ("details", "units"),
    [
        ({"cached_tokens_details": {"image_tokens": 450, "text_tokens": 50}}, CACHED_EDIT),
        # Nobody says which of the cached tokens were pictures: all count in full.
        ({}, EDIT),
    ],
)
def test_what_an_edit_of_a_picture_used(details: dict[str, object], units: dict[str, int]) -> None:
    put_in = {"text_tokens": 50, "image_tokens": 1000, "cached_tokens": 500, **details}
    usage: dict[str, object] = {
        "input_tokens": 1050,
        "output_tokens": 400,
        "input_tokens_details": put_in,
    }
    usage["output_tokens_details"] = {"image_tokens": 400}
    body = json.dumps({"usage": usage, "service_tier": "flex"}).encode()
    read = read_usage(body)
    assert (dict(read.units), read.service_tier) == (units | {"input_text_tokens": 50}, "flex")


def test_a_vendors_own_statement_of_cost_is_believed() -> None:
    assert cost_micros("any", used(cost=77), PriceTerms(), NOON) == 77
