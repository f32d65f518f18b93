"""A validation on the screen: how many passed, the failures, then what passed, each beside what was published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table
from commonbeat.workflows.validate import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.validate.scoring import Verdict
    from commonbeat.workflows.validate import Validation


def show_validation(found: Validation, *, as_json: bool) -> None:
    """The verdicts stand on standard output, failures first, or one JSON document does."""
    if as_json:
        print_json(rows_of(found.verdicts))
        return
    wrong, left_open, passed = (
        [each for each in found.verdicts if each.miss == miss] for miss in ("wrong", "open", "")
    )
    missed = len(wrong) + len(left_open)
    print_lines(
        [
            f"{missed} of {len(found.verdicts)} findings are not predicted: on {len(wrong)} the model is wrong, {len(left_open)} it leaves open.",
            "",
        ]
    )
    for heading, rows in (("Wrong", wrong), ("Left open", left_open), ("Predicted", passed)):
        if rows:
            print_lines([heading])
            _verdicts(rows)
    print_lines(
        [
            "Predicted: the middle of the draws and 90 % of them; for a yes or no the chance of what was published.",
            "Scores (CRPS, lower is better): the model; somebody who expects nothing; somebody who knows the pooled mean.",
        ]
    )
    if found.folder is not None:
        print_lines(["", str(found.folder)])


def _verdicts(rows: Sequence[Verdict]) -> None:
    shown = table(
        "finding", "study", ">published", ">predicted", ">90 %", ">chance", ">score", ">nothing", ">pooled", "why"
    )
    for row in rows:
        published = row.published if isinstance(row.published, str) else f"{row.published:g}"
        chance = "" if row.probability is None else f"{100 * row.probability:.0f} %"
        interval = f"{row.low:.2g} to {row.high:.2g}"
        scores = (f"{each:.2g}" for each in (row.score, row.no_effect, row.pooled_mean))
        shown.add_row(
            row.id, f"{row.title} ({row.card})", published, f"{row.predicted:.2g}", interval, chance, *scores, row.why
        )
    console().print(shown)
