"""A withdrawn record is gone: its content, everything made from it, and its traces in the store's files."""

from __future__ import annotations

from dataclasses import dataclass
from os.path import lexists
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.errors import FailureError, InputError, Mistake, StoreError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from commonbeat.record.derivatives import Derivative
    from commonbeat.storage import Store

OFFICERS_WAY_OUT: Final = (
    "Write withdrawn_on into the officer's permission and give `commonbeat record import FILE --replace`: "
    "nothing is shown or shared from that day on."
)
REASONS: Final = ("asked", "expired", "mistake", "other")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is gone: encounters, files and folders; and what could not be reached, each with why."""

    encounters: tuple[str, ...]
    deleted: tuple[str, ...]
    unreached: tuple[tuple[str, str], ...]
    also_held: tuple[str, ...] = ()

    def require_all(self) -> None:
        """Everything was reached, or FailureError lists what a person has to look for."""
        if self.unreached:
            lines = "\n".join(f"  {path}: {why}" for path, why in self.unreached)
            raise FailureError(
                f"{', '.join(self.encounters)}: the record is deleted, but not everything made from it was reached:\n{lines}\n"
                "Delete these yourself and give the same command with --forget; or mend what is in the way and give it again."
            )


def withdraw_record(
    identifier: str,
    *,
    slot: str = "",
    why: str = "asked",
    forget: str = "",
    project: str | Path | None = None,
    database: str | None = None,
) -> Withdrawn:
    """The encounter by that name, or the one with the consent by that name, is gone with everything made from it.

    slot: one person who takes consent back, such as "child 3": what holds is what everybody agreed to, so the whole
    record goes; an officer is on duty and cannot take the record away. forget: "forget" where a person has dealt with files that could not be reached. The same command again
    goes on where one was stopped. Raises InputError for words that are not known, StoreError for a name that is not
    there, FailureError where another program holds the store; what could not be reached stands in the result.
    """
    from commonbeat.record.keeping import take_out
    from commonbeat.workflows.record_store import store_of

    if why not in REASONS:
        raise InputError("Nothing was withdrawn:", [Mistake("--why", why, "is no reason", did_you_mean(why, REASONS))])
    with store_of(project, database, create=False) as store:
        with store.writing() as connection:
            pairs = _meant(connection, identifier, slot)
            for encounter, consent in pairs:
                take_out(connection, encounter, consent, why)
        result = _erase_derivatives(store, Path(project or "."), [encounter for encounter, _ in pairs], forget)
        store.erase_traces()
    return result


def what_would_go(
    identifier: str, *, slot: str = "", project: str | Path | None = None, database: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(encounters, files and folders) that a withdrawal of that name, by that person, would delete."""
    from commonbeat.record.derivatives import known
    from commonbeat.workflows.record_store import store_of

    with store_of(project, database, create=False) as store, store.reading() as connection:
        names = [encounter for encounter, _ in _meant(connection, identifier, slot)]
        paths = [each.path for name in names for each in known(connection, name)]
    return tuple(names), tuple(dict.fromkeys(paths))


def _meant(connection: Connection, identifier: str, slot: str) -> list[tuple[str, str]]:
    """(encounter, consent) of everything by that name: stored, known by what was made from it, or withdrawn before."""
    from sqlalchemy import select

    from commonbeat.storage.tables import derivatives, encounters, withdrawals

    found: dict[str, str] = {}
    every: set[str] = set()
    for column, consent in (
        (withdrawals.c.encounter, withdrawals.c.consent),
        (derivatives.c.encounter, derivatives.c.consent),
        (encounters.c.identifier, encounters.c.consent),
    ):
        for name, its_consent in connection.execute(select(column, consent)):
            every |= {name, its_consent}
            if identifier in (name, its_consent):
                found[name] = its_consent
    if identifier in found:  # another encounter's consent may have the same word for a name, and is not meant
        found = {identifier: found[identifier]}
    if not found:
        way_out = did_you_mean(identifier, every) if every else "The store is empty."
        raise StoreError("Nothing was withdrawn:", [Mistake(identifier, None, "is not in the store", way_out)])
    if slot:
        _refuse_other_slots(connection, list(found), slot)
    return sorted(found.items())


def _refuse_other_slots(connection: Connection, names: Sequence[str], slot: str) -> None:
    """The slot is one of those that a stored consent names and no officer's, or InputError says what to do."""
    from commonbeat.record.keeping import stored_records

    if slot.strip().lower().partition(" ")[0] == "officer":
        rule = "is an officer on duty, without whose permission a record is kept"
        raise InputError("Nothing was withdrawn:", [Mistake("--slot", slot, rule, OFFICERS_WAY_OUT)])

    slots = {each for record in stored_records(connection, names) for each in record.encounter.consent.visible.slots()}
    if slots and slot not in slots:
        raise InputError(
            "Nothing was withdrawn:", [Mistake("--slot", slot, "is nobody visible", did_you_mean(slot, slots))]
        )


def _erase_derivatives(store: Store, project: Path, names: list[str], forget: str) -> Withdrawn:
    """Each file and folder is deleted, and then forgotten; what was not reached stays known, for the next try."""
    from commonbeat.record.derivatives import TABLE, forget_one, known
    from commonbeat.record.derivatives import forget as forgotten
    from commonbeat.storage.log import append

    with store.reading() as connection:
        every = known(connection)
    deleted, unreached, also_held = [], [], set()
    meant = [each for each in every if each.encounter in names]
    # What lies inside a folder goes before the folder, or it would be missed afterwards.
    for each in sorted(meant, key=lambda one: -len((project.resolve() / one.path).parts)):
        was_there = lexists(project / each.path)
        why = _erase(project, each)
        others = {one.encounter for one in every if one.path == each.path} - set(names)
        if why:
            unreached.append((each.path, why))
        elif was_there:
            deleted.append(each.path)
        if not why:
            also_held |= others if each.kind == "export" else set()
        if not why or forget:
            with store.writing() as connection:
                if each.kind == TABLE:  # the others still stand in it
                    forget_one(connection, each.encounter, each.path)
                else:
                    forgotten(connection, each.path)
    with store.writing() as connection:
        for name in names if deleted or unreached else ():
            append(connection, "erase", name, scope=f"{len(deleted)} deleted, {len(unreached)} not reached")
    left = () if forget else tuple(unreached)
    return Withdrawn(tuple(names), tuple(dict.fromkeys(deleted)), left, tuple(sorted(also_held)))


def _erase(project: Path, derivative: Derivative) -> str:
    """The file or folder is gone, or the record's rows in a table of several; returns why not, "" when it is."""
    from glob import escape

    from commonbeat.record.derivatives import PARTIAL, TABLE
    from commonbeat.storage.erase import erase
    from commonbeat.workflows.record_rows import erase_rows

    path = project / derivative.path
    for draft in path.parent.glob(f".{escape(path.name)}.*.writing"):  # of a program that was killed as it wrote
        erase(draft)
    if not lexists(path):
        return "" if derivative.kind == PARTIAL else "is not there any more: it may have been moved"
    if derivative.kind == TABLE:
        return erase_rows(path, derivative.encounter)
    return "; ".join(f"{left}: {reason}" if left != path else reason for left, reason in erase(path))
