"""Made-up runs that all tests of the report read, built once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from commonbeat.report import render_print, render_report
from tests.report.city import make_city_run

if TYPE_CHECKING:
    from commonbeat.results.run_folder import Run


@pytest.fixture(scope="session")
def city_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run in the real city's places, with eight draws."""
    return make_city_run(tmp_path_factory.mktemp("runs") / "city")


@pytest.fixture(scope="session")
def harm_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the same run with every effect of the moment turned round."""
    return render_report(make_city_run(tmp_path_factory.mktemp("runs") / "harm", draws=4, factor=-1.0))


@pytest.fixture(scope="session")
def nothing_page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of the same run in which the moment changed nothing."""
    return render_report(make_city_run(tmp_path_factory.mktemp("runs") / "nothing", draws=4, factor=0.0))


@pytest.fixture(scope="session")
def page(city_run: Run) -> str:
    """The report."""
    return render_report(city_run)


@pytest.fixture(scope="session")
def two_pages(city_run: Run) -> str:
    """The print version."""
    return render_print(city_run)
