"""Opening the ledger's database, SQLite or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select
from sqlalchemy.exc import ArgumentError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from handbill.errors import StoreError
from handbill.store.ledger_holders import FileHolder, Holder, SessionHolder
from handbill.store.ledger_tables import CALLS, META, SCHEMA_VERSION, TABLES

_BUSY_MS = 60_000
# A driver that is pure Python and BSD-licensed; the extra ``postgres`` brings it.
_POSTGRES = "postgresql+pg8000"
# The number of the advisory lock that a writer holds; "handbill" in letters.
_LEDGER_LOCK = int.from_bytes(b"handbill", "big", signed=True)


def open_engine(address: Path | str) -> Engine:
    """An engine on the ledger at `address`, its tables made when missing.

    Raises:
        StoreError: there is no such database, or a newer Handbill wrote it.
    """
    try:
        engine = _sqlite(address) if isinstance(address, Path) else _by_url(address)
        _make_tables(engine)
    except (SQLAlchemyError, OSError, ImportError) as fault:
        raise StoreError(
            f"the ledger at {_place(address)} cannot be opened: {_cause(fault)}; name a file on a "
            "local disk, or a database that this machine reaches"
        ) from None
    return engine


def _by_url(address: str) -> Engine:
    if address.startswith("sqlite"):
        return _sqlite(Path(address.split(":///", 1)[-1]))
    scheme, colon, rest = address.partition("://")
    if scheme in ("postgres", "postgresql"):
        scheme = _POSTGRES
    return create_engine(f"{scheme}{colon}{rest}", pool_pre_ping=True, pool_size=4)


def keep_others_out(connection: Connection) -> None:
    """Let this transaction write alone until it ends, as ``BEGIN IMMEDIATE`` does in SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LEDGER_LOCK)))


def open_holder(engine: Engine) -> Holder:
    """This process's mark in the database that `engine` is on.

    Raises:
        StoreError: it cannot be set.
    """
    try:
        if engine.dialect.name == "postgresql":
            return SessionHolder(engine)
        return FileHolder(Path(f"{engine.url.database}.holders"))
    except (SQLAlchemyError, OSError) as fault:
        raise StoreError(
            f"no mark can be set beside the ledger at {engine.url!r}: {_cause(fault)}"
        ) from None


def _sqlite(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, pool_size=2)
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_up_connection(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: ours start with a write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        cursor.close()
        message = f"its disk allows the journal mode {mode!r} only, not 'wal'"
        raise OSError(message)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _make_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        keep_others_out(connection)
        TABLES.create_all(connection)
        for index in sorted(CALLS.indexes, key=lambda each: str(each.name)):
            index.create(connection, checkfirst=True)  # a table that was there gets new ones too
        written = connection.execute(select(META.c.number).where(META.c.name == "schema")).scalar()
    if written is None:
        _note_version(engine)
    elif written > SCHEMA_VERSION:
        message = f"schema {written} is newer than this program's {SCHEMA_VERSION}; update it"
        raise StoreError(message)


def _note_version(engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            connection.execute(insert(META).values(name="schema", number=SCHEMA_VERSION))
    except IntegrityError:
        return  # another process was faster, and wrote the same


def _place(address: Path | str) -> str:
    """`address` without a password."""
    return repr(str(address).rsplit("@", 1)[-1])


def _cause(fault: Exception) -> str:
    if isinstance(fault, NoSuchModuleError | ArgumentError | ImportError):
        return f"{fault}"
    return str(getattr(fault, "orig", None) or fault)
