"""Circuit breakers that all processes share: a dead vendor is asked a few times, not by every row.

Closed until `OPEN_AFTER` failures in a row; then open, and after a pause one process may send one
probe. A probe that fails opens it again for twice as long. After `DEAD_AFTER` openings it is
*dead*: calls fail at once until `DEAD_S` have passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from handbill.store.ledger import Ledger
from handbill.store.ledger_tables import BREAKERS

OPEN_AFTER = 5
DEAD_AFTER = 3
FIRST_PAUSE_S = 15.0
DEAD_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerWord:
    """What the breaker says.

    Attributes:
        verdict: ``go``, ``probe`` (go, and tell how it went), ``wait`` (ask again after `wait_s`)
            or ``dead``.
        at_most: how many requests may be in flight while the vendor is under suspicion.
    """

    verdict: str
    wait_s: float = 0.0
    at_most: int = 0


class Breakers:
    """The breakers in one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._sound: set[tuple[str, str]] = set()

    def ask(self, provider: str, model: str) -> BreakerWord:
        """Whether a request may go out now."""
        if (provider, model) in self._sound:
            return BreakerWord(verdict="go", at_most=0)
        with self._ledger.begin() as connection:
            known = _row(connection, provider, model)
            if known is None or known.failures < OPEN_AFTER:
                failures = 0 if known is None else known.failures
                return BreakerWord(verdict="go", at_most=OPEN_AFTER - failures if failures else 0)
            return self._of_open(connection, known)

    def good(self, provider: str, model: str) -> None:
        """An answer came: whatever stood against the vendor is forgotten."""
        if (provider, model) in self._sound:
            return
        with self._ledger.begin() as connection:
            if _row(connection, provider, model) is not None:
                _set(connection, provider, model, failures=0, trips=0, probe_holder="")
        self._sound.add((provider, model))

    def bad(self, provider: str, model: str) -> None:
        """No answer came, or a 5xx."""
        self._sound.discard((provider, model))
        try:
            self._count_failure(provider, model)
        except IntegrityError:  # another process wrote the first failure at the same moment
            self._count_failure(provider, model)

    def leave_probe(self, provider: str, model: str) -> None:
        """Give the leave to probe back, when this process has it."""
        if (provider, model) in self._sound:
            return
        with self._ledger.begin() as connection:
            known = _row(connection, provider, model)
            if known is not None and known.probe_holder == self._ledger.holder_name:
                _set(connection, provider, model, probe_holder="")

    def silent(self) -> tuple[str, ...]:
        """The providers that do not answer, sorted."""
        query = select(BREAKERS.c.provider).where(BREAKERS.c.failures >= OPEN_AFTER)
        with self._ledger.engine.connect() as connection:
            return tuple(sorted(set(connection.execute(query).scalars())))

    def _count_failure(self, provider: str, model: str) -> None:
        with self._ledger.begin() as connection:
            known = _row(connection, provider, model)
            if known is None:
                blank = {"failures": 1, "trips": 0, "opened_s": 0.0, "probe_holder": ""}
                connection.execute(
                    insert(BREAKERS).values(provider=provider, model=model, **blank)
                )
                return
            failures = known.failures + 1
            columns: dict[str, Any] = {"failures": failures}
            if failures == OPEN_AFTER or known.probe_holder == self._ledger.holder_name:
                columns |= {"trips": known.trips + 1, "opened_s": self._ledger.now_s()}
                columns["probe_holder"] = ""
            _set(connection, provider, model, **columns)

    def _of_open(self, connection: Connection, known: Row[Any]) -> BreakerWord:
        now = self._ledger.now_s()
        # A clock that was set back must not keep a vendor shut out.
        open_for = max(0.0, now - known.opened_s) if now >= known.opened_s else DEAD_S
        dead = known.trips >= DEAD_AFTER
        pause = DEAD_S if dead else FIRST_PAUSE_S * 2 ** (known.trips - 1)
        probing = known.probe_holder and self._ledger.lives(known.probe_holder)
        if open_for >= pause and not probing:
            holder = self._ledger.holder_name
            _set(connection, known.provider, known.model, probe_holder=holder)
            return BreakerWord(verdict="probe", at_most=1)
        if dead:
            return BreakerWord(verdict="dead", wait_s=max(0.0, pause - open_for))
        return BreakerWord(verdict="wait", wait_s=max(1.0, pause - open_for))


def _row(connection: Connection, provider: str, model: str) -> Row[Any] | None:
    query = select(BREAKERS).where(BREAKERS.c.provider == provider, BREAKERS.c.model == model)
    return connection.execute(query.with_for_update()).first()


def _set(connection: Connection, provider: str, model: str, **columns: Any) -> None:
    where = (BREAKERS.c.provider == provider, BREAKERS.c.model == model)
    connection.execute(update(BREAKERS).where(*where).values(**columns))
