"""The command that says what would change a scenario's headlines."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]


def register(app: App) -> None:
    """The command stands in the command line."""
    app.command(sensitivity)


def sensitivity(
    scenario: str,
    /,
    *,
    out: Path,
    trajectories: int | None = None,
    rows: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    priors: Path | None = None,
    as_json: Json = False,
) -> None:
    """Say what would change the headlines of a scenario: which unknowns, how much is luck, and where the sign turns.

    All parameters are screened; those that move a headline share out its variance; the five that weigh most are asked for the value at
    which the answer turns. Ctrl-C keeps the finished steps, and the same command goes on from them.

    Args:
        scenario: A TOML file, or the name of a shipped one: dance-off, backfire, nothing-happens.
        out: Folder for tables and a page; it must not exist.
        trajectories: How many walks through all parameters screen them.
        rows: How many rows share out the variance, a power of two. Twice as many cost twice the time and narrow the intervals by a third.
        seed: Where luck starts, instead of the scenario's seed.
        workers: Processes that work at once. Left out: one per core. The result does not depend on it.
        priors: A priors file of a fit, which stands in place of the priors.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_sensitivity import show_sensitivity
    from commonbeat.workflows.sensitivity import study_sensitivity

    with narrated("steps") as narrator:
        result = study_sensitivity(
            scenario,
            out=out,
            trajectories=trajectories,
            rows=rows,
            seed=seed,
            workers=workers,
            priors=priors,
            narrator=narrator,
        )
    show_sensitivity(result, as_json=as_json)
