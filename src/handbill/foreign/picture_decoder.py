"""Pillow's decoders in a process of their own, so that a hostile picture ends that process alone.

One process serves many pictures: it is started with the first one and again after one that it
broke down on.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from handbill.errors import ToolMissing

_CHILD = Path(__file__).with_name("picture_child.py")
LIMIT_S = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What the decoder found.

    Attributes:
        found: ``whole``, ``unknown`` (no such format), ``too_large``, ``too_small``,
            ``too_costly`` (of memory or time), ``damaged`` or ``crashed``.
        fault: the decoder's words, or what was used up (``memory``, ``time``).
        width_px, height_px: 0 where they are not known.
    """

    found: str
    fault: str = ""
    width_px: int = 0
    height_px: int = 0


@dataclass(slots=True)
class PictureDecoder:
    """Proves pictures in a process of its own; close it, or use it as a context.

    Attributes:
        most_pixels: width × height that is still decoded.
        least_px: of the shorter side.
        formats: Pillow's names of those that are opened.
        limit_s: of processor time a picture; as much again on the clock, and then it is ended.
        command: what is started; replaced in tests.
    """

    most_pixels: int
    least_px: int
    formats: Sequence[str]
    limit_s: int = LIMIT_S
    command: Sequence[str] = (sys.executable, "-I", str(_CHILD))
    _child: subprocess.Popen[str] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def decode(self, path: Path) -> Decoded:
        """Decode the first picture of a file.

        Raises:
            ToolMissing: the decoding process does not start on this machine.
        """
        request = {
            "path": str(path), "formats": list(self.formats), "most_pixels": self.most_pixels,
            "least_px": self.least_px, "limit_s": self.limit_s,
        }  # fmt: skip
        with self._lock:
            child = self._running()
            answer, late = self._asked(child, json.dumps(request))
            if answer:
                return Decoded(**json.loads(answer))
            code = self._ended(child)
        if late or code == -24:  # noqa: PLR2004 - SIGXCPU: the processor time is used up
            return Decoded(found="too_costly", fault="time")
        if code > 0:
            message = f"the process that decodes pictures does not run (it ended with {code})"
            raise ToolMissing(f"{message}; install the package pillow anew")
        return Decoded(found="crashed", fault=f"signal {-code}")

    def close(self) -> None:
        """End the process, if it runs."""
        with self._lock:
            if self._child is not None:
                self._ended(self._child)

    def _running(self) -> subprocess.Popen[str]:
        if self._child is None:
            # An empty environment: a decoder that is taken over finds no keys in it.
            self._child = subprocess.Popen(
                list(self.command),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                encoding="utf-8", env={}, cwd="/",
            )  # fmt: skip
        return self._child

    def _asked(self, child: subprocess.Popen[str], request: str) -> tuple[str, bool]:
        """The answer's line, empty when the process ended before it; and whether it was late."""
        assert child.stdin is not None  # noqa: S101 - opened as a pipe
        assert child.stdout is not None  # noqa: S101 - opened as a pipe
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        alarm = threading.Timer(2 * self.limit_s, end)
        alarm.daemon = True
        alarm.start()
        try:
            child.stdin.write(f"{request}\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            alarm.cancel()
        return (answer if answer.endswith("\n") else ""), late.is_set()

    def _ended(self, child: subprocess.Popen[str]) -> int:
        """End the process; its exit code, negative for a signal."""
        self._child = None
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            return child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            child.kill()
            return child.wait()
