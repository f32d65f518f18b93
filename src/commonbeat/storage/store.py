"""A store that is open: whole transactions for readers and writers, and an end that leaves no traces."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, Self, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from commonbeat.errors import CommonBeatError, Mistake, StoreError, WriteError
from commonbeat.storage.engine import BEGINS, PATIENCE_SECONDS, WRITER, create_engine, make_private_file
from commonbeat.storage.migrate import bring_up_to_date, is_up_to_date
from commonbeat.storage.shared import Shared
from commonbeat.storage.together import Together
from commonbeat.storage.traces import PostgresqlTraces, SqliteTraces, Traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine

    from commonbeat.storage.location import Location

Kept = TypeVar("Kept")
NOT_OURS: Final = ("file is not a database", "malformed", "file is encrypted")
REFUSED: Final = ("disk is full", "readonly", "disk i/o error", "unable to open")


class Store:
    """The store of a project: every block of `reading` or `writing` is one transaction, whole or not at all."""

    def __init__(self, engine: Engine, location: Location) -> None:
        self.engine = engine
        self.location = location
        self.name = str(location.file) if location.file else engine.url.render_as_string(hide_password=True)
        self._together = Together(self.writing)
        sqlite = engine.dialect.name == "sqlite"
        traces: Traces = (
            SqliteTraces(engine, self.name, self._together) if sqlite else PostgresqlTraces(engine, self.name)
        )
        self._emptied = Shared(traces.empty)
        self._erased = Shared(traces.erase)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store and changes nothing."""
        with self._errors(), self.engine.connect() as connection:
            yield connection
            connection.rollback()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are all kept when the block ends, and none of them when it raises."""
        with (
            self._errors(),
            self.engine.connect().execution_options(**{BEGINS: WRITER}) as connection,
            connection.begin(),
        ):
            yield connection

    def write(self, work: Callable[[Connection], Kept]) -> Kept:
        """What `work` returned, once its changes are on the disk: for many threads that each store a little.

        Waiting threads share a transaction in SQLite, which has one writer at a time; PostgreSQL gathers commits itself.
        `work` changes the store through its connection and nothing else: where it raises, it was not done.
        """
        if self.engine.dialect.name == "sqlite":
            with self._errors():
                return self._together.write(work)
        with self.writing() as connection:
            return work(connection)

    def empty_side_file(self) -> None:
        """What was deleted before this stands in SQLite's log of writes no more. Takes milliseconds, which threads that ask at once share.

        What deletions leave besides is for `erase_traces`. In PostgreSQL nothing is done: its log is the server's. Raises FailureError when
        somebody reads the store for longer than a second.
        """
        with self._errors():
            self._emptied.ask()

    def erase_traces(self) -> None:
        """What was deleted before this stands nowhere in the store's files, which are written anew; threads that ask at once share the work.

        Takes seconds in a large store; meanwhile nobody writes, and nobody reads the tables of PostgreSQL. Raises FailureError when somebody
        reads the store for longer than a second, or writes to it by another program.
        """
        with self._errors():
            self._erased.ask()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        """The database's refusals are told in our words; anything else passes through."""
        try:
            yield
        except DBAPIError as error:
            raise _told(error, self.name) from error
        except NoConnection as error:  # SQLAlchemy's own: every connection was taken for half a minute
            mistake = Mistake(self.name, None, "has more to do than it can", "Try again in a minute.")
            raise StoreError("The store cannot be used:", [mistake]) from error


def open_store(location: Location, *, create: bool, patience_seconds: float = PATIENCE_SECONDS) -> Store:
    """The store there, of today's version.

    create: whether a store that is missing is made; otherwise StoreError says how to begin one. patience_seconds: how
    long to wait for another writer. Raises StoreError also for a store that is locked, newer, or something else.
    """
    if location.file is not None and not location.file.exists():
        if not create:
            begins = "commonbeat record import FILE, or commonbeat listen open STUDY.toml"
            way_out = f"Begin one with: {begins}; or name the project: --project DIR"
            raise StoreError("There is no store yet:", [Mistake(str(location.file), None, "does not exist", way_out)])
        make_private_file(location)
    store = Store(create_engine(location, patience_seconds), location)
    try:
        with store.reading() as connection:
            ready = is_up_to_date(connection, store.name)
        if not ready:
            with store.writing() as connection:
                bring_up_to_date(connection, store.name)
    except BaseException:
        store.engine.dispose()
        raise
    return store


def _told(error: DBAPIError, name: str) -> CommonBeatError:
    """The refusal as an error of ours."""
    words = str(error.orig)
    if "locked" in words or "busy" in words:
        rule, way_out = "is locked by another program that writes to it", "Try again when the other one has finished."
    elif any(each in words for each in NOT_OURS):
        rule, way_out = "is not a store, or is damaged", "Restore it from a backup, or name another project."
    elif any(each in words.lower() for each in REFUSED):
        return WriteError(f"{name}: the store could not be written ({words}). Nothing of this was kept.")
    else:
        rule, way_out = f"refused ({words.strip().splitlines()[0]})", "Check the address and the server."
    return StoreError("The store cannot be used:", [Mistake(name, None, rule, way_out)])
