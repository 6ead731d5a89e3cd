"""The folder for a process's files on their way into the store.

It is locked as long as the process lives, however that ends; the next one that begins clears away
what killed ones have left.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "scratch"


class Scratch:
    """A folder below `home` for this process alone, gone when it is closed."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        # A folder that has just been made is not locked yet: nobody sweeps at that moment.
        with _locked(home):
            sweep_scratch(home)
            self.folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}-", dir=home))
            self._lock = os.open(self.folder, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def sweep_scratch(home: Path) -> int:
    """Remove the folders of processes that were killed; answers how many there were."""
    swept = 0
    for folder in sorted(home.glob(f"{_PREFIX}*/")):
        with contextlib.suppress(BlockingIOError), _locked(folder, fcntl.LOCK_NB):
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept


@contextlib.contextmanager
def _locked(folder: Path, also: int = 0) -> Iterator[None]:
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | also)
        yield
    finally:
        os.close(lock)
