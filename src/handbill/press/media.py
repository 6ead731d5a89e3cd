"""Finishes the files of one order in a drawing process: mark, check, keep."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handbill.domain.asset import Asset, Origin, StoredFile
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding
from handbill.domain.order import Medium, Order
from handbill.store import AssetStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishAsk:
    """What a drawing process is sent to finish one order's files.

    Attributes:
        store: root of the store that holds the files, and takes the finished ones.
        folder: a folder for this order alone, which does not exist yet.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a renderer said of a picture, as `check_image` compares it with the file."""

    width_px: int
    height_px: int
    mime: str


def finish_media(ask: FinishAsk) -> tuple[Asset, ...]:
    """Mark, check and keep every file of one order; runs in a drawing process."""
    ask.folder.mkdir()
    store = _store(ask.store)
    return tuple(_finished(store, ask, file) for file in ask.files)


def _finished(store: AssetStore, ask: FinishAsk, file: StoredFile) -> Asset:
    origin = ask.origins[str(file.medium)]
    path = ask.folder / file.name
    store.place(file.sha256, path, share=False)
    findings = ask.findings.get(str(file.medium), ()) + _checked(ask.order, file, path)
    kept = dataclasses.replace(
        file, sha256=store.put_file(path, adopt=True), size_bytes=path.stat().st_size
    )
    return Asset(file=kept, origin=origin, findings=findings)


def _checked(order: Order, file: StoredFile, path: Path) -> tuple[Finding, ...]:
    from handbill.checking import check_film, check_image  # noqa: PLC0415 - plans check nothing

    placement = order.placement
    if file.medium is Medium.FILM and placement.video:
        return check_film(path, placement.video, placement.video_limits)
    poster = file.medium is Medium.IMAGE and file.name.startswith("image.")
    if poster and placement.image:
        seen = Seen(width_px=file.width_px, height_px=file.height_px, mime=file.mime)
        return check_image(path, placement.image, seen)
    return ()


@cache
def _store(root: Path) -> AssetStore:
    return AssetStore(root)
