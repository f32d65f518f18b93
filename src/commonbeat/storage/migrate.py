"""A store of today's version: an empty or older one is brought up to it, a newer one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from commonbeat.errors import Mistake, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

ONE_AT_A_TIME: Final = 0x636F6D6D6F6E  # "common": any number that only we use


def bring_up_to_date(connection: Connection, name: str) -> None:
    """The store behind the connection, inside whose transaction this happens, has every step; `name` is for errors."""
    if connection.dialect.name == "postgresql":
        # Two that open an empty database at once would both make the tables; SQLite has one writer at a time.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})")
    refuse_other_versions(connection, name)
    command.upgrade(_configuration(connection), "head")


def is_up_to_date(connection: Connection, name: str) -> bool:
    """Whether the store has every step; StoreError when it has one that is not known here."""
    refuse_other_versions(connection, name)
    return _revision(connection) == _script(connection).get_current_head()


def refuse_other_versions(connection: Connection, name: str) -> None:
    """The store is empty or of a version that is known here, or StoreError says what it is."""
    revision = _revision(connection)
    if revision is not None and revision not in {each.revision for each in _script(connection).walk_revisions()}:
        rule = f"was written by a newer Common Beat (its version is {revision!r})"
        raise StoreError("The store cannot be used:", [Mistake(name, None, rule, "Update Common Beat.")])
    if revision is None and inspect(connection).get_table_names():
        rule = "is a database, and not a store of Common Beat"
        raise StoreError("The store cannot be used:", [Mistake(name, None, rule, "Name another project or database.")])


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _script(connection: Connection) -> ScriptDirectory:
    return ScriptDirectory.from_config(_configuration(connection))


def _configuration(connection: Connection) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", "commonbeat.storage:migrations")
    configuration.set_main_option("path_separator", "os")
    configuration.attributes["connection"] = connection
    return configuration
