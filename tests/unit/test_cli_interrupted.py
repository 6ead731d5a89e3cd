"""A run that is interrupted or killed leaves nothing behind but finished work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROWS = 12


@pytest.fixture
def long_sheet(tmp_path: Path) -> Path:
    path = tmp_path / "long.csv"
    rows = [f"Harbour Mug {number},{number}.50,EUR" for number in range(ROWS)]
    path.write_text("\n".join(["product,price,currency", *rows]) + "\n")
    return path


def start(sheet: Path, out: Path, home: Path) -> subprocess.Popen[str]:
    words = ["run", str(sheet), "--direct", "--only", "instagram.feed_image", "--out", str(out)]
    return subprocess.Popen(
        [sys.executable, "-m", "handbill", *words],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"HANDBILL_HOME": str(home), "HANDBILL_WORKERS": "1"},
        start_new_session=True,
    )


def await_drawing(home: Path) -> None:
    """Until the first poster is in the store."""
    deadline = time.monotonic() + 60
    while not list((home / "store" / "records").glob("*/*.json"))[ROWS:]:
        assert time.monotonic() < deadline, "nothing was drawn"
        time.sleep(0.02)


def processes_of(group: int) -> list[str]:
    """Living processes of a process group, where the system shows them as files."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:  # it has just ended
            continue
        state, _, own_group = rest.split()[:3]
        if state != "Z" and int(own_group) == group:
            found.append(name)
    return found


def await_end(group: int) -> None:
    """Until no process of the run is left: the last ones notice the end of their parent."""
    deadline = time.monotonic() + 20
    while left := processes_of(group):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


@pytest.mark.parametrize(("number", "to_all"), [(signal.SIGINT, "all"), (signal.SIGTERM, "one")])
def test_an_interrupted_run_says_so_and_the_next_one_goes_on(
    long_sheet: Path, tmp_path: Path, number: int, to_all: str
) -> None:
    """Ctrl-C reaches every process of a terminal, a service manager's signal perhaps one."""
    home, out = tmp_path / "home", tmp_path / "out"
    run = start(long_sheet, out, home)
    await_drawing(home)
    os.killpg(run.pid, number) if to_all == "all" else os.kill(run.pid, number)
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130, said
    assert "Traceback" not in said
    assert not (out / "manifest.json").exists()
    assert not list(home.glob("scratch-*"))
    await_end(run.pid)

    again = start(long_sheet, out, home)
    told, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert str(out) in told
    assert (out / "manifest.json").exists()


def test_a_killed_run_leaves_no_process_and_no_lock(long_sheet: Path, tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    run = start(long_sheet, out, home)
    await_drawing(home)
    os.kill(run.pid, signal.SIGKILL)
    run.communicate(timeout=60)
    await_end(run.pid)

    again = start(long_sheet, out, home)
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
