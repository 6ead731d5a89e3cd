"""The store of several machines: one on the local disk, and behind it one that all share.

Everything is written to the local disk first and handed on before anybody can be told of it: a
record follows the objects that it names, a slip's bytes are there before its digest leaves. While
a slice is made nobody is told of its records, so they are handed on behind the work, and all are
there when it is through. What another machine made is fetched when it is asked for, compared with
its digest, and kept.

The shared store may be any that obstore opens by an address: ``s3://bucket/folder`` on Amazon's
S3 or a server that speaks its API (MinIO, Garage, Ceph, R2), ``gs://``, ``az://``, or
``file:///mnt/share`` for a folder that the machines mount. Keys are read from the vendor's own
variables (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``,
``AWS_ENDPOINT_URL``; ``AWS_ALLOW_HTTP=true`` for a server without TLS), never from the address.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typing_extensions import override

from handbill.domain.failpoint import reached
from handbill.errors import SettingsError, StoreError
from handbill.store.asset_store import AssetStore
from handbill.store.sealing import objects_in, seal, unsealed

# Objects that are handed on or fetched side by side; storage answers slowly but many at once.
_AT_ONCE = 8
# `map`, or that of the threads: a thread of the pool must not wait for others of it.
_Each = Callable[..., Iterator[Any]]


def open_store(root: Path, url: str = "") -> AssetStore:
    """The store at `root`, with the shared store at `url` behind it when one is named.

    Raises:
        StoreError: the folder cannot be made, or the address cannot be used.
    """
    return SharedStore(root, url) if url else AssetStore(root)


class SharedStore(AssetStore):
    """A local store that hands on what it keeps, and fetches what it lacks.

    Args:
        root: folder on this machine.
        url: address of the shared store; see the module.

    Raises:
        StoreError: as for `AssetStore`, or the address cannot be used.
    """

    def __init__(self, root: Path, url: str) -> None:
        super().__init__(root)
        self._shelf = _Shelf(url)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="handbill-shelf")
        self._lock = threading.Lock()
        self._slices = 0
        self._behind: set[Future[None]] = set()

    @override
    def put_bytes(self, data: bytes, *, durable: bool = True) -> str:
        """As `AssetStore.put_bytes`; what is kept for good is handed on at once."""
        sha256 = super().put_bytes(data, durable=durable)
        if durable:
            self._shelf.lay(_object_name(sha256), data, once=True)
        return sha256

    @override
    def book(self, recipe_key: str, record: Mapping[str, object], *, durable: bool = True) -> None:
        """As `AssetStore.book`; the objects are handed on first, then the record."""
        super().book(recipe_key, record, durable=durable)
        with self._lock:
            if self._slices:
                self._behind.add(self._threads.submit(self._hand_on, recipe_key, record))
                return
        self._hand_on(recipe_key, record, self._threads.map)

    @contextmanager
    def handing_on_behind(self) -> Iterator[None]:
        """Hand records on behind the block, not within it; all are there when it has ended.

        Raises:
            StoreError: one could not be handed on, in this block or in another one.
        """
        with self._lock:
            self._slices += 1
        try:
            yield
        finally:
            with self._lock:
                self._slices -= 1
                behind = set(self._behind)
            wait(behind)
            with self._lock:  # one that failed stays, for whoever looks next must not go on either
                self._behind -= {one for one in behind if one.exception() is None}
        for one in behind:
            one.result()

    def fetch(self, digests: Iterable[str], recipe_keys: Iterable[str]) -> None:
        """Bring objects and records of other machines here, side by side; what is not there stays.

        Raises:
            StoreError: the storage cannot be read.
        """
        list(self._threads.map(self._fetch, digests))
        list(self._threads.map(self._fetch_record, recipe_keys))

    @override
    def recall(self, recipe_key: str) -> dict[str, object] | None:
        """As `AssetStore.recall`; what another machine made is fetched whole."""
        if (record := super().recall(recipe_key)) is not None:
            return record
        found = self._fetch_record(recipe_key, self._threads.map)
        return super().recall(recipe_key) if found else None

    @override
    def _existing(self, sha256: str) -> Path:
        if not self.has(sha256):
            self._fetch(sha256)
        return super()._existing(sha256)

    def _hand_on(self, recipe_key: str, record: Mapping[str, object], each: _Each = map) -> None:
        list(each(self._hand_on_object, _named_in(record)))
        reached("shared_store.handed_on")
        self._shelf.lay(_record_name(recipe_key), seal(record))

    def _hand_on_object(self, sha256: str) -> None:
        self._shelf.lay(_object_name(sha256), self.verified_path(sha256), once=True)

    def _fetch_record(self, recipe_key: str, each: _Each = map) -> bool:
        """Bring a record here with all that it names; whether it is here now."""
        if super().recall(recipe_key) is not None:
            return True
        sealed = self._shelf.take(_record_name(recipe_key))
        record = None if sealed is None else unsealed(sealed)
        if record is None:
            return False
        if not all(list(each(self._fetch, _named_in(record)))):
            return False
        super().book(recipe_key, record)
        return True

    def _fetch(self, sha256: str) -> bool:
        """Bring an object here; whether it is here now, with the bytes that its name says."""
        if self.has(sha256):
            return True
        data = self._shelf.take(_object_name(sha256))
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            return False
        super().put_bytes(data)
        return True


def as_shared(store: AssetStore) -> SharedStore:
    """`store` as the one that several machines reach.

    Raises:
        SettingsError: no other machine reaches it.
    """
    if isinstance(store, SharedStore):
        return store
    raise SettingsError(
        "several machines need a store that all of them reach",
        where="HANDBILL_STORE_URL",
        remedy="name a bucket, s3://bucket/folder; or make it on one machine",
    )


class _Shelf:
    """The shared storage itself: names and bytes."""

    def __init__(self, url: str) -> None:
        self._url = url
        try:
            import obstore  # noqa: PLC0415 - an extra, for several machines alone
            from obstore.store import from_url  # noqa: PLC0415 - as above
        except ImportError as fault:
            raise StoreError(
                f"the shared store {url!r} needs the extra 'shared'\n"
                "  → pip install 'handbill[shared]'"
            ) from fault
        self._obstore: Any = obstore
        open_url: Any = from_url
        folder = {"mkdir": True} if url.startswith("file:") else {}
        with self._clear_errors("could not be opened"):
            self._bucket = open_url(url, **folder)
        self._known: set[str] = set()

    def lay(self, name: str, content: bytes | Path, *, once: bool = False) -> None:
        """Write `content` under `name`; with `once`, not again what this process wrote.

        Whether it is there is not asked before: new work hardly ever is, and the same bytes under
        the same name harm nobody.
        """
        if once and name in self._known:
            return
        with self._clear_errors("could not be written"):
            self._obstore.put(self._bucket, name, content)
        if once:
            self._known.add(name)

    def take(self, name: str) -> bytes | None:
        """The bytes of `name`, or None when there is no such name."""
        with self._clear_errors("could not be read"):
            try:
                return bytes(self._obstore.get(self._bucket, name).bytes())
            except FileNotFoundError:
                return None

    @contextmanager
    def _clear_errors(self, what: str) -> Iterator[None]:
        """Turn whatever the storage says into one error without its own debug words."""
        try:
            yield
        except (OSError, ValueError, self._obstore.exceptions.BaseError) as fault:
            said = str(fault).split("\n", 1)[0][:300]
            raise StoreError(
                f"the shared store {self._url!r} {what}: {said}\n"
                "  → check HANDBILL_STORE_URL, the bucket, its keys and the network, and run "
                "again; what is on this machine is kept"
            ) from fault


def _named_in(record: Mapping[str, object]) -> list[str]:
    return sorted({sha256 for sha256, _ in objects_in(record)})


def _object_name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def _record_name(recipe_key: str) -> str:
    return f"records/{recipe_key[:2]}/{recipe_key}.json"
