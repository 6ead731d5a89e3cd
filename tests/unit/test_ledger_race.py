"""Processes that race for one budget cannot pass it together."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from random import Random

from handbill.errors import BudgetExceeded
from handbill.store.ledger import Bill, CallCard, Caps, Ledger
from handbill.store.ledger_facts import calls_of, tally

CAP = 100_000
PROCESSES, CALLS_EACH = 8, 40


def spend(path: Path | str, number: int) -> None:
    """Reserve, send and settle at random sizes until the cap says no."""
    random = Random(number)  # noqa: S311 - sizes, not secrets
    ledger = Ledger(path, lambda: 0.0)
    for call in range(CALLS_EACH):
        key = f"{number:02}{call:062}"
        card = CallCard(key=key, campaign="C", brief="b", provider="p", model="m", endpoint="e")
        estimate = random.randint(200, 900)
        try:
            claim = ledger.claim(card, Caps(campaign=CAP), estimate)
        except BudgetExceeded:
            continue
        assert claim.verdict == "send"
        ledger.mark_sent(key, 60)
        ledger.mark_stored(key, "f" * 64, Bill(micros=random.randint(100, estimate)))
    ledger.close()


def test_eight_processes_overshoot_a_budget_by_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    Ledger(path, lambda: 0.0).close()
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=spend, args=(path, n)) for n in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    ledger = Ledger(path, lambda: 0.0)
    spent = sum(call.spent_micros + call.reserved_micros for call in calls_of(ledger.engine))
    assert spent == tally(ledger.engine, "campaign:C")
    assert CAP * 0.98 < spent <= CAP
    ledger.close()
