"""Two runs side by side on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table
from commonbeat.cli.show_run import thousandths

if TYPE_CHECKING:
    from commonbeat.results.compare import Comparison

SHOWN_OUTCOME = "trust"


def show_comparison(comparison: Comparison, *, as_json: bool) -> None:
    """The effects of both runs, their difference, and what was different in the runs, stand on standard output."""
    if as_json:
        print_json(
            {
                "day": comparison.day,
                "paired_draws": comparison.paired_draws,
                "pairing": comparison.pairing,
                "effects": comparison.effects.to_dicts(),
                "differences": comparison.differences.to_dicts(),
                "fitted": comparison.fitted,
            }
        )
        return
    screen = console()
    heading = f"Effect on mean {SHOWN_OUTCOME} at day {comparison.day}, in thousandths of an SD: median (5 to 95 %)"
    print_lines([heading])
    shown = table("arm", "group", ">first", ">second", ">second less first")
    for row in comparison.effects.filter(outcome=SHOWN_OUTCOME).iter_rows(named=True):
        columns = [
            thousandths(*(row[f"{side}_{point}"] for point in ("low", "median", "high")))
            for side in ("first", "second", "difference")
        ]
        shown.add_row(row["arm"], row["group"], *columns)
    screen.print(shown)
    print_lines([f"{comparison.pairing[0].upper()}{comparison.pairing[1:]}.", *comparison.fitted, ""])
    print_lines(["What was different in the runs:"])
    differing = table("where", "entry", "first", "second")
    for row in comparison.differences.iter_rows():
        differing.add_row(*(value or "" for value in row))
    screen.print(differing)
