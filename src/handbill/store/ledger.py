"""What every paid call cost and in what state it is, written so that a crash loses nothing.

SQLite in WAL mode with ``synchronous=FULL``: what is committed survives a power cut. Every change
is one short ``BEGIN IMMEDIATE`` transaction; reserving money and looking at its caps happen in the
same one, so that processes that race for a budget cannot pass it together. PostgreSQL is served by
the same statements for runs on several machines, one writer at a time by a lock of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from handbill.domain.failpoint import reached
from handbill.errors import StoreError
from handbill.store.ledger_booking import (
    book,
    find_call,
    reserve_within,
    scopes_of,
    set_columns,
)
from handbill.store.ledger_holders import Holder
from handbill.store.ledger_opening import keep_others_out, open_engine, open_holder
from handbill.store.ledger_slots import in_flight_beside
from handbill.store.ledger_tables import BATCH_TIE, CALLS, CallState
from handbill.store.ledger_values import Bill, CallCard, Caps, Claim

__all__ = ["Bill", "CallCard", "Caps", "Claim", "Ledger"]

# Beyond its deadline no call can be alive; holders on other machines are waited for this long.
_GRACE_S = 30.0
_DIED = "its process ended while the call was in flight"


class Ledger:
    """The ledger of one store.

    Args:
        address: path of the SQLite file, or a URL (``postgresql://user@host/database``).
        clock: seconds since 1970; used for days and for holders on other machines.

    Raises:
        StoreError: it cannot be opened, or a newer Handbill wrote it.
    """

    def __init__(self, address: Path | str, clock: Callable[[], float]) -> None:
        self.engine: Engine = open_engine(address)
        self._clock = clock
        self._holder: Holder = open_holder(self.engine)

    def close(self) -> None:
        """Give up this process's mark and the connections."""
        self._holder.close()
        self.engine.dispose()

    def claim(
        self,
        card: CallCard,
        caps: Caps,
        reserve_micros: int,
        *,
        resend: bool = False,
    ) -> Claim:
        """Take the call of `card` over, or learn why that is not needed or not allowed.

        Args:
            card: the call.
            caps: checked in the transaction that sets `reserve_micros` aside.
            reserve_micros: the most that the call may cost, at least 0.
            resend: whether an uncertain call is to be sent again; its first try counts as paid.

        Raises:
            BudgetExceeded: a cap would be passed; nothing was changed.
            StoreError: the file cannot be written.
        """
        try:
            with self.begin() as connection:
                claim = self._decide(connection, card, caps, reserve_micros, resend=resend)
        except IntegrityError:  # another process wrote the same call between our two statements
            return Claim(verdict="busy")
        reached("ledger.claimed")
        return claim

    def mark_sent(self, key: str, deadline_s: float, *, at_most: int = 0) -> bool:
        """The request goes out now; called before the first byte.

        Args:
            key: of the call.
            deadline_s: it cannot be in flight for longer.
            at_most: calls of its provider and model that may be in flight at once, this one
                included, in all processes of this ledger; 0 sets no limit.

        Returns:
            Whether it may go out: False when `at_most` others are in flight, and nothing changed.

        Raises:
            StoreError: another process took the call over, because it could not see this one.
        """
        until = self._clock() + deadline_s + _GRACE_S
        ours = (CALLS.c.key == key, CALLS.c.holder == self._holder.name)
        columns = {"state": CallState.SENT, "until_s": until, "changed_s": self._clock()}
        sending = update(CALLS).where(*ours).values(attempts=CALLS.c.attempts + 1, **columns)
        with self.begin() as connection:
            beside = in_flight_beside(connection, key) if at_most else ()
            if at_most and sum(row.calls for row in beside if self._in_hands(row)) >= at_most:
                return False
            if not connection.execute(sending).rowcount:
                raise StoreError(
                    f"the call {key[:12]} was taken over by another process; nothing was sent. "
                    "Run again: what it makes is found in the store"
                )
        reached("ledger.sent")
        return True

    def note_pending(self, key: str, pending: str) -> None:
        """Keep what an unfinished answer needs to be collected, before it is used."""
        self._change(key, pending=pending)
        reached("ledger.pending")

    def mark_stored(self, key: str, answer_sha256: str, bill: Bill) -> None:
        """The vendor's bytes are in the store: the real cost takes the reservation's place."""
        with self.begin() as connection:
            call = find_call(connection, key)
            cost = call.reserved_micros if bill.micros is None else bill.micros
            book(connection, scopes_of(call), cost - call.reserved_micros)
            pricing = "priced" if bill.micros is not None else "estimated" if cost else "unpriced"
            set_columns(
                connection,
                key,
                state=CallState.STORED,
                answer_sha256=answer_sha256,
                spent_micros=call.spent_micros + cost,
                reserved_micros=0,
                pricing=pricing,
                units=json.dumps(dict(bill.units), sort_keys=True),
                message="",
                changed_s=self._clock(),
            )
        reached("ledger.stored")

    def mark_read(self, key: str, state: CallState, message: str = "") -> None:
        """How reading the stored answer went: ``done``, ``refused`` or ``failed``."""
        self._change(key, state=state, message=message)
        reached("ledger.read")

    def back_to_reserved(self, key: str, message: str) -> None:
        """The try was not paid and will be repeated; its reservation stands."""
        self._change(key, state=CallState.RESERVED, message=message)
        reached("ledger.back")

    def give_up(self, key: str, state: CallState, message: str) -> None:
        """The call ends unpaid as ``failed`` or ``refused``: its reservation is freed."""
        with self.begin() as connection:
            call = find_call(connection, key)
            book(connection, scopes_of(call), -call.reserved_micros)
            set_columns(
                connection, key, state=state, message=message, reserved_micros=0, pending=""
            )
        reached("ledger.gave_up")

    def mark_uncertain(self, key: str, message: str) -> None:
        """The call may have been paid; its reservation stays on the books."""
        self._change(key, state=CallState.UNCERTAIN, message=message)
        reached("ledger.uncertain")

    def settle_dead(self) -> int:
        """Note as uncertain what was in flight when its process died; answers how many.

        A call whose job is known stays as it is: the job is asked after.
        """
        under_way = select(CALLS).where(CALLS.c.state == CallState.SENT, CALLS.c.pending == "")
        with self.begin() as connection:
            dead = [
                call
                for call in connection.execute(under_way.with_for_update())
                if not self._in_hands(call)
            ]
            for call in dead:
                set_columns(
                    connection, call.key, state=CallState.UNCERTAIN, message=call.message or _DIED
                )
        return len(dead)

    @property
    def holder_name(self) -> str:
        """This process's own mark, as it stands beside its calls."""
        return self._holder.name

    def lives(self, holder: str) -> bool:
        """Whether that holder may still be at work; one on another machine is taken to be."""
        return self._holder.alive(holder) is not False

    def now_s(self) -> float:
        """The moment, in seconds since 1970, by the clock that was passed in."""
        return self._clock()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction that no other writer interleaves with.

        Raises:
            StoreError: the database cannot be written.
        """
        try:
            with self.engine.begin() as connection:
                keep_others_out(connection)
                yield connection
                reached("ledger.before_commit")
        except IntegrityError:
            raise
        except DBAPIError as fault:
            raise StoreError(
                f"the ledger at {self.engine.url!r} cannot be written: {fault.orig}; see that "
                "its disk has room and is not a network share, then run again"
            ) from None

    def _change(self, key: str, **columns: Any) -> None:
        with self.begin() as connection:
            set_columns(connection, key, changed_s=self._clock(), **columns)

    def _decide(
        self,
        connection: Connection,
        card: CallCard,
        caps: Caps,
        reserve_micros: int,
        *,
        resend: bool,
    ) -> Claim:
        known = connection.execute(
            select(CALLS).where(CALLS.c.key == card.key).with_for_update()
        ).first()
        if known is None:
            return self._reserve(connection, card, caps, reserve_micros, None)
        if settled := self._settled(connection, known, resend=resend):
            return settled
        return self._reserve(connection, card, caps, reserve_micros, known)

    def _settled(self, connection: Connection, known: Row[Any], *, resend: bool) -> Claim | None:
        """The claim on a call that is not to be reserved anew, else None."""
        if known.answer_sha256 or known.pending.startswith(BATCH_TIE):
            return Claim(
                verdict="stored" if known.answer_sha256 else "batched",
                answer_sha256=known.answer_sha256,
                message=known.message,
                mode=str(known.mode),
            )
        if known.state in (CallState.RESERVED, CallState.SENT) and self._in_hands(known):
            return Claim(verdict="busy")
        if known.state == CallState.REFUSED:
            return Claim(verdict="refused", message=known.message)
        if known.pending and known.state in (CallState.SENT, CallState.UNCERTAIN):
            columns = {"state": CallState.SENT, "holder": self._holder.name}
            set_columns(connection, known.key, changed_s=self._clock(), **columns)
            return Claim(verdict="collect", pending=known.pending)
        if known.state in (CallState.SENT, CallState.UNCERTAIN) and not resend:
            message = known.message or _DIED
            set_columns(connection, known.key, state=CallState.UNCERTAIN, message=message)
            return Claim(verdict="uncertain", message=message)
        return None

    def _in_hands(self, known: Row[Any]) -> bool:
        alive = self._holder.alive(known.holder)
        return self._clock() < known.until_s if alive is None else alive

    def _reserve(
        self,
        connection: Connection,
        card: CallCard,
        caps: Caps,
        reserve_micros: int,
        known: Row[Any] | None,
    ) -> Claim:
        now = self._clock()
        spent = 0
        if known is not None:
            spent = known.spent_micros
            if known.state in (CallState.SENT, CallState.UNCERTAIN):
                spent += known.reserved_micros  # resent on the user's word: the first counts
            else:
                book(connection, scopes_of(known), -known.reserved_micros)
        columns = {
            "campaign": card.campaign,
            "brief": card.brief,
            "provider": card.provider,
            "model": card.model,
            "endpoint": card.endpoint,
            "mode": card.mode,
            "day": datetime.fromtimestamp(now, UTC).date().isoformat(),
            "state": CallState.RESERVED,
            "holder": self._holder.name,
            "until_s": now + card.deadline_s + _GRACE_S,
            "reserved_micros": reserve_micros,
            "spent_micros": spent,
            "message": "",
            "changed_s": now,
        }
        reserve_within(connection, card, str(columns["day"]), caps, reserve_micros)
        if known is None:
            blank = {"attempts": 0, "pricing": "", "units": "{}", "answer_sha256": ""}
            connection.execute(insert(CALLS).values(key=card.key, pending="", **blank, **columns))
        else:
            set_columns(connection, card.key, **columns)
        return Claim(verdict="send")
