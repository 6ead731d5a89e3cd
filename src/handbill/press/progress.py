"""How far a run is: counts by step, told to whoever listens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

STEPS = ("copy", "posters", "films", "checks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One step's count: `done` of `planned` orders, of which `fresh` were made in this run.

    Attributes:
        frames: of films, painted so far: they take long, and show that something goes on.
    """

    step: str
    done: int
    planned: int
    fresh: int
    frames: int = 0

    @property
    def percent(self) -> float:
        """0 to 100; a step without orders is done."""
        return 100 * self.done / self.planned if self.planned else 100.0


Listener = Callable[[tuple[Count, ...]], None]


class Progress:
    """Counts by step; safe to use from several threads.

    Listeners hear every change on the thread that made it and must return quickly.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._fresh: dict[str, int] = {}
        self._frames = 0
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> None:
        """Tell `listener` of every change from now on."""
        self._listeners.append(listener)

    def plan(self, step: str, orders: int) -> None:
        """Expect `orders` (≥ 0) of `step` in all; counting starts again from nothing."""
        with self._lock:
            self._planned[step] = orders
            self._done[step] = self._fresh[step] = 0
        self._tell()

    def tick(self, step: str, *, done: int = 1, fresh: int = 0) -> None:
        """`done` more orders of `step` are through, `fresh` of them newly made."""
        with self._lock:
            self._done[step] = self._done.get(step, 0) + done
            self._fresh[step] = self._fresh.get(step, 0) + fresh
        self._tell()

    def see_frames(self, painted: int) -> None:
        """`painted` frames of films are ready in all."""
        with self._lock:
            changed, self._frames = painted != self._frames, painted
        if changed:
            self._tell()

    def counts(self) -> tuple[Count, ...]:
        """All planned steps, in the order of `STEPS`."""
        with self._lock:
            return tuple(
                Count(
                    step=step,
                    done=self._done[step],
                    planned=self._planned[step],
                    fresh=self._fresh[step],
                    frames=self._frames if step == "films" else 0,
                )
                for step in STEPS
                if step in self._planned
            )

    def _tell(self) -> None:
        counts = self.counts()
        for listener in self._listeners:
            listener(counts)
