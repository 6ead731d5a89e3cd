"""Trust in a bad vendor: every way of failing, over real HTTP, each order in a process of its own.

An order must end with a status of its own and a reason within its deadline and one second more,
in less than 512 MB, and leave no call in the ledger that looks as if it were still under way. A
vendor that is dead is asked at most seven times for two hundred rows.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.run import at_least, at_most
from handbill.domain.campaign import ProviderChoice
from handbill.domain.order import Status
from handbill.press.calls import Calls, write_copy
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from tests.doubles.asks import a_brief, a_copy_request, with_prompt
from tests.doubles.job_vendor import JobVendor
from tests.doubles.killing import serving
from tests.doubles.vendor_server import VendorServer

_ROOT = Path(__file__).parents[1]
_DEADLINE_S = 2.5
_AT_ONCE = 2
_DEAD_ROWS = 200
_HASTE = 50

# Fault → how its order ends. ``failed`` is safe to ask again, ``uncertain`` may have been paid.
_COPY = {
    "429": "failed",
    "429_wait": "failed",
    "500": "failed",
    "503": "failed",
    "drip": "uncertain",
    "cut": "uncertain",
    "html": "failed",
    "garbage": "uncertain",
    "truncated": "uncertain",
    "empty": "uncertain",
    "refusal": "refused",
    "gzip_bomb": "uncertain",
    "redirect": "failed",
}
_PICTURES = {"picture_text": "failed", "picture_cut": "failed", "picture_bomb": "failed"}
_JOBS = {"expired": "uncertain", "vanished": "uncertain", "wrong_id": "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the order with one fault ended."""

    fault: str
    wanted: str
    status: str
    message: str
    took_s: float
    peak_kib: int
    states: tuple[str, ...]

    @property
    def typed(self) -> bool:
        """It has the status that it should have and says why, and nothing is left half-way."""
        open_ones = {"reserved", "sent", "stored"} & set(self.states)
        return self.status == self.wanted and bool(self.message) and not open_ones


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; `fast` is the same work."""
    del fast
    with tempfile.TemporaryDirectory() as folder:
        endings = _all_faults(Path(folder))
        requests, made = asyncio.run(_dead_vendor(Path(folder)))
    for one in endings:
        if not one.typed:
            print(f"not as it should end: {one}", file=sys.stderr)
    late_s = max(one.took_s for one in endings) - _DEADLINE_S
    peak_mb = max(one.peak_kib for one in endings) / 1024
    return {
        "faults_tried": at_least(len(endings), "ways of failing", 18),
        "faults_that_end_typed": at_least(
            sum(one.typed for one in endings), "ways of failing", len(endings)
        ),
        "faults_longest_past_the_deadline": at_most(round(late_s, 2), "s", 1.0),
        "faults_most_memory": at_most(round(peak_mb), "MB", 512),
        "faults_requests_to_a_dead_vendor": at_most(requests, "requests for 200 rows", 7),
        "faults_orders_a_dead_vendor_made": at_most(made, "orders", 0),
    }


def _all_faults(folder: Path) -> list[Ending]:
    with serving(VendorServer()) as good, ThreadPoolExecutor(_AT_ONCE) as lanes:
        copies = [
            lanes.submit(_wrong_answer, folder, fault, wanted, "copy", good)
            for fault, wanted in _COPY.items()
        ]
        pictures = [
            lanes.submit(_wrong_answer, folder, fault, wanted, "image", good)
            for fault, wanted in _PICTURES.items()
        ]
        jobs = [lanes.submit(_wrong_job, folder, fault, wanted) for fault, wanted in _JOBS.items()]
        return [done.result() for done in copies + pictures + jobs]


def _wrong_answer(folder: Path, fault: str, wanted: str, kind: str, good: VendorServer) -> Ending:
    with serving(VendorServer(faults=[fault], faults_stay=True)) as bad:
        order = {"kind": kind, "base_url": bad.base_url, "good_url": good.base_url}
        return _order(folder, fault, wanted, order)


def _wrong_job(folder: Path, fault: str, wanted: str) -> Ending:
    with serving(JobVendor(states=[fault])) as bad:
        return _order(folder, fault, wanted, {"kind": "video", "base_url": bad.base_url})


def _order(folder: Path, fault: str, wanted: str, order: dict[str, Any]) -> Ending:
    own = folder / fault
    own.mkdir()
    whole = {"good_url": "", "folder": str(own), "deadline_s": _DEADLINE_S, **order}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.doubles.one_order", json.dumps(whole)],
        cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": f"{_ROOT / 'src'}{os.pathsep}{_ROOT}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if ran.returncode:
        said = ran.stderr[-800:]
        return Ending(fault=fault, wanted=wanted, status="crashed", message=said, took_s=0.0,
                      peak_kib=0, states=())  # fmt: skip
    status, message, took_s, peak_kib, states = json.loads(ran.stdout)
    return Ending(
        fault=fault,
        wanted=wanted,
        status=status,
        message=message,
        took_s=took_s,
        peak_kib=peak_kib,
        states=tuple(states),
    )


async def _dead_vendor(folder: Path) -> tuple[int, int]:
    """Requests that reach a vendor that only says 500, for many rows; orders that were made."""
    async with VendorServer(faults=["500"], faults_stay=True) as server:
        began = time.time()
        ledger = Ledger(folder / "dead.db", lambda: began + (time.time() - began) * _HASTE)
        till = Till(ledger, AssetStore(folder / "dead"), Purse(campaign="C"), sleep=_quick_sleep)
        calls = Calls(till, with_prompt)
        handle = open_provider(ProviderChoice(name="openai", base_url=server.base_url), "copy")
        assert handle.close is not None

        async def one(number: int) -> bool:
            request = a_copy_request("sms.text", brief=a_brief(number), prompted=False)
            result = await write_copy(calls, handle, request, lambda _: ())
            return set(result.statuses.values()) != {Status.FAILED}

        made = await asyncio.gather(*(one(number) for number in range(_DEAD_ROWS)))
        await handle.close()
        ledger.close()
        return len(server.seen), sum(made)


async def _quick_sleep(wait_s: float) -> None:
    """Waits and the ledger's clock are hastened alike, so that minutes of pauses take seconds."""
    await asyncio.sleep(wait_s / _HASTE)


if __name__ == "__main__":
    for name, figure in figures().items():
        print(name, figure)
