"""The report is written into the run's folder, in the forms that were asked for."""

from __future__ import annotations

import pytest

from commonbeat.errors import InputError
from commonbeat.results.run_folder import open_run
from commonbeat.workflows.report import report_run, write_report
from tests.results.synthetic import make_synthetic_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return make_synthetic_run(tmp_path_factory.mktemp("runs") / "made-up")


def test_page_and_print_stand_in_the_folder_and_the_run_stays_whole(run) -> None:
    written = report_run(run.folder, ["page", "print"])
    assert set(written) == {"page", "print"}
    assert (run.folder / "report.html").read_text(encoding="utf-8").strip()
    assert (run.folder / "report-print.html").read_text(encoding="utf-8").strip()
    open_run(run.folder)


def test_an_unknown_form_is_refused_before_anything_is_written(run) -> None:
    (run.folder / "report.html").unlink(missing_ok=True)
    with pytest.raises(InputError, match="Did you mean 'print'"):
        write_report(run, ["page", "pint"])
    assert not (run.folder / "report.html").exists()
