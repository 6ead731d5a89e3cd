"""A file system of a chosen size, for tests of full disks; needs the right to mount."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BALLAST = ".ballast"


def can_mount() -> bool:
    """Whether this process may mount file systems."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


class SmallDisk:
    """A mounted tmpfs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resize(self, size_kib: int) -> None:
        options = f"remount,size={size_kib}k"
        subprocess.run(["mount", "-o", options, str(self.folder)], check=True)

    def fill(self, leave_kib: int) -> None:
        """Somebody else fills the disk, but for `leave_kib`."""
        room = shutil.disk_usage(self.folder).free // 1024 - leave_kib
        with (self.folder / _BALLAST).open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, max(1, room) * 1024)

    def clear(self) -> None:
        """Somebody else tidies up."""
        (self.folder / _BALLAST).unlink(missing_ok=True)

    def used_kib(self) -> int:
        return shutil.disk_usage(self.folder).used // 1024


@contextmanager
def small_disk(folder: Path, size_kib: int) -> Iterator[SmallDisk]:
    """A tmpfs of `size_kib` KiB at `folder` for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    kind = ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "handbill-test", str(folder)]
    subprocess.run(kind, check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
