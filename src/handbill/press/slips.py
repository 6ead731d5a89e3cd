"""Slips: what one step made of each order of a slice; steps hand them on by digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handbill.domain.failpoint import reached
from handbill.domain.finding import Finding
from handbill.domain.order import Status
from handbill.press.records import as_json, from_json
from handbill.store import AssetStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one step made for one order.

    Attributes:
        key: recipe key of the record in the store; empty when nothing was made.
        status: ``MADE``, or why there is nothing, or (``BLOCKED`` with a key) only a draft.
        fresh: made in this run, not found in the store.
        cost_usd_micros: at least 0; shared costs are split evenly over the orders.
        message: why there is nothing, for people.
        cause: what kept it from being made; see `receipts.cause_of`.
    """

    key: str = ""
    status: Status = Status.MADE
    fresh: bool = False
    findings: tuple[Finding, ...] = ()
    cost_usd_micros: int = 0
    message: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Pieces by order key; an order that the step does not concern is absent."""

    pieces: Mapping[str, Piece]

    @property
    def fresh(self) -> int:
        """How many pieces were made in this run."""
        return sum(piece.fresh for piece in self.pieces.values())


NO_SLIP = Slip(pieces={})


def keep_slip(store: AssetStore, pieces: Mapping[str, Piece]) -> str:
    """Keep a slip; the answer is its digest, by which the next step reads it."""
    sha256 = store.put_bytes(as_json(Slip(pieces=pieces)))
    reached("press.slip")
    return sha256


def read_slip(store: AssetStore, sha256: str) -> Slip:
    """The slip that `keep_slip` kept; an empty digest means that there was no such step."""
    return from_json(Slip, store.read(sha256)) if sha256 else NO_SLIP
