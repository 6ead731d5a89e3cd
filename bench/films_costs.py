"""What films cost, each piece of work in a process of its own: wall, processor, memory."""

from __future__ import annotations

import multiprocessing
import re
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

Run = Callable[..., None]


@dataclass(frozen=True)
class Cost:
    """What one piece of work took: seconds of wall and processor, and most memory held.

    The memory is the process's own peak and that of the largest program that it started.
    """

    wall_s: float
    cpu_s: float
    memory_mb: float


def side_by_side(
    pair: tuple[Run, Run], arguments: Sequence[Any], *, rounds: int
) -> tuple[list[Cost], list[Cost]]:
    """Both runs in turn with the same arguments, each first in every other round."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for number in range(rounds):
        order = (0, 1) if number % 2 else (1, 0)
        for which in order:
            costs[which].append(apart(pair[which], *arguments))
    return costs


def ratio(costs: tuple[list[Cost], list[Cost]], name: str) -> float:
    """The median of what the first run took against the second one beside it."""
    return statistics.median(
        float(getattr(one, name)) / float(getattr(other, name))
        for one, other in zip(*costs, strict=True)
    )


def apart(run: Run, *arguments: Any) -> Cost:
    """Run in a process of its own; its imports are not counted."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Cost] = context.Queue()
    process = context.Process(target=_measured, args=(run, arguments, results))
    process.start()
    while process.is_alive() and results.empty():
        process.join(timeout=0.1)
    cost = results.get(timeout=1)
    process.join()
    return cost


def cpu_s() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in _WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _measured(run: Run, arguments: tuple[Any, ...], results: multiprocessing.Queue[Cost]) -> None:
    began, used = time.perf_counter(), cpu_s()
    run(*arguments)
    wall_s, used_s = time.perf_counter() - began, cpu_s() - used
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    results.put(Cost(wall_s=wall_s, cpu_s=used_s, memory_mb=_own_peak_mb() + largest))


def _own_peak_mb() -> float:
    """Most memory that this program held; what the one that started it held does not count."""
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        if found:
            return int(found.group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
