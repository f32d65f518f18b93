"""Every test of this folder that asks for `place` or `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from commonbeat.storage import Store, open_store, where_store
from tests.storage.server import postgresql


@dataclass(frozen=True)
class Place:
    """Where a store is: its address for commands and other processes, and the folder in which its tables lie."""

    project: Path
    database: str | None
    tables: Path

    def open(self) -> Store:
        return open_store(where_store(self.project, self.database), create=True)


@pytest.fixture(scope="session")
def server():
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request, tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONBEAT_DATABASE", raising=False)
    if request.param == "sqlite":
        yield Place(tmp_path, None, tmp_path)
        return
    address = request.getfixturevalue("server")
    name = f"listen_{secrets.token_hex(6)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        named = text("SELECT oid FROM pg_database WHERE datname = :name")
        number = connection.execute(named, {"name": name}).scalar_one()
    folder = Path(address.partition("host=")[2]) / "data" / "base" / str(number)
    try:
        yield Place(tmp_path, address.replace("/postgres?", f"/{name}?"), folder)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


@pytest.fixture
def store(place):
    with place.open() as made:
        yield made
