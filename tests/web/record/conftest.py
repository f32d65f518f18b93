"""An app on an empty project on each database in turn, and a browser of its owner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.storage.server import postgresql
from tests.web.team import KINDS, app_on, owner_of


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture(params=KINDS)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Starlette]:
    address = request.getfixturevalue("server") if request.param == "postgresql" else None
    with app_on(tmp_path, address) as made:
        yield made


@pytest.fixture
def owner(app: Starlette) -> Iterator[TestClient]:
    with owner_of(app) as client:
        yield client
