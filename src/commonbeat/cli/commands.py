"""The commands and their options. A command translates words into one call of a workflow and shows what came back."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import Annotated

from cyclopts import App, Parameter

from commonbeat.cli import (
    fit_clip_command,
    fit_command,
    listen_app,
    record_app,
    sensitivity_command,
    study_commands,
    validate_command,
    web_commands,
)

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)
Draws = Annotated[int | None, Parameter(name="--draws")]

app = App(
    name="commonbeat",
    help="Find out whether a positive encounter mattered: for whom, for how long, and against which background.",
    help_format="plaintext",
    version_flags=["--version"],
)
evidence = App(name="evidence", help="Cards, and the priors of the model's parameters that are computed from them.")
app.command(evidence)


def _version() -> str:
    from importlib.metadata import version

    return version("commonbeat")


app.version = _version


def _settings(**given: int | None) -> dict[str, int]:
    """The settings that were given, by name."""
    return {name: value for name, value in given.items() if value is not None}


@app.command
def demo(
    *,
    out: Path | None = None,
    draws: Draws = None,
    workers: int | None = None,
    as_json: Json = False,
) -> None:
    """Simulate the shipped dance-off in Minneapolis and leave a report.

    Args:
        out: Folder for the run; it must not exist. Left out: the first free one under runs/.
        draws: How many times parameters and luck are drawn. Left out: the scenario's own number.
        workers: Processes that work at once. Left out: one per core.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_run import show_run
    from commonbeat.workflows.demo import run_demo

    with narrated() as narrator:
        run = run_demo(out, settings=_settings(draws=draws), workers=workers, narrator=narrator)
    show_run(run, as_json=as_json)


@app.command
def simulate(
    scenario: str,
    /,
    *,
    out: Path,
    draws: Draws = None,
    seed: int | None = None,
    priors: Path | None = None,
    workers: int | None = None,
    exposures: Annotated[bool, Flag] = False,
    as_json: Json = False,
) -> None:
    """Run a scenario: all its arms, draw by draw, into a new folder with a report.

    Ctrl-C keeps the finished draws, and the same command goes on from them.

    Args:
        scenario: A TOML file, or the name of a shipped one: dance-off, backfire, nothing-happens.
        out: Folder for the run; it must not exist.
        draws: How many times parameters and luck are drawn, instead of the scenario's number.
        seed: Where luck starts, instead of the scenario's seed.
        priors: A CSV file of parameters and weights, as a fit leaves it, in place of the priors.
        workers: Processes that work at once. Left out: one per core. The result does not depend on it.
        exposures: Keep who saw each clip, through whom and when.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_run import show_run
    from commonbeat.workflows.simulate import run_scenario

    with narrated() as narrator:
        run = run_scenario(
            scenario,
            out=out,
            settings=_settings(draws=draws, seed=seed),
            priors=priors,
            workers=workers,
            provenance="exposures" if exposures else "",
            narrator=narrator,
        )
    show_run(run, as_json=as_json)


@app.command
def report(
    run: Path,
    /,
    *,
    png: Annotated[bool, Flag] = False,
    printed: Annotated[bool, Parameter(name="--print", negative="", show_default=False)] = False,
    sensitivity: Path | None = None,
    as_json: Json = False,
) -> None:
    """Write the report of a run anew.

    Args:
        run: Folder of a run.
        png: Also leave the pictures as PNG files.
        printed: Also leave the two pages for printing.
        sensitivity: Folder of a study of the same scenario, which then says what would change each headline.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.workflows.report import report_run

    forms = ["page", *(["print"] if printed else []), *(["pictures"] if png else [])]
    written = report_run(run, forms, sensitivity)
    if as_json:
        print_json(written)
    else:
        print_lines(written.values())


@app.command
def compare(first: Path, second: Path, /, *, as_json: Json = False) -> None:
    """Set two runs side by side: their effects, and what was different in them.

    Args:
        first: Folder of a run.
        second: Folder of another run.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_comparison import show_comparison
    from commonbeat.workflows.compare import compare as compare_folders

    show_comparison(compare_folders(first, second), as_json=as_json)


@app.command
def claims(*, project: Path | None = None, as_json: Json = False) -> None:
    """List the article's claims, each with the verdict that its rule gives from the evidence and from own studies.

    Args:
        project: Folder with own studies below findings/, where estimates are saved. Left out: the current one.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_claims import show_claims
    from commonbeat.workflows.claims import judge_claims

    show_claims(judge_claims(project or "."), as_json=as_json)


@evidence.default
def evidence_list(*, as_json: Json = False) -> None:
    """List every card: one published finding each, with how it was checked.

    Args:
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_evidence import show_cards
    from commonbeat.workflows.evidence import list_cards

    show_cards(list_cards(), as_json=as_json)


@evidence.command(name="show")
def evidence_show(name: str, /, *, as_json: Json = False) -> None:
    """Show one card or one parameter.

    Args:
        name: A card, such as E019, or a parameter, such as watched_trust.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_evidence import show_one
    from commonbeat.workflows.evidence import show

    show_one(show(name), as_json=as_json)


@evidence.command(name="parameters")
def evidence_parameters(*, as_json: Json = False) -> None:
    """List every parameter with its prior, a picture of it, and the cards it is computed from.

    Args:
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_evidence import show_parameters
    from commonbeat.workflows.evidence import list_parameters

    show_parameters(list_parameters(), as_json=as_json)


@app.command
def sql(run: Path, question: str, /, *, as_json: Json = False) -> None:
    """Ask a run a question in SQL: one SELECT over its tables, which nothing can change.

    Args:
        run: Folder of a run.
        question: For instance: "select arm, avg(effect_last) from area group by arm".
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_answer import show_answer
    from commonbeat.workflows.sql import ask

    show_answer(ask(run, question), as_json=as_json)


@app.command
def schema() -> None:
    """Print the JSON schema of a scenario file."""
    from commonbeat.cli.output import print_json
    from commonbeat.workflows.schema import describe_scenario

    print_json(describe_scenario())


study_commands.register(app, evidence)
for each in (
    validate_command,
    fit_command,
    fit_clip_command,
    sensitivity_command,
    record_app,
    listen_app,
    web_commands,
):
    each.register(app)
