"""Reading the ledger: what was spent, by campaign, provider, model, day or state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, Row, case, func, select

from handbill.store.ledger_tables import CALLS, TALLIES, CallState

_KEYS_AT_ONCE = 500

GROUPS = ("campaign", "provider", "model", "day", "state", "brief")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """Calls of one group.

    Attributes:
        name: the campaign, provider, model, day, state or brief.
        calls, attempts: how many, at least 0.
        spent_micros: what was paid, in micro-dollars.
        reserved_micros: what is set aside for calls that are under way or uncertain.
        unpriced: calls that were answered and whose price nobody knows.
        uncertain: calls that may have been paid.
    """

    name: str
    calls: int
    attempts: int
    spent_micros: int
    reserved_micros: int
    unpriced: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCall:
    """One call as it stands in the ledger; see `store.ledger_tables`."""

    key: str
    campaign: str
    brief: str
    provider: str
    model: str
    endpoint: str
    mode: str
    day: str
    state: str
    attempts: int
    spent_micros: int
    reserved_micros: int
    pricing: str
    units: str
    answer_sha256: str
    pending: str
    message: str


def totals(engine: Engine, group: str, *, campaign: str = "") -> tuple[LedgerLine, ...]:
    """Sums by `group` (one of `GROUPS`), in the order of names; of one campaign if named."""
    column = CALLS.c[group]
    query = select(
        column.label("name"),
        func.count().label("calls"),
        func.sum(CALLS.c.attempts).label("attempts"),
        func.sum(CALLS.c.spent_micros).label("spent_micros"),
        func.sum(CALLS.c.reserved_micros).label("reserved_micros"),
        func.sum(case((CALLS.c.pricing == "unpriced", 1), else_=0)).label("unpriced"),
        func.sum(case((CALLS.c.state == CallState.UNCERTAIN, 1), else_=0)).label("uncertain"),
    )
    if campaign:
        query = query.where(CALLS.c.campaign == campaign)
    with engine.connect() as connection:
        rows = connection.execute(query.group_by(column).order_by(column)).all()
    return tuple(_line(row) for row in rows)


def calls_of(
    engine: Engine, *, campaign: str = "", state: str = "", most: int = 1000
) -> tuple[LedgerCall, ...]:
    """Single calls by key, at most `most`; of one campaign or state if named."""
    names = list(LedgerCall.__dataclass_fields__)
    query = select(*(CALLS.c[name] for name in names))
    if campaign:
        query = query.where(CALLS.c.campaign == campaign)
    if state:
        query = query.where(CALLS.c.state == state)
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(CALLS.c.key).limit(most)).all()
    return tuple(LedgerCall(**row._mapping) for row in rows)  # noqa: SLF001 - SQLAlchemy's own name


def answered(engine: Engine, keys: Sequence[str]) -> frozenset[str]:
    """Those of `keys` (of calls) whose answer is kept: asking them again is free."""
    found: set[str] = set()
    with engine.connect() as connection:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            some = keys[start : start + _KEYS_AT_ONCE]
            query = select(CALLS.c.key).where(CALLS.c.key.in_(some), CALLS.c.answer_sha256 != "")
            found.update(connection.execute(query).scalars())
    return frozenset(found)


def tally(engine: Engine, scope: str) -> int:
    """Micro-dollars spent or set aside in `scope`, such as ``campaign:Spring``."""
    with engine.connect() as connection:
        query = select(TALLIES.c.micros).where(TALLIES.c.scope == scope)
        return int(connection.execute(query).scalar() or 0)


def _line(row: Row[Any]) -> LedgerLine:
    columns = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's own name
    name = str(columns.pop("name"))
    return LedgerLine(name=name, **{column: int(number) for column, number in columns.items()})
