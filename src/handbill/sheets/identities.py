"""Which ids a sheet has used, in little memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(slots=True)
class SeenIds:
    """Remembers ids by 8 bytes of their digest: about 100 bytes a row, whatever their length."""

    _rows: dict[int, int] = field(default_factory=dict)
    _repeats: dict[int, int] = field(default_factory=dict)

    def row_of(self, brief_id: str, row: int) -> int:
        """The row that used `brief_id` first, which is `row` when none did."""
        return self._rows.setdefault(_mark(brief_id), row)

    def new(self, wanted: str, row: int) -> str:
        """`wanted`, or `wanted-2` and so on when it is taken; remembered as used by `row`."""
        mark = _mark(wanted)
        if mark not in self._rows:
            self._rows[mark] = row
            return wanted
        number = self._repeats.get(mark, 1) + 1
        while _mark(f"{wanted}-{number}") in self._rows:
            number += 1
        self._repeats[mark] = number
        self._rows[_mark(f"{wanted}-{number}")] = row
        return f"{wanted}-{number}"


def _mark(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())
