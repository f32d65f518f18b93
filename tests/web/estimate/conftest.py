"""An app on an empty project, a browser of its owner, and the data of an invented study."""

from __future__ import annotations

import random
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


@pytest.fixture(scope="session")
def visits() -> bytes:
    """600 people in 60 streets, half of them visited; a column whose name and values are scripts."""
    luck = random.Random(1)
    lines = ["street,visited,trust,before,few,<script>alert(0)</script>"]
    for street in range(60):
        here = luck.gauss(0, 0.3)
        for person in range(10):
            before = luck.gauss(4 + here, 1)
            trust = 0.6 * before + 1.5 + 0.35 * (street % 2) + luck.gauss(0, 0.8)
            few = "rare" if street == 0 and person < 3 else "usual"
            lines.append(f"{street},{street % 2},{trust:.2f},{before:.2f},{few},<script>alert({person})</script>")
    return "\n".join(lines).encode()
