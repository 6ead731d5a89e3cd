"""Booking money: every call counts in four tallies, and caps are looked at while they change."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from handbill.errors import BudgetExceeded
from handbill.store.ledger_tables import CALLS, TALLIES
from handbill.store.ledger_values import CallCard, Caps


def find_call(connection: Connection, key: str) -> Row[Any]:
    """The call's row, locked where the database locks rows."""
    return connection.execute(select(CALLS).where(CALLS.c.key == key).with_for_update()).one()


def set_columns(connection: Connection, key: str, **columns: Any) -> None:
    """Change one call."""
    connection.execute(update(CALLS).where(CALLS.c.key == key).values(**columns))


def scopes_of(call: Row[Any]) -> tuple[str, ...]:
    """The tallies that a call counts in."""
    return scope_names(call.campaign, call.brief, call.day, call.provider)


def scope_names(campaign: str, brief: str, day: str, provider: str) -> tuple[str, ...]:
    """The tallies that a call counts in, always in this order so that processes cannot lock up."""
    return (
        f"campaign:{campaign}",
        f"day:{day}",
        f"provider:{provider}",
        f"row:{campaign}:{brief}",
    )


def reserve_within(
    connection: Connection, card: CallCard, day: str, caps: Caps, micros: int
) -> None:
    """Set `micros` aside in every tally of the call.

    Raises:
        BudgetExceeded: a cap would be passed; the transaction must not be committed.
    """
    scopes = scope_names(card.campaign, card.brief, day, card.provider)
    limits = (caps.campaign, caps.day, caps.providers.get(card.provider), caps.row)
    words = (
        f"campaign {card.campaign!r}",
        f"day {day}",
        f"provider {card.provider!r}",
        f"row {card.brief!r}",
    )
    for scope, limit, word in zip(scopes, limits, words, strict=True):
        held = book(connection, (scope,), micros)
        if limit is not None and held > limit and micros > 0:
            raise BudgetExceeded(
                f"the budget of {word} is {limit / 1e6:.4f} USD; "
                f"{(held - micros) / 1e6:.4f} USD are spent or set aside and the next call may "
                f"cost {micros / 1e6:.4f} USD; a budget of {held / 1e6:.4f} USD would allow it"
            )


def book(connection: Connection, scopes: tuple[str, ...], micros: int) -> int:
    """Add `micros` to each tally; the last tally's new sum."""
    total = 0
    for scope in scopes:
        where = TALLIES.c.scope == scope
        held = connection.execute(
            update(TALLIES)
            .where(where)
            .values(micros=TALLIES.c.micros + micros)
            .returning(TALLIES.c.micros)
        ).scalar()
        if held is None:
            connection.execute(insert(TALLIES).values(scope=scope, micros=micros))
            held = micros
        total = int(held)
    return total
