"""The till over a real ledger, a real store and a vendor that counts what it charges."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from typing_extensions import override

from handbill.errors import (
    AuthRejected,
    BadAnswer,
    BudgetExceeded,
    ContentRefused,
    ProviderError,
    QuotaExhausted,
    RateLimited,
    StoreError,
    Unavailable,
    UncertainCall,
)
from handbill.press.purse import ASK, RESEND, Purse
from handbill.press.till import Till
from handbill.providers.ports import PriceTerms, RateTerms, RawAnswer, Usage, VendorCall
from handbill.store import AssetStore
from handbill.store.ledger import Bill, Caps, Ledger
from handbill.store.ledger_breakers import FIRST_PAUSE_S, OPEN_AFTER, Breakers
from handbill.store.ledger_facts import calls_of, tally

PRICES = PriceTerms(usd_per=MappingProxyType({"call": 0.01}))
SENT = Usage(units=MappingProxyType({"input_tokens": 10}), cost_usd_micros=None)
LOST = Unavailable("cut", maybe_paid=True)


@dataclass
class Vendor:
    """Charges for every answer; `faults` come first, one a request."""

    faults: list[BaseException] = field(default_factory=list)
    charged: int = 0
    asked: int = 0
    pending: int = 0
    collected: list[str] = field(default_factory=list)
    at: Callable[[], Awaitable[None]] | None = None

    async def send(self, _ticket: str) -> RawAnswer:
        self.asked += 1
        if self.at is not None:
            await self.at()
        if self.faults:
            raise self.faults.pop(0)
        self.charged += 1
        body = json.dumps({"says": "hello"}).encode()
        return RawAnswer(body=body, pending="job-1" if self.pending else "")

    async def collect(self, ticket: str) -> RawAnswer:
        self.collected.append(ticket)
        if self.faults:
            raise self.faults.pop(0)
        self.pending -= 1
        body = json.dumps({"says": "done"}).encode()
        return RawAnswer(body=body, pending=ticket if self.pending else "")

    def call(self, question: str = "q", **changes: Any) -> VendorCall[str]:
        call = VendorCall(
            provider="vendor",
            model="m",
            endpoint="text",
            content={"q": question},
            at_most=SENT,
            send=self.send,
            measure=lambda _: SENT,
            parse=says,
            collect=self.collect,
            prices=PRICES,
            rates=RateTerms(deadline_s=30.0),
        )
        return replace(call, **changes)


def says(body: bytes) -> str:
    answer: Mapping[str, str] = json.loads(body)
    return answer["says"]


@dataclass
class Room:
    """A store, a ledger and a clock that moves when somebody waits."""

    folder: Path
    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = AssetStore(self.folder / "store")
        self.ledger = Ledger(self.folder / "ledger.db", lambda: self.now)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        wakes = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, wakes)

    def till(self, **purse: Any) -> Till:
        return Till(self.ledger, self.store, Purse(campaign="C", **purse), sleep=self.sleep)

    def states(self) -> list[str]:
        return [call.state for call in calls_of(self.ledger.engine)]

    def spent(self) -> int:
        return tally(self.ledger.engine, "campaign:C")


@pytest.fixture
def room(tmp_path: Path) -> Any:
    opened = Room(tmp_path)
    yield opened
    opened.ledger.close()


def pay(till: Till, call: VendorCall[str]) -> Any:
    return asyncio.run(till.pay(call, row="b1"))


def test_an_answer_is_paid_once_and_read_ever_after(room: Room) -> None:
    vendor = Vendor()
    first = pay(room.till(), vendor.call())
    again = pay(room.till(budget=0), vendor.call())
    assert (first.answer, first.cost_usd_micros, first.reused) == ("hello", 10_000, False)
    assert (again.answer, again.cost_usd_micros, again.reused) == ("hello", 0, True)
    assert vendor.charged == 1
    assert room.states() == ["done"]


def test_the_same_question_asked_at_once_is_paid_once(room: Room) -> None:
    vendor = Vendor(at=lambda: asyncio.sleep(0.01))

    async def many() -> list[Any]:
        till = room.till()
        return await asyncio.gather(*(till.pay(vendor.call(), row="b1") for _ in range(10)))

    receipts = asyncio.run(many())
    assert vendor.charged == 1
    assert sorted(receipt.cost_usd_micros for receipt in receipts) == [0] * 9 + [10_000]


@pytest.mark.parametrize(
    "fault", [Unavailable("503"), BadAnswer("a page"), RateLimited("429", retry_after_s=0.1)]
)
def test_what_passes_is_sent_again_after_a_wait(room: Room, fault: ProviderError) -> None:
    vendor = Vendor(faults=[fault])
    assert pay(room.till(), vendor.call()).answer == "hello"
    assert vendor.asked == 2
    assert max(room.slept) >= (getattr(fault, "retry_after_s", 0) or 0)
    assert room.spent() == 10_000


def test_repeats_end(room: Room) -> None:
    vendor = Vendor(faults=[Unavailable("503") for _ in range(9)])
    with pytest.raises(Unavailable):
        pay(room.till(), vendor.call())
    assert vendor.asked == 3
    assert (room.states(), room.spent()) == (["failed"], 0)


@pytest.mark.parametrize("kind", [AuthRejected, QuotaExhausted])
def test_what_no_repeat_can_change_is_asked_once_for_all_rows(
    room: Room, kind: type[ProviderError]
) -> None:
    vendor = Vendor(faults=[kind("no") for _ in range(50)])

    async def many() -> list[Any]:
        till = room.till()
        work = (till.pay(vendor.call(f"q{n}"), row="b1") for n in range(50))
        return await asyncio.gather(*work, return_exceptions=True)

    assert {type(fault) for fault in asyncio.run(many())} == {kind}
    assert vendor.asked <= 4


def test_a_refusal_is_not_repeated_and_not_asked_again(room: Room) -> None:
    vendor = Vendor(faults=[ContentRefused("the policy")])
    for _ in range(2):
        with pytest.raises(ContentRefused, match="policy"):
            pay(room.till(), vendor.call())
    assert (vendor.asked, room.states()) == (1, ["refused"])


def test_a_lost_answer_is_held_back_and_named(room: Room) -> None:
    vendor = Vendor(faults=[LOST])
    for _ in range(2):
        with pytest.raises(UncertainCall, match="HANDBILL_ON_UNCERTAIN=resend"):
            pay(room.till(), vendor.call())
    assert (vendor.asked, room.states(), room.spent()) == (1, ["uncertain"], 10_000)


def test_a_lost_answer_is_sent_again_on_the_users_word_and_counts_twice(room: Room) -> None:
    vendor = Vendor(faults=[LOST])
    assert pay(room.till(on_uncertain=RESEND), vendor.call()).answer == "hello"
    assert (vendor.asked, room.states(), room.spent()) == (2, ["done"], 20_000)


def test_a_resend_that_would_pass_the_budget_is_not_sent(room: Room) -> None:
    vendor = Vendor(faults=[LOST])
    with pytest.raises(BudgetExceeded):
        pay(room.till(on_uncertain=RESEND, budget=15_000), vendor.call())
    assert (vendor.asked, room.states()) == (1, ["uncertain"])


@pytest.mark.parametrize(("word", "asked"), [(True, 2), (False, 1)])
def test_under_ask_somebody_is_asked(room: Room, *, word: bool, asked: int) -> None:
    vendor = Vendor(faults=[LOST])
    questions = []

    def approve(card: Any, message: str) -> bool:
        questions.append((card.provider, message))
        return word

    till = room.till(on_uncertain=ASK, approve=approve)
    if word:
        assert pay(till, vendor.call()).answer == "hello"
    else:
        with pytest.raises(UncertainCall):
            pay(till, vendor.call())
    assert questions == [("vendor", "cut")]
    assert vendor.asked == asked


def test_a_vendor_that_knows_repeated_keys_is_asked_again_freely(room: Room) -> None:
    vendor = Vendor(faults=[LOST])
    receipt = pay(room.till(), vendor.call(resend_is_free=True))
    assert (receipt.answer, room.spent()) == ("hello", 10_000)


def test_a_bug_in_reading_costs_nothing_a_second_time(room: Room) -> None:
    vendor = Vendor()

    def broken(body: bytes) -> str:
        raise KeyError(body)

    for _ in range(2):
        with pytest.raises(ProviderError, match="nothing is paid again"):
            pay(room.till(), vendor.call(parse=broken))
    assert pay(room.till(), vendor.call()).answer == "hello"
    assert (vendor.charged, room.states()) == (1, ["done"])


def test_an_answer_that_is_of_no_use_still_says_what_it_cost(room: Room) -> None:
    def useless(_: bytes) -> str:
        raise BadAnswer("half a JSON")

    with pytest.raises(BadAnswer) as raised:
        pay(room.till(), Vendor().call(parse=useless))
    assert raised.value.paid_usd_micros == 10_000


def test_a_measure_that_fails_does_not_lose_a_paid_answer(room: Room) -> None:
    def broken(body: bytes) -> Usage:
        raise KeyError(body)

    vendor = Vendor()
    receipt = pay(room.till(), vendor.call(measure=broken))
    assert (receipt.answer, room.states()) == ("hello", ["done"])


def test_a_budget_that_would_be_passed_sends_nothing(room: Room) -> None:
    vendor = Vendor()
    till = room.till(budget=15_000)
    pay(till, vendor.call("one"))
    with pytest.raises(BudgetExceeded, match=r"0\.0200 USD would allow it"):
        pay(till, vendor.call("two"))
    assert vendor.asked == 1


def test_a_row_has_its_own_cap(room: Room) -> None:
    vendor = Vendor()
    till = room.till(rows={"b1": 5_000})
    with pytest.raises(BudgetExceeded, match="row 'b1'"):
        pay(till, vendor.call())
    assert asyncio.run(till.pay(vendor.call(), row="b2")).answer == "hello"


def test_a_job_is_collected_until_it_is_done(room: Room) -> None:
    vendor = Vendor(pending=3)
    assert pay(room.till(), vendor.call()).answer == "done"
    assert (vendor.asked, vendor.collected) == (1, ["job-1"] * 3)


def test_a_job_that_could_not_be_collected_is_asked_after_not_begun_again(room: Room) -> None:
    vendor = Vendor(pending=2)

    async def lose(_: str) -> RawAnswer:
        raise Unavailable("gone")

    with pytest.raises(Unavailable):
        pay(room.till(), vendor.call(collect=lose))
    assert room.states() == ["uncertain"]
    assert pay(room.till(), vendor.call()).answer == "done"
    assert vendor.asked == 1


def test_a_call_that_is_cancelled_in_flight_is_uncertain(room: Room) -> None:
    vendor = Vendor(at=lambda: asyncio.sleep(60))

    async def cancel() -> None:
        work = asyncio.ensure_future(room.till().pay(vendor.call(), row="b1"))
        await asyncio.sleep(0.05)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(cancel())
    assert room.states() == ["uncertain"]


def test_a_call_that_is_cancelled_before_it_is_sent_is_free(room: Room) -> None:
    vendor = Vendor(at=lambda: asyncio.sleep(60))

    async def cancel() -> None:
        till = room.till()
        work = [asyncio.ensure_future(till.pay(vendor.call(f"{n}"), row="b1")) for n in range(9)]
        await asyncio.sleep(0.1)
        for each in work:
            each.cancel()
        await asyncio.gather(*work, return_exceptions=True)

    asyncio.run(cancel())
    assert sorted(room.states()) == ["failed"] * 5 + ["uncertain"] * 4
    assert room.spent() == 4 * 10_000


def test_a_vendor_that_drips_is_cut_off_at_the_deadline(tmp_path: Path) -> None:
    room = Room(tmp_path)
    vendor = Vendor(at=lambda: asyncio.sleep(60))
    began = time.monotonic()
    with pytest.raises(UncertainCall, match=r"within 0\.2 s"):
        pay(room.till(), vendor.call(rates=RateTerms(deadline_s=0.2)))
    assert time.monotonic() - began < 1.2
    room.ledger.close()


def test_a_full_disk_is_noticed_before_paying(room: Room) -> None:
    vendor = Vendor()
    purse = Purse(campaign="C")
    till = Till(room.ledger, room.store, purse, sleep=room.sleep, room_bytes=lambda: 1000)
    with pytest.raises(StoreError, match="nothing was sent"):
        pay(till, vendor.call())
    assert (vendor.asked, room.spent()) == (0, 0)


def test_an_answer_that_cannot_be_kept_is_uncertain(room: Room) -> None:
    class FullStore(AssetStore):
        @override
        def put_bytes(self, data: bytes, *, durable: bool = True) -> str:
            raise StoreError(f"no space left for {len(data)} bytes, {durable=}")

    vendor = Vendor()
    full = FullStore(room.folder / "full")
    with pytest.raises(StoreError):
        pay(Till(room.ledger, full, Purse(campaign="C"), sleep=room.sleep), vendor.call())
    assert room.states() == ["uncertain"]
    with pytest.raises(UncertainCall):
        pay(room.till(), vendor.call())
    assert vendor.charged == 1


def test_a_kept_answer_that_was_damaged_is_told_and_not_bought_again(room: Room) -> None:
    vendor = Vendor()
    pay(room.till(), vendor.call())
    (call,) = calls_of(room.ledger.engine)
    path = room.store.path(call.answer_sha256)
    path.chmod(0o644)
    path.write_bytes(b'{"says":"hellO"}')
    fresh = Till(
        room.ledger, AssetStore(room.folder / "store"), Purse(campaign="C"), sleep=room.sleep
    )
    with pytest.raises(ProviderError, match=call.answer_sha256[:12]):
        pay(fresh, vendor.call())
    assert vendor.charged == 1


def test_a_dead_provider_gets_at_most_seven_requests_for_two_hundred_rows(room: Room) -> None:
    vendor = Vendor(faults=[Unavailable("503") for _ in range(1000)])

    async def many() -> list[Any]:
        till = room.till()
        work = (till.pay(vendor.call(f"q{n}"), row=f"b{n}") for n in range(200))
        return await asyncio.gather(*work, return_exceptions=True)

    faults = asyncio.run(many())
    assert vendor.asked <= 7
    assert {type(fault) for fault in faults} == {Unavailable}
    assert room.spent() == 0


def test_a_provider_that_comes_back_is_used_again(room: Room) -> None:
    vendor = Vendor(faults=[Unavailable("503") for _ in range(6)])

    async def many() -> list[Any]:
        till = room.till()
        work = (till.pay(vendor.call(f"q{n}"), row=f"b{n}") for n in range(40))
        return await asyncio.gather(*work, return_exceptions=True)

    ended = asyncio.run(many())
    made = [each for each in ended if not isinstance(each, BaseException)]
    assert len(made) >= 38
    assert vendor.charged == len(made)


def test_a_dead_provider_is_dead_for_other_processes_too(room: Room) -> None:
    vendor = Vendor(faults=[Unavailable("503") for _ in range(1000)])

    async def many(till: Till, first: int) -> None:
        work = (till.pay(vendor.call(f"q{first + n}"), row="b") for n in range(20))
        await asyncio.gather(*work, return_exceptions=True)

    asyncio.run(many(room.till(), 0))
    asked = vendor.asked
    other = Ledger(room.folder / "ledger.db", lambda: room.now)
    asyncio.run(many(Till(other, room.store, Purse(campaign="C"), sleep=room.sleep), 100))
    assert vendor.asked == asked
    room.now += 301
    vendor.faults.clear()
    asyncio.run(many(Till(other, room.store, Purse(campaign="C"), sleep=room.sleep), 200))
    assert vendor.charged == 20
    other.close()


def in_other_hands(room: Room, key: str) -> Ledger:
    """Another process, with a call of the same vendor in flight."""
    other = Ledger(room.folder / "ledger.db", lambda: room.now)
    other.claim(replace(room.till().card(Vendor().call(), "b9"), key=key), Caps(), 0)
    other.mark_sent(key, 30.0)
    return other


async def looks(room: Room, times: int) -> None:
    """Until the till has looked for a slot that often."""
    for _ in range(100 * times):
        if len(room.slept) >= times:
            return
        await asyncio.sleep(0)
    pytest.fail(f"it looked {len(room.slept)} times")


ONE_SLOT = RateTerms(deadline_s=30.0, most_in_flight=1, most_in_flight_everywhere=1)


def test_at_the_cap_of_all_processes_a_call_waits_and_is_not_lost(room: Room) -> None:
    vendor, other = Vendor(), in_other_hands(room, "9" * 64)

    async def both() -> Any:
        work = asyncio.ensure_future(room.till().pay(vendor.call(rates=ONE_SLOT), row="b1"))
        await looks(room, 200)  # longer than its deadline, which begins when it is sent
        assert vendor.asked == 0
        other.mark_stored("9" * 64, "f" * 64, Bill(micros=0))
        return await asyncio.wait_for(work, 30)

    assert asyncio.run(both()).answer == "hello"
    other.close()


def test_a_stored_answer_waits_for_no_slot(room: Room) -> None:
    vendor = Vendor()
    pay(room.till(), vendor.call())
    other = in_other_hands(room, "9" * 64)
    assert pay(room.till(), vendor.call(rates=ONE_SLOT)).reused
    assert room.slept == []
    other.close()


def test_a_call_that_waits_for_a_slot_and_is_cancelled_is_free(room: Room) -> None:
    vendor, other = Vendor(), in_other_hands(room, "9" * 64)

    async def cancel() -> None:
        work = asyncio.ensure_future(room.till().pay(vendor.call(rates=ONE_SLOT), row="b1"))
        await looks(room, 1)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(cancel())
    assert (sorted(room.states()), room.spent()) == (["failed", "sent"], 0)
    other.close()


def test_a_job_keeps_its_slot_and_asking_after_it_needs_none(room: Room) -> None:
    vendor = Vendor(pending=1)

    async def both() -> list[Any]:
        till = room.till()
        work = [till.pay(vendor.call(f"q{n}", rates=ONE_SLOT), row="b1") for n in range(2)]
        return await asyncio.wait_for(asyncio.gather(*work), 30)

    assert [receipt.answer for receipt in asyncio.run(both())] == ["done", "hello"]


def test_a_probe_that_finds_no_slot_is_left_to_the_next_look(room: Room) -> None:
    vendor, other = Vendor(), in_other_hands(room, "9" * 64)
    for _ in range(OPEN_AFTER):
        Breakers(other).bad("vendor", "m")
    room.now += FIRST_PAUSE_S

    async def both() -> Any:
        work = asyncio.ensure_future(room.till().pay(vendor.call(rates=ONE_SLOT), row="b1"))
        await looks(room, 3)
        other.mark_stored("9" * 64, "f" * 64, Bill(micros=0))
        return await asyncio.wait_for(work, 30)

    assert asyncio.run(both()).answer == "hello"
    other.close()
