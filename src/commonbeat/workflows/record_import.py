"""Records from a file are in the store, all of them or none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import ConsentError, Mistake, RecordError

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from commonbeat.record import Encounter
    from commonbeat.record.keeping import Kept
    from commonbeat.record.reading import RecordFile
    from commonbeat.storage import Store


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each record of a file, by identifier, and what the store remembers with them."""

    store: str
    kept: tuple[str, ...]
    same: tuple[str, ...]
    replaced: tuple[str, ...]
    unconfirmed: dict[str, tuple[str, ...]]
    remembered: tuple[str, ...]


def import_records(
    path: str | Path,
    *,
    project: str | Path | None = None,
    database: str | None = None,
    replace: str = "",
    on: date | None = None,
) -> Imported:
    """Every record of the file is in the store: one transaction, and the same file again changes nothing.

    replace: "replace" where a record takes the place of another by its name; otherwise such a conflict is refused. The
    file itself, and consent files that it names, are remembered, so that a withdrawal deletes them. Raises RecordError
    for mistakes and conflicts, ConsentError where "keep" is not allowed or a record was withdrawn.
    """
    from commonbeat.workflows.record_files import records_of
    from commonbeat.workflows.record_store import store_of, today

    read = records_of(path)
    may_be_kept(read.encounters, on or today())
    with store_of(project, database, create=True) as store:
        return _imported(store, Path(project or "."), read, replace)


def may_be_kept(encounters: tuple[Encounter, ...], on: date) -> None:
    """Everybody visible in every record who is asked agreed that it is kept, or ConsentError says who did not."""
    from commonbeat.record.consent import whose

    refused = [
        Mistake(f"{each.identifier}, {one.place}", None, one.rule, _way_out(each, one))
        for each in encounters
        for one in each.consent.refusals("keep", on)
    ]
    if refused:
        raise ConsentError(f"Nothing was kept: it needs 'keep' from {whose('keep')} in every record:", refused)


def _way_out(encounter: Encounter, refusal: Mistake) -> str:
    if " was withdrawn " in refusal.rule or " expired " in refusal.rule:
        return f"If there is a record of it in the store, delete it: commonbeat record withdraw {encounter.identifier}"
    return refusal.way_out


def _imported(store: Store, project: Path, read: RecordFile, replace: str) -> Imported:
    with store.writing() as connection:
        state = keep_in(connection, read.encounters, replace)
        remembered = _remember_files(connection, project, read)
    return _told(store, read.encounters, state, remembered)


def keep_entered(store: Store, encounters: tuple[Encounter, ...], *, replace: str = "", on: date) -> Imported:
    """The same for records that come from no file of the project, such as a form: nothing is remembered beside them."""
    may_be_kept(encounters, on)
    with store.writing() as connection:
        state = keep_in(connection, encounters, replace)
    return _told(store, encounters, state, ())


def keep_in(connection: Connection, encounters: tuple[Encounter, ...], replace: str) -> dict[str, Kept]:
    """All records are in the store, as a part of a transaction that is open; returned is how each stood to what was there before."""
    from commonbeat.record.keeping import compare, keep
    from commonbeat.workflows.record_derivatives import refuse_withdrawn

    refuse_withdrawn(connection, [each.identifier for each in encounters])
    state: dict[str, Kept] = {each.identifier: compare(connection, each) for each in encounters}
    differing = [each for each in encounters if state[each.identifier] == "differs"]
    if differing and replace != "replace":
        _conflict(connection, differing)
    for each in encounters:
        if state[each.identifier] != "same":
            keep(connection, each)
    return state


def _told(
    store: Store, encounters: tuple[Encounter, ...], state: dict[str, Kept], remembered: tuple[str, ...]
) -> Imported:
    return Imported(
        store=store.name,
        kept=tuple(name for name, each in state.items() if each == "kept"),
        same=tuple(name for name, each in state.items() if each == "same"),
        replaced=tuple(name for name, each in state.items() if each == "differs"),
        unconfirmed={each.identifier: each.unconfirmed() for each in encounters if each.unconfirmed()},
        remembered=remembered,
    )


def _conflict(connection: Connection, differing: list[Encounter]) -> None:
    """RecordError tells, record by record, in which fields the file and the store differ."""
    from commonbeat.record.keeping import stored_records
    from commonbeat.record.places import leaves
    from commonbeat.record.plain import plain_record

    stored = {
        each.encounter.identifier: each.encounter
        for each in stored_records(connection, [d.identifier for d in differing])
    }
    mistakes = []
    for each in differing:
        new, old = (dict(leaves(plain_record(one))) for one in (each, stored[each.identifier]))
        places = sorted(place for place in {*new, *old} if new.get(place) != old.get(place))
        told = ", ".join(places[:8]) + (f" and {len(places) - 8} more" if len(places) > 8 else "")
        way_out = (
            "If this one is right, give the command again with --replace; if it is another, give it another identifier."
        )
        mistakes.append(Mistake(each.identifier, None, f"is in the store already and differs in {told}", way_out))
    raise RecordError("Nothing was imported:", mistakes)


def _remember_files(connection: Connection, project: Path, read: RecordFile) -> tuple[str, ...]:
    """A withdrawal finds the file and the consent files that it names; a shipped example is not the user's to lose."""
    from commonbeat.record.derivatives import SOURCE, TABLE, forget_others
    from commonbeat.workflows.record_derivatives import remember_in, stored_path
    from commonbeat.workflows.record_files import is_shipped

    if is_shipped(read.path):
        return ()
    alone = len(read.encounters) == 1 and read.path.suffix.lower() != ".csv"
    found: dict[Path, None] = {}
    for encounter in read.encounters:
        beside = read.consent_files.get(encounter.identifier)
        pairs = [(read.path, SOURCE if alone else TABLE), *([] if beside is None else [(beside, SOURCE)])]
        for path, kind in ((each, kind) for named, kind in pairs for each in _with_target(named)):
            remember_in(connection, project, encounter.consent, path, kind)
            found[path] = None
    for path in found:
        forget_others(connection, stored_path(project, path), [each.identifier for each in read.encounters])
    return tuple(str(path) for path in found)


def _with_target(path: Path) -> tuple[Path, ...]:
    """The file, and where it is a link also what it leads to: a withdrawal removes links and does not follow them."""
    return (path, path.resolve()) if path.is_symlink() else (path,)
