"""The ledger: one call is paid once, money is set aside before it is spent."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from handbill.errors import BudgetExceeded, StoreError
from handbill.store.ledger import Bill, CallCard, Caps, Claim, Ledger
from handbill.store.ledger_booking import set_columns
from handbill.store.ledger_facts import calls_of, tally, totals
from handbill.store.ledger_tables import TABLES, CallState
from tests.doubles.throwaway_postgres import programs, throwaway_postgres

NOON = 1_800_000_000.0


def card(key: str = "a" * 64, campaign: str = "Spring", brief: str = "b1") -> CallCard:
    return CallCard(
        key=key,
        campaign=campaign,
        brief=brief,
        provider="openai",
        model="gpt-6-luna",
        endpoint="responses",
    )


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    if programs() is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    with throwaway_postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the ledger is: everything holds in both databases."""
    if request.param == "sqlite":
        return tmp_path / "ledger.db"
    url: str = request.getfixturevalue("postgres")
    emptied = Ledger(url, clock=lambda: NOON)
    TABLES.drop_all(emptied.engine)
    emptied.close()
    return url


@pytest.fixture
def ledger(path: Path | str) -> Iterator[Ledger]:
    opened = Ledger(path, clock=lambda: NOON)
    yield opened
    opened.close()


def paid(ledger: Ledger, one: CallCard, micros: int | None = 400) -> None:
    assert ledger.claim(one, Caps(), 1000).verdict == "send"
    ledger.mark_sent(one.key, 60)
    ledger.mark_stored(one.key, "f" * 64, Bill(micros=micros, units={"input_tokens": 7}))


def test_a_stored_answer_is_found_by_every_later_claim(ledger: Ledger) -> None:
    paid(ledger, card())
    again = ledger.claim(card(campaign="Autumn"), Caps(campaign=0), 1000)
    assert (again.verdict, again.answer_sha256) == ("stored", "f" * 64)


def test_the_real_cost_takes_the_place_of_the_reservation(ledger: Ledger) -> None:
    assert ledger.claim(card(), Caps(), 1000).verdict == "send"
    assert tally(ledger.engine, "campaign:Spring") == 1000
    ledger.mark_sent(card().key, 60)
    ledger.mark_stored(card().key, "f" * 64, Bill(micros=400))
    for scope in ("campaign:Spring", "day:2027-01-15", "provider:openai", "row:Spring:b1"):
        assert tally(ledger.engine, scope) == 400


def test_an_unpaid_end_frees_the_reservation(ledger: Ledger) -> None:
    ledger.claim(card(), Caps(), 1000)
    ledger.mark_sent(card().key, 60)
    ledger.give_up(card().key, CallState.FAILED, "503")
    assert tally(ledger.engine, "campaign:Spring") == 0
    assert ledger.claim(card(), Caps(), 1000).verdict == "send"


@pytest.mark.parametrize(
    ("caps", "named"),
    [
        (Caps(campaign=1500), "campaign 'Spring'"),
        (Caps(day=1500), "day 2027-01-15"),
        (Caps(providers={"openai": 1500}), "provider 'openai'"),
        (Caps(row=1500), "row 'b1'"),
    ],
)
def test_each_cap_holds_and_is_named(ledger: Ledger, caps: Caps, named: str) -> None:
    ledger.claim(card("1" * 64), caps, 1000)
    with pytest.raises(BudgetExceeded, match=named) as refused:
        ledger.claim(card("2" * 64), caps, 1000)
    assert "0.0020 USD would allow it" in str(refused.value)
    assert tally(ledger.engine, "campaign:Spring") == 1000
    assert [call.key for call in calls_of(ledger.engine)] == ["1" * 64]


def test_a_refusal_is_remembered_and_not_asked_again(ledger: Ledger) -> None:
    ledger.claim(card(), Caps(), 1000)
    ledger.mark_sent(card().key, 60)
    ledger.give_up(card().key, CallState.REFUSED, "the policy forbids it")
    claim = ledger.claim(card(), Caps(), 1000)
    assert (claim.verdict, claim.message) == ("refused", "the policy forbids it")


def test_a_live_holder_keeps_its_call(path: Path | str, ledger: Ledger) -> None:
    ledger.claim(card(), Caps(), 1000)
    other = Ledger(path, clock=lambda: NOON)
    assert other.claim(card(), Caps(), 1000).verdict == "busy"
    ledger.mark_sent(card().key, 60)
    assert other.claim(card(), Caps(), 1000).verdict == "busy"
    other.close()


def die_after(path: Path | str, moments: str) -> None:
    """Run some of a call's life in a child that is gone without a word."""
    child = os.fork()
    if child == 0:
        ledger = Ledger(path, clock=lambda: NOON)
        ledger.claim(card(), Caps(), 1000)
        if "sent" in moments:
            ledger.mark_sent(card().key, 60)
        if "pending" in moments:
            ledger.note_pending(card().key, "job-7")
        os._exit(9)
    os.waitpid(child, 0)


