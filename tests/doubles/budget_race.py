"""Processes that race for one budget in one ledger."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from handbill.errors import BudgetExceeded
from handbill.store.ledger import Bill, CallCard, Caps, Ledger
from handbill.store.ledger_facts import calls_of, tally

PROCESSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Raced:
    """Micro-dollars: in the end by the calls and by the tally, and the most ever in the tally."""

    by_calls: int
    by_tally: int
    most: int


def race(address: Path | str, cap: int, calls_each: int) -> Raced:
    """Eight processes spend what they can.

    Args:
        address: of the ledger.
        cap: the budget of the campaign.
        calls_each: how often each process tries.
    """
    Ledger(address, lambda: 0.0).close()
    # Never forked: the process that tests has threads, whose locks a fork would keep for good.
    context = multiprocessing.get_context("spawn")
    most, start = context.Value("q", 0), context.Barrier(PROCESSES)
    work = [(address, cap, calls_each, number, most, start) for number in range(PROCESSES)]
    workers = [context.Process(target=_spend, args=each) for each in work]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    ledger = Ledger(address, lambda: 0.0)
    calls = calls_of(ledger.engine, most=PROCESSES * calls_each)
    held = tally(ledger.engine, "campaign:C")
    ledger.close()
    by_calls = sum(call.spent_micros + call.reserved_micros for call in calls)
    return Raced(by_calls=by_calls, by_tally=held, most=most.value)


def _spend(
    address: Path | str, cap: int, calls_each: int, number: int, most: Any, start: Any
) -> None:
    """Reserve, look at the tally, send and settle at random sizes until the cap says no."""
    random = Random(number)  # noqa: S311 - sizes, not secrets
    ledger = Ledger(address, lambda: 0.0)
    start.wait(60)
    for call in range(calls_each):
        key = f"{number:02}{call:062}"
        card = CallCard(key=key, campaign="C", brief="b", provider="p", model="m", endpoint="e")
        estimate = random.randint(200, 900)
        try:
            claim = ledger.claim(card, Caps(campaign=cap), estimate)
        except BudgetExceeded:
            continue
        assert claim.verdict == "send"
        seen = tally(ledger.engine, "campaign:C")
        with most.get_lock():
            most.value = max(most.value, seen)
        ledger.mark_sent(key, 60)
        ledger.mark_stored(key, "f" * 64, Bill(micros=random.randint(100, estimate)))
    ledger.close()
