"""What other processes are asked to do in tests: work, fail, die, hold on."""

from __future__ import annotations

import os
import tempfile
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

from handbill.errors import RenderError
from handbill.foreign.ffmpeg import run_ffmpeg
from handbill.press.lease import hold_campaign
from handbill.press.memory import held_bytes
from handbill.press.wire import report_frames

_kept: list[list[bytes]] = []


def double(number: int) -> int:
    return 2 * number


def complain(number: int) -> int:
    message = f"number {number} cannot be drawn"
    raise RenderError(message)


def die(marker: Path) -> str:
    """End the process the first time, answer the second."""
    if not marker.exists():
        marker.touch()
        os._exit(9)
    return "alive"


def always_die(number: int) -> int:
    os._exit(number)


def hold_a_campaign(home: Path, held: Event, let_go: Event) -> None:
    with hold_campaign(home, "/shop/briefs.csv", "/out"):
        held.set()
        let_go.wait(30)


def paint(tens: int) -> int:
    """Report `tens` times ten frames, as a film does, a hundredth of a second each ten."""
    for _ in range(tens):
        threading.Event().wait(0.01)
        report_frames(10)
    return tens


def decode(begun: Path) -> str:
    """Let ffmpeg run for a minute, unless somebody ends it; says where temporary files go."""
    begun.write_text(tempfile.gettempdir())
    silence = ["-re", "-f", "lavfi", "-i", "anullsrc", "-t", "60", "-f", "null", "-"]
    run_ffmpeg(silence)
    return tempfile.gettempdir()


def leave_holes(count: int) -> int:
    """Hold `count` blocks of 16 kB, let go of nine in ten, and tell what the process holds."""
    blocks = [b"x" * 16_000 for _ in range(count)]
    _kept.append(blocks[::10])
    return held_bytes()


def held(_: int) -> int:
    """What the process holds between drawings."""
    return held_bytes()
