"""A sensitivity study on the screen: for each headline its drivers, where they turn it, and luck's share."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from rich.console import Console

    from commonbeat.fit.sensitivity.indices import Estimate
    from commonbeat.fit.sensitivity.study import Driver, HeadlineStudy
    from commonbeat.workflows.sensitivity import SensitivityResult


def show_sensitivity(result: SensitivityResult, *, as_json: bool) -> None:
    """The drivers of every headline stand on standard output, or one JSON document does."""
    from commonbeat.workflows.sensitivity_files import DOCUMENT, PAGE

    if as_json:
        found = json.loads((result.folder / DOCUMENT).read_text(encoding="utf-8"))
        print_json({**found, "folder": str(result.folder)})
        return
    screen, study = console(), result.study
    print_lines([f"What would change: {result.title}"])
    for one in study.headlines:
        _headline(one, screen)
    effort = (
        f"{study.effort.trajectories} trajectories and {study.effort.rows} rows, {study.evaluations:,} points in all"
    )
    print_lines(["", f"{effort}; brackets hold 90 %.", "", str(result.folder / PAGE)])


def _headline(one: HeadlineStudy, screen: Console) -> None:
    from commonbeat.cli.show_run import thousandths

    spread = thousandths(one.spread.low, one.spread.median, one.spread.high)
    print_lines(["", one.headline.question, f"  {spread} thousandths of an SD, below 0 in {100 * one.negative:.0f} %"])
    if one.indices:
        print_lines([f"  of its variance: parameters {share(one.parameters)}, luck {share(one.luck)}"])
    if one.why_none:
        print_lines([f"  Nothing drives it: {one.why_none}."])
        return
    shown = table(
        "driver", ">share of ranks", ">share of variance", ">turns the sign at", ">effect at its 5 %", ">at its 95 %"
    )
    for each in one.drivers:
        ends = [f"{1000 * end:.3g}" for end in (each.tipping.at_low, each.tipping.at_high)]
        shown.add_row(each.parameter, share(each.index.total_of_rank), share(each.index.total), turns(each), *ends)
    screen.print(shown)


def share(found: Estimate) -> str:
    """A share with its interval, in per cent."""
    return f"{100 * found.value:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f})"


def turns(driver: Driver) -> str:
    """The tipping value with its interval, or that there is none."""
    found = driver.tipping
    if found.value is None:
        return "no value of its prior"
    ends = "not certain" if found.low is None else f"{found.low:.3g} to {found.high:.3g}"
    return f"{found.value:.3g} {driver.unit} ({ends})"
