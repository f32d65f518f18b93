"""An app on an empty project, a browser of its owner, and a study of those present that is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from commonbeat.workflows.listen_keep import open_study, register_study
from tests.web.core.browsers import browser
from tests.web.respond import studies


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Starlette]:
    made = application(settings_for(tmp_path), tell=lambda _: None)
    yield made
    made.state.store.engine.dispose()


@pytest.fixture
def owner(app: Starlette) -> Iterator[TestClient]:
    with browser(app) as client:
        assert client.get(app.state.door.key.address).status_code == 303
        yield client


@pytest.fixture
def opened(app: Starlette) -> str:
    """The address of an open study of those present."""
    study = studies.present()
    register_study(app.state.store, study)
    open_study(app.state.store, study.identifier)
    return f"/listen/of/{study.identifier}"
