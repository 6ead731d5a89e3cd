"""Content-made keys: the same content gives the same key on every machine."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal


def digest(content: object) -> str:
    """The sha256 (hex) of `content` as canonical JSON.

    Takes None, bool, int, float, str, date, Decimal, mappings with text keys, sequences, sets of
    text, and dataclasses of these.

    Raises:
        TypeError: for anything else, so that a value without a stable form fails loudly.
    """
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(content: object) -> str:
    """The JSON that `digest` is taken over."""
    return json.dumps(
        plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def digest_joined(texts: Iterable[str]) -> str:
    """`digest` of the list of contents whose canonical texts these are.

    For lists of which many share large parts: each part is put into words once.
    """
    return hashlib.sha256(f"[{','.join(texts)}]".encode()).hexdigest()


def plain(content: object) -> object:
    """`content` in JSON's own types; see `digest` for what is taken."""
    if content is None or isinstance(content, bool | int | float | str):
        return content
    if isinstance(content, date | Decimal):
        return str(content)
    if dataclasses.is_dataclass(content) and not isinstance(content, type):
        return {f.name: plain(getattr(content, f.name)) for f in dataclasses.fields(content)}
    return _plain_collection(content)


def _plain_collection(content: object) -> object:
    if isinstance(content, Mapping):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, set | frozenset):
        return sorted(str(item) for item in content)
    if isinstance(content, tuple | list):
        return [plain(item) for item in content]
    message = f"no stable form for {type(content).__name__}"
    raise TypeError(message)
