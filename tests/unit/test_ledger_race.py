"""Processes that race for one budget cannot pass it together."""

from __future__ import annotations

from pathlib import Path

from tests.doubles.budget_race import race

CAP = 100_000


def test_eight_processes_overshoot_a_budget_by_nothing(tmp_path: Path) -> None:
    by_calls, by_tally = race(tmp_path / "ledger.db", CAP, calls_each=40)
    assert by_calls == by_tally
    assert CAP * 0.98 < by_calls <= CAP
