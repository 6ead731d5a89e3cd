"""From pieces to finished, checked, marked assets; every order ends with an outcome here."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handbill.checking import check_copy
from handbill.domain.asset import Asset, Origin, Outcome, StoredFile
from handbill.domain.brandkit import BrandKit
from handbill.domain.copy import Copy
from handbill.domain.digest import digest, plain
from handbill.domain.failpoint import reached
from handbill.domain.finding import Finding, Severity, blocks
from handbill.domain.order import Medium, Order, Status
from handbill.errors import RenderError
from handbill.facts import facts_of
from handbill.marking import todo_lines
from handbill.press.copying import copy_in
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.making import ended_piece
from handbill.press.media import FinishAsk, finish_media
from handbill.press.moderating import moderate_all
from handbill.press.origins import (
    COVER,
    MADE_BY,
    NO_MAKERS,
    NO_MODES,
    ai_of,
    origin_of,
    vendors_of_copy,
)
from handbill.press.pieces import Piece
from handbill.press.pixels import Drawing
from handbill.press.recipes import HOUSE, finish_key, kind_of, look_of
from handbill.press.records import as_json, from_plain
from handbill.press.specs import makes
from handbill.store import AssetStore

# What copy, posters and films made, each by order key.
Steps = tuple[Mapping[str, Piece], Mapping[str, Piece], Mapping[str, Piece]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """One order at its end.

    Attributes:
        copy_key: recipe key of its copy, or empty.
        copy_origin: how its copy came to be; None without copy.
        todo: what a person must still do, a line each.
        cause: what kept it from being made; see `receipts.cause_of`.
        vendors: capabilities that vendors served for its pieces; None where some are missing.
    """

    outcome: Outcome
    copy_key: str = ""
    copy_origin: Origin | None = None
    todo: tuple[str, ...] = ()
    cause: str = ""
    vendors: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedSlip:
    """The finished orders of a slice, by order key."""

    finished: Mapping[str, Finished]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """What the earlier steps made for one order; None where its placement takes none."""

    copy: Piece
    poster: Piece | None = None
    film: Piece | None = None
    finish: Piece | None = None

    @property
    def drawn(self) -> tuple[Piece, ...]:
        """Poster and film, where there are."""
        return tuple(piece for piece in (self.poster, self.film) if piece)

    @property
    def all(self) -> tuple[Piece, ...]:
        """Those that there are."""
        pieces = (self.copy, self.poster, self.film, self.finish)
        return tuple(piece for piece in pieces if piece)

    @property
    def cost_usd_micros(self) -> int:
        """What they cost together."""
        return sum(piece.cost_usd_micros for piece in self.all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """One order whose pieces are all there.

    Attributes:
        key: recipe key of its finished files.
        findings: of its texts.
        files: drawn and cut, not yet checked and marked.
        media_findings: medium → what its renderer found.
        vendors: capabilities that vendors served for the pieces, whoever serves them now.
        modes: capability → how it was made, of what the house did not make.
        makers: capability → provider and model, of the same.
    """

    key: str
    copy: Copy
    pieces: Pieces
    findings: tuple[Finding, ...]
    files: tuple[StoredFile, ...]
    media_findings: Mapping[str, tuple[Finding, ...]]
    vendors: frozenset[str] = frozenset()
    modes: Mapping[str, str] = field(default_factory=lambda: NO_MODES)
    makers: Mapping[str, Sequence[str]] = field(default_factory=lambda: NO_MAKERS)


def finish_assets(
    equipment: Equipment,
    docket: Docket,
    orders: Sequence[Order],
    made: Steps,
) -> str:
    """Finish a slice from what its steps made; the digest of its slip."""
    desk = FinishingDesk(equipment, docket)
    finished: dict[str, Finished] = {}
    begun: list[tuple[Order, Ready, Drawing[FinishAsk, tuple[Asset, ...]]]] = []
    with tempfile.TemporaryDirectory(dir=equipment.scratch, prefix="finish-") as folder:
        for order, pieces, ready in desk.looked_over(orders, made):
            done = desk.recalled(order, ready) if ready else ended(order, pieces)
            try:
                if ready and not done:
                    begun.append((order, ready, desk.begin(order, ready, Path(folder))))
            except RenderError as fault:  # the run is being stopped
                done = ended(
                    order,
                    dataclasses.replace(pieces, finish=ended_piece(fault, equipment.scratch)),
                )
            if done:
                finished[order.key] = done
                equipment.progress.tick("checks")
        for order, ready, drawing in begun:
            finished[order.key] = desk.finish(order, ready, drawing)
            equipment.progress.tick("checks", fresh=1)
    return _kept(equipment.store, finished)


def ended(order: Order, pieces: Pieces) -> Finished:
    """An order that an earlier step ended."""
    broken = next(piece for piece in pieces.all if not piece.key)
    outcome = Outcome(
        order_key=order.key,
        status=broken.status,
        findings=pieces.copy.findings,
        cost_usd_micros=pieces.cost_usd_micros,
        message=broken.message,
    )
    return Finished(outcome=outcome, copy_key=pieces.copy.key, cause=broken.cause)


def text_findings(kit: BrandKit, order: Order, copy: Copy) -> tuple[Finding, ...]:
    """What is wrong with the words of an order, whoever wrote them."""
    facts = facts_of(order.brief, kit, order.locale, order.account)
    return check_copy(copy, order, kit, facts)


def unmade_slip(store: AssetStore, orders: Sequence[Order]) -> str:
    """A slip for orders that nothing was made for, because the run was stopped."""
    stopped = Piece(status=Status.FAILED, message="the run was stopped before this one was made")
    none = {order.key: ended(order, Pieces(copy=stopped)) for order in orders}
    return _kept(store, none)


def _kept(store: AssetStore, finished: Mapping[str, Finished]) -> str:
    """Keep a finished slip; the answer is its digest, by which any machine packs it."""
    sha256 = store.put_bytes(as_json(FinishedSlip(finished=finished)))
    reached("press.slip")
    return sha256


class FinishingDesk:
    """Finishes the orders of one docket."""

    def __init__(self, equipment: Equipment, docket: Docket) -> None:
        self._equipment = equipment
        self._docket = docket
        self._store = equipment.store
        self._look = look_of(docket.kit)

    def ready(self, order: Order, pieces: Pieces) -> Ready | None:
        """Everything that an order is finished from, or None when a piece is missing."""
        records = self._records_of(pieces)
        if not records:
            return None
        text, *drawn = records
        copy = copy_in(text, order.key)
        files, findings = _files_of(drawn)
        modes = _modes_of(records)
        vendors = vendors_of_copy(copy) | {name for record in drawn for name in record["vendors"]}
        batched = {name: mode for name, mode in modes.items() if mode == "batch"}
        told = (*(record["made_by"] for record in drawn), batched)
        return Ready(
            key=self.key_of(order, copy, files, vendors, [one for one in told if one]),
            vendors=frozenset(vendors),
            modes=modes,
            makers=_makers_of(copy, drawn),
            copy=copy,
            pieces=pieces,
            findings=pieces.copy.findings + text_findings(self._docket.kit, order, copy),
            files=files,
            media_findings=findings,
        )

    def looked_over(
        self, orders: Sequence[Order], made: Steps
    ) -> list[tuple[Order, Pieces, Ready | None]]:
        """Every order with its pieces, moderated where the campaign wants that."""
        pieces = {order.key: _pieces_of(order, made) for order in orders}
        readies = {order.key: self.ready(order, pieces[order.key]) for order in orders}
        whole = [(order, one.copy, one.files) for order in orders if (one := readies[order.key])]
        for key, verdict in moderate_all(self._equipment, self._docket, whole).items():
            ready = readies[key]
            if isinstance(verdict, Piece):
                pieces[key] = dataclasses.replace(pieces[key], finish=verdict)
                readies[key] = None
            elif ready:
                readies[key] = dataclasses.replace(ready, findings=ready.findings + verdict)
        return [(order, pieces[order.key], readies[order.key]) for order in orders]

    def key_of(
        self,
        order: Order,
        copy: Copy,
        files: Sequence[StoredFile],
        vendors: Collection[str],
        made_by: Sequence[object] = (),
    ) -> str:
        """The recipe key of an order's finished files.

        `vendors` are as in `Ready`. `made_by` names those vendors: two may draw the same, and who
        drew is told.
        """
        content = dataclasses.replace(copy, order_key="")
        made_from = [
            content,
            [file.sha256 for file in files],
            self._docket.campaign.labels,
            [kind_of(name, vendors) for name in ("copy", "image", "voice", "music")],
            self._look_of_document(order),
            *made_by,
        ]
        return finish_key(order, self._docket.kit, plain(made_from))

    def recalled(self, order: Order, ready: Ready) -> Finished | None:
        """The order as an earlier run finished it, or None."""
        record = self._store.recall(ready.key)
        if record is None:
            return None
        assets = from_plain(tuple[Asset, ...], record["assets"])
        return self._finished(order, ready, assets, Status.REUSED)

    def begin(
        self, order: Order, ready: Ready, folder: Path
    ) -> Drawing[FinishAsk, tuple[Asset, ...]]:
        """Start checking and marking an order's files in a drawing process."""
        ask = FinishAsk(
            store=self._store.root,
            folder=folder / order.key,
            order=order,
            kit=self._docket.kit,
            copy=ready.copy,
            files=ready.files,
            origins={str(medium): self._origin(medium, ready) for medium in (*MADE_BY, COVER)},
            findings=ready.media_findings,
            labels=self._docket.campaign.labels,
            templates=self._equipment.templates,
            produce_id=ready.key,
        )
        return self._equipment.pixels.start(finish_media, ask, finishing=True)

    def finish(
        self, order: Order, ready: Ready, drawing: Drawing[FinishAsk, tuple[Asset, ...]]
    ) -> Finished:
        """Wait for what `begin` started, and book it."""
        try:
            assets = self._equipment.pixels.finish(drawing)
            self._store.book(ready.key, {"assets": plain(assets)})
        except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
            piece = ended_piece(fault, self._equipment.scratch)
            pieces = dataclasses.replace(ready.pieces, finish=piece)
            return ended(order, pieces)
        return self._finished(order, ready, assets, Status.MADE)

    def _finished(
        self, order: Order, ready: Ready, assets: tuple[Asset, ...], status: Status
    ) -> Finished:
        blocked = ready.pieces.copy.status is not Status.MADE
        found = ready.findings + tuple(one for asset in assets for one in asset.findings)
        if blocked or blocks(found):
            status = ready.pieces.copy.status if blocked else Status.BLOCKED
        outcome = Outcome(
            order_key=order.key,
            status=status,
            assets=assets,
            findings=ready.findings,
            cost_usd_micros=ready.pieces.cost_usd_micros,
            message=_why_blocked(ready, found) if status is Status.BLOCKED else "",
        )
        return Finished(
            outcome=outcome,
            copy_key=ready.pieces.copy.key,
            copy_origin=self._origin(Medium.COPY, ready),
            todo=self._todo(order, assets, ready),
            cause=ready.pieces.copy.cause,
            vendors=tuple(sorted(ready.vendors)),
        )

    def _look_of_document(self, order: Order) -> str:
        """What decides how a document looks; empty for orders without one."""
        if not makes(order, "document"):
            return ""
        palette = self._docket.kit.palette_for(order.account)
        email = self._equipment.templates_digest.email
        return digest([self._look, palette, email])

    def _todo(self, order: Order, assets: tuple[Asset, ...], ready: Ready) -> tuple[str, ...]:
        found = {asset.origin.ai for asset in assets} | {ai_of(ready.vendors, Medium.COPY)}
        ai = next(name for name in ("generated", "assisted", "none") if name in found)
        return todo_lines(order.placement, ai, self._docket.campaign.labels)

    def _origin(self, medium: Medium | str, ready: Ready) -> Origin:
        return origin_of(ready.vendors, medium, self._equipment.handle, ready.modes, ready.makers)

    def _records_of(self, pieces: Pieces) -> list[Mapping[str, Any]]:
        """The records of an order's copy and of what was drawn; none where one is missing."""
        made = (pieces.copy, *pieces.drawn)
        records = [self._store.recall(piece.key) if piece.key else None for piece in made]
        return [] if None in records else [record for record in records if record is not None]


