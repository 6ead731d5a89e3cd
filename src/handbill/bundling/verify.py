"""``handbill verify``: whether a bundle is whole and fit to go out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from handbill.bundling.verifying.lists import (
    copy_faults,
    label_faults,
    outcome_faults,
    own_list_faults,
    report_faults,
    table,
)
from handbill.bundling.verifying.reading import (
    FoundBundle,
    VerifyFault,
    file_faults,
    manifest_faults,
    open_found,
)
from handbill.bundling.verifying.sheets_out import import_faults

__all__ = ["VerifyFault", "VerifyResult", "verify_bundle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyResult:
    """What was found.

    Attributes:
        faults: sorted by path; empty when the bundle is whole.
        files: listed in the manifest.
        orders: lines of ``outcomes.csv``.
        size_bytes: of all listed files.
    """

    path: Path
    faults: tuple[VerifyFault, ...]
    files: int = 0
    orders: int = 0
    size_bytes: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify_bundle(path: Path) -> VerifyResult:
    """Read a bundle again and compare it with what it says of itself.

    Digests, sizes, types, pixels, stray files, the manifest's form, text limits by the catalogue,
    marks of generated media, both lists, the import sheets and the report. Nothing is written or
    printed; whatever is wrong is a value.

    Args:
        path: the bundle's folder.
    """
    found = open_found(path)
    if isinstance(found, VerifyFault):
        return VerifyResult(path=path, faults=(found,))
    outcomes = _outcomes(found)
    return VerifyResult(
        path=path,
        faults=tuple(sorted(_faults(found, outcomes))),
        files=len(found.assets),
        orders=len(outcomes),
        size_bytes=sum(int(asset.get("bytes", 0)) for asset in found.assets.values()),
    )


def _outcomes(found: FoundBundle) -> list[dict[str, str]]:
    """Rows of ``outcomes.csv`` with the columns that are needed; none when it cannot be read."""
    try:
        header, rows = table(found.read("outcomes.csv"))
    except (ValueError, csv.Error):
        return []
    return rows if {"order", "status", "files"} <= set(header) else []


def _faults(found: FoundBundle, outcomes: list[dict[str, str]]) -> Iterator[VerifyFault]:
    yield from manifest_faults(found)
    yield from file_faults(found)
    yield from own_list_faults(found)
    yield from outcome_faults(found, outcomes)
    yield from copy_faults(found, outcomes)
    yield from label_faults(found, outcomes)
    yield from import_faults(found, outcomes)
    yield from report_faults(found)
