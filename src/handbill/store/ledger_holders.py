"""Which processes that write in the ledger are still alive.

Every process holds a lock on a file of its own. The kernel lets go of it at the very moment the
process ends, however it ends, so a holder is dead exactly when its file can be locked: no clock,
no process number that somebody else could have taken over.
"""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

_OPEN: set[int] = set()


def _let_go_in_child() -> None:
    """A forked worker must not keep its dead parent looking alive."""
    for file in _OPEN:
        os.close(file)
    _OPEN.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


class Holder:
    """This process's own mark; free it with `close`.

    Attributes:
        name: host, process number and a count, such as ``press-3_4711_0``.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.name, self._file = _take_name(folder)
        _OPEN.add(self._file)

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
