"""Doors that were shut after a backup was made stay shut when it is restored over the store that knows of it; and which ones stand open now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, func, insert, select, update

from commonbeat.storage import open_store
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import open_links, participants, studies
from commonbeat.storage.tables_web import users

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from commonbeat.storage import Store
    from commonbeat.storage.location import Location

SHUT: Final = ("closed", "erased")
OVER: Final = {"open": SHUT, "closed": ("erased",)}
"""What a study that is restored in a state may have become since, for good."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may come in, as a store knows it.

    team: rows of the table `users`. revoked: hashes of links. studies: by their secret seeds, state and day of closing. renewed: (seed,
    number, hash) of the personal links that are good now.
    """

    team: tuple[dict, ...]
    revoked: frozenset[str]
    studies: dict[bytes, tuple[str, str | None]]
    renewed: tuple[tuple[bytes, int, str], ...]


def doors_of(location: Location) -> Doors:
    """The doors of the store there."""
    with open_store(location, create=False) as store, store.reading() as connection:
        team = tuple(dict(row) for row in connection.execute(select(users)).mappings())
        revoked = connection.execute(select(open_links.c.token_hash).where(open_links.c.revoked))
        known = connection.execute(select(studies.c.assignment_seed, studies.c.state, studies.c.closed_on))
        joined = participants.join(studies, participants.c.study == studies.c.identifier)
        personal = select(studies.c.assignment_seed, participants.c.number, participants.c.token_hash)
        renewed = connection.execute(personal.select_from(joined))
        return Doors(
            team,
            frozenset(revoked.scalars()),
            {bytes(row[0]): (row[1], row[2]) for row in known},
            tuple((bytes(row[0]), row[1], row[2]) for row in renewed),
        )


def keep_shut(store: Store, before: Doors | None) -> tuple[str, ...]:
    """What `before` had shut is shut in the store, and its team is the store's; returned is what that changed, in words."""
    if before is None:
        return ()
    with store.writing() as connection:
        return (
            *_team(connection, before),
            *_links(connection, before),
            *_personal_links(connection, before),
            *_studies(connection, before),
        )


def open_doors(store: Store) -> tuple[str, ...]:
    """Who may sign in, which studies take answers, and how many links of each are good, in words: for whoever restored it to look at."""
    with store.reading() as connection:
        team = connection.execute(select(users.c.name, users.c.role).order_by(users.c.name))
        found = [f"{row.name} can sign in as {row.role}" for row in team]
        taking = select(studies.c.identifier).where(studies.c.state == "open").order_by(studies.c.identifier)
        for name in connection.execute(taking).scalars().all():
            good = (open_links.c.study == name) & ~open_links.c.revoked
            many = connection.execute(select(func.count()).select_from(open_links).where(good)).scalar_one()
            found.append(f"{name} takes answers, by personal links and {many} that many may use")
        return tuple(found)


def _team(connection: Connection, before: Doors) -> list[str]:
    """Whoever could sign in just now still can, with the same password and role, and nobody else; a store without an owner has no say."""
    if not any(row["role"] == "owner" for row in before.team):
        return []
    back = {row["name"]: dict(row) for row in connection.execute(select(users)).mappings()}
    now = {row["name"]: row for row in before.team}
    if back == now:
        return []
    connection.execute(delete(users))
    connection.execute(insert(users), list(before.team))
    append(connection, "team kept", "store")
    removed = [f"{name} was removed since, and stays so" for name in sorted(back.keys() - now.keys())]
    changed = [name for name in sorted(now) if back.get(name) != now[name]]
    return [*removed, *(f"{name} keeps the password and role of now" for name in changed)]


def _links(connection: Connection, before: Doors) -> list[str]:
    good = connection.execute(select(open_links.c.token_hash, open_links.c.study).where(~open_links.c.revoked)).all()
    found = [row for row in good if row.token_hash in before.revoked]
    if found:
        hashes = [{"shut": row.token_hash} for row in found]
        connection.execute(
            update(open_links).where(open_links.c.token_hash == bindparam("shut")).values(revoked=True), hashes
        )
    for row in found:
        append(connection, "link revoked", row.study, scope="again")
    return [f"a link of {row.study} was revoked since, and stays so" for row in found]


def _personal_links(connection: Connection, before: Doors) -> list[str]:
    """A personal link that was replaced since opens nothing again; the one that took its place does."""
    joined = participants.join(studies, participants.c.study == studies.c.identifier)
    columns = (studies.c.assignment_seed, participants.c.number, participants.c.token_hash, participants.c.study)
    back = {(bytes(row[0]), row[1]): row for row in connection.execute(select(*columns).select_from(joined))}
    newer = [
        (back[seed, number], token)
        for seed, number, token in before.renewed
        if (seed, number) in back and back[seed, number].token_hash != token
    ]
    if not newer:
        return []
    values = [{"who": row.number, "newer": token} for row, token in newer]
    connection.execute(
        update(participants).where(participants.c.number == bindparam("who")).values(token_hash=bindparam("newer")),
        values,
    )
    counts = Counter(row.study for row, _ in newer)
    for name in counts:
        append(connection, "link renewed", name, scope="again")
    return [
        f"{'a personal link' if count == 1 else f'{count:,} personal links'} of {name} "
        f"{'was' if count == 1 else 'were'} replaced since, and {'stays' if count == 1 else 'stay'} so"
        for name, count in counts.items()
    ]


def _studies(connection: Connection, before: Doors) -> list[str]:
    gone = []
    for row in connection.execute(select(studies.c.identifier, studies.c.assignment_seed, studies.c.state)).all():
        state, day = before.studies.get(bytes(row.assignment_seed), ("", None))
        if state in OVER.get(row.state, ()):
            mine = studies.c.identifier == row.identifier
            connection.execute(update(studies).where(mine).values(state=state, closed_on=day))
            append(connection, f"study {state}", row.identifier, scope="again")
            gone.append(f"{row.identifier} was {state} since, and stays so")
    return gone
