"""The store of several machines: one on the local disk, and behind it one that all share.

Everything is written to the local disk first and handed on before anybody can be told of it: a
record follows the objects that it names, a slip's bytes are there before its digest leaves. What
another machine made is fetched when it is asked for, compared with its digest, and kept.

The shared store may be any that obstore opens by an address: ``s3://bucket/folder`` on Amazon's
S3 or a server that speaks its API (MinIO, Garage, Ceph, R2), ``gs://``, ``az://``, or
``file:///mnt/share`` for a folder that the machines mount. Keys are read from the vendor's own
variables (``AWS_ACCESS_KEY_ID``, ``AWS_SECRET_ACCESS_KEY``, ``AWS_REGION``,
``AWS_ENDPOINT_URL``; ``AWS_ALLOW_HTTP=true`` for a server without TLS), never from the address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from typing_extensions import override

from handbill.domain.failpoint import reached
from handbill.errors import StoreError
from handbill.store.asset_store import AssetStore
from handbill.store.sealing import objects_in, seal, unsealed

# Objects that are handed on or fetched side by side; storage answers slowly but many at once.
_AT_ONCE = 8


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
        named = sorted({sha256 for sha256, _ in objects_in(record)})
        self._side_by_side(self._hand_on, named)
        reached("shared_store.handed_on")
        self._shelf.lay(_record_name(recipe_key), seal(record))

    @override
    def recall(self, recipe_key: str) -> dict[str, object] | None:
        """As `AssetStore.recall`; what another machine made is fetched whole."""
        if (record := super().recall(recipe_key)) is not None:
            return record
        if (sealed := self._shelf.take(_record_name(recipe_key))) is None:
            return None
        if (record := unsealed(sealed)) is None:
            return None
        named = sorted({sha256 for sha256, _ in objects_in(record)})
        if not all(self._side_by_side(self._fetch, named)):
            return None
        super().book(recipe_key, record)
        return super().recall(recipe_key)

    @override
    def _existing(self, sha256: str) -> Path:
        if not self.has(sha256):
            self._fetch(sha256)
        return super()._existing(sha256)

    def _hand_on(self, sha256: str) -> None:
        if not self._shelf.has(_object_name(sha256)):
            self._shelf.lay(_object_name(sha256), self.verified_path(sha256), once=True)

    def _fetch(self, sha256: str) -> bool:
        """Bring an object here; whether it is here now, with the bytes that its name says."""
        if self.has(sha256):
            return True
        data = self._shelf.take(_object_name(sha256))
        if data is None or hashlib.sha256(data).hexdigest() != sha256:
            return False
        super().put_bytes(data)
        return True

    def _side_by_side(self, move: Any, digests: Iterable[str]) -> list[Any]:
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="handbill-shelf") as threads:
            return list(threads.map(move, digests))


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

    def has(self, name: str) -> bool:
        """Whether `name` is there."""
        if name in self._known:
            return True
        with self._clear_errors("could not be asked"):
            try:
                self._obstore.head(self._bucket, name)
            except FileNotFoundError:
                return False
        self._known.add(name)
        return True

    def lay(self, name: str, content: bytes | Path, *, once: bool = False) -> None:
        """Write `content` under `name`; with `once`, not again what this process wrote or saw."""
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


def _object_name(sha256: str) -> str:
    return f"objects/{sha256[:2]}/{sha256}"


def _record_name(recipe_key: str) -> str:
    return f"records/{recipe_key[:2]}/{recipe_key}.json"
