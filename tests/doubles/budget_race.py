"""Processes that race for one budget in one ledger."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from random import Random

from handbill.errors import BudgetExceeded
from handbill.store.ledger import Bill, CallCard, Caps, Ledger
from handbill.store.ledger_facts import calls_of, tally

PROCESSES = 8


def race(address: Path | str, cap: int, calls_each: int) -> tuple[int, int]:
    """Eight processes spend what they can; micro-dollars by the calls, and by the tally.

    Args:
        address: of the ledger.
        cap: the budget of the campaign.
        calls_each: how often each process tries.
    """
    Ledger(address, lambda: 0.0).close()
    context = multiprocessing.get_context("fork")
    work = [(address, cap, calls_each, number) for number in range(PROCESSES)]
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
    return sum(call.spent_micros + call.reserved_micros for call in calls), held


def _spend(address: Path | str, cap: int, calls_each: int, number: int) -> None:
    """Reserve, send and settle at random sizes until the cap says no."""
    random = Random(number)  # noqa: S311 - sizes, not secrets
    ledger = Ledger(address, lambda: 0.0)
    for call in range(calls_each):
        key = f"{number:02}{call:062}"
        card = CallCard(key=key, campaign="C", brief="b", provider="p", model="m", endpoint="e")
        estimate = random.randint(200, 900)
        try:
            claim = ledger.claim(card, Caps(campaign=cap), estimate)
        except BudgetExceeded:
            continue
        assert claim.verdict == "send"
        ledger.mark_sent(key, 60)
        ledger.mark_stored(key, "f" * 64, Bill(micros=random.randint(100, estimate)))
    ledger.close()
