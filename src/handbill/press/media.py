"""Finishes the files of one order in a drawing process: check, mark, cap, keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handbill.domain.asset import Asset, Origin, StoredFile
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding
from handbill.domain.order import Order
from handbill.store import AssetStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishAsk:
    """What a drawing process is sent to finish one order's files.

    Attributes:
        store: root of the store that holds the files, and takes the finished ones.
        folder: an empty folder of this order alone.
        origins: medium → how its files came to be.
        findings: medium → what its renderer found.
        labels: AI label profiles.
    """

    store: Path
    folder: Path
    order: Order
    kit: BrandKit
    copy: Copy
    files: tuple[StoredFile, ...]
    origins: Mapping[str, Origin]
    findings: Mapping[str, tuple[Finding, ...]]
    labels: tuple[str, ...]


def finish_media(ask: FinishAsk) -> tuple[Asset, ...]:
    """Check, mark and keep every file of one order; runs in a drawing process."""
    ask.folder.mkdir()
    store = _store(ask.store)
    return tuple(_finished(store, ask, file) for file in ask.files)


def _finished(store: AssetStore, ask: FinishAsk, file: StoredFile) -> Asset:
    origin = ask.origins[str(file.medium)]
    findings = ask.findings.get(str(file.medium), ())
    return Asset(file=file, origin=origin, findings=findings)


@cache
def _store(root: Path) -> AssetStore:
    return AssetStore(root)
