"""Made-up runs that all tests of the report read, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commonbeat.report import render_print, render_report
from tests.report.city import make_city_run

if TYPE_CHECKING:
    from commonbeat.results import Run


@pytest.fixture(scope="session")
def city_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run in the real city's places, with eight draws."""
    return make_city_run(tmp_path_factory.mktemp("runs") / "city")


@pytest.fixture(scope="session")
def harm_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same run with every effect turned round."""
    return make_city_run(tmp_path_factory.mktemp("runs") / "harm", factor=-1.0)


@pytest.fixture(scope="session")
def nothing_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The same run in which nothing changed anything."""
    return make_city_run(tmp_path_factory.mktemp("runs") / "nothing", factor=0.0)


@pytest.fixture(scope="session")
def page(city_run: Run) -> str:
    """The report."""
    return render_report(city_run)


@pytest.fixture(scope="session")
def two_pages(city_run: Run) -> str:
    """The print version."""
    return render_print(city_run)
