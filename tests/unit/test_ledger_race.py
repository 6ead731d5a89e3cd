"""Processes that race for one budget cannot pass it together."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.budget_race import race

CAP = 100_000


def test_eight_processes_overshoot_a_budget_by_nothing(tmp_path: Path) -> None:
    raced = race(tmp_path / "ledger.db", CAP, calls_each=40)
    assert raced.by_calls == raced.by_tally
    assert CAP * 0.98 < raced.by_calls <= raced.most <= CAP