def _why_blocked(ready: Ready, findings: Sequence[Finding]) -> str:
    told = [one.message for one in findings if one.severity is Severity.BLOCK]
    return ready.pieces.copy.message or "; ".join(dict.fromkeys(told))


def _makers_of(copy: Copy, records: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[str]]:
    """Capability → provider and model of the pieces as they were made, the house left out."""
    makers: dict[str, Sequence[str]] = {}
    if copy.provider != HOUSE:
        makers["copy"] = (copy.provider, copy.model)
    for record in records:
        makers |= record["made_by"]
    return makers


def _modes_of(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Capability → how it was bought; the house's own copy has none."""
    modes: dict[str, str] = {}
    for record in records:
        modes |= record.get("modes", {})
    return modes


def _files_of(
    records: Sequence[Mapping[str, object]],
) -> tuple[tuple[StoredFile, ...], dict[str, tuple[Finding, ...]]]:
    """Files of drawn pieces, and what their renderers found, by medium."""
    files: list[StoredFile] = []
    findings: dict[str, tuple[Finding, ...]] = {}
    for record in records:
        of_record = from_plain(tuple[StoredFile, ...], record["files"])
        files.extend(of_record)
        findings[str(of_record[0].medium)] = from_plain(tuple[Finding, ...], record["findings"])
    return tuple(files), findings


def _pieces_of(order: Order, made: Steps) -> Pieces:
    texts, posters, films = made
    return Pieces(
        copy=texts[order.key],
        poster=posters.get(order.key),
        film=films.get(order.key),
    )
