"""Five calls of the operating system that Python's standard library does not offer.

Each says whether it could be done; every caller has a slower way that is as safe.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import lru_cache
from pathlib import Path

# linux/fs.h: _IOW(0x94, 9, int)
_FICLONE = 0x40049409
# linux/fcntl.h and linux/fs.h
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
# macOS sys/stdio.h
_RENAME_SWAP = 2


class _Span(ctypes.Structure):
    """``struct iovec`` of sys/uio.h."""

    _fields_ = (("start", ctypes.c_void_p), ("length", ctypes.c_size_t))


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def exchange_folders(one: Path, other: Path) -> bool:
    """Swap two folders of one file system in a single step that no reader can look into.

    Returns:
        False when the system or its file system cannot; nothing has changed then.
    """
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(_library(), "renameat2"):
        answer = _library().renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
        return int(answer) == 0
    if sys.platform == "darwin" and hasattr(_library(), "renamex_np"):
        return int(_library().renamex_np(first, second, _RENAME_SWAP)) == 0
    return False


def clone_file(source: Path, target: Path) -> bool:
    """Make `target` a copy that shares its blocks with `source` until one of them is changed.

    Works on btrfs, XFS, bcachefs and APFS. `target` must not exist.

    Returns:
        False when the file system cannot; `target` does not exist then.
    """
    if sys.platform == "darwin" and hasattr(_library(), "clonefile"):
        answer = _library().clonefile(os.fsencode(source), os.fsencode(target), 0)
        return int(answer) == 0
    if sys.platform != "linux":
        return False
    return _clone_by_ioctl(source, target)


def flush_filesystem(folder: Path) -> bool:
    """Write everything that is still in memory for the file system of `folder` to its disk.

    One call for a whole tree: thousands of single `fsync` calls cost minutes on slow disks.

    Returns:
        False when the system has no such call; then every file needs its own `fsync`.
    """
    if sys.platform != "linux" or not hasattr(_library(), "syncfs"):
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        return int(_library().syncfs(handle)) == 0
    finally:
        os.close(handle)


def return_freed_memory() -> bool:
    """Give the system back the memory that this process has freed and its C library still keeps.

    Returns:
        False where the C library has no such call; only glibc has.
    """
    if not hasattr(_library(), "malloc_trim"):
        return False
    _library().malloc_trim(0)
    return True


def lend_to_pipe(pipe: int, memory: memoryview) -> bool:
    """Put `memory` into a pipe as it lies, uncopied; waits while the pipe is full.

    It must be writable memory, and must not be changed before all of it has been read.

    Returns:
        False when the system has no such call or refuses it; nothing has been put in then.

    Raises:
        BrokenPipeError: nobody reads the pipe any more.
    """
    if sys.platform != "linux" or not hasattr(_library(), "vmsplice"):
        return False
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    put = 0
    while put < memory.nbytes:
        span = _Span(start + put, memory.nbytes - put)
        count = int(_library().vmsplice(pipe, ctypes.byref(span), ctypes.c_ulong(1), 0))
        code = ctypes.get_errno()
        if count < 0 and code != errno.EINTR:
            if put or code == errno.EPIPE:
                raise OSError(code, os.strerror(code))
            return False
        put += max(0, count)
    return True


def _clone_by_ioctl(source: Path, target: Path) -> bool:
    import fcntl  # noqa: PLC0415 - absent outside Unix

    with source.open("rb") as reader, target.open("xb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), _FICLONE, reader.fileno())
        except OSError:
            cloned = False
        else:
            cloned = True
    if not cloned:
        target.unlink()
    return cloned
