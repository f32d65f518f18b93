"""Unfinished copies of the tests wait in a cache of the tests."""

from __future__ import annotations

import pytest

from commonbeat.record.video.models.weights import CACHE_ENVIRONMENT


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test meets what another one, or a person, has left unfinished."""
    monkeypatch.setenv(CACHE_ENVIRONMENT, str(tmp_path_factory.mktemp("cache")))
