"""Writing so that a reader, a crash or a power cut meets the whole file or none of it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from handbill.domain.failpoint import reached
from handbill.errors import StoreError

CHUNK_BYTES = 1 << 20
# What a system says when nothing more can be written, EFBIG being a user's own file-size limit.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_counter = itertools.count()


def fsync(path: Path) -> None:
    """Make a file's bytes durable, or a folder's names: a rename alone is only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(path: Path) -> str:
    """The sha256 (hex) of a file, read once and in pieces."""
    with path.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()


def is_full(error: OSError) -> bool:
    """Whether the disk, a quota or a size limit is reached."""
    return error.errno in _FULL


@contextlib.contextmanager
def clear_disk_errors(doing: str, where: Path) -> Iterator[None]:
    """Turn a full disk, a missing right or a broken medium into a `StoreError`.

    Args:
        doing: what could not be done, as the message begins: ``a file could not be kept``.
        where: the folder it concerns.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            reason = "the disk is full (or a quota or size limit is reached)"
            remedy = "make room and run again; nothing half-written was left behind"
        else:
            reason = error.strerror or type(error).__name__
            remedy = "check that the folder can be written to, and run again"
        message = f"{doing} in {str(where)!r}: {reason}\n  → {remedy}"
        raise StoreError(message, disk_full=is_full(error)) from error


@contextlib.contextmanager
def incoming_file(folder: Path, stem: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in `folder`, locked while it is written, gone afterwards unless it was renamed.

    The lock tells `sweep_incoming` of another process that its writer is alive.
    """
    path, writer = _locked_file(folder, stem[:16])
    with writer:
        try:
            yield path, writer
        finally:
            path.unlink(missing_ok=True)


def settle(writer: BinaryIO, path: Path, target: Path, *, durable: bool) -> None:
    """Give the written file its final name, replacing what may stand there.

    Args:
        writer: the open file at `path`.
        path: where it was written.
        target: its final place on the same file system.
        durable: whether bytes and name must survive a power cut.
    """
    writer.flush()
    if durable:
        os.fsync(writer.fileno())
    _make_folder(target.parent, durable=durable)
    reached("store.written")
    path.replace(target)
    reached("store.renamed")
    if durable:
        fsync(target.parent)


def sweep_incoming(folder: Path) -> int:
    """Remove what writers left that were killed; answers how many files that were."""
    swept = 0
    for path in sorted(folder.iterdir()):
        with contextlib.suppress(OSError), path.open("rb") as leftover:
            fcntl.flock(leftover.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
            swept += 1
    return swept


def _make_folder(folder: Path, *, durable: bool) -> None:
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    if durable:
        fsync(folder.parent)


def copy_hashing(reader: BinaryIO, writer: BinaryIO) -> str:
    """Copy what is left to read and answer its sha256 (hex): one reading for both."""
    digest = hashlib.sha256()
    while piece := reader.read(CHUNK_BYTES):
        digest.update(piece)
        writer.write(piece)
    return digest.hexdigest()


def link_file(source: Path, target: Path) -> bool:
    """Give a file a second name; False where the file system cannot."""
    try:
        target.hardlink_to(source)
    except FileExistsError:  # another process was first with the same bytes
        return source.stat().st_size == target.stat().st_size
    except OSError:  # another file system, or one without hard links
        return False
    return True


def _locked_file(folder: Path, stem: str) -> tuple[Path, BinaryIO]:
    while True:
        path = folder / f"{stem}.{os.getpid()}.{next(_counter)}"
        writer = path.open("xb")
        fcntl.flock(writer.fileno(), fcntl.LOCK_EX)
        if os.fstat(writer.fileno()).st_nlink:
            return path, writer
        # Another process swept it in the moment between making and locking it.
        writer.close()
