"""An analysis on the screen: its rows, what weakens them, and where everything was left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.row import Estimate
    from commonbeat.workflows.estimate import Estimated

FIRST = (
    "answer",
    "several",
    "groups",
    "compliers",
    "synthetic-control",
    "interrupted-series",
)  # what changed, and for whom
SMALLEST_SHOWN = 0.001


def show_estimated(estimated: Estimated, *, every: bool, as_json: bool) -> None:
    """The rows stand on standard output, as a list of JSON objects or as tables by section, the answer in a sentence above.

    every: the sections of all methods, not only those that say what changed and for whom.
    """
    if as_json:
        print_json([row.as_row() for row in estimated.analysis.rows()])
        return
    warnings: list[str] = []
    sections = estimated.analysis.sections
    shown = [section for section in sections if every or section.key in FIRST]
    print_lines([estimated.answer])
    for section in shown:
        print_lines(["", section.title, section.question])
        if section.rows:
            console().print(_rows(section.rows, estimated.analysis.design.level, warnings))
        print_lines(f"  {note}" for note in section.notes)
    _show_warnings(estimated, warnings)
    rest = [f"{section.title} ({len(section.rows)} rows)" for section in sections if section not in shown]
    if rest:
        print_lines(["", f"With --all, or in the report: {'; '.join(rest)}."])
    print_lines(["", *estimated.places])


def _rows(rows: Sequence[Estimate], level: float, warnings: list[str]) -> object:
    """A table of the rows; warnings become numbered notes below all tables."""
    shown = table(
        "estimand", ">estimate", f">{100 * (1 - level):g} % interval", ">p", ">n", ">clusters", "method", "notes"
    )
    for row in rows:
        ends = interval(row)
        clusters = "" if row.clusters is None else f"{row.clusters:,}"
        marks = " ".join(_mark(warning, warnings) for warning in row.warnings)
        shown.add_row(
            row.estimand, figure(row.estimate), ends, chance(row.p_value), f"{row.n:,}", clusters, row.method, marks
        )
    return shown


def _mark(warning: str, warnings: list[str]) -> str:
    if warning not in warnings:
        warnings.append(warning)
    return f"({warnings.index(warning) + 1})"


def _show_warnings(estimated: Estimated, warnings: Sequence[str]) -> None:
    if warnings:
        print_lines(["", "Notes", *(f"({number}) {text}" for number, text in enumerate(warnings, 1))])
    for heading, sentences in (
        ("What weakens the answer", estimated.analysis.weaknesses),
        ("What would change it", estimated.analysis.would_change),
        ("Where the analysis left its plan", estimated.analysis.departures or ()),
    ):
        if sentences:
            print_lines(["", heading, *(f"- {sentence}" for sentence in sentences)])


def figure(value: float | None) -> str:
    """Three digits that mean something; a dash where there is no figure."""
    if value is None or math.isnan(value):
        return "-"
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(decimals, 6)}f}"


def interval(row: Estimate) -> str:
    """Both ends with the decimals of the wider one, or a dash."""
    if row.ci_low is None or row.ci_high is None:
        return "-"
    return f"{figure(row.ci_low)} to {figure(row.ci_high)}"


def chance(value: float | None) -> str:
    """A p value to three decimals, never printed as zero."""
    if value is None or math.isnan(value):
        return "-"
    return f"<{SMALLEST_SHOWN}" if value < SMALLEST_SHOWN else f"{value:.3f}"
