"""A content-addressed store that survives being killed at any moment.

::

    <root>/
      objects/ab/<sha256>              bytes, read-only, named after their own digest
      records/ab/<recipe key>.json     what a recipe made: the store is the cache of all work
      incoming/                        files that are being written
      quarantine/                      objects whose bytes no longer match their name

An object appears under its name by one rename, after its bytes are on disk; so does a record,
and only after the objects it names. Several processes may write at once: they write the same
bytes to the same name, and the last rename wins without harm.

Flushing: objects and records are flushed to the disk by default, because an object may be the
answer of a call that cost money. What can be drawn again for nothing may be put with
``durable=False``, which is about twenty times as fast on an ordinary disk; if a power cut takes
its bytes, size or digest show it and it is drawn again. A kill or a crash of Handbill harms
neither: what was written is in the system's hands.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from handbill.domain.failpoint import reached
from handbill.errors import StoreError
from handbill.foreign.libc import clone_file
from handbill.store.durable import (
    clear_disk_errors,
    copy_hashing,
    digest_of,
    fsync,
    incoming_file,
    link_file,
    settle,
    sweep_incoming,
)
from handbill.store.sealing import objects_in, seal, unseal

_DIGEST = re.compile(r"[0-9a-f]{64}")
_RECIPE_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{2,127}")
_READ_ONLY = 0o444
_WRITTEN_NEW = 0o644


class AssetStore:
    """Keeps bytes under their sha256 and records under their recipe key.

    Args:
        root: its folder; made when missing.

    Raises:
        StoreError: the folder cannot be made.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"
        # (inode, size, mtime) of objects whose digest this process has already compared.
        self._verified: set[tuple[int, int, int]] = set()
        with clear_disk_errors("the store could not be opened", root):
            for name in ("objects", "records", "incoming"):
                (root / name).mkdir(parents=True, exist_ok=True)
            sweep_incoming(self._incoming)

    def path(self, sha256: str) -> Path:
        """Where the object `sha256` (64 hex digits) lies or would lie; nothing is read.

        Raises:
            StoreError: `sha256` is no digest.
        """
        if not _DIGEST.fullmatch(sha256):
            raise StoreError(f"{sha256!r} is not a sha256 in hex, so no object can have it")
        return self.root / "objects" / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the object is there; its bytes are not compared."""
        return self.path(sha256).is_file()

    def put_bytes(self, data: bytes, *, durable: bool = True) -> str:
        """Keep `data` and answer its sha256 (hex).

        Raises:
            StoreError: the disk is full or cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()

        def pour(writer: BinaryIO) -> str:
            writer.write(data)
            return sha256

        return sha256 if self._keeps(sha256, len(data)) else self._write(pour, durable=durable)

    def put_file(self, path: Path, *, adopt: bool = False, durable: bool = True) -> str:
        """Keep the bytes of the file at `path` and answer their sha256 (hex).

        The file is read once: it is hashed while it is copied.

        Args:
            path: a file, left as it is.
            adopt: take the file itself by a hard link where that is possible, without copying.
                The caller must not change the file in place afterwards (deleting it is fine).
            durable: see the module's word on flushing.

        Raises:
            StoreError: the file cannot be read, or the disk is full or cannot be written.
        """
        with clear_disk_errors(f"the file {path.name!r} could not be kept", self.root):
            if adopt and (sha256 := self._adopt(path, durable=durable)):
                return sha256
            with path.open("rb") as reader:
                return self._write(lambda writer: copy_hashing(reader, writer), durable=durable)

    def read(self, sha256: str) -> bytes:
        """The bytes of an object, compared with its digest.

        Raises:
            StoreError: there is no such object, or its bytes have changed; a changed object is
                put into quarantine, so that the next run makes it anew.
        """
        path = self._existing(sha256)
        with clear_disk_errors(f"the object {sha256} could not be read", self.root):
            data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise self._quarantine(sha256)
        return data

    def verified_path(self, sha256: str) -> Path:
        """The path of an object whose bytes were compared with its digest in this process.

        Raises:
            StoreError: as for `read`.
        """
        path = self._existing(sha256)
        with clear_disk_errors(f"the object {sha256} could not be read", self.root):
            state = path.stat()
            seen = (state.st_ino, state.st_size, state.st_mtime_ns)
            if seen not in self._verified:
                if digest_of(path) != sha256:
                    raise self._quarantine(sha256)
                self._verified.add(seen)
        return path

    def place(self, sha256: str, target: Path, *, share: bool) -> None:
        """Put an object's bytes at `target`, which must not exist, after comparing its digest.

        Blocks are shared by a clone where the file system has that (btrfs, XFS, APFS): safe and
        free. Otherwise, with `share`, `target` is a hard link of the read-only object, and
        without it a copy of its own that may be edited.

        Raises:
            StoreError: as for `read`, or `target` cannot be written.
        """
        source = self.verified_path(sha256)
        with clear_disk_errors(f"{target.name!r} could not be written", target.parent):
            if clone_file(source, target):
                target.chmod(_WRITTEN_NEW)
            elif not (share and link_file(source, target)):
                shutil.copyfile(source, target)

    def book(self, recipe_key: str, record: Mapping[str, object], *, durable: bool = True) -> None:
        """Keep what a recipe made, in JSON's own types; replaces an earlier record.

        Args:
            recipe_key: a sha256 in hex, or another short name.
            record: mapping; digests of objects under the key ``sha256``.
            durable: see the module's word on flushing.

        Raises:
            StoreError: `recipe_key` cannot be a file's name, or the disk is full.
            TypeError: `record` holds something that JSON does not know.
        """
        target = self._record_path(recipe_key)
        data = seal(record)
        with (
            clear_disk_errors("a record could not be booked", self.root),
            incoming_file(self._incoming, recipe_key) as (path, writer),
        ):
            writer.write(data)
            settle(writer, path, target, durable=durable)

    def recall(self, recipe_key: str) -> dict[str, object] | None:
        """What the recipe made, or None when it is not booked or not whole any more.

        A record is whole when it was read as it was written and every object that it names (the
        value of a key ``sha256``, at any depth) is in the store, with its ``size_bytes`` where
        the record says one. Digests are compared when the objects are read.

        Raises:
            StoreError: `recipe_key` cannot be a file's name.
        """
        record = unseal(self._record_path(recipe_key))
        if record is None:
            return None
        whole = all(self._keeps(sha256, size) for sha256, size in objects_in(record))
        return record if whole else None

    def room_bytes(self) -> int:
        """Free bytes where the store lies: ask before paying for an answer that must fit."""
        return shutil.disk_usage(self.root).free

    def _keeps(self, sha256: str, size_bytes: int | None) -> bool:
        if not _DIGEST.fullmatch(sha256):
            return False
        try:
            found = self.path(sha256).stat().st_size
        except FileNotFoundError:
            return False
        return size_bytes is None or found == size_bytes

    def _write(self, pour: Callable[[BinaryIO], str], *, durable: bool) -> str:
        with (
            clear_disk_errors("a file could not be kept", self.root),
            incoming_file(self._incoming, "object") as (path, writer),
        ):
            sha256 = pour(writer)
            if not self._keeps(sha256, writer.tell()):
                path.chmod(_READ_ONLY)
                settle(writer, path, self.path(sha256), durable=durable)
        return sha256

    def _adopt(self, path: Path, *, durable: bool) -> str:
        """Link the file into the store; an empty text when the file system has no hard links."""
        sha256 = digest_of(path)
        target = self.path(sha256)
        if self._keeps(sha256, path.stat().st_size):
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        if durable:
            fsync(path)
        if not link_file(path, target):
            return ""
        reached("store.linked")
        target.chmod(_READ_ONLY)
        if durable:
            fsync(target.parent)
        return sha256

    def _existing(self, sha256: str) -> Path:
        path = self.path(sha256)
        if not path.is_file():
            raise StoreError(
                f"the object {sha256} is not in the store {str(self.root)!r}\n"
                "  → run the campaign again: what is missing is made anew"
            )
        return path

    def _quarantine(self, sha256: str) -> StoreError:
        kept = self.root / "quarantine" / sha256
        kept.parent.mkdir(exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # another reader was first
            self.path(sha256).replace(kept)
        return StoreError(
            f"the object {sha256} in the store {str(self.root)!r} was changed after it was "
            f"written (damaged disk, or a file edited in place); it was moved to {str(kept)!r}\n"
            "  → run the campaign again: it is made anew"
        )

    def _record_path(self, recipe_key: str) -> Path:
        if not _RECIPE_KEY.fullmatch(recipe_key):
            raise StoreError(f"{recipe_key!r} cannot be a recipe key: use a sha256 in hex")
        return self.root / "records" / recipe_key[:2] / f"{recipe_key}.json"
