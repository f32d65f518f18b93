"""The command that fits the parameters to what a city has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)


def register(app: App) -> None:
    """The command stands in the command line."""
    app.command(fit)


def fit(
    scenario: str | None = None,
    /,
    *,
    targets: Annotated[Path | None, Parameter(name="--to")] = None,
    out: Path | None = None,
    draws: int | None = None,
    check: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    template: Annotated[bool, Flag] = False,
    as_json: Json = False,
) -> None:
    """Fit the parameters to what a city has: surveys, effects, counts, share logs. The posterior is a priors file for simulate.

    Ctrl-C keeps the finished runs, and the same command goes on from them.

    Args:
        scenario: A TOML file whose arms describe what happened, or the name of a shipped one.
        targets: A CSV file of targets.
        out: Folder for the result; it must not exist.
        draws: Runs from the prior, from which the simulator is emulated. Left out: 300.
        check: Runs at the posterior, which check the result. Left out: 48.
        seed: Where luck starts, instead of the scenario's seed.
        workers: Processes that work at once. Left out: one per core. The result does not depend on it.
        template: Print a table of targets to begin with and do nothing else.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_lines
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_fit import show_fit
    from commonbeat.workflows import fit as work

    if template:
        print_lines(work.template().splitlines())
        return
    scenario, to, folder = _given(scenario, targets, out)
    with narrated("runs") as narrator:
        result = work.fit_targets(
            scenario,
            to,
            out=folder,
            draws=work.USUAL_DRAWS if draws is None else draws,
            checks=work.USUAL_CHECKS if check is None else check,
            seed=seed,
            workers=workers,
            narrator=narrator,
        )
    show_fit(result, as_json=as_json)


def _given(scenario: str | None, targets: Path | None, out: Path | None) -> tuple[str, Path, Path]:
    """What a fit cannot do without, or one error that names all that is missing."""
    from commonbeat.errors import InputError, Mistakes

    mistakes = Mistakes()
    for place, value, way_out in (
        ("SCENARIO", scenario, "Name a TOML file or a shipped scenario."),
        ("--to", targets, "Name the file of targets; begin one with: commonbeat fit --template."),
        ("--out", out, "Name a folder that does not exist yet."),
    ):
        if value is None:
            mistakes.add(place, None, "is missing", way_out)
    mistakes.raise_if_any(InputError, "A fit needs a scenario, targets and a folder:")
    return str(scenario), targets or Path(), out or Path()
