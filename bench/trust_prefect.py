"""Trust in the control room: worker killed, server restarted, run cancelled, two runs at once.

A real Prefect server and real worker processes, as ``make prefect`` has them; the vendor keeps its
own book of what it charged. In fast mode a worker is killed, and that is all.
"""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.run import at_least, at_most
from tests.doubles.killing import serving
from tests.doubles.paid_campaign import KEY_VARIABLE, plain_text, write_campaign, write_sheet
from tests.doubles.vendor_server import VendorServer

_ROOT = Path(__file__).resolve().parents[1]
_ROWS = 30
_AT_ONCE = 2
_LONG_S = 240.0


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The figures in the shape of ``bench/trust.json``."""
    vendor = VendorServer(write=plain_text, latency=lambda _: 0.6)
    with tempfile.TemporaryDirectory() as folder, serving(vendor):
        room = Room(Path(folder))
        with room.opened():
            found = _killed(room, vendor)
            slow = (_lost_runs, _lost_inbox, _refused, _restarted, _cancelled)
            for tried in () if fast else slow:
                found |= tried(room, vendor)
    twice = sum(count - 1 for count in Counter(vendor.charged).values())
    return found | {"prefect_answers_paid_twice": at_most(twice, "answers", 0)}


class Room:
    """A server, a work pool with the deployments, and a worker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._api = f"http://127.0.0.1:{self._port}/api"
        self._env = os.environ | {
            "HANDBILL_HOME": str(folder / "home"),
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_PROFILES_PATH": str(folder / "prefect" / "profiles.toml"),
            "PREFECT_API_URL": self._api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
            "PREFECT_LOGGING_LEVEL": "ERROR",
            "PREFECT_CLI_PROMPT": "false",
            "DO_NOT_TRACK": "1",
            KEY_VARIABLE: "not-a-key",
        }
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Everything is up while the block runs."""
        (self.folder / "prefect").mkdir()
        try:
            self.start_server()
            self._tool("work-pool", "create", "handbill", "--type", "process")
            self._tool("--no-prompt", "deploy", "--name", "on-demand", "--name", "inbox")
            subprocess.run(
                [sys.executable, "-m", "flows.automations"], env=self._env, cwd=_ROOT, check=True
            )
            self.start_worker()
            yield
        finally:
            self.kill("worker")
            self.kill("server")

    def start_server(self) -> None:
        self._start("server", "server", "start", "--port", str(self._port))
        _wait_for(lambda: self.call("/health") is True, 120)

    def start_worker(self) -> None:
        self._start("worker", "worker", "start", "--pool", "handbill")

    def kill(self, name: str) -> None:
        """SIGKILL for a process and all that it started."""
        process = self._started.pop(name, None)
        if process is None:
            return
        for pid in [*_below(process.pid), process.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def campaign(self, name: str, vendor: VendorServer, first: int) -> Path:
        folder = write_campaign(self.folder / name, vendor.base_url, at_once=_AT_ONCE)
        text = (folder / "campaign.toml").read_text().replace('"Paid"', f'"{name}"')
        (folder / "campaign.toml").write_text(text)
        write_sheet(folder, _ROWS, first=first)
        return folder

    def begin(self, campaign: Path) -> str:
        """Start a run of a campaign; its id."""
        deployment = self.call("/deployments/name/make-campaign/on-demand")["id"]
        values = {"parameters": {"form": {"campaign": str(campaign)}}}
        run = self.call(f"/deployments/{deployment}/create_flow_run", values)
        return str(run["id"])

    def switch_inbox(self, *, on: bool) -> None:
        """Switch the schedule of the inbox, as people do in the pages."""
        deployment = self.call("/deployments/name/watch-inbox/inbox")
        schedule = f"/deployments/{deployment['id']}/schedules/{deployment['schedules'][0]['id']}"
        self.call(schedule, {"active": on}, "PATCH")

    def watch(self, inbox: Path, campaign: Path) -> None:
        """Let the inbox's runs watch a folder, and make its sheets with a campaign's settings."""
        deployment = self.call("/deployments/name/watch-inbox/inbox")["id"]
        form = {"folder": str(inbox), "campaign": str(campaign)}
        self.call(f"/deployments/{deployment}", {"parameters": {"form": form}}, "PATCH")

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """All runs of a flow."""
        asked = {"flows": {"name": {"any_": [flow]}}, "limit": 200}
        return list(self.call("/flow_runs/filter", asked) or ())

    def state(self, run: str) -> str:
        """The name of a run's state, empty while the server is away."""
        found = self.call(f"/flow_runs/{run}")
        return str(found["state"]["name"]) if found else ""

    def ended(self, run: str) -> str:
        """Wait for the end of a run; the name of its last state."""
        ends = {"Completed", "Failed", "Crashed", "Cancelled"}
        _wait_for(lambda: self.state(run) in ends, _LONG_S)
        return self.state(run)

    def call(self, path: str, body: Any = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310 - loopback
            self._api + path, data=data, headers=headers, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
                return json.loads(answer.read() or "null")
        except OSError:
            return None

    def _tool(self, *words: str) -> None:
        command = [sys.executable, "-m", "prefect", *words]
        subprocess.run(command, env=self._env, cwd=_ROOT, check=True, capture_output=True)

    def _start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._started[name] = subprocess.Popen(
                [sys.executable, "-m", "prefect", *words],
                env=self._env, cwd=_ROOT, stdout=log, stderr=log,
            )  # fmt: skip


def _lost_runs(room: Room, vendor: VendorServer) -> dict[str, dict[str, object]]:
    """The worker is lost with its run; the automation says so."""
    run = room.begin(room.campaign("lost", vendor, 1))
    _charged(vendor, 4)
    # A run is known to be alive by its first sign of life; later it is missed.
    _wait_for(lambda: room.state(run) == "Running", 60)
    room.kill("worker")
    _wait_for(lambda: room.state(run) == "Crashed", _LONG_S)
    marked = room.state(run) == "Crashed"
    room.start_worker()
    return {"prefect_lost_runs_marked_crashed": at_least(int(marked), "of 1 run", 1)}


def _lost_inbox(room: Room, vendor: VendorServer) -> dict[str, dict[str, object]]:
    """The worker is lost with the run that holds the inbox's one place; its schedule goes on.

    A sheet is half made when that happens, and another comes afterwards.
    """
    campaign, inbox = room.campaign("inbox", vendor, 5_001), room.folder / "inbox"
    _drop(inbox, campaign, "half.csv")
    room.watch(inbox, campaign)
    room.switch_inbox(on=True)
    _charged(vendor, len(vendor.charged) + 4)
    room.kill("worker")
    write_sheet(campaign, _ROWS, first=6_001)
    _drop(inbox, campaign, "next.csv")
    room.start_worker()
    done = [inbox / "done" / name for name in ("half.csv", "next.csv")]
    _wait_for(lambda: all(path.is_file() for path in done), 2 * _LONG_S)
    room.switch_inbox(on=False)
    made = [str(run["parameters"]["form"].get("sheet")) for run in room.runs("make-campaign")]
    of_next = sum(sheet.endswith("/next.csv") for sheet in made)
    filed = sum(path.is_file() for path in done)
    held = [run for run in room.runs("watch-inbox") if run["state_type"] == "RUNNING"]
    return {
        "prefect_sheets_made_after_a_lost_inbox": at_least(filed, "of 2 sheets", 2),
        "prefect_runs_of_a_sheet_after_a_lost_inbox": at_most(of_next, "runs", 1),
        "prefect_runs_that_keep_the_inbox": at_most(len(held), "runs", 0),
    }


def _drop(inbox: Path, campaign: Path, name: str) -> None:
    """Put the campaign's sheet into an inbox, written whole."""
    inbox.mkdir(exist_ok=True)
    shutil.copy(campaign / "briefs.csv", inbox / name)
    (inbox / f"{name}.done").touch()


def _killed(room: Room, vendor: VendorServer) -> dict[str, dict[str, object]]:
    """The worker is killed with its run, and a new run finishes the rest."""
    campaign = room.campaign("killed", vendor, 1_001)
    room.begin(campaign)
    _charged(vendor, len(vendor.charged) + 5)
    room.kill("worker")
    room.start_worker()
    ended = room.ended(room.begin(campaign))
    statuses = _statuses(campaign)
    made = statuses["made"] + statuses["reused"]
    return {
        "prefect_runs_finished_after_a_kill": at_least(ended == "Completed", "of 1 run", 1),
        "prefect_orders_lost_by_a_kill": at_most(_ROWS - made, "orders", _AT_ONCE),
    }


def _refused(room: Room, vendor: VendorServer) -> dict[str, dict[str, object]]:
    """Two runs of one campaign begin at once: one makes it, the other ends and names the first."""
    campaign = room.campaign("refused", vendor, 2_001)
    runs = [room.begin(campaign), room.begin(campaign)]
    one_of_each = sorted(room.ended(run) for run in runs) == ["Completed", "Failed"]
    return {"prefect_second_runs_refused": at_least(int(one_of_each), "of 1 run", 1)}


def _restarted(room: Room, vendor: VendorServer) -> dict[str, dict[str, object]]:
    """The server is killed under a run and started again."""
    run = room.begin(room.campaign("restarted", vendor, 3_001))
    _charged(vendor, len(vendor.charged) + 3)
    room.kill("server")
    room.start_server()
    ended = room.ended(run)
    return {
        "prefect_runs_through_a_restart": at_least(ended == "Completed", "of 1 run", 1),
    }


def _cancelled(room: Room, vendor: VendorServer) -> dict[str, dict[str, object]]:
    """A run is cancelled half-way: what is finished is packed."""
    campaign = room.campaign("cancelled", vendor, 4_001)
    run = room.begin(campaign)
    _charged(vendor, len(vendor.charged) + 8)
    room.call(f"/flow_runs/{run}/set_state", {"state": {"type": "CANCELLING"}})
    room.ended(run)
    packed = _statuses(campaign)["made"]
    return {"prefect_orders_packed_by_a_cancel": at_least(packed, "orders", 5)}


def _statuses(campaign: Path) -> Counter[str]:
    outcomes = campaign / "out" / "outcomes.csv"
    if not outcomes.is_file():
        return Counter()
    with outcomes.open(encoding="utf-8-sig", newline="") as rows:
        return Counter(row["status"] for row in csv.DictReader(rows))


def _charged(vendor: VendorServer, answers: int) -> None:
    _wait_for(lambda: len(vendor.charged) >= answers, _LONG_S)


def _wait_for(holds: Callable[[], bool], most_s: float) -> None:
    until = time.monotonic() + most_s
    while not holds() and time.monotonic() < until:
        time.sleep(0.5)


def _below(pid: int) -> list[int]:
    """Processes that a process started, and those that they did."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(child) for child in children.read_text().split()] if children.is_file() else []
    return [one for child in found for one in (*_below(child), child)]


if __name__ == "__main__":
    for name, figure in figures(fast="--fast" in sys.argv).items():
        print(name, figure)
