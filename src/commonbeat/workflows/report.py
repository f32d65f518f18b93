"""The report of a run, written into its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.errors import InputError, Mistakes, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from commonbeat.results.run_folder import Run

REPORT = "report.html"
PRINT = "report-print.html"
PICTURES = "pictures"
FORMS = ("page", "pictures", "print")


def write_report(run: Run, forms: Iterable[str] = ("page",), sensitivity: str | Path | None = None) -> dict[str, str]:
    """The wanted forms stand in the run's folder; returned are their paths by form.

    forms: some of FORMS: the page for a screen, the two pages for printing, the pictures as PNG files. sensitivity: the folder of a study
    of the same scenario, which then says what would change each headline in place of the run's own draws. Raises RunFolderError where
    that study is about something else.
    """
    from commonbeat.results.run_folder import attach_file

    wanted, found = tuple(forms), Mistakes()
    for form in wanted:
        if form not in FORMS:
            found.add("forms", form, "is not a form of the report", did_you_mean(form, FORMS))
    found.raise_if_any(InputError, "The report cannot be written:")
    study = None
    if sensitivity is not None:
        from commonbeat.workflows.sensitivity_files import open_sensitivity

        study = open_sensitivity(sensitivity, run)
    written: dict[str, str] = {}
    if "page" in wanted:
        from commonbeat.report import render_report

        written["page"] = str(attach_file(run, REPORT, render_report(run, study).encode()))
    if "print" in wanted:
        from commonbeat.report import render_print

        written["print"] = str(attach_file(run, PRINT, render_print(run, study).encode()))
    if "pictures" in wanted:
        from commonbeat.report import export_png

        export_png(run, run.folder / PICTURES)
        written["pictures"] = str(run.folder / PICTURES)
    return written


def report_run(
    folder: str | Path, forms: Iterable[str] = ("page",), sensitivity: str | Path | None = None
) -> dict[str, str]:
    """The run in `folder` was found whole, and its report is written anew in the wanted forms."""
    from commonbeat.results.run_folder import open_run

    return write_report(open_run(folder), forms, sensitivity)
