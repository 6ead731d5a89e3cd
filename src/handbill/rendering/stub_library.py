"""Makes a tiny ELF shared library whose every function returns 0.

Two pages: one to read and execute (headers, hash, symbols, strings, code) and one to write
(the dynamic section, whose addresses the linker fills in). Source of the layout: the System V
ABI, chapters 4 and 5, and the processor supplements for x86-64 and AArch64.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from handbill.errors import ToolMissing

_PAGE = 0x10000  # the largest page size of either processor
_SYMBOL = struct.Struct("<IBBHQQ")
_GLOBAL_FUNCTION = 0x12
_CODE_SECTION = 1
_CODE_AT = 64 + 3 * 56  # behind the file header and three program headers
_LOAD, _DYNAMIC = 1, 2
_EXECUTE, _WRITE, _READ = 1, 2, 4
_HASH, _STRING_TABLE, _SYMBOL_TABLE, _STRING_BYTES, _SYMBOL_BYTES, _SONAME = 4, 5, 6, 10, 11, 14


@dataclass(frozen=True, slots=True)
class _Processor:
    machine: int
    return_zero: bytes


_PROCESSORS = {
    "x86_64": _Processor(62, bytes.fromhex("31c0c3")),
    "aarch64": _Processor(183, bytes.fromhex("000080d2c0035fd6")),
}


def shared_library(soname: str, symbols: list[str], processor: str) -> bytes:
    """The bytes of a library named `soname` that defines `symbols`.

    Raises:
        ToolMissing: `processor` is neither ``x86_64`` nor ``aarch64``.
    """
    if processor not in _PROCESSORS:
        raise ToolMissing(
            f"{soname} is missing, and there is no stand-in for {processor!r}; "
            "install the packages libgl1 and libegl1"
        )
    chip = _PROCESSORS[processor]
    strings, offsets = _string_table([soname, *symbols])
    table_at = _CODE_AT + 16
    hash_at = table_at + _SYMBOL.size * (len(symbols) + 1)
    hashes = _hash_table(len(symbols))
    strings_at = hash_at + len(hashes)
    size = strings_at + len(strings)
    dynamic_at = -(-size // _PAGE) * _PAGE
    table = bytes(_SYMBOL.size) + b"".join(
        _SYMBOL.pack(offsets[name], _GLOBAL_FUNCTION, 0, _CODE_SECTION, _CODE_AT, 0)
        for name in symbols
    )
    dynamic = _dynamic_section(
        {
            _SONAME: offsets[soname],
            _HASH: hash_at,
            _STRING_TABLE: strings_at,
            _SYMBOL_TABLE: table_at,
            _STRING_BYTES: len(strings),
            _SYMBOL_BYTES: _SYMBOL.size,
        }
    )
    segments = (
        _segment(_LOAD, _READ | _EXECUTE, 0, size)
        + _segment(_LOAD, _READ | _WRITE, dynamic_at, len(dynamic))
        + _segment(_DYNAMIC, _READ | _WRITE, dynamic_at, len(dynamic))
    )
    code = chip.return_zero.ljust(16, b"\0")
    readable = _header(chip.machine) + segments + code + table + hashes + strings
    return readable.ljust(dynamic_at, b"\0") + dynamic


def _header(machine: int) -> bytes:
    """ELF64, little endian, ET_DYN, three program headers, no section headers."""
    magic = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    return magic + struct.pack("<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 3, 64, 0, 0)


def _segment(kind: int, flags: int, at: int, size: int) -> bytes:
    return struct.pack("<IIQQQQQQ", kind, flags, at, at, at, size, size, _PAGE)


def _string_table(names: list[str]) -> tuple[bytes, dict[str, int]]:
    table, offsets = b"\0", {}
    for name in names:
        offsets[name] = len(table)
        table += name.encode("ascii") + b"\0"
    return table, offsets


def _hash_table(count: int) -> bytes:
    """One bucket with every symbol in a chain: found by comparing names, right for any hash."""
    chain = [0, *(index + 1 for index in range(1, count)), 0][: count + 1]
    words = struct.pack(f"<{3 + len(chain)}I", 1, count + 1, min(count, 1), *chain)
    return words.ljust(-(-len(words) // 8) * 8, b"\0")


def _dynamic_section(entries: dict[int, int]) -> bytes:
    return b"".join(struct.pack("<qQ", tag, value) for tag, value in [*entries.items(), (0, 0)])
