"""Values as JSON in the store, and back."""

from __future__ import annotations

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from handbill.domain.digest import plain

T = TypeVar("T")


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


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
