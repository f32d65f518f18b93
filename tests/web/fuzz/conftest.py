"""One world for the whole folder: no test of it leaves anything that another one counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.fuzz import world as worlds


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[worlds.World]:
    made = worlds.make(tmp_path_factory.mktemp("inside"))
    yield made
    made.asker.close()
    made.app.state.store.engine.dispose()
