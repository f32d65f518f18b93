"""One made-up run for all tests of this folder that only read it."""

from __future__ import annotations

import pytest

from tests.results.synthetic import make_synthetic_run


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    return make_synthetic_run(tmp_path_factory.mktemp("runs") / "run [one]*", draws=4)
