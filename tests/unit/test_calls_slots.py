"""Processes that share a ledger keep together to a cap of requests at once."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import calls_of
from tests.doubles.killing import serving
from tests.doubles.paying_job import job
from tests.doubles.throwaway_postgres import programs, throwaway_postgres
from tests.doubles.vendor_server import VendorServer

CAP = 2
_AGES_S = 300.0


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    if request.param == "sqlite":
        yield tmp_path / "ledger.db"
    elif programs() is None:
        pytest.skip("PostgreSQL is not installed on this machine")
    else:
        with throwaway_postgres() as url:
            yield url


def begin(address: Path | str, folder: Path, server: VendorServer, **job: Any) -> BaseProcess:
    """A process that writes the copy of some briefs."""
    order = {"rows": 4, "at_once": 8, "policy": "hold", "keys": False, "everywhere": CAP, **job}
    order |= {"folder": str(folder), "base_url": server.base_url, "ledger": address}
    # Never forked: this process has threads, whose locks a fork would keep for good.
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(order,))
    process.start()
    return process


def _work(order: dict[str, Any]) -> None:
    ended = asyncio.run(job(order))
    os._exit(0 if all(" made " in each for each in ended) else 1)


def wait_for(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "waited for a minute in vain"
        time.sleep(0.05)


def states(address: Path | str) -> list[str]:
    ledger = Ledger(address, time.time)
    try:
        return [call.state for call in calls_of(ledger.engine)]
    finally:
        ledger.close()


def test_three_processes_never_pass_the_cap_and_all_come_to_their_end(
    address: Path | str, tmp_path: Path
) -> None:
    states(address)
    with serving(VendorServer(latency=lambda _: 0.15)) as server:
        work = [begin(address, tmp_path, server, first=10 * each) for each in range(3)]
        for process in work:
            process.join(60)
    assert [process.exitcode for process in work] == [0, 0, 0]
    assert len(server.charged) == len(set(server.charged)) == 12
    assert server.most_at_once == CAP


def test_the_slots_of_a_killed_process_are_free_at_once(
    address: Path | str, tmp_path: Path
) -> None:
    states(address)
    with serving(VendorServer(latency=lambda n: _AGES_S if n < CAP else 0.0)) as server:
        killed = begin(address, tmp_path, server)
        wait_for(lambda: len(server.seen) == CAP)
        other = begin(address, tmp_path, server, first=10)
        wait_for(lambda: states(address).count("reserved") == 4 + 4 - CAP)
        time.sleep(0.6)  # long enough for two looks at the slots
        assert len(server.seen) == CAP
        killed.kill()
        other.join(60)
    assert other.exitcode == 0
    assert len(server.charged) == 4
