"""Names that one process at a time holds, on whatever machine: advisory locks of PostgreSQL.

The server lets go of them when the session ends, however it ends. So there is no time-out to wait
for, no clock to trust, and nothing to tidy up after a machine that was switched off (which the
server notices as soon as its TCP settings let it).
"""

from __future__ import annotations

import threading

from sqlalchemy import Engine, func, select

from handbill.errors import SettingsError
from handbill.store.ledger_holders import lock_number


class Claims:
    """This process's claims; all end with `close` or with the process.

    Args:
        engine: of a ledger in PostgreSQL.

    Raises:
        SettingsError: the ledger is in a file, which other machines cannot see.
    """

    def __init__(self, engine: Engine) -> None:
        if engine.dialect.name != "postgresql":
            raise SettingsError(
                "several machines need a ledger that all of them see",
                where="HANDBILL_LEDGER_URL",
                remedy="name a database in PostgreSQL: postgresql://user@host/database",
            )
        self._engine = engine
        self._session = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # A connection serves one thread at a time; a session that holds a name gets it again.
        self._one_by_one = threading.Lock()
        self._held: set[str] = set()

    def take(self, name: str) -> bool:
        """Hold `name`; False when somebody holds it already, in this process or another."""
        with self._one_by_one:
            if name in self._held:
                return False
            taken = bool(
                self._session.execute(
                    select(func.pg_try_advisory_lock(lock_number(f"claim {name}")))
                ).scalar()
            )
            if taken:
                self._held.add(name)
            return taken

    def free(self, name: str) -> None:
        """Let go of `name`."""
        with self._one_by_one:
            if name in self._held:
                self._session.execute(
                    select(func.pg_advisory_unlock(lock_number(f"claim {name}")))
                )
                self._held.discard(name)

    def is_taken(self, name: str) -> bool:
        """Whether anybody holds `name` at this moment."""
        if name in self._held:
            return True
        with self._engine.begin() as connection:  # the lock, if we get it, ends with this block
            free = select(func.pg_try_advisory_xact_lock(lock_number(f"claim {name}")))
            return not connection.execute(free).scalar()

    def close(self) -> None:
        """Let go of every name."""
        self._session.invalidate()
        self._session.close()
        self._held.clear()
