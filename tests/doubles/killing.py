"""Runs paying jobs that may be killed, at a vendor that outlives them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeVar

from tests.doubles.vendor_server import VendorServer

ROOT = Path(__file__).parents[2]
PYTHONPATH = f"{ROOT / 'src'}{os.pathsep}{ROOT}"


class Serves(Protocol):
    """A server on the loopback."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


ServerT = TypeVar("ServerT", bound=Serves)


@contextmanager
def serving(server: ServerT) -> Iterator[ServerT]:
    """The vendor, on a thread of its own: it outlives the jobs."""
    loop = asyncio.new_event_loop()
    loop.run_until_complete(server.start())
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(server.stop())
        loop.close()


class Program:
    """A module that reads an order a line and answers with a line, both JSON."""

    def __init__(self, module: str) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, order: dict[str, Any]) -> Any:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        return json.loads(self._program.stdout.readline())

    def close(self) -> None:
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait()
        self._program.stdout.close()


class Jobs(Program):
    """The program that runs jobs, each in a process of its own."""

    def __init__(self) -> None:
        super().__init__("tests.doubles.paying_job")

    def run(self, folder: Path, server: VendorServer, spot: str = "none:1", **job: Any) -> Any:
        """How the job ended; None when it was killed."""
        order = {"rows": 2, "at_once": 1, "policy": "hold", "keys": False, **job}
        order |= {"folder": str(folder), "base_url": server.base_url, "spot": spot}
        return self.ask(order)
