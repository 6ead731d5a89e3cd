"""Making what a slice lacks: equal things once, faults of one thing that thing's alone."""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from handbill.domain.digest import digest
from handbill.domain.failpoint import reached
from handbill.domain.order import Order, Status
from handbill.errors import HandbillError, StoreError
from handbill.press.equipment import Equipment
from handbill.press.pieces import Piece, Written
from handbill.press.pixels import Drawing
from handbill.press.receipts import cause_of
from handbill.press.refreshing import Refresher
from handbill.store.durable import clear_disk_errors, is_full

SpecT = TypeVar("SpecT")
ResultT = TypeVar("ResultT")
_MESSAGE_CHARS = 300


class StepEnded(HandbillError):
    """A step ended before anything was made, with the status that its orders get."""

    def __init__(
        self, status: Status, message: str, cost_usd_micros: int = 0, cause: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.cost_usd_micros = cost_usd_micros
        self.cause = cause


def fetch_missing(
    equipment: Equipment,
    copies: Sequence[Written],
    wanted: Mapping[str, tuple[str, SpecT]],
    refresher: Refresher,
    fetch: Callable[[Order, SpecT], Awaitable[ResultT]],
) -> dict[str, ResultT]:
    """What others make for things of `wanted` that are not there, by recipe key, all at once."""
    orders = {order.key: order for order, _ in copies}
    missing = {
        key: (orders[order_key], spec)
        for order_key, (key, spec) in wanted.items()
        if refresher.recall(key) is None
    }

    async def ask_all() -> list[ResultT]:
        return await asyncio.gather(*(fetch(*each) for each in missing.values()))

    return dict(zip(missing, equipment.loop.run(ask_all()), strict=True)) if missing else {}


def make_missing(  # noqa: PLR0913 - two doors, two callbacks, and what they share
    equipment: Equipment,
    step: str,
    wanted: Mapping[str, tuple[str, SpecT]],
    begin: Callable[[str, SpecT], Drawing[Any, ResultT]],
    book: Callable[[str, ResultT], None],
    recall: Callable[[str], object | None] | None = None,
    *,
    costs: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Piece]:
    """Make what the store lacks of `wanted`; a piece for every order key of it.

    Args:
        equipment: store, processes and progress.
        step: its name in the progress.
        wanted: order key → recipe key and spec.
        begin: starts one; the results are waited for after all have begun.
        book: keeps a result under its recipe key.
        recall: the record of a key, None when it is to be made; the store's own by default.
        costs: recipe key → what its calls cost in micro-dollars, read after all have ended.
    """
    known = recall or equipment.store.recall
    specs = dict(wanted.values())
    shares = Counter(key for key, _ in wanted.values())
    pieces: dict[str, Piece] = {}
    begun: dict[str, Drawing[Any, ResultT]] = {}
    for key, spec in specs.items():
        if known(key) is not None:
            pieces[key] = Piece(key=key)
            continue
        try:
            equipment.pixels.refuse_when_stopped()
            begun[key] = begin(key, spec)
        except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
            pieces[key] = ended_piece(fault, equipment.scratch)
    for key in pieces:
        equipment.progress.tick(step, done=shares[key])
    for key, drawing in begun.items():
        pieces[key] = _finished(equipment, key, drawing, book)
        equipment.progress.tick(step, done=shares[key], fresh=shares[key])
    by_order = {order_key: key for order_key, (key, _) in wanted.items()}
    return _shared_out(by_order, pieces, costs)


def _shared_out(
    by_order: Mapping[str, str], pieces: Mapping[str, Piece], costs: Mapping[str, int]
) -> dict[str, Piece]:
    """Each order's piece with its share of what its recipe key cost; shares add up exactly."""
    holders = Counter(by_order.values())
    served: Counter[str] = Counter()
    found = {}
    for order_key, key in by_order.items():
        each, rest = divmod(costs.get(key, 0), holders[key])
        share = each + (served[key] < rest)
        served[key] += 1
        piece = pieces[key]
        found[order_key] = replace(piece, cost_usd_micros=piece.cost_usd_micros + share)
    return found


def ended_piece(fault: Exception, scratch: Path) -> Piece:
    """The piece of a step that `fault` ended.

    What we raise on purpose tells its own story. Anything else is a bug of ours: its traceback is
    kept in a file beside `scratch`, and the message names it.

    Raises:
        StoreError: the disk is full, which ends every other order too.
    """
    if isinstance(fault, OSError) and is_full(fault):
        with clear_disk_errors("nothing more can be made", scratch):
            raise fault
    if isinstance(fault, StoreError) and fault.disk_full:
        raise fault
    if isinstance(fault, StepEnded):
        return Piece(
            status=fault.status,
            message=str(fault),
            cost_usd_micros=fault.cost_usd_micros,
            cause=fault.cause,
        )
    if isinstance(fault, HandbillError):
        return Piece(status=Status.FAILED, message=str(fault), cause=cause_of(fault))
    return Piece(status=Status.FAILED, message=_bug_message(fault, scratch))


def _finished(
    equipment: Equipment,
    key: str,
    drawing: Drawing[Any, ResultT],
    book: Callable[[str, ResultT], None],
) -> Piece:
    try:
        made = equipment.pixels.finish(drawing, equipment.progress.see_frames)
        reached("press.made")
        book(key, made)
    except Exception as fault:  # noqa: BLE001 - one fault must not stop the campaign
        return ended_piece(fault, equipment.scratch)
    return Piece(key=key, fresh=True)


def _bug_message(fault: Exception, scratch: Path) -> str:
    story = "".join(traceback.format_exception(fault))
    kept = scratch.parent / "faults" / f"{digest(story)[:16]}.txt"
    what = f"{type(fault).__name__}: {fault}"[:_MESSAGE_CHARS]
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(story, "utf-8")
    except OSError as error:
        return f"{what} (a fault in Handbill; its traceback could not be kept: {error})"
    return f"{what} (a fault in Handbill; its traceback is in {str(kept)!r})"
