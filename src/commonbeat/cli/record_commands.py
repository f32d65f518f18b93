"""The commands that keep records: new, check, import, export, withdraw, list, log and schema."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # the command line reads annotations when it runs
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

Json = Annotated[bool, Parameter(name="--json", negative="", show_default=False)]
Flag = Parameter(negative="", show_default=False)
Authenticity = Literal["spontaneous", "planned", "staged", "unknown"]


def register(record: App) -> None:
    """The commands stand below `commonbeat record`."""
    record.command(new)
    record.command(check)
    record.command(import_, name="import")
    record.command(export)
    record.command(withdraw)
    record.command(list_, name="list")
    record.command(log)
    record.command(schema)


def new(
    *,
    out: Path | None = None,
    example: Annotated[bool, Flag] = False,
    identifier: str = "",
    title: str = "",
    date: str = "unknown",
    place: str = "unknown",
    authenticity: Authenticity = "unknown",
    activity: str = "unknown",
    children: int = 1,
    adults: int = 0,
    officers: int = 1,
    as_json: Json = False,
) -> None:
    """Begin a record: a form in which every field says what it means.

    Args:
        out: The file; it must not exist. Left out, the form is printed.
        example: The dance-off of the story, filled in and marked invented, in place of an empty form.
        identifier: A word for the encounter. Left out: one made by luck. It outlives a withdrawal, so no names of people.
        title: What it is, in a few words.
        date: The day, such as 2026-06-13.
        place: A place of the society, such as a neighbourhood.
        authenticity: How it came about.
        activity: What they did together.
        children: How many children took part.
        adults: How many other adults took part.
        officers: How many officers took part.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_form
    from commonbeat.workflows.record_new import Beginning, example_record, new_record

    if example:
        show_form(example_record(out=out), as_json=as_json)
        return
    known = Beginning(identifier, title, date, place, authenticity, activity, children, adults, officers)
    show_form(new_record(known, out=out), as_json=as_json)


def check(
    *files: str,
    project: Path | None = None,
    database: str | None = None,
    head: str = "",
    as_json: Json = False,
) -> None:
    """Check files of records, all mistakes at once; without a file, check the project's store and its log.

    Args:
        files: TOML, JSON or CSV files, or the name of a shipped record: dance-off-encounter.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        head: The hash of a log entry that was noted down before; it must stand in the log.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_checked, show_checked_store
    from commonbeat.workflows.record_check import check_files, check_store

    if files:
        show_checked(check_files(files), as_json=as_json)
    else:
        show_checked_store(check_store(project=project, database=database, head=head), as_json=as_json)


def import_(
    file: str,
    /,
    *,
    replace: Annotated[bool, Flag] = False,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Put the records of a file into the project's store: all of them or none, and never twice.

    Args:
        file: A TOML or JSON file with one record, a CSV file with one a row, or the name of a shipped record.
        replace: Take a record in place of one that is there by its name and differs, as when a draft was confirmed.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_imported
    from commonbeat.workflows.record_import import import_records

    word = "replace" if replace else ""
    show_imported(import_records(file, project=project, database=database, replace=word), as_json=as_json)


def export(
    *identifiers: str,
    to: Path | None = None,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Give records to others: those that everybody visible agreed to share. What is left out is counted.

    Args:
        identifiers: Which records. Left out: all.
        to: A .toml, .json or .csv file; it must not exist. Left out: printed, as TOML when it is one, else as CSV.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print the records as one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_exported
    from commonbeat.workflows.record_export import export_records

    kind = ".json" if as_json else ""
    found = export_records(identifiers, to=to, kind=kind, project=project, database=database)
    show_exported(found, as_json=as_json)


def withdraw(
    identifier: str,
    /,
    *,
    slot: str = "",
    why: Literal["asked", "expired", "mistake", "other"] = "asked",
    forget: Annotated[bool, Flag] = False,
    dry_run: Annotated[bool, Flag] = False,
    project: Path | None = None,
    database: str | None = None,
    as_json: Json = False,
) -> None:
    """Delete a record and everything made from it, and leave only that it was withdrawn.

    Args:
        identifier: The encounter, or its consent.
        slot: The person who takes consent back, such as "child 3", and no officer on duty. The whole record goes.
        why: The reason that stays in the log.
        forget: You have dealt with the files that could not be reached; do not look for them again.
        dry_run: List what would be deleted, and delete nothing.
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_what_would_go, show_withdrawn
    from commonbeat.workflows.record_withdraw import what_would_go, withdraw_record

    if dry_run:
        show_what_would_go(*what_would_go(identifier, slot=slot, project=project, database=database), as_json=as_json)
        return
    word = "forget" if forget else ""
    gone = withdraw_record(identifier, slot=slot, why=why, forget=word, project=project, database=database)
    show_withdrawn(gone, as_json=as_json)
    gone.require_all()


def list_(*, project: Path | None = None, database: str | None = None, as_json: Json = False) -> None:
    """List the records of the project's store.

    Args:
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_list
    from commonbeat.workflows.record_list import list_records

    show_list(list_records(project=project, database=database), as_json=as_json)


def log(*, project: Path | None = None, database: str | None = None, as_json: Json = False) -> None:
    """List what was done to the records: the log, in which nothing can be changed.

    Args:
        project: The folder of the store. Left out: the current one.
        database: An address such as postgresql+psycopg://host/name, in place of the file in the project folder.
        as_json: Print one JSON document and nothing else.
    """
    from commonbeat.cli.show_record import show_log
    from commonbeat.workflows.record_list import read_log

    show_log(read_log(project=project, database=database), as_json=as_json)


def schema(*, consent: Annotated[bool, Flag] = False) -> None:
    """Print the JSON schema of a record, for editors.

    Args:
        consent: That of a consent file in its place.
    """
    from commonbeat.cli.output import print_json
    from commonbeat.workflows.record_schema import describe_consent, describe_record

    print_json(describe_consent() if consent else describe_record())
