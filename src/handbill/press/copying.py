"""The copy of a slice: one request a creative idea, for those of its orders that have none yet."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from handbill.checking import check_copy
from handbill.domain.copy import Copy, Draft
from handbill.domain.digest import digest, plain
from handbill.domain.finding import Finding, Severity
from handbill.domain.order import Order, Status
from handbill.errors import HandbillError
from handbill.facts import facts_of
from handbill.press.calls import CopyResult
from handbill.press.calls import write_copy as ask_for_copy
from handbill.press.copy_joint import (
    First,
    ask_jointly,
    asked_across,
    fit_together,
    joint_call,
    language_bundles,
)
from handbill.press.docket import Docket
from handbill.press.equipment import Equipment
from handbill.press.making import ended_piece
from handbill.press.pieces import Piece, Written
from handbill.press.recipes import HOUSE, copy_key, kind_of, maker_of
from handbill.press.records import from_plain
from handbill.press.refreshing import Refresher
from handbill.prompting import fill_draft
from handbill.providers.ports import CopyRequest
from handbill.store import AssetStore


def write_copy(equipment: Equipment, docket: Docket, orders: Sequence[Order]) -> dict[str, Piece]:
    """Copy for every order of a slice; a piece for each, by order key."""
    bundles = language_bundles(creative_groups(orders))
    refresher = Refresher(equipment, docket, "copy")

    async def whole_slice() -> list[dict[str, Piece]]:
        work = (_write_bundle(equipment, docket, refresher, bundle) for bundle in bundles)
        return await asyncio.gather(*work)

    pieces: dict[str, Piece] = {}
    for bundle_pieces in equipment.loop.run(whole_slice()):
        pieces.update(bundle_pieces)
    return pieces


def creative_groups(orders: Iterable[Order]) -> list[tuple[Order, ...]]:
    """Orders that share one creative idea, together."""
    groups: dict[str, list[Order]] = {}
    for order in orders:
        groups.setdefault(order.creative_key, []).append(order)
    return [tuple(group) for group in groups.values()]


def recall_copy(store: AssetStore, key: str, order_key: str) -> Copy | None:
    """The copy booked under `key`, made out to the order `order_key`; None when not booked."""
    record = store.recall(key)
    return None if record is None else copy_in(record, order_key)


def copy_in(record: Mapping[str, Any], order_key: str) -> Copy:
    """The copy in a record of it, made out to the order `order_key`."""
    return dataclasses.replace(from_plain(Copy, record["copy"]), order_key=order_key)


def copies_of(
    store: AssetStore, orders: Iterable[Order], keys: Mapping[str, str]
) -> list[Written]:
    """The orders that have copy (a blocked draft counts), each with its copy.

    Args:
        store: keeps the copy.
        orders: any.
        keys: order key → recipe key of its copy, or nothing.
    """
    keyed = ((order, keys.get(order.key)) for order in orders)
    found = ((order, recall_copy(store, key, order.key)) for order, key in keyed if key)
    return [(order, copy) for order, copy in found if copy is not None]


def keys_of(pieces: Mapping[str, Piece]) -> dict[str, str]:
    """Order key → recipe key of its piece, or nothing."""
    return {order_key: piece.key for order_key, piece in pieces.items()}


def key_of_copy(equipment: Equipment, docket: Docket, order: Order, refresher: Refresher) -> str:
    """The recipe key of one order's copy, as it is kept or is to be made.

    Args:
        equipment: its templates are what copy is written from.
        docket: of the order.
        order: what the copy is for.
        refresher: of copy.
    """
    digests = equipment.templates_digest

    def entry(vendors: frozenset[str]) -> tuple[str, None]:
        maker = kind_of("copy", vendors)
        texts = digests.phrases if maker == HOUSE else digests.prompts
        return copy_key(order, docket.kit, maker, texts), None

    key, _ = refresher.settle(order, entry) or entry(refresher.vendors)
    return key


async def _write_bundle(
    equipment: Equipment,
    docket: Docket,
    refresher: Refresher,
    groups: Sequence[tuple[Order, ...]],
) -> dict[str, Piece]:
    """The copy of one brief in all its languages, asked for at once where that fits."""
    joint: list[CopyRequest] = []
    first: dict[str, First] = {}
    with contextlib.suppress(HandbillError):  # told by each language's own request
        if joint := joint_requests(equipment, docket, refresher, groups):
            call = joint_call(equipment.calls, equipment.handle("copy").copy, joint)
            first = await ask_jointly(equipment.calls, call, joint) if call else {}
    asked_with = [order.key for request in joint for order in request.orders] if first else []
    pieces: dict[str, Piece] = {}
    for written in await asyncio.gather(
        *(
            _write_group(
                equipment, docket, refresher, group, first.get(group[0].locale), asked_with
            )
            for group in groups
        )
    ):
        pieces |= written
    return pieces


def joint_requests(
    equipment: Equipment,
    docket: Docket,
    refresher: Refresher,
    groups: Sequence[tuple[Order, ...]],
) -> list[CopyRequest]:
    """What a bundle lacks, a request a language, where one call is to bring it; else nothing.

    Raises:
        HandbillError: the provider of copy cannot be opened.
    """
    if len(groups) < 2 or maker_of(docket.campaign.provider("copy")) == HOUSE:  # noqa: PLR2004
        return []
    keys = {o.key: key_of_copy(equipment, docket, o, refresher) for g in groups for o in g}
    asked = asked_across(groups, booked_copies(refresher, keys))
    requests = [request_for(docket, orders) for orders in asked]
    return requests if fit_together(equipment.handle("copy").copy, requests) else []


async def _write_group(
    equipment: Equipment,
    docket: Docket,
    refresher: Refresher,
    group: tuple[Order, ...],
    first: First | None = None,
    asked_with: Sequence[str] = (),
) -> dict[str, Piece]:
    keys = {order.key: key_of_copy(equipment, docket, order, refresher) for order in group}
    booked = booked_copies(refresher, keys)
    pieces = {
        key: Piece(key=keys[key], findings=_booked_findings(record))
        for key, record in booked.items()
    }
    missing = tuple(order for order in group if order.key not in pieces)
    try:
        asked = asked_together(group, booked)
        if first is not None:
            asked = tuple(order for order in group if order.key in asked_with)
        answers = (first, asked_with)
        written = await _write_missing(equipment, docket, asked, keys, answers) if missing else {}
        pieces.update({order.key: written[order.key] for order in missing})
    except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
        ended = ended_piece(fault, equipment.scratch)
        pieces.update({order.key: ended for order in missing})
    fresh = sum(piece.fresh for piece in pieces.values())
    equipment.progress.tick("copy", done=len(group), fresh=fresh)
    return pieces


async def _write_missing(
    equipment: Equipment,
    docket: Docket,
    orders: tuple[Order, ...],
    keys: Mapping[str, str],
    answers: tuple[First | None, Sequence[str]],
) -> dict[str, Piece]:
    first, asked_with = answers
    request = request_for(docket, orders)
    desk = _Desk(equipment, docket, request, asked_with if first is not None else ())
    result = await ask_for_copy(
        equipment.calls, equipment.handle("copy"), request, desk.faults_of_draft, first
    )
    return {order.key: desk.piece(order, result, keys[order.key]) for order in orders}


def booked_copies(refresher: Refresher, keys: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Order key → record of its copy, for those that have one and need no other.

    Args:
        refresher: of copy.
        keys: order key → recipe key of its copy.
    """
    booked = {}
    for order_key, key in keys.items():
        record = refresher.recall(key)
        if record is not None:
            by_vendor = record["copy"]["provider"] != HOUSE
            # The house does not repeat a vendor's question, nor a vendor the house's.
            same_hands = by_vendor == ("copy" in refresher.vendors)
            booked[order_key] = record if same_hands else record | {"asked_with": []}
    return booked


