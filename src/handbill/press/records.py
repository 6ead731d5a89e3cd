"""Values as JSON in the store, and back."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter

from handbill.domain.digest import plain

T = TypeVar("T")
_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def as_json(value: object) -> bytes:
    """`value` as JSON with sorted keys: equal values give equal bytes."""
    return json.dumps(plain(value), ensure_ascii=False, sort_keys=True, indent=1).encode()


def from_json(kind: type[T], data: bytes) -> T:
    """The value of `kind` that `as_json` wrote.

    Raises:
        pydantic.ValidationError: the bytes are no such value.
    """
    return from_plain(kind, json.loads(data))


def from_plain(kind: type[T], content: object) -> T:
    """The value of `kind` whose `plain` form is `content`.

    Raises:
        pydantic.ValidationError: the content is no such value.
    """
    revived: T = _adapter(kind).validate_python(content)
    return revived


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
