"""A fit on the screen: doubts first, what was learnt and from what, what stayed, what trades off, and the check."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    from rich.console import Console

    from commonbeat.fit.posterior import Fitted, Learnt
    from commonbeat.fit.posterior.learnt import Points
    from commonbeat.workflows.fit import FitResult

NAMED = 2  # targets beside a parameter; the rest are counted


def show_fit(result: FitResult, *, as_json: bool) -> None:
    """The tables stand on standard output, or one JSON document does."""
    if as_json:
        print_json({**result.document(), "folder": result.folder})
        return
    fitted, screen = result.fitted, console()
    print_lines([f"! {each}" for each in fitted.doubts])
    _informed(fitted, screen)
    stayed = [each.parameter for each in fitted.learnt if not each.informed]
    print_lines(
        [f"{len(stayed)} of {len(fitted.learnt)} parameters stayed at their priors; posterior.csv lists them.", ""]
    )
    _trades(fitted, screen)
    _check(fitted, screen)
    told = (*fitted.order.targets.repairs, *fitted.order.statistics.silent, *fitted.unused)
    print_lines([f"- {each}" for each in told])
    print_lines(["", f"Priors for simulate: {result.folder / 'priors.csv'}", f"Page: {result.folder / 'fit.html'}"])


def _informed(fitted: Fitted, screen: Console) -> None:
    print_lines(
        [f"Informed by the targets ({fitted.effective:,.0f} effective draws); shrinkage is of the prior's variance:"]
    )
    shown = table("parameter", ">prior (5 to 95 %)", ">posterior (5 to 95 %)", ">shrinkage", "informed by")
    for each in fitted.informed:
        shrinkage = f"{each.shrinkage:.2f} ± {each.shrinkage_error:.2f}"
        shown.add_row(each.parameter, _points(each.prior), _points(each.posterior), shrinkage, _by(each))
    screen.print(shown)


def _points(points: Points) -> str:
    return f"{points.median:.3g} ({points.low:.3g} to {points.high:.3g})"


def _by(each: Learnt) -> str:
    rest = len(each.informed_by) - NAMED
    return "; ".join(each.informed_by[:NAMED]) + (f"; {rest} more" if rest > 0 else "")


def _trades(fitted: Fitted, screen: Console) -> None:
    if not fitted.trades:
        return
    print_lines(["The targets tie these pairs together, so that neither can be read alone:"])
    shown = table("parameter", "parameter", ">correlation before", ">after")
    for each in fitted.trades:
        shown.add_row(each.first, each.second, f"{each.before:+.2f}", f"{each.after:+.2f}")
    screen.print(shown)


def _check(fitted: Fitted, screen: Console) -> None:
    print_lines([f"The simulator at the posterior ({fitted.order.checks} runs) against the targets:"])
    shown = table("target", ">observed", ">expected (5 to 95 %)", ">tail probability", "used")
    for each in fitted.checked:
        ends = f"({each.replicate_low:.4g} to {each.replicate_high:.4g})" if each.draws else ""
        expected = f"{each.median:.4g} {ends}" if math.isfinite(each.median) else "no value"
        tail = f"{each.tail:.2f}" if math.isfinite(each.tail) else ""
        shown.add_row(each.label, f"{each.observed:.4g}", expected, tail, "yes" if each.used else "no")
    screen.print(shown)