def claim_of(ledger: Ledger, one: CallCard, micros: int = 1000) -> Claim:
    """The claim, once the database server has noticed who is dead."""
    claim = ledger.claim(one, Caps(), micros)
    for _ in range(100):
        if claim.verdict != "busy":
            break
        time.sleep(0.05)
        claim = ledger.claim(one, Caps(), micros)
    return claim


def test_a_reservation_of_a_dead_process_is_taken_over(path: Path | str) -> None:
    die_after(path, "reserved")
    ledger = Ledger(path, clock=lambda: NOON)
    assert claim_of(ledger, card(campaign="Autumn"), 700).verdict == "send"
    assert tally(ledger.engine, "campaign:Spring") == 0
    assert tally(ledger.engine, "campaign:Autumn") == 700
    ledger.close()


def test_a_call_in_flight_of_a_dead_process_is_uncertain_until_the_user_says_resend(
    path: Path | str,
) -> None:
    die_after(path, "sent")
    ledger = Ledger(path, clock=lambda: NOON)
    for _ in range(2):
        assert claim_of(ledger, card()).verdict == "uncertain"
    assert tally(ledger.engine, "campaign:Spring") == 1000
    assert ledger.claim(card(), Caps(), 1000, resend=True).verdict == "send"
    assert tally(ledger.engine, "campaign:Spring") == 2000
    ledger.close()


def test_a_begun_job_of_a_dead_process_is_collected_not_started_again(path: Path | str) -> None:
    die_after(path, "sent pending")
    ledger = Ledger(path, clock=lambda: NOON)
    claim = claim_of(ledger, card())
    assert (claim.verdict, claim.pending) == ("collect", "job-7")
    ledger.close()


def test_what_dead_processes_left_in_flight_is_settled_at_once(path: Path | str) -> None:
    die_after(path, "sent")
    ledger = Ledger(path, clock=lambda: NOON)
    ledger.claim(card("1" * 64), Caps(), 10)
    ledger.mark_sent("1" * 64, 60)
    settled = 0
    for _ in range(100):
        settled += ledger.settle_dead()
        if settled:
            break
        time.sleep(0.05)
    assert settled == 1
    (lost,) = calls_of(ledger.engine, state="uncertain")
    assert (lost.key, lost.message) == (
        card().key,
        "its process ended while the call was in flight",
    )
    assert [call.key for call in calls_of(ledger.engine, state="sent")] == ["1" * 64]
    ledger.close()


def test_a_call_that_another_process_took_over_is_not_sent(
    path: Path | str, ledger: Ledger
) -> None:
    die_after(path, "reserved")
    assert claim_of(ledger, card()).verdict == "send"
    with ledger.begin() as connection:
        set_columns(connection, card().key, holder="somebody-else")
    with pytest.raises(StoreError, match="taken over by another process"):
        ledger.mark_sent(card().key, 60)
    assert [call.state for call in calls_of(ledger.engine)] == ["reserved"]


def test_a_forked_worker_does_not_keep_its_dead_parent_alive(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ready, done = os.pipe()
    child = os.fork()
    if child == 0:
        ledger = Ledger(path, clock=lambda: NOON)
        ledger.claim(card(), Caps(), 1000)
        ledger.mark_sent(card().key, 60)
        worker = os.fork()
        if worker == 0:
            os.read(ready, 1)
            os._exit(0)
        os._exit(9)
    os.waitpid(child, 0)
    ledger = Ledger(path, clock=lambda: NOON)
    assert ledger.claim(card(), Caps(), 1000).verdict == "uncertain"
    os.write(done, b"x")
    ledger.close()


def test_an_unknown_price_says_so_and_the_users_estimate_counts(ledger: Ledger) -> None:
    ledger.claim(card("1" * 64), Caps(), 0)
    ledger.mark_stored("1" * 64, "f" * 64, Bill(micros=None))
    ledger.claim(card("2" * 64), Caps(), 300)
    ledger.mark_stored("2" * 64, "f" * 64, Bill(micros=None))
    assert [call.pricing for call in calls_of(ledger.engine)] == ["unpriced", "estimated"]
    assert tally(ledger.engine, "campaign:Spring") == 300


def test_totals_by_every_group(ledger: Ledger) -> None:
    paid(ledger, card("1" * 64))
    paid(ledger, card("2" * 64, brief="b2"))
    (line,) = totals(ledger.engine, "provider")
    assert (line.name, line.calls, line.spent_micros, line.reserved_micros) == (
        "openai",
        2,
        800,
        0,
    )
    assert [line.name for line in totals(ledger.engine, "brief", campaign="Spring")] == [
        "b1",
        "b2",
    ]
    assert [line.name for line in totals(ledger.engine, "day")] == ["2027-01-15"]


def test_a_ledger_that_is_no_database_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_bytes(b"not a database, but long enough to look like one" * 40)
    with pytest.raises(StoreError, match=r"ledger\.db.*not a database"):
        Ledger(path, clock=lambda: NOON)


def test_a_password_in_the_address_is_not_shown() -> None:
    with pytest.raises(StoreError) as refused:
        Ledger("nothing+here://user:canary@host/db", clock=lambda: NOON)
    assert "canary" not in str(refused.value)
