"""One progress display for every way to run: bars on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from handbill.cli.speech import say
from handbill.press.progress import Count, Listener

# Seconds between two plain lines: a log of a long run stays short.
_LINE_EVERY_S = 5.0
_TITLES = {"copy": "Copy", "posters": "Posters", "films": "Films", "checks": "Finished"}


@contextmanager
def progress_display() -> Iterator[Listener]:
    """A listener for `Progress` that shows counts, rate and time left on standard error."""
    if sys.stderr.isatty():
        with _bars() as listener:
            yield listener
    else:
        yield PlainLines(time.monotonic)


class PlainLines:
    """Says how far a run is, at most every few seconds, and when each step is through."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._began: float | None = None
        self._spoke = 0.0
        self._through: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, counts: tuple[Count, ...]) -> None:
        """Hear of a change."""
        with self._lock:
            now = self._clock()
            self._began = now if self._began is None else self._began
            through = {one.step for one in counts if one.planned and one.done >= one.planned}
            if through <= self._through and now - self._spoke < _LINE_EVERY_S:
                return
            if any(one.done for one in counts):
                self._through |= through
                self._spoke = now
                say(line_of(counts, now - self._began))


def line_of(counts: tuple[Count, ...], elapsed_s: float) -> str:
    """``copy 28/28 · films 2/6 (1,240 frames) · 1.4 orders/s · about 0:20 left``."""
    parts = [
        f"{one.step} {one.done:,}/{one.planned:,}{_frames(one)}" for one in counts if one.planned
    ]
    finished = next((one for one in counts if one.step == "checks"), None)
    if finished and finished.done and elapsed_s > 0:
        parts.append(f"{finished.done / elapsed_s:.1f} orders/s")
    left_s = max((_left_s(one, elapsed_s) for one in counts), default=0.0)
    if left_s:
        parts.append(f"about {_clock_text(left_s)} left")
    return " · ".join(parts)


def _frames(count: Count) -> str:
    return f" ({count.frames:,} frames)" if count.frames and count.done < count.planned else ""


def _left_s(count: Count, elapsed_s: float) -> float:
    """Seconds that one step still takes at its rate so far; 0 before its first order."""
    return elapsed_s * (count.planned - count.done) / count.done if count.done else 0.0


def _clock_text(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@contextmanager
def _bars() -> Iterator[Listener]:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.progress import (  # noqa: PLC0415 - only a terminal needs it
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), refresh_per_second=4) as bars:
        lines: dict[str, TaskID] = {}

        def listener(counts: tuple[Count, ...]) -> None:
            for one in counts:
                if not one.planned:
                    continue
                if one.step not in lines:
                    lines[one.step] = bars.add_task(_TITLES[one.step], total=one.planned, rate="")
                speed = bars.tasks[lines[one.step]].speed
                bars.update(
                    lines[one.step],
                    completed=one.done,
                    total=one.planned,
                    rate=f"{speed:.1f}/s{_frames(one)}" if speed else _frames(one).strip(),
                )

        yield listener
