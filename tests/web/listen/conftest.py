"""An app on each database in turn, a browser of its owner, and a study of those present that is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.workflows.listen_keep import open_study, register_study
from tests.storage.server import postgresql
from tests.web.respond import studies
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


@pytest.fixture
def opened(app: Starlette) -> str:
    """The address of an open study of those present."""
    study = studies.present()
    register_study(app.state.store, study)
    open_study(app.state.store, study.identifier)
    return f"/listen/of/{study.identifier}"
