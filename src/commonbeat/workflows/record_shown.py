"""One record as its readers may see it: what consent lets be shown, and for everything else only what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.errors import Mistake, StoreError, did_you_mean

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from commonbeat.record import Encounter
    from commonbeat.storage import Store

REVIEW: Final = ".review.jpg"


@dataclass(frozen=True, slots=True)
class Permitted:
    """One scope: whether everybody who is asked for it agreed, and else who did not, in lines."""

    scope: str
    allowed: bool
    why_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A file or folder that was made from a record, from the project's folder on where it lies inside."""

    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record of the store. encounter: None where it is not to be shown. frames: sheets of obscured pictures that are there, only where it is."""

    identifier: str
    encounter: Encounter | None
    scopes: tuple[Permitted, ...]
    holds_until: str
    unconfirmed: tuple[str, ...]
    made: tuple[Made, ...]
    frames: tuple[Path, ...]


def show_record(store: Store, project: Path, identifier: str, *, on: date) -> ShownRecord:
    """The record of that name on that day. StoreError for a name that is not there, with the nearest one."""
    from commonbeat.record import SCOPES
    from commonbeat.record.derivatives import known
    from commonbeat.record.keeping import stored_records

    with store.reading() as connection:
        found = stored_records(connection, [identifier])
        made = known(connection, identifier)
        names = [] if found else [each.encounter.identifier for each in stored_records(connection)]
    if not found:
        way_out = did_you_mean(identifier, names) if names else "No record is kept yet."
        raise StoreError("There is no such record:", [Mistake(identifier, None, "is not in the store", way_out)])
    encounter = found[0].encounter
    consent = encounter.consent
    scopes = []
    for scope in SCOPES:
        refusals = consent.refusals(scope, on)
        scopes.append(Permitted(scope, not refusals, tuple(f"{each.place}: {each.rule}" for each in refusals)))
    shown = consent.allows("show", on)
    paths = [project / each.path for each in made if each.path.endswith(REVIEW)] if shown else []
    return ShownRecord(
        identifier=identifier,
        encounter=encounter if shown else None,
        scopes=tuple(scopes),
        holds_until=str(consent.holds_until() or ""),
        unconfirmed=encounter.unconfirmed(),
        made=tuple(Made(each.path, each.kind) for each in made),
        frames=tuple(path for path in paths if path.is_file()),
    )
