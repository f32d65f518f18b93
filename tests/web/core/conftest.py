"""An app on an empty store, on both databases, and browsers before and behind its door."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.storage import Store, open_store
from commonbeat.web.app import application
from commonbeat.web.settings import Settings, settings_for
from tests.storage.server import postgresql
from tests.web.core.browsers import browser

NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for a file in the project; else the address of an empty database of its own."""
    if request.param == "sqlite":
        yield None
        return
    address = request.getfixturevalue("server")
    name = f"web_{next(NUMBERS)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield address.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def both(tmp_path: Path, database: str | None) -> Iterator[Store]:
    """An open store on each database in turn."""
    with open_store(settings_for(tmp_path, database).location, create=True) as store:
        yield store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path)


@pytest.fixture
def said() -> list[str]:
    """What the app told whoever reads its terminal."""
    return []


@pytest.fixture
def app(settings: Settings, said: list[str]) -> Iterator[Starlette]:
    made = application(settings, tell=said.append)
    yield made
    made.state.store.engine.dispose()


@pytest.fixture
def stranger(app: Starlette) -> Iterator[TestClient]:
    """A browser that is not signed in."""
    with browser(app) as client:
        yield client


@pytest.fixture
def owner(app: Starlette) -> Iterator[TestClient]:
    """A browser that came by the start key."""
    with browser(app) as client:
        assert client.get(app.state.door.key.address).status_code == 303
        yield client
