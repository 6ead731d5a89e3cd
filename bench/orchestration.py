"""What Prefect adds to a run: the same orders with `--direct`, on a temporary server, on a server.

Copy by the house is as near to an instant provider as there is. What a run needs before its first
order is told apart from what it needs for each: a run of one row is taken away from one of many.
Every home is new, so a temporary server makes its database too. `--direct` is measured before and
after the others, and counts with its mean. Times are of the wall, all runs in turn on the same
machine; where others share it, the processor's time of the runs and of the server says more.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.run import at_most

_PLACEMENTS = ("sms.text", "google_ads.rsa")
_ROWS = 2_500
_FAST_ROWS = 250
_UP_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds: of the wall, and of the processor for a run's processes without its server."""

    wall_s: float
    processor_s: float

    def beyond(self, start: Took) -> Took:
        """What a run took beyond one of one row."""
        return Took(
            wall_s=self.wall_s - start.wall_s, processor_s=self.processor_s - start.processor_s
        )


@dataclass(slots=True, kw_only=True)
class Measured:
    """A run of one row and, beyond that, one of many: each way that Handbill is run.

    Attributes:
        direct: before the others, and after them.
        temporary: None where only one row was made.
        server: before and after the run of many rows; see `_Server.size`.
    """

    orders: int
    direct_one: Took
    there_one: Took
    temporary_one: Took
    direct: tuple[Took, Took]
    there: Took
    temporary: Took | None
    server: tuple[tuple[float, ...], tuple[float, ...]]

    @property
    def of_direct(self) -> str:
        """What the ratios are ratios of."""
        return f"of --direct beyond the start, {self.orders:,} orders"

    def beyond_direct(self, other: Took, what: str) -> float:
        """How many times as long as `--direct` takes beyond its start.

        Raises:
            ValueError: a run of one row took longer than one of many.
        """
        mean = sum(getattr(one, what) for one in self.direct) / len(self.direct)
        if min(mean, getattr(other, what)) <= 0:
            raise ValueError("the machine is too busy with other work to measure this")
        return float(round(getattr(other, what) / mean, 2))


def figures(*, fast: bool = False) -> dict[str, dict[str, object]]:
    """The cost of orchestration: beyond its start, at its start, and on the server.

    In fast mode the temporary server makes one row alone, and few rows say nothing of a tenth of
    the wall's time, nor of what a server does for each order: these figures are left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        found = _measured(Path(folder), _FAST_ROWS if fast else _ROWS, fast=fast)
    told = _at_the_start(found) | _of_the_processor(found) | _on_the_server(found)
    return told | ({} if found.temporary is None else _on_the_wall(found, found.temporary))


def _measured(place: Path, rows: int, *, fast: bool) -> Measured:
    one, many = _sheet(place, 1), _sheet(place, rows)
    direct_one = _took(place, one, "--direct")
    before = _took(place, many, "--direct").beyond(direct_one)
    temporary_one = _took(place, one)
    temporary = None if fast else _took(place, many).beyond(temporary_one)
    with _server(place) as server:
        url = {"PREFECT_API_URL": server.url}
        there_one = _took(place, one, **url)
        sizes = [server.size()]
        there = _took(place, many, **url).beyond(there_one)
        sizes.append(server.size())
    return Measured(
        orders=rows * len(_PLACEMENTS),
        direct_one=direct_one,
        there_one=there_one,
        temporary_one=temporary_one,
        direct=(before, _took(place, many, "--direct").beyond(direct_one)),
        there=there,
        temporary=temporary,
        server=(sizes[0], sizes[1]),
    )


def _of_the_processor(found: Measured) -> dict[str, dict[str, object]]:
    return {
        "orchestration.processor": at_most(
            found.beyond_direct(found.there, "processor_s"),
            f"x the processor's time {found.of_direct}, without the server's",
            1.10,
        )
    }


def _on_the_wall(found: Measured, temporary: Took) -> dict[str, dict[str, object]]:
    server_s = 1_000 * (found.server[1][2] - found.server[0][2]) / found.orders
    return {
        "orchestration.wall": at_most(
            found.beyond_direct(found.there, "wall_s"),
            f"x {found.of_direct}, a local server",
            1.10,
        ),
        "orchestration.wall_temporary_server": at_most(
            found.beyond_direct(temporary, "wall_s"), f"x {found.of_direct}", 1.10
        ),
        "orchestration.server_processor": at_most(
            round(server_s, 2), "s of the processor a thousand orders", 2.0
        ),
    }


def _at_the_start(found: Measured) -> dict[str, dict[str, object]]:
    of_what = "x of a --direct run of one row, in a new home"
    direct_s = found.direct_one.wall_s
    return {
        "orchestration.start_temporary_server": at_most(
            round(found.temporary_one.wall_s / direct_s, 1), of_what, 12.0
        ),
        "orchestration.start_local_server": at_most(
            round(found.there_one.wall_s / direct_s, 1), of_what, 6.0
        ),
    }


def _on_the_server(found: Measured) -> dict[str, dict[str, object]]:
    grown = [after - before for before, after in zip(*found.server, strict=True)]
    memory, database = (round(1_000 * one / found.orders, 2) for one in grown[:2])
    return {
        "orchestration.server_memory": at_most(memory, "MB a thousand orders", 20.0),
        "orchestration.server_database": at_most(database, "MB a thousand orders", 2.0),
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


def _took(folder: Path, campaign: Path, *words: str, **environment: str) -> Took:
    """What a whole run takes, in a home of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        out = Path(place) / "out"
        ours = {key: text for key, text in os.environ.items() if not key.startswith("PREFECT_")}
        began, spent_s = time.monotonic(), _spent_s()
        subprocess.run(
            [sys.executable, "-m", "handbill", "run", str(campaign), "--out", str(out), *words],
            env={**ours, "HANDBILL_HOME": str(Path(place) / "home"), **environment},
            check=True,
            capture_output=True,
        )
        return Took(wall_s=time.monotonic() - began, processor_s=_spent_s() - spent_s)


def _spent_s() -> float:
    """The processor's time of all processes that were begun here and have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


class _Server:
    """A Prefect server with its database in a file."""

    def __init__(self, url: str, process: int, database: Path) -> None:
        self.url = url
        self._process = process
        self._database = database

    def size(self) -> tuple[float, float, float]:
        """Megabytes of memory and of the database with its log; the processor's time so far."""
        status = Path(f"/proc/{self._process}/status").read_text("utf-8")
        kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        files = self._database.parent.glob(f"{self._database.name}*")
        stat = Path(f"/proc/{self._process}/stat").read_text("utf-8").rpartition(")")[2].split()
        spent_s = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        return int(kilobytes.split()[1]) / 1e3, megabytes, spent_s


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
