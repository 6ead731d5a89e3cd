"""Whose money it is: budgets from the campaign, its rows, its providers and the day."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

import pytest

from handbill.domain.campaign import Campaign, ProviderChoice
from handbill.errors import SettingsError
from handbill.press.prices import cost_micros
from handbill.press.purse import open_purse
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
OWN = PriceTerms(usd_per=MappingProxyType({"input_tokens": 2e-6, "call": 0.01}))
CACHED = PriceTerms(usd_per=MappingProxyType({"input_tokens": 1e-5, "cache_read_tokens": 1e-6}))
CASES: list[tuple[str, dict[str, int], PriceTerms, int | None]] = [
    # 0.511 USD for a thousand briefs, half of it in batches.
    ("gpt-6-luna", BRIEF, OPENAI, 511),
    ("gpt-6-luna", BRIEF, replace(OPENAI, processing="batch"), 256),
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


def test_a_vendors_own_statement_of_cost_is_believed() -> None:
    assert cost_micros("any", used(cost=77), PriceTerms(), NOON) == 77
