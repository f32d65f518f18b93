"""An app on an empty project and a browser of its owner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from commonbeat.web.app import application
from commonbeat.web.settings import settings_for
from tests.web.core.browsers import browser


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
