"""Records in a store: put there, found, and taken out, each inside a transaction that somebody else holds."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, insert, select

from commonbeat.errors import Mistake, StoreError
from commonbeat.record.consent import COLLECT_LATER
from commonbeat.record.encounter import Encounter
from commonbeat.record.words import SCHEMA
from commonbeat.storage.log import append, now
from commonbeat.storage.tables import encounters, withdrawals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

Kept = Literal["kept", "same", "differs"]


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the store has it. fingerprint: what the log should hold of it."""

    encounter: Encounter
    imported_at: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is left of a withdrawn encounter."""

    encounter: str
    consent: str
    why: str
    at: str


def content_of(encounter: Encounter) -> str:
    """The record as one line of JSON with the version of its form; the same record gives the same line."""
    tree = {"schema": SCHEMA, **encounter.model_dump(mode="json")}
    return json.dumps(tree, ensure_ascii=False, sort_keys=True)


def compare(connection: Connection, encounter: Encounter) -> Kept:
    """Whether the store has this record already, another one by its name, or none ("kept" is what it can become)."""
    stored = connection.execute(
        select(encounters.c.content).where(encounters.c.identifier == encounter.identifier)
    ).scalar()
    if stored is None:
        return "kept"
    return "same" if stored == content_of(encounter) else "differs"


def keep(connection: Connection, encounter: Encounter) -> None:
    """The store holds the record, in place of the one by that name if there was one, and the log says so."""
    act = "import" if compare(connection, encounter) == "kept" else "replace"
    connection.execute(delete(encounters).where(encounters.c.identifier == encounter.identifier))
    content, salt = content_of(encounter), secrets.token_hex(32)
    row = {
        "identifier": encounter.identifier,
        "consent": encounter.consent.identifier,
        "content": content,
        "salt": salt,
        "invented": encounter.invented,
        "unconfirmed": len(encounter.unconfirmed()),
        "imported_at": now(),
    }
    connection.execute(insert(encounters).values(row))
    append(connection, act, encounter.identifier, scope="keep", fingerprint=fingerprint(content, salt))


def fingerprint(content: str, salt: str) -> str:
    """SHA-256 of salt and content; without the salt, which goes with the content, it cannot be matched to any."""
    return hashlib.sha256(f"{salt}\n{content}".encode()).hexdigest()


def stored_records(connection: Connection, identifiers: Sequence[str] = ()) -> list[StoredRecord]:
    """The records by these names, or all of them, in the order of their names."""
    query = select(encounters).order_by(encounters.c.identifier)
    if identifiers:
        query = query.where(encounters.c.identifier.in_(identifiers))
    return [
        StoredRecord(_read(row.identifier, row.content), row.imported_at, fingerprint(row.content, row.salt))
        for row in connection.execute(query)
    ]


def _read(identifier: str, content: str) -> Encounter:
    """The record that the store's content holds; it was checked when it was kept."""
    try:
        tree = json.loads(content)
        if tree.pop("schema") != SCHEMA:
            rule, way_out = "is of a version that is not known", "Update Common Beat."
            raise StoreError("The store cannot be used:", [Mistake(identifier, None, rule, way_out)])
        return Encounter.model_validate_json(json.dumps(tree), context=COLLECT_LATER)
    except (ValueError, KeyError, AttributeError) as error:  # pydantic's findings are ValueErrors too
        rule, way_out = "is not what was kept: somebody changed it", "Restore the store from a backup, or withdraw it."
        raise StoreError("The store cannot be used:", [Mistake(identifier, None, rule, way_out)]) from error


def withdrawal_of(connection: Connection, identifier: str) -> Withdrawal | None:
    """What is left of the encounter by that name, if it was withdrawn."""
    row = connection.execute(select(withdrawals).where(withdrawals.c.encounter == identifier)).first()
    return None if row is None else Withdrawal(row.encounter, row.consent, row.why, row.at)


def withdrawn(connection: Connection) -> set[str]:
    """Every encounter that was withdrawn."""
    return set(connection.execute(select(withdrawals.c.encounter)).scalars())


def take_out(connection: Connection, identifier: str, consent: str, why: str) -> None:
    """The content is gone, a tombstone stands in its place, and the log says so; nothing changes when it was so before."""
    if withdrawal_of(connection, identifier) is not None:
        return
    connection.execute(delete(encounters).where(encounters.c.identifier == identifier))
    row = {"encounter": identifier, "consent": consent, "why": why, "at": now()}
    connection.execute(insert(withdrawals).values(row))
    append(connection, "withdraw", identifier, scope=why)
