"""A folder in object storage (S3 and alike) into which people put files; see `shared_store`.

An object appears whole or not at all, so nothing has to settle. Who works on it is settled by a
*claim*: an object beside it that storage lets only one machine create.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from handbill.errors import StoreError

_CLAIMS = "claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """One object: its name below the folder, and the tag that its bytes have in storage."""

    name: str
    tag: str


class DropBox:
    """One folder in storage.

    Args:
        url: such as ``s3://bucket/inbox``.

    Raises:
        StoreError: it cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            import obstore  # noqa: PLC0415 - an extra
            from obstore.store import from_url  # noqa: PLC0415 - as above
        except ImportError as fault:
            raise StoreError(
                f"{url!r} needs the extra 'shared'\n  → pip install 'handbill[shared]'"
            ) from fault
        self._obstore: Any = obstore
        open_url: Any = from_url
        with self._clear_errors("opened"):
            self._bucket = open_url(url, **({"mkdir": True} if url.startswith("file:") else {}))

    def files(self) -> tuple[Dropped, ...]:
        """The objects in the folder itself, by name; not those in folders below it."""
        with self._clear_errors("listed"):
            found = self._obstore.list_with_delimiter(self._bucket)["objects"]
        named = (
            Dropped(name=one["path"], tag=_plain_tag(one["e_tag"] or str(one["size"])))
            for one in found
        )
        return tuple(sorted(named, key=lambda one: one.name))

    def claim(self, file: Dropped, holder: str) -> bool:
        """Whether `file` is `holder`'s to work on: nobody claimed it before, or it did itself."""
        name = f"{_CLAIMS}/{file.name}.{file.tag}"
        with self._clear_errors("written"):
            try:
                self._obstore.put(self._bucket, name, holder.encode(), mode="create")
            except self._obstore.exceptions.AlreadyExistsError:
                return self.read(name).decode("utf-8", "replace") == holder
            return True

    def read(self, name: str) -> bytes:
        """The bytes of an object."""
        with self._clear_errors("read"):
            return bytes(self._obstore.get(self._bucket, name).bytes())

    def write(self, name: str, data: bytes) -> None:
        """Put an object, in the place of another one of its name."""
        with self._clear_errors("written"):
            self._obstore.put(self._bucket, name, data)

    def move(self, file: Dropped, name: str) -> None:
        """Give an object another name; its claim goes last."""
        with self._clear_errors("moved"):
            self._obstore.rename(self._bucket, file.name, name)
            self._obstore.delete(self._bucket, f"{_CLAIMS}/{file.name}.{file.tag}")

    @contextmanager
    def _clear_errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except (OSError, ValueError, self._obstore.exceptions.BaseError) as fault:
            said = str(fault).split("\n", 1)[0][:300]
            raise StoreError(
                f"{self.url!r} could not be {what}: {said}\n"
                "  → check the bucket, its keys (AWS_ACCESS_KEY_ID and so on) and the network"
            ) from fault


def _plain_tag(tag: str) -> str:
    return "".join(letter for letter in tag if letter.isalnum())
