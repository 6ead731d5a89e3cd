"""A cache that forgets the least recently used value when it holds too many bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class PixelCache(Generic[Value]):
    """Values by key, at most `max_bytes` in all; one process, one thread.

    Attributes:
        max_bytes: bound of the sum of all sizes; a value larger than it is not kept.
        size_bytes: sum of the sizes of what is held now.
    """

    def __init__(self, max_bytes: int, size_of: Callable[[Value], int]) -> None:
        self.max_bytes = max_bytes
        self.size_bytes = 0
        self._size_of = size_of
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def recall(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value under `key`, made by `make` when it is not held."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = make()
        self._keep(key, value)
        return value

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()
        self.size_bytes = 0

    def __len__(self) -> int:
        return len(self._values)

    def _keep(self, key: Hashable, value: Value) -> None:
        size_bytes = self._size_of(value)
        if size_bytes > self.max_bytes:
            return
        self._values[key] = value
        self.size_bytes += size_bytes
        while self.size_bytes > self.max_bytes:
            _, oldest = self._values.popitem(last=False)
            self.size_bytes -= self._size_of(oldest)
