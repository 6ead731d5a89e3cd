"""A run without a server of the user's starts one, which ends with it however it ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.orchestration


def start(sheet: Path, home: Path) -> subprocess.Popen[str]:
    words = ["run", str(sheet), "--only", "sms.text", "--out", str(home / "out")]
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PREFECT_")}
    # Nothing answers there: a server on this machine is not to be asked through it.
    kept |= {"HTTP_PROXY": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
    return subprocess.Popen(
        [sys.executable, "-m", "handbill", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=kept | {"HANDBILL_HOME": str(home)},
    )


def servers_of(home: Path) -> list[str]:
    """Processes that serve for runs of this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_text("utf-8", "replace")
            words = (process / "cmdline").read_text("utf-8", "replace")
        except OSError:  # it has just ended
            continue
        if str(home) in told and "flows.temporary_server" in words:
            found.append(process.name)
    return found


def await_servers(home: Path, number: int) -> None:
    deadline = time.monotonic() + 60
    while len(servers_of(home)) != number:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are no files here")
def test_a_server_ends_with_its_run_however_that_ends(home: Path, small_sheet: Path) -> None:
    run = start(small_sheet, home)
    said, _ = run.communicate(timeout=180)
    assert run.returncode == 0, said
    assert "2 of 2 orders are ready" in said
    assert servers_of(home) == []

    killed = start(small_sheet, home)
    await_servers(home, 1)
    killed.kill()
    killed.communicate(timeout=60)
    await_servers(home, 0)