def asked_together(
    group: tuple[Order, ...], booked: Mapping[str, Mapping[str, Any]]
) -> tuple[Order, ...]:
    """The orders without copy, and those that were asked for together with one of them.

    The same question finds its answer in the store; a smaller one would be paid anew.
    """
    missing = {order.key for order in group if order.key not in booked}
    return tuple(
        order
        for order in group
        if order.key in missing or missing & set(booked[order.key].get("asked_with", ()))
    )


def request_for(docket: Docket, orders: tuple[Order, ...]) -> CopyRequest:
    """One request for orders of one creative idea (at least one)."""
    first = orders[0]
    return CopyRequest(
        brief=first.brief,
        kit=docket.kit,
        locale=first.locale,
        account=first.account,
        audience=first.audience,
        variant=first.variant,
        seed=first.seed,
        orders=orders,
        facts=facts_of(first.brief, docket.kit, first.locale, first.account),
    )


def _booked_findings(record: Mapping[str, object]) -> tuple[Finding, ...]:
    return from_plain(tuple[Finding, ...], record["findings"])


class _Desk:
    """Fills, checks and books the drafts of one request."""

    def __init__(
        self,
        equipment: Equipment,
        docket: Docket,
        request: CopyRequest,
        asked_with: Sequence[str] = (),
    ) -> None:
        self._equipment = equipment
        self._docket = docket
        self._request = request
        self._orders = {order.key: order for order in request.orders}
        self._asked_with = sorted(asked_with or self._orders)

    def faults_of_draft(self, draft: Draft) -> tuple[str, ...]:
        """What keeps `draft` from going out, in sentences for its writer."""
        copy, findings = self._filled(draft)
        order, request = self._orders[draft.order_key], self._request
        findings += check_copy(copy, order, request.kit, request.facts)
        return tuple(
            f"{finding.field}: {finding.message}" if finding.field else finding.message
            for finding in findings
            if finding.severity is Severity.BLOCK
        )

    def piece(self, order: Order, result: CopyResult, key: str) -> Piece:
        """What became of one order; its copy is booked, a blocked draft under a key of its own."""
        status = result.statuses[order.key]
        message = result.messages.get(order.key, "")
        cost = self._share(order, result.cost_usd_micros)
        cause = "" if status is Status.MADE else result.cause
        draft = result.drafts.get(order.key)
        if draft is None or cause == "batch":  # a draft that is being mended is shown to nobody
            return Piece(status=status, message=message, cost_usd_micros=cost, cause=cause)
        copy, findings = self._filled(draft)
        if status is not Status.MADE:
            key = digest(["draft", copy])
        asked_with = self._asked_with
        record = {"copy": plain(copy), "findings": plain(findings), "asked_with": asked_with}
        if copy.provider != HOUSE:
            mode = result.mode or self._equipment.handle("copy").mode
            record |= {"modes": {"copy": mode}}
        self._equipment.store.book(key, record)
        return Piece(
            key=key,
            status=status,
            fresh=True,
            findings=findings,
            cost_usd_micros=cost,
            message=message,
            cause=cause,
        )

    def _share(self, order: Order, cost_micros: int) -> int:
        """An order's even share of what its request cost; the shares add up to all of it."""
        orders = [one.key for one in self._request.orders]
        share, rest = divmod(cost_micros, len(orders))
        return share + (orders.index(order.key) < rest)

    def _filled(self, draft: Draft) -> tuple[Copy, tuple[Finding, ...]]:
        """The finished copy, and what was wrong with its slots."""
        copy, findings = fill_draft(draft, self._request.facts, self._request.locale)
        handle = self._equipment.handle("copy")
        model = handle.models.get("copy", "")
        return dataclasses.replace(copy, provider=handle.name, model=model), findings
