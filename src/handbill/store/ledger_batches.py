"""Batches in the ledger: which calls were handed in together, and how far each batch is.

``planned`` (its file is in the store and its calls belong to it) → ``uploaded`` → ``creating``
(the request that costs money may be out) → ``submitted`` (the vendor's id is known) → ``fetched``
(the answers are in the store) → ``done``; or ``failed``: nothing was taken, its calls are free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from handbill.store.ledger import Ledger
from handbill.store.ledger_tables import BATCH_TIE, BATCHES, CALLS, CallState

_OVER = ("done", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One batch as it stands in the ledger.

    Attributes:
        ticket: our own name for it, which the vendor is given too.
        address: the server, without a key.
        terms: `PriceTerms` as JSON, for the cost of its answers.
        file_sha256: what is handed in, in the store.
        word: the vendor's own word for its state.
    """

    ticket: str
    campaign: str
    provider: str
    model: str
    address: str
    url: str
    terms: str
    file_sha256: str
    calls: int
    state: str = "planned"
    file_id: str = ""
    batch_id: str = ""
    word: str = ""
    output_sha256: str = ""
    error_sha256: str = ""
    message: str = ""


class BatchBook:
    """The batches of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open_batches(self) -> tuple[BatchRow, ...]:
        """Batches that are not over, by ticket."""
        names = list(BatchRow.__dataclass_fields__)
        query = select(*(BATCHES.c[name] for name in names)).where(BATCHES.c.state.not_in(_OVER))
        with self._ledger.engine.connect() as connection:
            rows = connection.execute(query.order_by(BATCHES.c.ticket)).all()
        return tuple(_row(row) for row in rows)

    def times_handed_in(self, file_sha256: str) -> int:
        """How many batches there were of this very file."""
        query = select(func.count()).where(BATCHES.c.file_sha256 == file_sha256)
        with self._ledger.engine.connect() as connection:
            return int(connection.execute(query).scalar() or 0)

    def tie(self, row: BatchRow, keys: Sequence[str]) -> None:
        """Write a batch down together with the calls that belong to it; all of it or nothing."""
        now = self._ledger.now_s()
        with self._ledger.begin() as connection:
            holder = {"holder": self._ledger.holder_name, "changed_s": now}
            connection.execute(insert(BATCHES).values(**asdict(row), **holder))
            for key in keys:
                connection.execute(
                    update(CALLS)
                    .where(CALLS.c.key == key)
                    .values(
                        state=CallState.SENT,
                        pending=BATCH_TIE + row.ticket,
                        attempts=CALLS.c.attempts + 1,
                        changed_s=now,
                    )
                )

    def take(self, ticket: str) -> bool:
        """Work on a batch in this process; False while another one does."""
        with self._ledger.begin() as connection:
            where = BATCHES.c.ticket == ticket
            query = select(BATCHES.c.holder).where(where).with_for_update()
            holder = connection.execute(query).scalar_one()
            if holder != self._ledger.holder_name and holder and self._ledger.lives(holder):
                return False
            mine = {"holder": self._ledger.holder_name}
            connection.execute(update(BATCHES).where(where).values(**mine))
        return True

    def note(self, ticket: str, **columns: str) -> None:
        """Keep what is known of a batch."""
        with self._ledger.begin() as connection:
            connection.execute(
                update(BATCHES)
                .where(BATCHES.c.ticket == ticket)
                .values(changed_s=self._ledger.now_s(), **columns)
            )

    def let_go(self, ticket: str) -> None:
        """Leave a batch to whoever comes next."""
        self.note(ticket, holder="")

    def tied(self, ticket: str) -> tuple[str, ...]:
        """Keys of the batch's calls that have no answer yet."""
        query = select(CALLS.c.key).where(
            CALLS.c.pending == BATCH_TIE + ticket, CALLS.c.answer_sha256 == ""
        )
        with self._ledger.engine.connect() as connection:
            return tuple(connection.execute(query.order_by(CALLS.c.key)).scalars())

    def mark_calls(self, ticket: str, state: CallState, message: str) -> None:
        """Set the state of all its calls that have no answer yet."""
        with self._ledger.begin() as connection:
            connection.execute(
                update(CALLS)
                .where(CALLS.c.pending == BATCH_TIE + ticket, CALLS.c.answer_sha256 == "")
                .values(state=state, message=message, changed_s=self._ledger.now_s())
            )


def _row(row: Row[Any]) -> BatchRow:
    return BatchRow(**row._mapping)  # noqa: SLF001 - SQLAlchemy's own name
