"""A database engine with the settings that records of people need.

SQLite: readers and one writer at once (WAL), foreign keys kept, deleted content overwritten with zeros, temporary
content in memory only, and a writer that waits its turn from the start instead of failing half-way.

No error of a database shows what somebody answered: its words end in logs and in front of people.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from commonbeat.errors import Mistake, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine import ExceptionContext
    from sqlalchemy.pool import ConnectionPoolEntry

    from commonbeat.storage.location import Location

PATIENCE_SECONDS: Final = 30.0  # longer than writing a large store anew takes
CONNECTIONS_KEPT: Final = 16  # opening one and setting it up costs as much as a transaction of this store
RESTED_SECONDS: Final = 5.0
LEFT_AT: Final = "left_at"
PRAGMAS: Final = ("foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY", "synchronous = FULL")
BEGINS: Final = "begins_as"
READER, WRITER, KEEPER = "reader", "writer", "keeper"  # a keeper works on the file itself, outside transactions


def create_engine(location: Location, patience_seconds: float = PATIENCE_SECONDS) -> Engine:
    """An engine for the store there; StoreError for an address that cannot be used or a driver that is missing.

    patience_seconds: how long a writer waits for another one before it gives up.
    """
    if location.url.startswith("sqlite"):
        engine = _sqlite_engine(location.url, patience_seconds)
        event.listen(engine, "connect", _settle)
        event.listen(engine, "begin", _begin)
        return engine
    try:
        return _server_engine(location.url)
    except ModuleNotFoundError as error:
        way_out = 'Install the driver: pip install "commonbeat[postgresql]"'
        rule = f"needs the package {error.name}, which is not installed"
        raise StoreError("The store cannot be opened:", [Mistake("database", None, rule, way_out)]) from error
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        way_out = "Write it as postgresql+psycopg://user@host/name, or leave it out for a file in the project."
        raise StoreError(
            "The store cannot be opened:", [Mistake("database", None, "is no address", way_out)]
        ) from error


def _sqlite_engine(url: str, patience_seconds: float) -> Engine:
    """Connections go from thread to thread and are used by one at a time; nobody waits for one.

    Each comes back without a transaction, so that an idle one holds no old state of the store and `erase_traces` can
    empty the side file.
    """
    return sqlalchemy_engine(
        url,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=CONNECTIONS_KEPT,
        max_overflow=-1,
        pool_use_lifo=True,
        connect_args={"timeout": patience_seconds, "check_same_thread": False},
    )


def _server_engine(url: str) -> Engine:
    """Connections to a server that may be started anew between two requests, and whose errors show no row."""
    engine = sqlalchemy_engine(
        url, hide_parameters=True, pool_size=CONNECTIONS_KEPT, max_overflow=CONNECTIONS_KEPT, pool_use_lifo=True
    )

    def leave(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[LEFT_AT] = time.monotonic()

    def take(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        # To ask every time costs a round trip for each transaction; a connection that was just used is there.
        if time.monotonic() - record.info.get(LEFT_AT, time.monotonic()) < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", leave)
    event.listen(engine, "checkout", take)
    event.listen(engine, "handle_error", _without_row)
    return engine


def _without_row(context: ExceptionContext) -> None:
    """The error shows the rule that was broken and not the row that broke it, which may be somebody's answer."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(each.partition("\nDETAIL:")[0] if isinstance(each, str) else each for each in error.args)


def _settle(connection: Any, _record: Any) -> None:
    """Every new SQLite connection has the settings; transactions are begun by `_begin` and not by the driver."""
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: Any) -> None:
    """The database is in WAL mode. Two that make it at once collide here in spite of patience, so this asks again."""
    import sqlite3

    end = time.monotonic() + PATIENCE_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """A writer holds the write lock from its first moment, so that what it read is still true when it writes."""
    begins = connection.get_execution_options().get(BEGINS, READER)
    if begins != KEEPER:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if begins == WRITER else "BEGIN")


def make_private_file(location: Location) -> None:
    """The database's file exists and nobody but its owner can read it; SQLite gives its side files the same rights."""
    if location.file is not None:
        location.file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(location.file, os.O_CREAT | os.O_RDWR, 0o600))
