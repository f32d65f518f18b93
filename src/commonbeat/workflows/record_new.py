"""A form for a new record, or the filled example, as text and as a file."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import InputError, Mistakes, RecordError

if TYPE_CHECKING:
    from commonbeat.record import Encounter


@dataclass(frozen=True, slots=True)
class Form:
    """A form as TOML text, the identifier in it, and the file where it stands, "" for none."""

    identifier: str
    text: str
    file: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of an encounter before its form is filled in."""

    identifier: str = ""
    title: str = ""
    date: str = "unknown"
    place: str = "unknown"
    authenticity: str = "unknown"
    activity: str = "unknown"
    children: int = 1
    adults: int = 0
    officers: int = 1


def new_record(beginning: Beginning | None = None, *, out: str | Path | None = None) -> Form:
    """A form with what `beginning` knows; a file at `out`, which must not exist, holds it when one is named.

    Raises RecordError with every mistake in what is known already.
    """
    from commonbeat.record.template import template

    encounter = _begun(beginning or Beginning())
    return _formed(encounter.identifier, template(encounter), out)


def example_record(*, out: str | Path | None = None) -> Form:
    """The filled example, marked invented."""
    from commonbeat.workflows.record_files import SHIPPED, shipped_record

    return _formed(SHIPPED[0], shipped_record(SHIPPED[0]).read_text(encoding="utf-8"), out)


def _formed(identifier: str, text: str, out: str | Path | None) -> Form:
    from commonbeat.results.disk import refuse_existing, write_whole

    if out is not None:
        refuse_existing(Path(out))
        write_whole(Path(out), text.encode("utf-8"))
    return Form(identifier, text, str(out or ""))


def _begun(known: Beginning) -> Encounter:
    from commonbeat.record.checks import FORM_TITLE
    from commonbeat.record.reading import parse_record

    identifier = known.identifier or f"encounter-{secrets.token_hex(4)}"
    counts = {"child": known.children, "officer": known.officers, "adult": known.adults}
    tree: dict[str, Any] = {
        "schema": 1,
        "identifier": identifier,
        "title": known.title or "An encounter",
        "invented": False,
        "when": {"date": None if known.date == "unknown" else known.date},
        "where": {"place": None if known.place == "unknown" else known.place},
        "people": [
            *({"role": role, "part": "took part", "count": count} for role, count in counts.items() if count),
            {"role": "adult", "part": "stood by"},  # without such a row, nobody would have stood by
        ],
        "course": {
            "authenticity": None if known.authenticity == "unknown" else known.authenticity,
            "activity": None if known.activity == "unknown" else known.activity,
        },
        "consent": {
            "identifier": f"{identifier[:56]}-consent",
            "encounter": identifier,
            "visible": counts,
            "permissions": [],
        },
    }
    found = Mistakes()
    encounter = parse_record(tree, "", found)
    found.raise_if_any(RecordError, "The form cannot be begun like this:")
    if encounter is None:
        raise InputError("The form cannot be begun like this.")
    # What the form says in place of a title is refused in a record, so that somebody writes one.
    return encounter if known.title else encounter.model_copy(update={"title": FORM_TITLE})
