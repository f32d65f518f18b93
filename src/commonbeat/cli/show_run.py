"""A finished run on the screen: what is unknown about its society, what it says, and where its report is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    import polars as pl

    from commonbeat.results.run_folder import Run

SMALLEST_SHOWN = 5e-5  # thousandths of an SD
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
    """An effect in thousandths of an SD: median and, in brackets, 5 and 95 %."""
    return f"{_figure(median)} ({_figure(low)} to {_figure(high)})"


def _figure(effect: float) -> str:
    """Thousandths of an SD with two digits that mean something; what is below any meaning is 0."""
    value = 1000 * effect
    if abs(value) < SMALLEST_SHOWN:
        return "0"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.2g}"


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
        [f"{assumed} figures about the society are assumed; the run's table `account` and the report list them."]
    )


def _show_effects(run: Run, effects: pl.DataFrame) -> None:
    draws, last, reference = (run.manifest[name] for name in ("draws", "days", "reference"))
    heading = f"Effect on mean trust at day {last} against '{reference}', in thousandths of an SD"
    print_lines(["", f"{heading}: median (5 to 95 % of {draws} draws)"])
    shown = table("arm", "group", ">effect", ">draws below 0")
    arm = ""
    for row in effects.iter_rows(named=True):
        if arm and row["arm"] != arm:
            shown.add_section()
        points = thousandths(row["low"], row["median"], row["high"])
        below = f"{round(row['probability_negative'] * row['draws'])} of {row['draws']}"
        shown.add_row(row["arm"] if row["arm"] != arm else "", row["group"], points, below)
        arm = row["arm"]
    console().print(shown)
