"""What was taken back after a backup was made stays taken back when it is restored over the store that knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from commonbeat.storage import open_store
from commonbeat.storage.log import append
from commonbeat.storage.tables import derivatives, encounters, log, withdrawals
from commonbeat.storage.tables_listen import answers, contacts, open_links, participants, studies, submissions, turns
from commonbeat.workflows.listen_studies import ERASURE
from commonbeat.workflows.listen_withdraw import NOTHING_LEFT

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from commonbeat.storage import Store
    from commonbeat.storage.location import Location

OF_A_PARTICIPANT: Final = (answers, submissions, turns, contacts)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a store knows to be taken back.

    encounters: rows of the table `withdrawals`. participants: the secret seed of a study, which no two studies share,
    with the numbers of those who withdrew from it and the day. erased: the seeds of studies whose answers were deleted, with how often
    that was, and the numbers of all who are there since.
    """

    encounters: tuple[dict, ...]
    participants: tuple[tuple[bytes, int, str], ...]
    erased: tuple[tuple[bytes, int, frozenset[int]], ...] = ()


def withdrawn_in(location: Location) -> Withdrawn:
    """What the store there knows to be taken back."""
    with open_store(location, create=False) as store, store.reading() as connection:
        taken = tuple(dict(row) for row in connection.execute(select(withdrawals)).mappings())
        who = select(studies.c.assignment_seed, participants.c.number, participants.c.withdrawn_on)
        joined = who.join(participants, participants.c.study == studies.c.identifier)
        rows = connection.execute(joined.where(participants.c.state == "withdrawn"))
        known = tuple((bytes(row[0]), row[1], row[2] or "") for row in rows)
        return Withdrawn(taken, known, _erased_in(connection))


def withdrawn_since(store: Store, before: Withdrawn | None) -> tuple[str, ...]:
    """What `before` knew to be taken back is out of the store; returned is what that was, in words."""
    if before is None:
        return ()
    with store.writing() as connection:
        return (*_encounters(connection, before), *_participants(connection, before), *_studies(connection, before))


def _erased_in(connection: Connection) -> tuple[tuple[bytes, int, frozenset[int]], ...]:
    """Every study whose answers were deleted, how often, and who is there."""
    found = []
    for seed, name, often in connection.execute(_erasures()).all():
        here = connection.execute(select(participants.c.number).where(participants.c.study == name)).scalars()
        found.append((bytes(seed), often, frozenset(here)))
    return tuple(found)


def _erasures() -> Select[Any, Any, int]:
    of_one = (log.c.act == ERASURE) & (log.c.subject == studies.c.identifier)
    counted = select(studies.c.assignment_seed, studies.c.identifier, func.count()).join(log, of_one)
    return counted.group_by(studies.c.assignment_seed, studies.c.identifier)


def _studies(connection: Connection, before: Withdrawn) -> list[str]:
    """Whoever was in the backup and was deleted with their study since is deleted again; who came after a deletion stays."""
    gone, often_here = [], {bytes(row[0]): row[2] for row in connection.execute(_erasures())}
    for seed, often, kept in before.erased:
        name = connection.execute(
            select(studies.c.identifier).where(studies.c.assignment_seed == seed)
        ).scalar_one_or_none()
        if name is None or often <= often_here.get(seed, 0):
            continue
        here = connection.execute(select(participants.c.number).where(participants.c.study == name)).scalars().all()
        numbers = [{"who": number} for number in here if number not in kept]
        if numbers:
            for table in OF_A_PARTICIPANT:
                connection.execute(delete(table).where(table.c.participant == bindparam("who")), numbers)
            connection.execute(delete(participants).where(participants.c.number == bindparam("who")), numbers)
        connection.execute(delete(open_links).where(open_links.c.study == name))
        append(connection, ERASURE, name, scope="again")
        gone.append(f"answers of {name}")
    return gone


def _encounters(connection: Connection, before: Withdrawn) -> list[str]:
    gone = []
    known = set(connection.execute(select(withdrawals.c.encounter)).scalars())
    for row in before.encounters:
        name = row["encounter"]
        if name in known:
            continue
        for table in (derivatives, encounters):
            key = table.c.identifier if table is encounters else table.c.encounter
            connection.execute(delete(table).where(key == name))
        connection.execute(insert(withdrawals).values(**row))
        append(connection, "withdrawn again", name)
        gone.append(f"encounter {name}")
    return gone


def _participants(connection: Connection, before: Withdrawn) -> list[str]:
    gone = []
    for seed, number, day in before.participants:
        here = select(participants.c.number, participants.c.study).join(
            studies, participants.c.study == studies.c.identifier
        )
        same = (studies.c.assignment_seed == seed) & (participants.c.number == number)
        row = connection.execute(here.where(same & (participants.c.state != "withdrawn"))).first()
        if row is None:
            continue
        for table in OF_A_PARTICIPANT:
            connection.execute(delete(table).where(table.c.participant == number))
        blank = {"state": "withdrawn", "withdrawn_on": day or None, **NOTHING_LEFT}
        connection.execute(update(participants).where(participants.c.number == number).values(**blank))
        append(connection, "withdrawn again", row.study)
        gone.append(f"a participant of {row.study}")
    return gone
