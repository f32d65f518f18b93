"""The app of a team on either database, and a browser of its owner."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from tests.web.core.browsers import browser

KINDS = ("sqlite", "postgresql")


@contextmanager
def app_on(project: Path, address: str | None) -> Iterator[Starlette]:
    """An app on an empty project. address: of a PostgreSQL server, on which it gets a database of its own; None for a file."""
    if address is None:
        yield from _made(project, None)
        return
    name = f"team_{secrets.token_hex(6)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield from _made(project, address.replace("/postgres?", f"/{name}?"))
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def _made(project: Path, database: str | None) -> Iterator[Starlette]:
    made = application(settings_for(project, database), tell=lambda _: None)
    yield made
    made.state.store.engine.dispose()


@contextmanager
def owner_of(app: Starlette) -> Iterator[TestClient]:
    """A browser that came by the start key."""
    with browser(app) as client:
        assert client.get(app.state.door.key.address).status_code == 303
        yield client
