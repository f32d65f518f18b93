"""The commands that tell what a study says: results and export."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)


def register(listen: App) -> None:
    """The commands stand below `commonbeat listen`."""
    listen.command(results)
    listen.command(export)


def results(
    study: str,
    /,
    *,
    out: Path | None = None,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Say who answered a study, what they said and what the arms changed; cells of fewer than ten respondents are hidden.

    Args:
        study: The study's identifier.
        out: A folder for the pages, and inside it a private one for the data and the whole estimate; it must not exist.
        project: The folder of the store, where a finding is kept too. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json
    from commonbeat.cli.progress import narrated
    from commonbeat.cli.show_listen_results import show_results
    from commonbeat.workflows.listen_results import listen_results
    from commonbeat.workflows.record_store import store_of

    with (
        store_of(project, database, create=False) as store,
        narrated("steps", farewell="stopping; nothing was written") as narrator,
    ):
        found = listen_results(store, study, out=out, project=project or ".", narrator=narrator)
    if as_json:
        print_json(found.document())
    else:
        show_results(found)


def export(
    study: str,
    /,
    *,
    to: Path,
    form: Literal["wide", "long", "targets"] | None = None,
    language: str | None = None,
    with_texts: Annotated[bool, Flag] = False,
    replace: Annotated[bool, Flag] = False,
    arm: str = "",
    group: str = "All residents",
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Write a study's answers to a file, with a codebook beside it; links, codes and contacts are never in it.

    Args:
        study: The study's identifier.
        to: A .csv, .parquet or SPSS .sav file.
        form: wide: a row a person. long: a row an answer. targets: what a fit of the simulator takes. Left out: targets for targets.csv, else wide.
        language: Of the questions and answers in labels. Left out: the study's first.
        with_texts: Also what people wrote in their own words.
        replace: Write over a file that is there.
        arm: For targets: the arm of your scenario that took place.
        group: For targets: the group of your scenario that was asked.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.output import print_json, print_lines
    from commonbeat.workflows.listen_export import export_study
    from commonbeat.workflows.record_store import store_of

    with store_of(project, database, create=False) as store:
        found = export_study(
            store, study, to, form=form, language=language, texts=with_texts, replace=replace, arm=arm, group=group
        )
    if as_json:
        print_json(found)
        return
    print_lines([str(found.file), *([str(found.codebook)] if found.codebook else []), *found.notes])
