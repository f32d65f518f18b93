"""A server with two open studies, and a browser's stand-in that keeps no cookie and follows where it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from commonbeat.storage import Store, open_store
from commonbeat.web.app import application
from commonbeat.web.settings import Settings, settings_for
from commonbeat.workflows.listen_keep import open_study, register_study
from tests.web.respond import studies


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, port=80, staff=False)


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
