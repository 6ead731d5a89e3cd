"""Rate: how close paid work comes to a vendor's limit, with the real SDK over real HTTP.

A loopback vendor enforces a limit of requests a minute by a token bucket and answers with
lognormal latency. It tells nothing about its limit but ``Retry-After``; the first fifth of the
orders is warm-up.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.run import at_most
from handbill.domain.campaign import ProviderChoice
from handbill.domain.copy import Draft
from handbill.domain.order import Status
from handbill.press.calls import Calls, write_copy
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.ports import CopyRequest, ProviderHandle
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from tests.doubles.asks import a_brief, a_copy_request, with_prompt
from tests.doubles.rate_limits import Bucket
from tests.doubles.vendor_server import VendorServer

_TARGET_TIME = 1.10
_TARGET_LIMITED = 0.05
_WARM_UP = 0.2
_AT_ONCE = 64


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The rate figures in the shape of ``bench/results.json``; fewer orders when `fast`."""
    orders, per_minute = (200, 1200) if fast else (500, 600)
    took, limited, lost = asyncio.run(_ride(orders, per_minute))
    return {
        "rate_time_over_least": at_most(took, "x of the least possible time", _TARGET_TIME),
        "rate_429_after_warm_up": at_most(limited, "share of requests", _TARGET_LIMITED),
        "rate_orders_lost": at_most(float(lost), "orders", 0.0),
    }


def no_fault(_: Draft) -> tuple[str, ...]:
    return ()


async def _ride(orders: int, per_minute: int) -> tuple[float, float, int]:
    """Time over the least possible, share of 429 after warm-up, orders that were not made."""
    loop, rng = asyncio.get_running_loop(), random.Random(7)  # noqa: S311 - latencies
    limit = Bucket(per_minute, burst=10, now=loop.time, at=loop.time())
    passed: list[bool] = []

    def gate() -> tuple[bool, dict[str, str]]:
        passes, wait, _ = limit.ask()
        passed.append(passes)
        return passes, {} if wait is None else {"retry-after": f"{wait:.3f}"}

    latencies = [rng.lognormvariate(-1.2, 0.5) for _ in range(orders)]
    server = VendorServer(gate=gate, latency=lambda number: latencies[number % orders])
    with tempfile.TemporaryDirectory() as folder:
        async with server:
            took, made = await _write_all(Path(folder), server.base_url, orders)
    warm = passed[int(_WARM_UP * orders) :]
    least = limit.least_s(orders) + sum(latencies) / orders
    return took / least, warm.count(False) / len(warm), orders - made


async def _write_all(folder: Path, base_url: str, orders: int) -> tuple[float, int]:
    ledger = Ledger(folder / "ledger.db", time.time)
    calls = Calls(Till(ledger, AssetStore(folder / "store"), Purse(campaign="rate")), with_prompt)
    handle = open_provider(ProviderChoice(name="openai", base_url=base_url), "copy")
    assert handle.close is not None
    first = a_copy_request("sms.text", prompted=False)
    await _one(calls, handle, first, 0)  # loads the SDK; not measured
    began = time.monotonic()
    # As in a run: so many are prepared at once as slices are, not all before the first is sent.
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def one(number: int) -> Status:
        async with at_once:
            return await _one(calls, handle, first, number)

    statuses = await asyncio.gather(*(one(number) for number in range(1, orders + 1)))
    took = time.monotonic() - began
    await handle.close()
    ledger.close()
    return took, sum(status is Status.MADE for status in statuses)


async def _one(calls: Calls, handle: ProviderHandle, first: CopyRequest, number: int) -> Status:
    request = replace(first, brief=a_brief(number))
    result = await write_copy(calls, handle, request, no_fault)
    return next(iter(result.statuses.values()))


if __name__ == "__main__":
    for name, figure in figures(fast=True).items():
        print(name, figure)
