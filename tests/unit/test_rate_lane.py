"""The lane learns a vendor's limit and keeps to it; all in time that takes no time."""

from __future__ import annotations

import asyncio

import pytest

from handbill.press.rate import Lane
from handbill.providers.ports import RateTerms
from tests.doubles.jumping_time import run_jumping
from tests.doubles.rate_limits import Bucket, Window, ride

ORDERS = 500


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    "limit",
    [
        (600, 10, True),
        (600, 60, True),
        (600, 10, False),
        (60, 5, True),
        (60, 5, False),
        (1200, 20, False),
    ],
    ids=str,
)
def test_five_hundred_orders_take_hardly_longer_than_the_limit_allows(
    limit: tuple[float, float, bool], seed: int
) -> None:
    per_minute, burst, tells = limit
    went = run_jumping(ride(Bucket(per_minute, burst, tells), ORDERS, seed))
    assert went.done == ORDERS
    assert went.took_s <= 1.10 * went.least_s
    assert went.limited_after_warm_up <= 0.05


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sliding_window_is_learned_too(seed: int, *, tells: bool) -> None:
    limit = Window(150, 5.0, tells)
    went = run_jumping(ride(limit, ORDERS, seed))
    assert went.done == ORDERS
    # Its first windowful passes at once, so an even pace is a little slower than what is possible.
    assert went.took_s <= 1.35 * ORDERS * limit.span_s / limit.most
    assert went.limited_after_warm_up <= 0.05


def test_a_configured_limit_is_kept_from_the_first_minute() -> None:
    went = run_jumping(ride(Bucket(600, 3), ORDERS, 1, requests_per_minute=590))
    assert went.requests == ORDERS
    assert went.took_s <= 1.10 * went.least_s


def test_never_more_in_flight_than_allowed() -> None:
    async def work() -> int:
        lane = Lane(RateTerms(most_in_flight=7), asyncio.get_running_loop().time, asyncio.sleep)
        most = 0

        async def one() -> None:
            nonlocal most
            async with lane.admit():
                most = max(most, lane.in_flight)
                await asyncio.sleep(1)
                lane.answered({})

        await asyncio.gather(*(one() for _ in range(100)))
        return most

    assert run_jumping(work()) == 7


def test_it_starts_small_grows_with_success_and_shrinks_when_the_vendor_stumbles() -> None:
    async def work() -> list[int]:
        lane = Lane(RateTerms(), asyncio.get_running_loop().time, asyncio.sleep)
        peaks: list[int] = []

        async def one(*, good: bool) -> None:
            async with lane.admit():
                peaks[-1] = max(peaks[-1], lane.in_flight)
                await asyncio.sleep(1)
                if good:
                    lane.answered({})
                else:
                    lane.stumbled()

        for good in (True, True, False, True):
            peaks.append(0)
            await asyncio.gather(*(one(good=good) for _ in range(4)))
            await asyncio.gather(*(one(good=good) for _ in range(40 if good else 4)))
        return peaks

    first, second, stumbling, after = run_jumping(work())
    assert first < second
    assert stumbling <= 4
    assert after < second


def test_a_named_wait_holds_everybody_back() -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        lane = Lane(RateTerms(), loop.time, asyncio.sleep)
        async with lane.admit():
            lane.limited(20.0, sent_at_s=loop.time())
        async with lane.admit():
            return loop.time()

    assert 20.0 <= run_jumping(work()) < 22.0


def test_a_flock_of_429s_is_one_lesson() -> None:
    async def work() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        lane = Lane(RateTerms(requests_per_minute=600), loop.time, asyncio.sleep)
        for _ in range(20):
            async with lane.admit():
                await asyncio.sleep(0.01)
                lane.answered({})
        sent = loop.time()
        await asyncio.sleep(0.1)
        lane.limited(1.0, sent_at_s=sent)
        once = lane.pace_per_minute
        for _ in range(10):
            lane.limited(1.0, sent_at_s=sent)
        return once, lane.pace_per_minute

    once, after = run_jumping(work())
    assert once == after > 0


def test_tokens_a_minute_are_kept() -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        lane = Lane(RateTerms(tokens_per_minute=60_000), loop.time, asyncio.sleep)
        for _ in range(180):
            async with lane.admit(tokens=1000):
                lane.answered({})
        return loop.time()

    # A minute's worth at once, then a thousand a second.
    assert 118 <= run_jumping(work()) <= 125


def test_a_repeat_goes_before_requests_that_were_never_sent() -> None:
    async def work() -> list[str]:
        loop = asyncio.get_running_loop()
        lane = Lane(RateTerms(most_in_flight=1), loop.time, asyncio.sleep)
        order = []

        async def one(name: str, *, again: bool) -> None:
            async with lane.admit(again=again):
                order.append(name)
                await asyncio.sleep(1)

        first = [asyncio.ensure_future(one(f"new{n}", again=False)) for n in range(3)]
        await asyncio.sleep(0.5)
        await asyncio.gather(*first, one("repeat", again=True))
        return order

    order = run_jumping(work())
    assert order[0] == "new0"
    assert order.index("repeat") <= 2


def test_time_before_the_first_answer_says_nothing_about_a_pace() -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        lane = Lane(RateTerms(), loop.time, asyncio.sleep)
        for number in range(51):
            async with lane.admit():
                await asyncio.sleep(0.1 if number else 60.0)  # the first one loads a client
                lane.answered({})
        async with lane.admit():
            lane.limited(0.1, sent_at_s=loop.time())
        return lane.pace_per_minute

    assert 500 <= run_jumping(work()) <= 700
