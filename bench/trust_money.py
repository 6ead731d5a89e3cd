"""Trust in budgets: eight processes race for one, in SQLite and in PostgreSQL, by the same code.

PostgreSQL is a throw-away server of this machine's own programs; where there are none its figures
are absent, and standard error says so.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench.run import at_least, at_most
from tests.doubles.budget_race import PROCESSES, race
from tests.doubles.throwaway_postgres import programs, throwaway_postgres

_CAP = 100_000
_LEAST_USED = 0.98


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``; fewer reservations when `fast`."""
    # What all processes would spend is well above the cap in both sizes.
    calls_each, cap = (60, _CAP // 2) if fast else (250, _CAP)
    with tempfile.TemporaryDirectory() as folder:
        found = _raced("sqlite", Path(folder) / "ledger.sqlite", cap, calls_each)
    if programs() is None:
        print("trust_money: PostgreSQL is not installed, its figures are absent", file=sys.stderr)
        return found
    with throwaway_postgres() as url:
        return found | _raced("postgresql", url, cap, calls_each)


def _raced(
    name: str, address: Path | str, cap: int, calls_each: int
) -> dict[str, dict[str, object]]:
    raced = race(address, cap, calls_each)
    used = round(raced.by_calls / cap, 4)
    return {
        f"budget_{name}_reservations_tried": at_least(PROCESSES * calls_each, "reservations", 480),
        f"budget_{name}_overshoot": at_most(max(0, raced.most - cap), "micro-dollars", 0),
        f"budget_{name}_calls_and_tally_differ_by": at_most(
            abs(raced.by_calls - raced.by_tally), "micro-dollars", 0
        ),
        f"budget_{name}_used": at_least(used, "of the budget", _LEAST_USED),
    }


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
