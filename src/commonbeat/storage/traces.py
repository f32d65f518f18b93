"""What deleted rows leave in a database's files, and how it goes. Each database has its own way, and none does it by itself.

SQLite: `secure_delete` writes zeros over a row as it is deleted and over a page as it becomes free. Two things stay: older pages in the side
file (the log of writes), until that is emptied; and now and then a copy in the unused part of a page from which SQLite moved rows
when it balanced its tree, until the file is written anew.

PostgreSQL: a deleted row stays in its page, and after an ordinary VACUUM too, until something else is written there; only VACUUM FULL, which writes
tables anew, takes it away. Its log of writes is the server's, and goes round by itself.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy.exc import OperationalError

from commonbeat.errors import FailureError
from commonbeat.storage.engine import BEGINS, KEEPER
from commonbeat.storage.schema import HOLD_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from commonbeat.storage.together import Together

WAIT_MILLISECONDS: Final = 1_000
SERVER_WAIT_MILLISECONDS: Final = 3_000  # PostgreSQL's own VACUUM lets go after one second, not sooner
"""How long to wait for others to let go: while it waits, it keeps out all who come later."""
LOCK_NOT_AVAILABLE: Final = "55P03"  # PostgreSQL's code; its words are in the server's language
LEFT: Final = "another program has the store open, so what was deleted may still stand in its"
AGAIN: Final = "Close the other program and give the same command again."


class Traces(Protocol):
    """Both raise FailureError where somebody holds what they have to write, and OperationalError where the database refuses."""

    def empty(self) -> None:
        """What was deleted stands in no log of writes that is this program's to empty; milliseconds."""
        ...

    def erase(self) -> None:
        """What was deleted stands nowhere in the files of the store; seconds in a large one, in which nobody else writes."""
        ...


class SqliteTraces:
    """`together`: the queue of those who write, which waits meanwhile instead of running out of patience."""

    def __init__(self, engine: Engine, name: str, together: Together) -> None:
        self._engine, self._name, self._together = engine, name, together

    def empty(self) -> None:
        """The side file is empty."""
        with self._keeping() as connection:
            self._together.alone(lambda: self._empty(connection))

    def erase(self) -> None:
        """The side file is empty, and the file was written anew."""
        with self._keeping() as connection:
            self._together.alone(lambda: self._write_anew(connection))

    def _empty(self, connection: Connection) -> None:
        held = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        if held:
            raise FailureError(f"{self._name}: {LEFT} side file. {AGAIN}")

    def _write_anew(self, connection: Connection) -> None:
        self._empty(connection)
        try:
            connection.exec_driver_sql("VACUUM")
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            raise FailureError(f"{self._name}: {LEFT} file. {AGAIN}") from error
        self._empty(connection)

    @contextlib.contextmanager
    def _keeping(self) -> Iterator[Connection]:
        with _outside_transactions(self._engine) as connection:
            patience = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {min(patience, WAIT_MILLISECONDS)}")
            try:
                yield connection
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience}")


class PostgresqlTraces:
    """The tables are written anew one after the other."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name = engine, name

    def empty(self) -> None:
        """Nothing is done: the log of writes is the server's."""

    def erase(self) -> None:
        """Every table that holds people was written anew."""
        with _outside_transactions(self._engine) as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {SERVER_WAIT_MILLISECONDS}")
            try:
                connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(HOLD_PEOPLE)}")
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                    raise
                raise FailureError(f"{self._name}: {LEFT} tables. {AGAIN}") from error
            finally:
                connection.exec_driver_sql("RESET lock_timeout")


@contextlib.contextmanager
def _outside_transactions(engine: Engine) -> Iterator[Connection]:
    options = {"isolation_level": "AUTOCOMMIT", BEGINS: KEEPER}
    with engine.connect().execution_options(**options) as connection:
        yield connection
