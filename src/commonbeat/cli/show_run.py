"""A finished run on the screen: what is unknown about its society, what it says, and where its report is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    import polars as pl

    from commonbeat.results.run_folder import Run

MOST_DECIMALS = 4  # of thousandths of an SD; what is smaller than these can show is 0
SIGNIFICANT = 3  # digits of the largest figure of an effect
ABROAD = "Elsewhere"  # people who stand for the world outside the city
UNKNOWN_KINDS = ("missing", "unmatched", "unknown")


def show_run(run: Run, *, as_json: bool) -> None:
    """The run's headline stands on standard output, its report's path last."""
    effects = trust_effects(run)
    report = str(run.folder / "report.html")
    if as_json:
        print_json(
            {
                "run": str(run.folder),
                "report": report,
                "title": run.manifest["title"],
                "seed": run.manifest["seed"],
                "draws": run.manifest["draws"],
                "days": run.manifest["days"],
                "reference": run.manifest["reference"],
                "content_hash": run.manifest["content_hash"],
                "unit": "latent SD of trust, paired difference from the reference on the last day",
                "effects": effects.to_dicts(),
            }
        )
        return
    _show_account(run)
    _show_effects(run, effects)
    print_lines(["", f"Report: {report}"])


def trust_effects(run: Run) -> pl.DataFrame:
    """One row per arm but the reference and per group: the effect on trust on the last day, with its interval."""
    import polars as pl

    from commonbeat.results.measures import effects_at

    rows = effects_at(run.scan("daily").filter(pl.col("outcome") == "trust"))
    rows = rows.filter(pl.col("arm") != run.manifest["reference"])
    return rows.select("arm", "group", "outcome", "mean", "low", "median", "high", "draws", "probability_negative")


def thousandths(low: float, median: float, high: float) -> str:
    """An effect in thousandths of an SD: median and, in brackets, 5 and 95 %, all with the same decimals."""
    largest = 1000 * max(abs(low), abs(median), abs(high))
    whole = math.floor(math.log10(largest)) + 1 if largest > 0 else SIGNIFICANT
    decimals = min(max(SIGNIFICANT - whole, 0), MOST_DECIMALS)
    shown = [_figure(1000 * effect, decimals) for effect in (median, low, high)]
    return f"{shown[0]} ({shown[1]} to {shown[2]})"


def _figure(value: float, decimals: int) -> str:
    """The number with so many decimals, without an exponent and without a sign before zero."""
    text = f"{value:.{decimals}f}"
    return "0" if float(text) == 0 else text


def _show_account(run: Run) -> None:
    """The lines that say what is not known; what is merely assumed is counted, because it fills pages."""
    account = run.table("account").rows(named=True)
    unknown = [row for row in account if row["status"] in UNKNOWN_KINDS]
    if unknown:
        print_lines(["", "What is missing, unmatched or unknown about the society:"])
        shown = table("what", ">value", "unit", "status", "source")
        for row in unknown:
            shown.add_row(*(row[name] for name in ("name", "value", "unit", "status", "source")))
        console().print(shown)
    assumed = sum(row["status"] == "assumed" for row in account)
    print_lines(
        [
            f"{assumed} figures about the society are assumed;",
            "the run's table `account` and the report list them.",
        ]
    )


def _show_effects(run: Run, effects: pl.DataFrame) -> None:
    import polars as pl

    draws, last, reference = (run.manifest[name] for name in ("draws", "days", "reference"))
    heading = f"Effect on mean trust at day {last} against '{reference}', in thousandths of an SD:"
    print_lines(["", heading, f"median (5 to 95 % of {draws} draws)"])
    shown = table("arm and group", ">effect", ">draws below 0")
    for column in shown.columns[1:]:
        column.no_wrap = True
    arm = ""
    for row in effects.filter(pl.col("group") != ABROAD).iter_rows(named=True):
        if row["arm"] != arm:
            arm = row["arm"]
            shown.add_section()
            shown.add_row(f"[bold]{arm}[/bold]")
        shown.add_row(f"  {row['group']}", _points(row), _below(row))
    console().print(shown)
    _show_worst_off(run, effects)


def _show_worst_off(run: Run, effects: pl.DataFrame) -> None:
    """One sentence says what the best arm does for the group on which the report leads."""
    from commonbeat.report.reading import Reading

    group = Reading(run).headline_group
    rows = effects.filter(group=group).sort("median", descending=True).rows(named=True)
    if rows:
        best = (
            f"'{rows[0]['arm']}' has the highest median effect, {_points(rows[0])}, below 0 in {_below(rows[0])} draws"
        )
        sentence = f"For the worst-off group, {group}, {best}."
        console().print(sentence, markup=False, highlight=False)


def _points(row: dict[str, Any]) -> str:
    return thousandths(row["low"], row["median"], row["high"])


def _below(row: dict[str, Any]) -> str:
    return f"{round(row['probability_negative'] * row['draws'])} of {row['draws']}"
