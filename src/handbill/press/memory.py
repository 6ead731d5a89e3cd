"""Giving memory back that drawing has freed, so that a process stays as small as what it keeps.

Pictures come and go in sizes of megabytes, and the C library keeps what they leave in holes that
the next one seldom fits: after some hundreds of posters a process would hold half as much again
as it uses. Giving that back costs little when it is done seldom.
"""

from __future__ import annotations

import resource
from pathlib import Path

from handbill.foreign.libc import return_freed_memory

# How much a process may grow before it gives memory back.
_GROWTH_BYTES = 40_000_000
_STATE = Path("/proc/self/statm")


class FreedMemory:
    """Gives memory back when this process has grown by much since it last did.

    Linux alone: elsewhere nobody tells in a moment what a process holds, and nothing is done.
    """

    def __init__(self) -> None:
        self._least_bytes = 0

    def give_back(self) -> bool:
        """Give back what is free if that may be much; whether it was done."""
        held = held_bytes()
        grown = held > self._least_bytes + _GROWTH_BYTES
        if grown and return_freed_memory():
            held = self._least_bytes = held_bytes()
        self._least_bytes = min(self._least_bytes, held)
        return grown


def held_bytes() -> int:
    """Memory that this process holds now, what it shares with others included; 0 where untold."""
    if not _STATE.exists():
        return 0
    return int(_STATE.read_text("ascii").split()[1]) * resource.getpagesize()
