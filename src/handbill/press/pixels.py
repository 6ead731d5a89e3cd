"""Processes that draw and cut: one drawing at a time each, started when first needed."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.util
import os
import signal
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from handbill.errors import RenderError
from handbill.foreign.ffmpeg import end_running
from handbill.press.memory import FreedMemory
from handbill.press.scratch import Scratch
from handbill.press.wire import Wire, hold_wire, new_wire

# Fresh interpreters: forking a process with threads or an event loop can deadlock.
_CONTEXT = multiprocessing.get_context("spawn")
_LOOK_EVERY_S = 0.5

AskT = TypeVar("AskT")
AnswerT = TypeVar("AnswerT")

# Of this process; it counts in drawing processes alone.
_freed = FreedMemory()
_STOPPED = "the run was stopped before this one was drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing(Generic[AskT, AnswerT]):
    """A drawing that has begun."""

    draw: Callable[[AskT], AnswerT]
    ask: AskT
    future: Future[AnswerT]
    pool: ProcessPoolExecutor


class Pixels:
    """A pool of drawing processes.

    A drawing that kills its process (a picture that crashes a decoder, a machine without memory)
    breaks the whole pool; its neighbours are drawn again alone, and only a drawing that breaks a
    process of its own is given up.

    Args:
        workers: processes, at least 1.
        log: file for what libraries say in the processes; the user's terminal stays clean.
    """

    def __init__(self, workers: int, log: Path) -> None:
        self._workers = workers
        self._log = log
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._wires: list[Wire] = []
        self._stopped = False
        self._finishing = False

    @property
    def frames(self) -> int:
        """Frames of films that have been painted so far, by all processes."""
        with self._lock:
            return sum(wire.frames.value for wire in self._wires)

    def start(
        self, draw: Callable[[AskT], AnswerT], ask: AskT, *, finishing: bool = False
    ) -> Drawing[AskT, AnswerT]:
        """Begin `draw(ask)` in one of the processes; both must pickle.

        Args:
            draw: what to do there.
            ask: with what.
            finishing: it only finishes what was drawn; see `stop`.

        Raises:
            RenderError: the run is being stopped.
        """
        pool = self._current(finishing=finishing)
        try:
            future = pool.submit(_drawn, draw, ask)
        except BrokenProcessPool:
            self._drop(pool)
            pool = self._current(finishing=finishing)
            future = pool.submit(_drawn, draw, ask)
        return Drawing(draw=draw, ask=ask, future=future, pool=pool)

    def finish(
        self, drawing: Drawing[AskT, AnswerT], meanwhile: Callable[[int], None] | None = None
    ) -> AnswerT:
        """Wait for what `start` began; faults of the drawing itself are raised as they are.

        Args:
            drawing: from `start`.
            meanwhile: told `frames` again and again while it waits.

        Raises:
            RenderError: it ended its process twice, or was stopped.
        """
        try:
            return self._awaited(drawing, meanwhile)
        except CancelledError:
            raise RenderError(_STOPPED) from None
        except BrokenProcessPool:
            self._drop(drawing.pool)
        with _processes(1, self._log, self._new_wire()) as alone:
            try:
                return alone.submit(_drawn, drawing.draw, drawing.ask).result()
            except BrokenProcessPool:
                raise RenderError(
                    "the drawing process died twice over this one; its picture may be too large "
                    "or damaged, or the machine may be out of memory"
                ) from None

    def refuse_when_stopped(self) -> None:
        """Say that nothing more is begun; asked before work that leads to a drawing.

        Raises:
            RenderError: the run is being stopped.
        """
        with self._lock:
            if self._stopped:
                raise RenderError(_STOPPED)

    def stop(self, *, finishing: bool = False) -> None:
        """Begin nothing more; drawings that have not begun are dropped, films under way end.

        Args:
            finishing: what was drawn may still be finished, so that it can be packed.
        """
        with self._lock:
            self._stopped = True
            self._finishing = finishing
            for wire in self._wires:
                wire.stopping.set()
        self._end(waits=False)

    def close(self) -> None:
        """End the processes; the next drawing starts new ones."""
        self._end(waits=True)
        with self._lock:
            self._stopped = self._finishing = False

    def _awaited(
        self, drawing: Drawing[AskT, AnswerT], meanwhile: Callable[[int], None] | None
    ) -> AnswerT:
        while meanwhile is not None and not drawing.future.done():
            wait([drawing.future], timeout=_LOOK_EVERY_S)
            meanwhile(self.frames)
        return drawing.future.result()

    def _end(self, *, waits: bool) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=waits, cancel_futures=True)

    def _current(self, *, finishing: bool) -> ProcessPoolExecutor:
        if not (finishing and self._finishing):
            self.refuse_when_stopped()
        with self._lock:
            if self._pool is None:
                self._pool = _processes(self._workers, self._log, self._new_wire())
            return self._pool

    def _new_wire(self) -> Wire:
        wire = new_wire(_CONTEXT)
        self._wires.append(wire)
        return wire

    def _drop(self, broken: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is broken:
                self._pool = None
        broken.shutdown(wait=False, cancel_futures=True)


def _processes(workers: int, log: Path, wire: Wire) -> ProcessPoolExecutor:
    log.parent.mkdir(parents=True, exist_ok=True)
    return ProcessPoolExecutor(
        max_workers=workers,
        mp_context=_CONTEXT,
        initializer=_begin_process,
        initargs=(log, wire),
    )


def _drawn(draw: Callable[[AskT], AnswerT], ask: AskT) -> AnswerT:
    """`draw(ask)`, in a drawing process."""
    try:
        return draw(ask)
    finally:
        _freed.give_back()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _end_when_stopped(wire: Wire) -> None:
    """Let no film wait for its ffmpeg once nobody wants it."""
    wire.stopping.wait()
    end_running()


def _begin_process(log: Path, wire: Wire) -> None:
    """Leave interrupts to the parent and the terminal to the user; end when the parent ends."""
    threading.Thread(target=_end_with_parent, name="handbill-parent", daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hold_wire(wire)
    threading.Thread(target=_end_when_stopped, args=(wire,), daemon=True).start()
    # What is killed here leaves its temporary files where the next run clears them away.
    scratch = Scratch(log.parent)
    tempfile.tempdir = str(scratch.folder)
    multiprocessing.util.Finalize(None, scratch.close, exitpriority=0)
    with log.open("ab") as words:
        os.dup2(words.fileno(), 1)
        os.dup2(words.fileno(), 2)
