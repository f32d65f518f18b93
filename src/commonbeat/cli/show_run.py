"""A finished run on the screen: what is unknown about its society, what it says, and where its report is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, print_lines, table

if TYPE_CHECKING:
    import polars as pl

    from commonbeat.results.run_folder import Run

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
    screen = console()
    screen.print(_account_table(run))
    screen.print(_effects_table(run, effects))
    print_lines([report])


def trust_effects(run: Run) -> pl.DataFrame:
    """One row per arm but the reference and per group: the effect on trust on the last day, with its interval."""
    import polars as pl

    from commonbeat.results.measures import effects_at

    rows = effects_at(run.scan("daily").filter(pl.col("outcome") == "trust"))
    rows = rows.filter(pl.col("arm") != run.manifest["reference"])
    return rows.select("arm", "group", "outcome", "mean", "low", "median", "high", "draws", "probability_negative")


def thousandths(low: float, median: float, high: float) -> str:
    """An effect in thousandths of an SD: median and, in brackets, 5 and 95 %."""
    return f"{1000 * median:.2f} ({1000 * low:.2f} to {1000 * high:.2f})"


def _account_table(run: Run) -> object:
    """The lines that say what is not known; what is merely assumed is counted, because it fills pages."""
    account = run.table("account").rows(named=True)
    assumed = sum(row["status"] == "assumed" for row in account)
    title = "What is missing, unmatched or unknown about the society"
    caption = f'{assumed} further figures are assumed: commonbeat sql {run.folder} "select * from account"'
    shown = table("what", ">value", "unit", "status", "source", title=title)
    shown.caption, shown.caption_justify = caption, "left"
    for row in account:
        if row["status"] in UNKNOWN_KINDS:
            shown.add_row(*(row[name] for name in ("name", "value", "unit", "status", "source")))
    return shown


def _effects_table(run: Run, effects: pl.DataFrame) -> object:
    last = run.manifest["days"]
    title = (
        f"Effect on mean trust at day {last}, thousandths of an SD: median (5 to 95 % of {run.manifest['draws']} draws),"
        f" against '{run.manifest['reference']}'"
    )
    shown = table("arm", "group", ">effect", ">chance of harm", title=title)
    arm = ""
    for row in effects.iter_rows(named=True):
        if arm and row["arm"] != arm:
            shown.add_section()
        points = thousandths(row["low"], row["median"], row["high"])
        shown.add_row(
            row["arm"] if row["arm"] != arm else "", row["group"], points, f"{row['probability_negative']:.0%}"
        )
        arm = row["arm"]
    return shown
