"""Whole runs of `handbill run --direct` that may be killed, and a reader who watches meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handbill.store.ledger import Ledger
from handbill.store.ledger_facts import LedgerCall, calls_of
from tests.doubles.killing import PYTHONPATH, ROOT, Program
from tests.doubles.paid_campaign import KEY_VARIABLE

KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended: `code` is negative for a signal; `words` is all that it said."""

    code: int
    words: str
    took_s: float


class Place:
    """The folders of one run: the campaign, Handbill's home and the bundle."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # What a run says is read beside its folders: their disk may be full.
        self.words = folder.with_name(f".words-{folder.name}")
        self.campaign = folder / "campaign"
        self.home = folder / "home"
        self.out = self.campaign / "out"

    def restore(self, kept: Path) -> None:
        """Begin from the state that was kept; readers never see the removal."""
        self.remove()
        fresh = self.folder.with_name(f".fresh-{self.folder.name}")
        shutil.copytree(kept, fresh, symlinks=True)
        fresh.rename(self.folder)

    def remove(self) -> None:
        if self.folder.exists():
            gone = self.folder.with_name(f".gone-{self.folder.name}")
            self.folder.rename(gone)
            shutil.rmtree(gone)

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "HANDBILL_HOME": str(self.home),
            "HANDBILL_WORKERS": "1",
            KEY_VARIABLE: "sk-of-the-test",
            **more,
        }

    def arguments(self) -> list[str]:
        return ["run", "--direct", "--write-back", str(self.campaign)]

    def calls(self, state: str = "") -> tuple[LedgerCall, ...]:
        """The ledger's calls, read by a process that changes none of them."""
        path = self.home / "ledger.sqlite"
        if not path.is_file():
            return ()
        ledger = Ledger(path, time.time)
        try:
            return calls_of(ledger.engine, state=state, most=10_000)
        finally:
            ledger.close()

    def manifest(self) -> bytes:
        path = self.out / "manifest.json"
        return path.read_bytes() if path.is_file() else b""

    def moments(self) -> list[str]:
        return (self.home / "failpoints.log").read_text().split()


class Runs(Program):
    """Runs the command line in processes that are forked from a loaded one."""

    def __init__(self) -> None:
        super().__init__("tests.doubles.run_forker")

    def run(self, place: Place, **environment: str) -> Ended:
        code, took_s = self.ask(
            {
                "arguments": place.arguments(),
                "environment": place.environment(**environment),
                "words": str(place.words),
            }
        )
        return Ended(code=code, words=place.words.read_text("utf-8", "replace"), took_s=took_s)


def run_fresh(place: Place, **environment: str) -> Ended:
    """Run ``python -m handbill`` as a user does, to its end."""
    return _ended(place, environment, None)


def kill_fresh(place: Place, after_s: float) -> Ended:
    """The same, killed with signal 9 after that time if it has not ended before."""
    return _ended(place, {}, after_s)


def _ended(place: Place, environment: dict[str, str], kill_after_s: float | None) -> Ended:
    began = time.monotonic()
    with place.words.open("wb") as said:
        ran = subprocess.Popen(
            [sys.executable, "-m", "handbill", *place.arguments()],
            cwd=place.folder,
            env={**os.environ, "PYTHONPATH": PYTHONPATH, **place.environment(**environment)},
            stdout=said,
            stderr=said,
        )
        try:
            ran.wait(kill_after_s)
        except subprocess.TimeoutExpired:
            ran.send_signal(signal.SIGKILL)
            ran.wait()
    took_s = time.monotonic() - began
    return Ended(
        code=ran.returncode, words=place.words.read_text("utf-8", "replace"), took_s=took_s
    )


class Reader:
    """A process that reads every bundle below a folder again and again."""

    def __init__(self, folder: Path) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.doubles.bundle_reader", str(folder)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def end(self) -> dict[str, Any]:
        """What it saw: `looks`, `whole` and `half` (each with its reason)."""
        said, _ = self._program.communicate("end\n")
        seen: dict[str, Any] = json.loads(said)
        return seen
