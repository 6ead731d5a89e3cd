"""Guards for files that are ZIP archives, looked at before anything is unpacked."""

from __future__ import annotations

import zipfile
from pathlib import Path

from handbill.errors import SheetError
from handbill.sheets.options import MAX_PACKING_RATIO, MAX_UNPACKED_BYTES

_MOST_MEMBERS = 2_000
_SMALL_BYTES = 1_000_000
_LEGACY = bytes.fromhex("d0cf11e0a1b11ae1")


def check_package(path: Path, file: str) -> tuple[str, ...]:
    """The names in the archive, once it is sure that unpacking it is safe.

    Raises:
        SheetError: it is no archive, encrypted, damaged, or would unpack beyond the limits.
    """
    with path.open("rb") as stream:
        if stream.read(8) == _LEGACY:
            raise SheetError(
                "the workbook is encrypted, or an old XLS under the name of an XLSX",
                where=file,
                remedy="remove its password, or save it as XLSX",
            )
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise SheetError(
            f"the file is no workbook, or it is damaged ({fault})",
            where=file,
            remedy="open it in the program that made it and save it anew",
        ) from None
    if any(member.flag_bits & 1 for member in members):
        raise SheetError("the workbook is encrypted", where=file, remedy="remove its password")
    _check_sizes(members, file)
    return tuple(member.filename for member in members)


def _check_sizes(members: list[zipfile.ZipInfo], file: str) -> None:
    unpacked = sum(member.file_size for member in members)
    worst = max(
        (member.file_size / max(1, member.compress_size) for member in members
         if member.file_size > _SMALL_BYTES),
        default=0.0,
    )  # fmt: skip
    too_many = len(members) > _MOST_MEMBERS
    if unpacked > MAX_UNPACKED_BYTES or worst > MAX_PACKING_RATIO or too_many:
        raise SheetError(
            f"the workbook would unpack to {unpacked / 1e6:.0f} MB in {len(members)} parts"
            f" (packed up to {worst:.0f} : 1)",
            where=file,
            remedy=f"save the sheet as CSV; workbooks may unpack to {MAX_UNPACKED_BYTES / 1e6:.0f}"
            f" MB at most, packed {MAX_PACKING_RATIO} : 1",
        )
