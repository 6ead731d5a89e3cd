"""What Prefect adds to a run: the same orders with `--direct`, on a temporary server, on a server.

Copy by the house is as near to an instant provider as there is. What a run needs before its first
order is told apart from what it needs for each: a run of one row is taken away from one of many.
Times are of the wall, all runs in turn on the same machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.run import at_most

_PLACEMENTS = ("sms.text", "google_ads.rsa")
_ROWS = 2_500
_FAST_ROWS = 300
_UP_S = 120.0


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The cost of orchestration: beyond its start, at its start, and on the server."""
    rows = _FAST_ROWS if fast else _ROWS
    orders = rows * len(_PLACEMENTS)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        small, large = _sheet(place, 1), _sheet(place, rows)
        direct_one, direct = (_took_s(place, sheet, "--direct") for sheet in (small, large))
        ours_one, ours = (_took_s(place, sheet) for sheet in (small, large))
        with _server(place) as server:
            there_one = _took_s(place, small, PREFECT_API_URL=server.url)
            before = server.size()
            there = _took_s(place, large, PREFECT_API_URL=server.url)
            after = server.size()
    thousands = orders / 1_000
    return {
        "orchestration.wall": at_most(
            round((there - there_one) / (direct - direct_one), 2),
            f"x of --direct beyond the start, {orders:,} orders, a local server",
            1.10,
        ),
        "orchestration.wall_temporary_server": at_most(
            round((ours - ours_one) / (direct - direct_one), 2),
            f"x of --direct beyond the start, {orders:,} orders",
            1.10,
        ),
        "orchestration.start_temporary_server": at_most(
            round(ours_one / direct_one, 1), "x of a --direct run of one row", 12.0
        ),
        "orchestration.start_local_server": at_most(
            round(there_one / direct_one, 1), "x of a --direct run of one row", 6.0
        ),
        "orchestration.server_memory": at_most(
            round((after[0] - before[0]) / thousands, 2), "MB a thousand orders", 20.0
        ),
        "orchestration.server_database": at_most(
            round((after[1] - before[1]) / thousands, 2), "MB a thousand orders", 2.0
        ),
    }


def _sheet(folder: Path, rows: int) -> Path:
    lines = [f"Harbour lamp {row},{row + 9}.90 EUR,A lamp for boat {row}." for row in range(rows)]
    campaign = folder / f"campaign-{rows}"
    campaign.mkdir()
    (campaign / "briefs.csv").write_text(
        "\n".join(["product,price,description", *lines]) + "\n", "utf-8"
    )
    (campaign / "campaign.toml").write_text(
        f'campaign = "Rows {rows}"\nsheet = "briefs.csv"\nplacements = {list(_PLACEMENTS)}\n',
        "utf-8",
    )
    return campaign


def _took_s(folder: Path, campaign: Path, *words: str, **environment: str) -> float:
    """Seconds of a whole run in a home of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        out = Path(place) / "out"
        ours = {key: text for key, text in os.environ.items() if not key.startswith("PREFECT_")}
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "handbill", "run", str(campaign), "--out", str(out), *words],
            env={**ours, "HANDBILL_HOME": str(Path(place) / "home"), **environment},
            check=True,
            capture_output=True,
        )
        return time.monotonic() - began


class _Server:
    """A Prefect server with its database in a file."""

    def __init__(self, url: str, process: int, database: Path) -> None:
        self.url = url
        self._process = process
        self._database = database

    def size(self) -> tuple[float, float]:
        """Megabytes of memory, and of the database with its log."""
        status = Path(f"/proc/{self._process}/status").read_text("utf-8")
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        files = self._database.parent.glob(f"{self._database.name}*")
        return int(kilobytes.split()[1]) / 1e3, sum(file.stat().st_size for file in files) / 1e6


@contextmanager
def _server(folder: Path) -> Iterator[_Server]:
    from tests.doubles.several_machines import free_port  # noqa: PLC0415 - a server's alone

    home, port = folder / "prefect", free_port()
    url = f"http://127.0.0.1:{port}/api"
    words = ["server", "start", "--host", "127.0.0.1", "--port", str(port)]
    program = subprocess.Popen(
        [sys.executable, "-m", "prefect", *words],
        env=os.environ
        | {
            "PREFECT_HOME": str(home),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_API_URL": url,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ends = time.monotonic() + _UP_S
        while not _answers(url):
            if time.monotonic() > ends:
                raise TimeoutError(url)
            time.sleep(0.2)
        yield _Server(url, _serving(program.pid), home / "prefect.db")
    finally:
        program.terminate()
        program.wait()


def _serving(process: int) -> int:
    """The process that serves: the command's own, or the one that it started for that."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()
    return int(children[0]) if children else process


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=2).is_success
    except httpx.HTTPError:
        return False
