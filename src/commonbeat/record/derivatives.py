"""What was made from an encounter: where it is, so that a withdrawal finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, or_, select

from commonbeat.storage.log import append, now
from commonbeat.storage.tables import derivatives

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from commonbeat.record.consent import Consent

SOURCE: Final = "source"
TABLE: Final = "table"
EXPORT: Final = "export"
PARTIAL: Final = "partial"


@dataclass(frozen=True, slots=True)
class Derivative:
    """One file or folder. path: as it is stored, from the project folder on where it lies inside."""

    encounter: str
    consent: str
    path: str
    kind: str
    holds_until: str
    made_at: str


def remember(connection: Connection, consent: Consent, path: str, kind: str) -> None:
    """The store knows the file or folder, and the log says that there is one more; it does not say where."""
    known = derivatives.c.encounter == consent.encounter, derivatives.c.path == path
    again = connection.execute(select(derivatives.c.kind).where(*known)).scalar()
    connection.execute(delete(derivatives).where(*known))
    holds_until = consent.holds_until()
    row = {
        "encounter": consent.encounter,
        "consent": consent.identifier,
        "path": path,
        "kind": kind,
        "holds_until": "" if holds_until is None else holds_until.isoformat(),
        "made_at": now(),
    }
    connection.execute(insert(derivatives).values(row))
    if again is None:
        append(connection, "derivative", consent.encounter, scope=kind)


def forget(connection: Connection, path: str) -> int:
    """The store knows the file or folder no more, whichever encounters it was made from; returns from how many."""
    return connection.execute(delete(derivatives).where(derivatives.c.path == path)).rowcount


def forget_one(connection: Connection, encounter: str, path: str) -> None:
    """The store knows the file or folder no more as made from this encounter; from others it may be."""
    here = derivatives.c.encounter == encounter, derivatives.c.path == path
    connection.execute(delete(derivatives).where(*here))


def forget_others(connection: Connection, path: str, encounters: Collection[str]) -> None:
    """Of records, the file holds these encounters only: it was the source of others once, and holds them no more."""
    others = derivatives.c.encounter.not_in(encounters), derivatives.c.kind.in_((SOURCE, TABLE))
    connection.execute(delete(derivatives).where(derivatives.c.path == path, *others))


def known(connection: Connection, identifier: str = "") -> list[Derivative]:
    """What was made from this encounter or under this consent, or everything, in the order in which it was made."""
    query = select(*(derivatives.c[name] for name in Derivative.__slots__)).order_by(derivatives.c.number)
    if identifier:
        query = query.where(or_(derivatives.c.encounter == identifier, derivatives.c.consent == identifier))
    return [Derivative(*row) for row in connection.execute(query)]
