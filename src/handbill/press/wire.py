"""Between a run and its drawing processes: how far films are, and whether to stop."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.context import SpawnContext
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

from handbill.errors import RenderError


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What both ends hold.

    Attributes:
        stopping: set when nothing more is wanted.
        frames: painted by all processes on this wire.
    """

    stopping: Event
    frames: Synchronized[int]


_held: list[Wire] = []


def new_wire(context: SpawnContext) -> Wire:
    """A wire for the processes of one pool."""
    return Wire(stopping=context.Event(), frames=context.Value("q", 0))


def hold_wire(wire: Wire) -> None:
    """Keep the wire for this process."""
    _held[:] = [wire]


def report_frames(count: int) -> None:
    """Tell the run that `count` more frames are painted; does nothing outside drawing processes.

    Raises:
        RenderError: the run is being stopped.
    """
    for wire in _held:
        if wire.stopping.is_set():
            raise RenderError("the run was stopped while this film was cut")
        with wire.frames.get_lock():
            wire.frames.value += count
