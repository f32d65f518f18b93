"""What is wrong with files of records, or with a store, and what may be done with what is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonbeat.errors import ConsentError, Mistake, RecordError, StoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from commonbeat.record import Encounter
    from commonbeat.record.derivatives import Derivative
    from commonbeat.record.keeping import StoredRecord
    from commonbeat.storage.log import Entry


@dataclass(frozen=True, slots=True)
class Checked:
    """One record that is sound: what may be done with it today, until when, and what no person has confirmed."""

    file: str
    identifier: str
    summary: str
    invented: bool
    scopes: tuple[str, ...]
    holds_until: str
    unconfirmed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedStore:
    """A store in which nothing is wrong."""

    store: str
    records: tuple[Checked, ...]
    derivatives: int
    log_entries: int
    log_head: str


def check_files(paths: Sequence[str | Path], on: date | None = None) -> tuple[Checked, ...]:
    """Every record in the files is sound and its consent still holds; otherwise RecordError lists every mistake in all.

    Consent that lets nothing be done is no mistake: somebody may say no. Consent that is over is one, for then nothing
    may be kept either.
    """
    from commonbeat.workflows.record_files import records_of
    from commonbeat.workflows.record_store import today

    found: list[Mistake] = []
    checked: list[Checked] = []
    first: dict[str, str] = {}
    for path in paths:
        try:
            encounters = records_of(path).encounters
        except RecordError as error:
            found += [_in_file(path, each) for each in error.mistakes]
            continue
        for encounter in encounters:
            name = encounter.identifier
            if name in first:
                found.append(
                    Mistake(f"{path}: identifier", name, f"stands in {first[name]} too", "Each record has its own.")
                )
            first.setdefault(name, str(path))
            found += [_in_file(path, each) for each in _over(encounter, on or today())]
            checked.append(_checked(str(path), encounter, on or today()))
    if found:
        raise RecordError("These records cannot be used as they stand:", found)
    return tuple(checked)


def check_store(
    *, project: str | Path | None = None, database: str | None = None, head: str = "", on: date | None = None
) -> CheckedStore:
    """Consent of everything in the store still holds, nothing waits to be deleted, and the log is whole.

    head: the hash of a log entry that somebody noted down before. Raises StoreError where the log or a record was changed
    behind its back, ConsentError where consent is over or a deletion is not finished.
    """
    from commonbeat.record.derivatives import known
    from commonbeat.record.keeping import stored_records, withdrawn
    from commonbeat.storage.log import broken, entries
    from commonbeat.storage.log import head as head_of
    from commonbeat.workflows.record_store import store_of, today

    day = on or today()
    with store_of(project, database, create=False) as store, store.reading() as connection:
        log, records, made = entries(connection), stored_records(connection), known(connection)
        gone, sealed = withdrawn(connection), head_of(connection)
    _refuse_tampering(store.name, broken(log, head) + _at_odds(log, records, gone))
    found = [
        Mistake(f"{each.encounter.identifier}, {one.place}", None, one.rule, one.way_out)
        for each in records
        for one in _over(each.encounter, day)
    ]
    alone = [each for each in made if each.encounter not in {one.encounter.identifier for one in records}]
    found += [mistake for each in alone for mistake in _lingering(each, gone, day)]
    if found:
        raise ConsentError("Consent is over, or a deletion is not finished:", found)
    checked = tuple(_checked("", each.encounter, day) for each in records)
    return CheckedStore(store.name, checked, len(made), len(log), sealed)


def _lingering(derivative: Derivative, gone: set[str], on: date) -> list[Mistake]:
    """What is wrong with a file or folder whose encounter is not in the store: withdrawn, or under consent that is over."""
    again = f"commonbeat record withdraw {derivative.encounter}"
    if derivative.encounter in gone:
        return [Mistake(derivative.path, None, "was to be deleted and was not reached", f"Give again: {again}")]
    if derivative.holds_until and derivative.holds_until < on.isoformat():
        rule = f"was made under consent that expired on {derivative.holds_until}"
        return [Mistake(derivative.path, None, rule, f"Delete it: {again}")]
    return []


def _at_odds(log: list[Entry], records: list[StoredRecord], gone: set[str]) -> list[str]:
    """Where the store holds something else than what its log says was kept and withdrawn, in words."""
    kept = {each.subject: each.fingerprint for each in log if each.act in ("import", "replace")}
    taken_out = {each.subject for each in log if each.act == "withdraw"}
    stored = {each.encounter.identifier: each.fingerprint for each in records}
    changed = [name for name, fingerprint in stored.items() if kept.get(name) != fingerprint]
    return [
        *(f"record {name} is not what was imported" for name in changed),
        *(
            f"record {name} was imported and is gone without a withdrawal"
            for name in sorted(kept.keys() - stored.keys() - taken_out)
        ),
        *(f"record {name} was withdrawn and stands there again" for name in sorted(taken_out & stored.keys())),
        *(f"what was left of the withdrawn record {name} is gone" for name in sorted(taken_out - gone)),
    ]


def _refuse_tampering(name: str, wrong: list[str]) -> None:
    """Nothing is wrong with the store and its log, or StoreError tells what was changed."""
    if wrong:
        way_out = "Somebody changed the store with another tool: compare it with a backup."
        raise StoreError(
            "The store was changed behind its log:", [Mistake(name, None, each, way_out) for each in wrong]
        )


def _over(encounter: Encounter, on: date) -> list[Mistake]:
    """One mistake for every permission that is over."""
    way_out = f"Ask again, or delete what there is: commonbeat record withdraw {encounter.identifier}"
    return [
        Mistake(f"consent, {each.place}", None, f"{each.rule}: nothing may be analysed, kept, shown or shared", way_out)
        for each in encounter.consent.ended(on)
    ]


def _in_file(path: str | Path, mistake: Mistake) -> Mistake:
    place = str(path) if mistake.place == str(path) else f"{path}: {mistake.place}"
    return Mistake(place, mistake.value, mistake.rule, mistake.way_out)


def _checked(file: str, encounter: Encounter, on: date) -> Checked:
    """What may be done with a record. A file is its reader's own; a record of the store is told only where it may be shown."""
    from commonbeat.record import SCOPES
    from commonbeat.workflows.record_list import NOT_SHOWN

    consent = encounter.consent
    missing = {
        f"{each.place}: {each.rule}"
        for scope in SCOPES
        for each in consent.refusals(scope, on)
        if each.rule.endswith("is missing")
    }
    return Checked(
        file=file,
        identifier=encounter.identifier,
        summary=encounter.summary() if file or consent.allows("show", on) else NOT_SHOWN,
        invented=encounter.invented,
        scopes=tuple(scope for scope in SCOPES if consent.allows(scope, on)),
        holds_until=str(consent.holds_until() or ""),
        unconfirmed=encounter.unconfirmed(),
        missing=tuple(sorted(missing)),
    )
