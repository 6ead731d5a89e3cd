"""Prefect's server as a process of its own, for the length of one run."""

from __future__ import annotations

import atexit
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from handbill.errors import UserError

# In the studio: the engine itself never imports Prefect.
_SERVING = "flows.temporary_server"
# Its first start in a home makes a database.
_READY_WITHIN_S = 120.0
_END_WITHIN_S = 5.0
_LINES_TOLD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefectServer:
    """A server that was started and that ends with this process, however that ends.

    Attributes:
        url: of its API.
        process: to which we hold the standard input: it ends when that is closed.
        log: what it says.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def await_ready(self) -> None:
        """Wait until it answers.

        Raises:
            UserError: it does not.
        """
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=_READY_WITHIN_S):  # noqa: S310 - http on loopback
                return
        except (OSError, urllib.error.URLError) as fault:
            lines = self.log.read_text("utf-8", "replace").strip().splitlines()
            said = "\n".join(lines[-_LINES_TOLD:])
            raise UserError(
                f"Prefect's temporary server did not start: {said or fault}",
                where=str(self.log),
                remedy="mend what it says, name a server of your own in PREFECT_API_URL, or use"
                " --direct, which needs no Prefect",
            ) from fault

    def end(self) -> None:
        """End it, and wait for that."""
        self.process.terminate()
        try:
            self.process.wait(timeout=_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_prefect_server(studio: Path, log: Path) -> PrefectServer:
    """Start a server on a free port of loopback, with this process's environment.

    It is not waited for, so that this process can load Prefect meanwhile. The port is taken here
    and handed on, open: whoever calls early waits in line, and hears at once when the server dies.

    Args:
        studio: folder with `flows`.
        log: file that gets what the server says.
    """
    with socket.create_server(("127.0.0.1", 0)) as door, log.open("wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", _SERVING, str(door.fileno())],
            cwd=studio,
            pass_fds=[door.fileno()],
            stdin=subprocess.PIPE,
            stdout=words,
            stderr=words,
            start_new_session=True,  # Ctrl-C is for the run, which needs its server to the end
        )
        port = door.getsockname()[1]
    server = PrefectServer(url=f"http://127.0.0.1:{port}/api", process=process, log=log)
    atexit.register(server.end)
    return server
