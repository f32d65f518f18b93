"""A server of PostgreSQL for the tests of this folder, and a store on each database in turn."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from commonbeat.storage import Store, open_store, where_store
from tests.storage.server import postgresql


@dataclass(frozen=True)
class Place:
    """Where a store is, and the folder in which its tables lie."""

    database: str | None
    tables: Path

    def open(self, patience_seconds: float = 20) -> Store:
        return open_store(where_store(self.tables, self.database), create=True, patience_seconds=patience_seconds)

    def holds(self, store: Store, words: str) -> bool:
        """Whether a file of the tables holds the words. PostgreSQL writes its pages when it is told to."""
        if self.database:
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("CHECKPOINT")
        return any(words.encode() in path.read_bytes() for path in self.tables.rglob("*") if path.is_file())


@pytest.fixture(scope="session")
def a_server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)
    if request.param == "sqlite":
        yield Place(None, tmp_path)
        return
    address, name = request.getfixturevalue("a_server"), f"store_{secrets.token_hex(6)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        named = text("SELECT oid FROM pg_database WHERE datname = :name")
        number = connection.execute(named, {"name": name}).scalar_one()
    folder = Path(address.partition("host=")[2]) / "data" / "base" / str(number)
    yield Place(address.replace("/postgres?", f"/{name}?"), folder)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    with place.open() as made:
        yield made
