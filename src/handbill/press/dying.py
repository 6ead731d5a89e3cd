"""Dying on purpose: a test setting ends this process without a word at a named moment.

Nothing here runs unless `HANDBILL_TEST_FAILPOINT` is set. The moments are those that
`domain.failpoint.reached` names: between any two of them the process may be ended by a kill, a
crash or a power cut, and the next run has to find everything in order.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from pathlib import Path

from handbill.domain import failpoint


def die_at(spot: str, log: Path) -> None:
    """Kill this process (signal 9) when a moment is reached for the n-th time.

    Args:
        spot: ``NAME:NUMBER``, counted from 1; the name ``*`` counts every moment, and the number
            0 never comes.
        log: gets a line for every moment, the last one before its death too.
    """
    name, _, number = spot.partition(":")
    counts: Counter[str] = Counter()
    lock = threading.Lock()
    log.parent.mkdir(parents=True, exist_ok=True)

    def action(moment: str) -> None:
        with lock:
            counts.update((moment, "*"))
            with log.open("a", encoding="utf-8") as lines:
                lines.write(f"{moment}\n")
            if name in (moment, "*") and counts[name] == int(number):
                os.kill(os.getpid(), signal.SIGKILL)

    failpoint.arm(action)
