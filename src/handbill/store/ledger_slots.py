"""Slots: how many calls of one provider and model are in flight, over all processes and machines.

A slot is no thing of its own that could be orphaned. It is a call in the state ``sent``, counted
while its holder lives, in the transaction that sends the next one. What a killed process had in
flight stops counting at that very moment, and an answer from the store never asks for a slot.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, select

from handbill.store.ledger_booking import find_call
from handbill.store.ledger_tables import BATCH_TIE, CALLS, CallState


def in_flight_beside(connection: Connection, key: str) -> tuple[Row[Any], ...]:
    """Who has other calls of this one's provider and model in flight.

    Jobs that a vendor is at work on count; what was handed in as a batch does not.

    Returns:
        One row a holder, dead or alive: `holder`, `until_s` (the latest) and `calls`.
    """
    own = find_call(connection, key)
    query = select(
        CALLS.c.holder, func.max(CALLS.c.until_s).label("until_s"), func.count().label("calls")
    ).where(
        CALLS.c.state == CallState.SENT,
        CALLS.c.provider == own.provider,
        CALLS.c.model == own.model,
        CALLS.c.key != key,
        CALLS.c.pending.not_like(f"{BATCH_TIE}%"),
    )
    return tuple(connection.execute(query.group_by(CALLS.c.holder)))
