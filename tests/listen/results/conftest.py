"""One store of each kind of study, filled once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.listen.results.made import Filled, collected, filled_store


@pytest.fixture(scope="session")
def viewers(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("viewers")
    return Filled(folder, *filled_store(folder, lambda key: collected(people=200, key=key)))


@pytest.fixture(scope="session")
def residents(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("residents")
    return Filled(folder, *filled_store(folder, lambda key: collected("dance-off-residents", 90, key=key)))


@pytest.fixture(scope="session")
def told(viewers: Filled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `listen results` leaves of the viewers' study; its project is the folder above."""
    from commonbeat.workflows.listen_results import listen_results

    project = tmp_path_factory.mktemp("project")
    listen_results(viewers.store, viewers.study, out=project / "results", project=project)
    return project / "results"
