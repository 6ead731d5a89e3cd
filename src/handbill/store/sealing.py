"""Records as they lie on the disk: with a digest of their own, so that damage shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path


def seal(record: Mapping[str, object]) -> bytes:
    """The bytes of a record's file.

    Raises:
        TypeError: `record` holds something that JSON does not know.
    """
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, allow_nan=False)
    sealed = {"digest": hashlib.sha256(text.encode()).hexdigest(), "record": record}
    return json.dumps(sealed, ensure_ascii=False, sort_keys=True).encode()


def unseal(path: Path) -> dict[str, object] | None:
    """The record in a file, or None when there is none or it is not as it was written."""
    try:
        return unsealed(path.read_bytes())
    except OSError:
        return None


def unsealed(data: bytes) -> dict[str, object] | None:
    """The record in the bytes that `seal` made, or None when they are not as they were."""
    try:
        sealed = json.loads(data)
        record, digest = sealed["record"], sealed["digest"]
        text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(record, dict) or hashlib.sha256(text.encode()).hexdigest() != digest:
        return None
    return record


def objects_in(value: object) -> Iterator[tuple[str, int | None]]:
    """Every object that a record names, with its size where it says one."""
    if isinstance(value, dict):
        named, size = value.get("sha256"), value.get("size_bytes")
        if isinstance(named, str):
            yield named, size if isinstance(size, int) else None
        for inner in value.values():
            yield from objects_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects_in(inner)
