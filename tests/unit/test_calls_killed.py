"""Killed at any moment, a job that is run again pays no stored answer a second time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import LedgerCall, calls_of
from tests.doubles.killing import Jobs, serving
from tests.doubles.vendor_server import VendorServer

# Every moment of a paid call's life, in order; a commit and a file of the store come more often.
MOMENTS = (
    "ledger.before_commit",
    "ledger.claimed",
    "ledger.sent",
    "till.answered",
    "store.written",
    "store.renamed",
    "till.kept",
    "ledger.stored",
    "ledger.read",
)
IN_FLIGHT = {"ledger.sent", "till.answered", "store.written", "store.renamed", "till.kept"}


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    opened = Jobs()
    yield opened
    opened.close()


def calls_in(folder: Path) -> tuple[LedgerCall, ...]:
    ledger = Ledger(folder / "ledger.db", lambda: 0.0)
    try:
        return calls_of(ledger.engine)
    finally:
        ledger.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, jobs: Jobs) -> Any:
    with serving(VendorServer()) as server:
        ended = jobs.run(tmp_path_factory.mktemp("whole"), server)
    assert len(server.charged) == 2
    return ended


def test_the_list_of_moments_is_the_whole_life_of_a_call(undisturbed: Any) -> None:
    assert set(undisturbed["moments"]) == {*MOMENTS, "*"}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment_and_run_again(
    moment: str, tmp_path: Path, undisturbed: Any, jobs: Jobs
) -> None:
    with serving(VendorServer()) as server:
        assert jobs.run(tmp_path, server, f"{moment}:1") is None
        before = {call.key: call for call in calls_in(tmp_path)}
        again = jobs.run(tmp_path, server)
        # A third run changes nothing and pays nothing.
        paid = len(server.charged)
        assert jobs.run(tmp_path, server)["orders"] == again["orders"]
        assert len(server.charged) == paid
    assert len(server.charged) == len(set(server.charged)), "a question was charged twice"
    lost = [call for call in calls_in(tmp_path) if call.state == "uncertain"]
    if moment in IN_FLIGHT:
        assert [before[call.key].state for call in lost] == ["sent"]
        assert len([line for line in again["orders"] if "uncertain" in line]) == 1
    else:
        assert not lost
        assert again["orders"] == undisturbed["orders"]
        assert paid == 2


def test_resent_on_the_users_word_the_call_in_flight_is_paid_twice_and_no_other(
    tmp_path: Path, undisturbed: Any, jobs: Jobs
) -> None:
    with serving(VendorServer()) as server:
        assert jobs.run(tmp_path, server, "till.answered:1") is None
        again = jobs.run(tmp_path, server, policy="resend")
    assert again["orders"] == undisturbed["orders"]
    assert (len(server.charged), len(set(server.charged))) == (3, 2)


def test_a_vendor_that_honours_keys_is_paid_once_whatever_happens(
    tmp_path: Path, undisturbed: Any, jobs: Jobs
) -> None:
    with serving(VendorServer(honours_keys=True)) as server:
        assert jobs.run(tmp_path, server, "till.answered:1", keys=True) is None
        again = jobs.run(tmp_path, server, keys=True)
    assert again["orders"] == undisturbed["orders"]
    assert len(server.charged) == 2


def test_several_calls_in_flight_are_uncertain_together_and_no_more(
    tmp_path: Path, jobs: Jobs
) -> None:
    with serving(VendorServer(latency=lambda _: 0.05)) as server:
        assert jobs.run(tmp_path, server, "till.answered:2", rows=8, at_once=3) is None
        again = jobs.run(tmp_path, server, rows=8, at_once=3)
    uncertain = [line for line in again["orders"] if "uncertain" in line]
    assert 1 <= len(uncertain) <= 3
    assert len(server.charged) == len(set(server.charged))
    assert len([line for line in again["orders"] if " made " in line]) == 8 - len(uncertain)
