"""Under which key an order's work is looked for, when the house and a vendor take turns."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from handbill.domain.campaign import ProviderChoice
from handbill.press.history import label_of
from handbill.press.refreshing import Refresher
from tests.doubles.small_plans import brief, plan

SOUND = ("voice", "music", "video")
ORDER = plan(brief()).orders[0]


def key_of(vendors: frozenset[str]) -> tuple[str, None]:
    return " ".join(sorted(vendors)) or "house", None


def record(*vendors: str, told: bool = True) -> dict[str, Any]:
    made = {name: ["openai", "m"] for name in vendors}
    facts = {"vendors": sorted(vendors), "modes": dict.fromkeys(vendors, "live")}
    return {"files": [], "made_by": made} | (facts if told else {})


def settled(
    last: tuple[str, ...] | None,
    now: tuple[str, ...],
    booked: dict[str, dict[str, Any]],
    *refresh: str,
) -> str:
    notes = {} if last is None else {" ".join(last): [label_of(ORDER)]}

    def recall(key: str) -> dict[str, Any] | None:
        known = booked.get(key)
        return known if known is not None or len(key) < 64 else {"vendors": notes}

    store = SimpleNamespace(recall=recall)
    campaign = SimpleNamespace(
        sheet="s.csv",
        provider=lambda name: ProviderChoice(name="openai" if name in now else "house"),
    )
    handle = SimpleNamespace(name="openai", models=dict.fromkeys(SOUND, "m"), mode="live")
    equipment: Any = SimpleNamespace(store=store, handle=lambda _: handle)
    docket: Any = SimpleNamespace(campaign=campaign, refresh=refresh)
    found = Refresher(equipment, docket, *SOUND).settle(ORDER, key_of)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("name", SOUND)
def test_what_was_packed_last_is_kept_both_ways_until_its_capability_is_refreshed(
    name: str,
) -> None:
    both = {"house": record(), name: record(name)}
    assert settled((), (name,), both) == "house"
    assert settled((name,), (), both) == name
    assert settled((), (name,), both, name) == name
    assert settled((name,), (), both, name) == "house"
    other = next(one for one in SOUND if one != name)
    assert settled((name,), (), both, other) == name


def test_what_is_new_changed_or_not_told_is_the_present_ones() -> None:
    assert settled(None, ("voice",), {"house": record()}) == "voice", "never packed"
    assert settled((), ("voice",), {}) == "voice", "changed"
    assert settled(("voice",), (), {"voice": record("voice", told=False)}) == "house"
    assert settled(("voice",), ("music",), {"voice": record("voice")}, "music") == "music"
