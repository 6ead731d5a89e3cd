"""A small job as a program: writes the copy of some briefs, and can be killed anywhere.

It reads jobs from its standard input, one JSON object a line, and runs each in a forked process
of its own, so that a kill takes that job alone and none waits for imports. For each it answers
with one line: null when the job was killed, else how every order ended and which moments it came
by.

A job has `folder`, `base_url`, `rows`, `at_once`, `policy`, `keys` (whether the vendor honours
idempotency keys) and `spot`: ``NAME:NUMBER`` kills it with signal 9 when the moment NAME is
reached for the NUMBERth time; ``*`` counts every moment. It may have `ledger` (an address),
`everywhere` (calls in flight of all jobs) and `first` (number of its first brief).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import genai_prices

from handbill.domain import failpoint
from handbill.domain.campaign import ProviderChoice
from handbill.domain.copy import Draft
from handbill.domain.digest import digest, plain
from handbill.press.calls import Calls, CopyResult, write_copy
from handbill.press.purse import Purse
from handbill.press.till import Till
from handbill.providers.registry import open_provider
from handbill.store import AssetStore
from handbill.store.ledger import Ledger
from tests.doubles.asks import a_brief, a_copy_request, with_prompt


def kill_at(spot: str, counts: Counter[str]) -> None:
    name, _, number = spot.partition(":")

    def action(moment: str) -> None:
        counts[moment] += 1
        counts["*"] += 1
        if name in (moment, "*") and counts[name] == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    failpoint.arm(action)


def no_fault(_: Draft) -> tuple[str, ...]:
    return ()


async def job(order: dict[str, Any]) -> list[str]:
    folder = Path(order["folder"])
    ledger = Ledger(order.get("ledger") or folder / "ledger.db", time.time)
    store = AssetStore(folder / "store")
    calls = Calls(
        Till(ledger, store, Purse(campaign="C", on_uncertain=order["policy"])), with_prompt
    )
    choice = ProviderChoice(
        name="openai",
        base_url=order["base_url"],
        parameters={
            "most_in_flight": order["at_once"],
            "most_in_flight_everywhere": order.get("everywhere", 0),
            "honours_idempotency_key": order["keys"],
            "deadline_s": 60,
        },
    )
    handle = open_provider(choice, "copy")

    async def one(number: int) -> CopyResult:
        request = a_copy_request(brief=a_brief(number), prompted=False)
        return await write_copy(calls, handle, request, no_fault)

    first = order.get("first", 0)
    results = await asyncio.gather(*(one(first + number) for number in range(order["rows"])))
    assert handle.close is not None
    await handle.close()
    ledger.close()
    return [
        f"{number} {','.join(sorted(set(result.statuses.values())))} "
        f"{digest(plain(dict(result.drafts)))[:16]}"
        for number, result in enumerate(results)
    ]


def run_in_child(order: dict[str, Any], answer: Path) -> bool:
    """Whether the job came to its end."""
    child = os.fork()
    if child == 0:
        counts: Counter[str] = Counter()
        kill_at(order["spot"], counts)
        ended = asyncio.run(job(order))
        answer.write_text(json.dumps({"orders": ended, "moments": dict(counts)}))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    assert status == 0, f"the job ended with {status}"
    return True


def main() -> None:
    # Once, before any job: what every one of them would load again.
    genai_prices.calc_price(genai_prices.Usage(input_tokens=1), "gpt-6-luna")
    open_provider(ProviderChoice(name="openai"), "copy")
    a_copy_request()
    for line in sys.stdin:
        order = json.loads(line)
        answer = Path(order["folder"]) / "answer.json"
        sys.stdout.write((answer.read_text() if run_in_child(order, answer) else "null") + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
