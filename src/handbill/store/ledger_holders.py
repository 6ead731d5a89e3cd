"""Which processes that write in the ledger are still alive.

Beside SQLite every process holds a lock on a file of its own. The kernel lets go of it at the very
moment the process ends, however it ends, so a holder is dead exactly when its file can be locked:
no clock, no process number that somebody else could have taken over.

In PostgreSQL every process holds an advisory lock of its own session, which the server lets go of
when the session ends. That serves processes on several machines. A machine that vanished from the
network counts as alive until the server notices, which takes as long as its TCP settings say.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import socket
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, func, select
from typing_extensions import override

_OPEN: set[int] = set()


def _let_go_in_child() -> None:
    """A forked worker must not keep its dead parent looking alive."""
    for file in _OPEN:
        os.close(file)
    _OPEN.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


class Holder(Protocol):
    """This process's own mark."""

    name: str

    def alive(self, name: str) -> bool | None:
        """Whether holder `name` still runs; None when that cannot be told from here."""
        ...

    def close(self) -> None:
        """Give the mark up."""
        ...


class SessionHolder(Holder):
    """A mark in PostgreSQL: an advisory lock of a connection that is kept for it alone.

    Attributes:
        name: host, process number and a word that no other process has.
    """

    def __init__(self, engine: Engine) -> None:
        self.name = f"{_host()}_{os.getpid()}_{secrets.token_hex(8)}"
        self._engine = engine
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._connection.execute(select(func.pg_advisory_lock(lock_number(f"holder {self.name}"))))

    @override
    def alive(self, name: str) -> bool | None:
        """Whether holder `name` still runs, on whatever machine."""
        if name == self.name:
            return True
        with self._engine.begin() as connection:  # the lock, if we get it, ends with this block
            free = select(func.pg_try_advisory_xact_lock(lock_number(f"holder {name}")))
            return not connection.execute(free).scalar()

    @override
    def close(self) -> None:
        """End the session; the server frees its lock."""
        self._connection.invalidate()
        self._connection.close()


def lock_number(words: str) -> int:
    """A 64-bit number for the advisory lock that `words` name."""
    digest = hashlib.sha256(f"handbill {words}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


class FileHolder(Holder):
    """A mark on this machine; free it with `close`.

    Attributes:
        name: host, process number and a count, such as ``press-3_4711_0``.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name, self._file = _take_name(folder)
        _OPEN.add(self._file)

    @override
    def alive(self, name: str) -> bool | None:
        """Whether holder `name` still runs; None when it is on another machine."""
        if name == self.name:
            return True
        if not name.startswith(f"{_host()}_"):
            return None
        try:
            other = os.open(self._folder / f"{name}.lock", os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(other)
        return False

    @override
    def close(self) -> None:
        """Give the mark up; the file goes with it."""
        if self._file in _OPEN:
            (self._folder / f"{self.name}.lock").unlink(missing_ok=True)
            _OPEN.discard(self._file)
            os.close(self._file)


def _host() -> str:
    return socket.gethostname().replace("_", "-")


def _take_name(folder: Path) -> tuple[str, int]:
    """The first free name of this process, and its locked file."""
    count = 0
    while True:
        name = f"{_host()}_{os.getpid()}_{count}"
        try:
            file = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            count += 1
            continue
        fcntl.flock(file, fcntl.LOCK_EX)
        return name, file
