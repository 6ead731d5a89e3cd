"""Pieces: what became of one order at one step of a slice; steps hand them on in memory."""

from __future__ import annotations

from dataclasses import dataclass

from handbill.domain.copy import Copy
from handbill.domain.finding import Finding
from handbill.domain.order import Order, Status

# An order that has copy, with its copy.
Written = tuple[Order, Copy]


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
