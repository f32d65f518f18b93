"""The log: what was done to which record, in a chain in which each entry seals all before it.

    hash(n) = SHA-256 of (number, at, act, subject, scope, fingerprint, hash(n - 1))

The database refuses to change or delete an entry. Whoever goes round that, with a tool of their own, breaks the chain
unless they write every later entry anew; a head that somebody noted down elsewhere shows that too. Entries hold no
content: fingerprints are of content together with a random salt, which goes with the content.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select

from commonbeat.storage.tables import log

if TYPE_CHECKING:
    from sqlalchemy import Connection

BEGINNING: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    number: int
    at: str
    act: str
    subject: str
    scope: str
    fingerprint: str
    previous: str
    hash: str

    def seal(self) -> str:
        """The hash that this entry should have."""
        parts = [self.number, self.at, self.act, self.subject, self.scope, self.fingerprint, self.previous]
        return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def append(
    connection: Connection, act: str, subject: str, *, scope: str = "", fingerprint: str = "", at: str = ""
) -> Entry:
    """The log has one more entry; part of the transaction that does what it tells of.

    at: when, in place of this moment: of what those who answer did, the log tells the day and not the hour.
    """
    if connection.dialect.name == "postgresql":
        # SQLite has one writer at a time; elsewhere two would seal the same entry.
        connection.exec_driver_sql("LOCK TABLE log IN EXCLUSIVE MODE")
    last = connection.execute(select(log.c.number, log.c.hash).order_by(log.c.number.desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, BEGINNING)
    draft = Entry(number, at or now(), act, subject, scope, fingerprint, previous, "")
    entry = Entry(number, draft.at, act, subject, scope, fingerprint, previous, draft.seal())
    connection.execute(insert(log).values({name: getattr(entry, name) for name in Entry.__slots__}))
    return entry


def entries(connection: Connection) -> list[Entry]:
    """The whole log, oldest first."""
    columns = [log.c[name] for name in Entry.__slots__]
    return [Entry(*row) for row in connection.execute(select(*columns).order_by(log.c.number))]


def head(connection: Connection) -> str:
    """The hash of the last entry, which seals the whole log."""
    last = connection.execute(select(func.max(log.c.number))).scalar()
    return (
        BEGINNING if last is None else connection.execute(select(log.c.hash).where(log.c.number == last)).scalar_one()
    )


def broken(found: list[Entry], noted_head: str = "") -> list[str]:
    """What is wrong with a log, in words; empty when every entry is as it was written and none is missing between.

    noted_head: a hash that somebody noted down; it must stand in the log.
    """
    wrong, previous = [], BEGINNING
    for place, entry in enumerate(found, start=1):
        if entry.number != place:
            wrong.append(f"entry {place} is missing")
            break
        if entry.previous != previous:
            wrong.append(f"entry {entry.number} does not follow the entry before it")
        if entry.seal() != entry.hash:
            wrong.append(f"entry {entry.number} was changed after it was written")
        previous = entry.hash
    if noted_head and noted_head not in {BEGINNING, *(entry.hash for entry in found)}:
        wrong.append("the hash that was noted down does not stand in the log: entries were taken out or written anew")
    return wrong


def now() -> str:
    """This moment in universal time, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
