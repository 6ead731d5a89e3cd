"""Ctrl-C and SIGTERM: say so, finish what is under way, and end for certain."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from handbill.cli.endings import EXIT_INTERRUPTED
from handbill.cli.speech import say

_FAREWELL_S = 4.0
# SIGTERM is what systemd, containers and batch systems send; a drawing process left alone would
# leave its half a film for the next run to clear away.
_KNOCKS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(
    stop: Callable[[], None], grace_s: float, farewell: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Let the block be ended by Ctrl-C or SIGTERM, once politely and the second time at once.

    Ending at once loses nothing: what is finished is in the store whole, and the next run goes
    on from there.

    Args:
        stop: keeps new work from beginning; called before KeyboardInterrupt is raised.
        grace_s: how long the block may take to end; a temporary Prefect server hears the same
            Ctrl-C, and whoever waits for its answer would wait for minutes.
        farewell: called when the block did not end in time; it has `_FAREWELL_S`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    door = _Door(stop, grace_s, farewell)
    before = [(number, signal.signal(number, door.knock)) for number in _KNOCKS]
    try:
        yield
    finally:
        for number, heard in before:
            signal.signal(number, heard)


class _Door:
    """Hears Ctrl-C and SIGTERM."""

    def __init__(
        self, stop: Callable[[], None], grace_s: float, farewell: Callable[[], None]
    ) -> None:
        self._stop = stop
        self._farewell = farewell
        self._grace_s = grace_s
        self._knocked = False

    def knock(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if self._knocked:
            os._exit(EXIT_INTERRUPTED)
        self._knocked = True
        say("stopping; what is under way is finished first (Ctrl-C again to end at once)")
        self._stop()
        clock = threading.Timer(self._grace_s, self._give_up)
        clock.daemon = True
        clock.start()
        raise KeyboardInterrupt

    def _give_up(self) -> None:
        last = threading.Thread(target=self._farewell, daemon=True)
        last.start()
        last.join(_FAREWELL_S)
        say("ended; finished work is kept, run again to go on")
        os._exit(EXIT_INTERRUPTED)
