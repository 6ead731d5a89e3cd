from __future__ import annotations

import dataclasses

import pytest

from handbill.domain.plan import plan_orders
from handbill.errors import UserError
from handbill.press.docket import slice_orders
from handbill.press.request import parse_provider, pick_rows
from tests.doubles.small_plans import CAMPAIGN, KIT, SMS, brief


@pytest.mark.parametrize(
    ("rows", "picked"),
    [
        ("", ["a", "b", "c", "d"]),
        ("2", ["a", "b"]),
        ("2-3", ["b", "c"]),
        ("3 - 3", ["c"]),
        ("4-99", ["d"]),
        ("9", ["a", "b", "c", "d"]),
        ("7-9", []),
    ],
)
def test_rows_are_counted_from_one(rows: str, picked: list[str]) -> None:
    briefs = tuple(brief(name) for name in "abcd")
    assert [one.id for one in pick_rows(briefs, rows)] == picked


@pytest.mark.parametrize("rows", ["0", "-1", "3-1", "a", "1-b", "1,2", "²"])
def test_rows_that_name_nothing_are_refused(rows: str) -> None:
    with pytest.raises(UserError, match="does not name rows") as fault:
        pick_rows((), rows)
    assert fault.value.exit_code == 2


def test_a_provider_is_named_by_capability() -> None:
    assert parse_provider("copy=openai") == ("copy", "openai")


@pytest.mark.parametrize("text", ["copy", "copy=", "=house", "paint=house", ""])
def test_a_provider_without_capability_or_name_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="does not name a provider"):
        parse_provider(text)


def test_a_thousand_briefs_on_fourteen_placements_stay_below_two_hundred_task_runs() -> None:
    names = [f"channel.slot_{number}" for number in range(14)]
    campaign = dataclasses.replace(CAMPAIGN, placements=tuple(names), locales=("en",))
    placements = {name: dataclasses.replace(SMS, id=name) for name in names}
    briefs = (brief(f"p{number}") for number in range(1_000))
    orders = plan_orders(campaign, KIT, briefs, placements).orders
    slices = slice_orders(orders)
    assert sum(len(piece) for piece in slices) == 14_000
    around = 4  # take the order, read, pack, publish
    assert len(slices) + around <= 50
