"""A server with two open studies, on both databases, and a browser's stand-in that follows where it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from commonbeat.storage import Store, open_store
from commonbeat.web.app import application
from commonbeat.web.settings import Settings, settings_for
from commonbeat.workflows.listen_keep import open_study, register_study
from tests.storage.server import postgresql
from tests.web.respond import studies


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """An empty store of each kind in turn."""
    if request.param == "sqlite":
        yield settings_for(tmp_path, port=80, staff=False)
        return
    address, name = request.getfixturevalue("server"), f"respond_{secrets.token_hex(6)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield settings_for(tmp_path, address.replace("/postgres?", f"/{name}?"), port=80, staff=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@pytest.fixture
def store(settings: Settings, tmp_path: Path):
    folder = tmp_path / "study"
    folder.mkdir()
    with open_store(settings.location, create=True) as opened:
        for study in (studies.present(), studies.viewers(folder)):
            register_study(opened, study)
            open_study(opened, study.identifier)
        yield opened


@pytest.fixture
def client(settings: Settings, store: Store):
    with TestClient(application(settings, store, tell=lambda _: None), base_url="http://127.0.0.1") as made:
        yield made
