"""Several machines on one: PostgreSQL, an S3 server, a Prefect server and workers in folders.

Every machine has a checkout, a home and a worker of its own; they share nothing but what is on
the network. PostgreSQL is Debian's, the S3 server is moto's (`python -m moto.server`), installed
into a scratch environment of uv's.
"""

from __future__ import annotations

import contextlib
import json
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
    """

    folder: Path
    environment: dict[str, str]
    worker: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def run(self, *words: str, timeout: float = _RUN_S) -> str:
        """Run a program of the environment's to its end; what it said."""
        done = subprocess.run(
            [sys.executable, "-m", *words],
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
        """Make the work pool and the deployments of this machine's checkout."""
        self.run("prefect", "work-pool", "create", "handbill", "--type", "process", "--overwrite")
        self.run("prefect", "--no-prompt", "deploy", "--all")

    def begin_campaign(self, folder: Path, machines: int) -> None:
        """Ask for a run of make-campaign, on whichever machine has a free worker."""
        form = json.dumps({"campaign": str(folder), "machines": machines})
        self.run(
            *("prefect", "deployment", "run", "make-campaign/on-demand"),
            *("--param", f"form={form}"),
        )

    def work(self, limit: int) -> None:
        """Start the worker, for at most `limit` runs at once."""
        log = (self.folder / "worker.log").open("wb")
        self.worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "prefect", "worker", "start", "--pool", "handbill"),
                *("--name", self.folder.name, "--limit", str(limit), "--with-healthcheck"),
            ],
            cwd=self.folder / "checkout",
            env=self.environment | {"PREFECT_WORKER_WEBSERVER_PORT": str(free_port())},
            stdout=log,
            stderr=log,
        )

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

    def machine(self, name: str, **more: str) -> Machine:
        """A new machine with a checkout of its own."""
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
        machine = Machine(folder=folder, environment=self.environment | own | more)
        self.machines.append(machine)
        return machine

    def switch_off(self) -> None:
        """End every machine."""
        for machine in self.machines:
            machine.switch_off()

    def share(self, name: str) -> dict[str, str]:
        """A store of the machines' own: the variables that name it."""
        bucket = f"{self.environment['AWS_ENDPOINT_URL']}/{name}"
        httpx.put(bucket, timeout=20).raise_for_status()
        return {"HANDBILL_STORE_URL": f"s3://{name}/store"}

    def took_s(self, *names: str) -> float:
        """From the first start to the last end of all task runs named so, in seconds."""
        address = f"{self.environment['PREFECT_API_URL']}/task_runs/filter"
        found: list[dict[str, Any]] = []
        for name in names:
            asked = {"task_runs": {"name": {"like_": name}}, "limit": 200}
            found += httpx.post(address, json=asked, timeout=20).json()
        starts = [datetime.fromisoformat(one["start_time"]) for one in found]
        ends = [datetime.fromisoformat(one["end_time"]) for one in found]
        return (max(ends) - min(starts)).total_seconds()

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
            time.sleep(0.5)
        raise TimeoutError(f"no run is in {states}")

    def _newest_run(self) -> dict[str, Any]:
        address = f"{self.environment['PREFECT_API_URL']}/flow_runs/filter"
        ours = {"flows": {"name": {"any_": ["make-campaign"]}}}
        found = httpx.post(address, json=ours, timeout=20).json()
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
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
            "AWS_ALLOW_HTTP": "true",
            "PREFECT_API_URL": f"http://127.0.0.1:{api}/api",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_CLI_PROMPT": "false",
        }
        environment = {**os.environ, **shared}
        made = Network(folder=folder, environment=environment)
        servers.callback(made.switch_off)
        bucket_server = [_uv(), "run", "--no-project", "--with", "moto[s3,server]"]
        bucket_server += ["python", "-m", "moto.server", "-p", str(s3)]
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
        _wait_for(f"http://127.0.0.1:{s3}/moto-api/")
        _wait_for(f"http://127.0.0.1:{api}/api/health")
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
            httpx.get(address, timeout=5).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.5)
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
