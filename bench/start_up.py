"""Start-up: what `handbill check` and `plan` take against starting Python alone.

Both should answer in well under a second where an empty Python takes ten milliseconds; the figures
are the whole verbs on the demo, reading its eight rows and pictures and planning 345 orders.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

from bench.run import at_most

_UNIT = "x of an empty Python"
_DEMO = Path(__file__).resolve().parent.parent / "campaigns" / "demo"


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """How many times as long as an empty Python each verb takes on the demo, medians."""
    rounds = 3 if fast else 9
    empty, check, plan = [], [], []
    for _ in range(rounds):
        empty.append(_seconds("-c", "pass"))
        check.append(_seconds("-m", "handbill", "check", str(_DEMO)))
        plan.append(_seconds("-m", "handbill", "plan", str(_DEMO)))
    base = statistics.median(empty)
    return {
        "check_start": at_most(statistics.median(check) / base, _UNIT, 60),
        "plan_start": at_most(statistics.median(plan) / base, _UNIT, 90),
    }


def _seconds(*arguments: str) -> float:
    """Seconds of processor: a busy machine does not blur the ratio."""
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
