"""Finishes the files of one order in a drawing process: draw documents, mark, check, keep."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from handbill import __version__
from handbill.domain.asset import Asset, Origin, StoredFile
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.finding import Finding
from handbill.domain.order import Medium, Order
from handbill.marking import MarkFacts, mark_film, mark_image, mark_sound
from handbill.press.documents import write_documents
from handbill.press.origins import COVER
from handbill.store import AssetStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishAsk:
    """What a drawing process is sent to finish one order's files.

    Attributes:
        store: root of the store that holds the files, and takes the finished ones.
        folder: a folder for this order alone, which does not exist yet.
        origins: medium → how its files came to be; that of a film's cover apart.
        findings: medium → what its renderer found.
        labels: AI label profiles.
        templates: folder of all templates, for documents.
        produce_id: what the marks call this order's files.
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
    templates: Path
    produce_id: str


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
    for file in ask.files:
        store.place(file.sha256, ask.folder / file.name, share=False)
    files = (*ask.files, *write_documents(ask))
    return tuple(_finished(store, ask, file) for file in files)


def _finished(store: AssetStore, ask: FinishAsk, file: StoredFile) -> Asset:
    cover = file.name.partition(".")[0] == COVER
    origin = ask.origins[COVER if cover else str(file.medium)]
    path = ask.folder / file.name
    marks = _marked(ask, file, path, origin)
    findings = ask.findings.get(str(file.medium), ()) + _checked(ask.order, file, path)
    kept = dataclasses.replace(
        file, sha256=store.put_file(path, adopt=True), size_bytes=path.stat().st_size
    )
    return Asset(file=kept, origin=origin, marks=marks, findings=findings)


def _marked(ask: FinishAsk, file: StoredFile, path: Path, origin: Origin) -> tuple[str, ...]:
    mark = {
        Medium.IMAGE: mark_image,
        Medium.FILM: mark_film,
        Medium.SOUND: mark_sound,
    }.get(file.medium)
    if mark is None:
        return ()
    facts = MarkFacts(
        profiles=ask.labels,
        origin=origin,
        produce_id=ask.produce_id,
        brand=ask.kit.name,
        version=__version__,
    )
    return mark(path, facts)


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
