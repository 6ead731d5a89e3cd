"""A PostgreSQL of one's own for the length of a block, where its programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USERS = ("postgres", "nobody")


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, or None."""
    found = [Path(each).resolve().parent for each in [shutil.which("initdb")] if each]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    whole = (each for each in found if (each / "initdb").is_file() and (each / "pg_ctl").is_file())
    return next(whole, None)


@contextmanager
def throwaway_postgres() -> Iterator[str]:
    """The URL of a new, empty server on the loopback; `programs` must have found it."""
    bin_folder = programs()
    assert bin_folder is not None
    with tempfile.TemporaryDirectory(prefix="handbill-pg-") as folder:
        cluster = Path(folder) / "cluster"
        as_user = _as_user(Path(folder))
        initdb = ["initdb", "-D", str(cluster), "-U", "handbill", "-A", "trust", "-E", "UTF8"]
        _run(bin_folder, initdb, as_user)
        port = _free_port()
        options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"
        control = ["pg_ctl", "-D", str(cluster), "-w", "-l", str(Path(folder) / "log")]
        _run(bin_folder, [*control, "-o", options, "start"], as_user)
        try:
            yield f"postgresql://handbill@127.0.0.1:{port}/postgres"
        finally:
            _run(bin_folder, [*control, "-m", "immediate", "stop"], as_user)


def _as_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to be run by root: the words that make it somebody else's."""
    if os.geteuid() != 0:
        return []
    user = next(each for each in pwd.getpwall() if each.pw_name in _USERS)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [
        "setpriv",
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
    ]


def _run(bin_folder: Path, words: list[str], as_user: list[str]) -> None:
    program, *arguments = words
    subprocess.run(
        [*as_user, str(bin_folder / program), *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        cwd="/",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
