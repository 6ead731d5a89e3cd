"""Building a folder out of sight and putting it in place in one step.

A reader of the old bundle keeps the old one, a reader that comes later sees the new one, and no
reader ever sees a mixture: the new tree is finished beside the old one, under a name that begins
with a dot, and the two are exchanged in one call of the system (Linux and macOS have one; where
the file system lacks it, the old one is moved away first and for a moment there is none).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from handbill.domain.failpoint import reached
from handbill.errors import BundleError, StoreError
from handbill.foreign.libc import exchange_folders, flush_filesystem

MANIFEST = "manifest.json"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A new empty folder that takes the place of `out` when the block ends without an error.

    One packer at a time works in a parent folder; another one waits. What a killed packer left
    is removed first.

    Raises:
        BundleError: `out` is something else than a bundle, or the disk is full.
    """
    with _clear_errors(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(out.parent):
            _bring_back(out)
            refuse_stranger(out)
            staging = out.parent / f".{out.name}.packing"
            _remove(staging)
            staging.mkdir()
            reached("bundle.staged")
            try:
                yield staging
                reached("bundle.whole")
                _flush(staging)
                _put_in_place(staging, out)
            finally:
                _remove(staging)


def is_bundle(folder: Path) -> bool:
    """Whether `folder` holds a manifest that Handbill wrote."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and {"handbill", "plan_digest", "assets"} <= manifest.keys()


def refuse_stranger(out: Path) -> None:
    """Nothing but a bundle or an empty folder is ever replaced.

    Raises:
        BundleError: `out` is a file, or a folder with something else in it.
    """
    if not out.exists() and not out.is_symlink():
        return
    if os.path.ismount(out):
        raise BundleError(
            f"{str(out)!r} is a mount point, which no bundle can take the place of\n"
            "  → choose a folder inside it (--out DIR)"
        )
    if out.is_dir() and (is_bundle(out) or not any(out.iterdir())):
        return
    what = "a folder with other things in it" if out.is_dir() else "a file"
    raise BundleError(
        f"{str(out)!r} is not a bundle but {what}; nothing was changed\n"
        "  → choose another folder (--out DIR), or move it away"
    )


def write_file(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, with the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as writer:
        writer.write(data)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file at `path`, or make it, in one step.

    Raises:
        BundleError: it cannot be written; what stood there is unchanged.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        with fresh.open("wb") as writer:
            writer.write(data)
            writer.flush()
            os.fsync(writer.fileno())
        if path.exists():
            shutil.copymode(path, fresh)
        reached("bundle.rewritten")
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise BundleError(
            f"{str(path)!r} could not be written: {error.strerror or type(error).__name__}; what "
            "stood there before is unchanged\n  → check that its folder can be written to"
        ) from error


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put_in_place(staging: Path, out: Path) -> None:
    if not out.exists():
        staging.rename(out)
    elif not exchange_folders(staging, out):
        moved = _moved_away(out)
        _remove(moved)
        out.rename(moved)
        reached("bundle.moved_away")
        staging.rename(out)
        _remove(moved)
    reached("bundle.in_place")
    _flush(out.parent, tree=False)


def _moved_away(out: Path) -> Path:
    return out.parent / f".{out.name}.replaced"


def _bring_back(out: Path) -> None:
    """Undo a replacement that was killed half-way: a person's edits lie in the old bundle."""
    moved = _moved_away(out)
    if out.exists():
        _remove(moved)
    elif moved.is_dir():
        moved.rename(out)


def _flush(folder: Path, *, tree: bool = True) -> None:
    """Bytes and names to the disk before the folder gets its name, and the name after it."""
    if tree and flush_filesystem(folder):
        return
    paths = [folder, *folder.rglob("*")] if tree else [folder]
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        reached("bundle.removing")
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


@contextlib.contextmanager
def _clear_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        reason = "the disk is full" if full else error.strerror or type(error).__name__
        remedy = "make room" if full else "check that the folder can be written to"
        raise BundleError(
            f"the bundle {str(out)!r} could not be written: {reason}; what stood there before is "
            f"unchanged\n  → {remedy}, and run again: nothing is made or paid twice"
        ) from error
    except StoreError as error:
        raise BundleError(f"the bundle {str(out)!r} could not be packed: {error}") from error
