"""Which ids the sheets of one run have used, in little memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

_ROW_BITS = 40


@dataclass(slots=True)
class SeenIds:
    """Remembers ids by 8 bytes of their digest: about 100 bytes a row, whatever their length."""

    _places: dict[int, int] = field(default_factory=dict)
    _repeats: dict[int, int] = field(default_factory=dict)
    _files: list[str] = field(default_factory=list)

    def open_file(self, file: str) -> None:
        """Say which file the next rows are of."""
        self._files.append(file)

    def claim(self, brief_id: str, row: int) -> str:
        """Take an id for a row; where it is taken already, or empty when it was free."""
        here = self._here(row)
        first = self._places.setdefault(_mark(brief_id), here)
        return "" if first == here else self._place(first)

    def place_of(self, brief_id: str) -> str:
        """Where an id was taken, in words, or empty when it is free."""
        first = self._places.get(_mark(brief_id))
        return "" if first is None else self._place(first)

    def new(self, wanted: str, row: int) -> str:
        """`wanted`, or `wanted-2` and so on when it is taken; taken for `row` from now on."""
        mark = _mark(wanted)
        if mark not in self._places:
            self._places[mark] = self._here(row)
            return wanted
        number = self._repeats.get(mark, 1) + 1
        while _mark(f"{wanted}-{number}") in self._places:
            number += 1
        self._repeats[mark] = number
        self._places[_mark(f"{wanted}-{number}")] = self._here(row)
        return f"{wanted}-{number}"

    def _here(self, row: int) -> int:
        return len(self._files) << _ROW_BITS | row

    def _place(self, place: int) -> str:
        number, row = place >> _ROW_BITS, place & ((1 << _ROW_BITS) - 1)
        same = number == len(self._files)
        return f"row {row}" if same else f"row {row} of {self._files[number - 1]}"


def _mark(text: str) -> int:
    data = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())
