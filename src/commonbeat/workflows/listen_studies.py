"""Studies in the store: registered, opened, closed, and read back with their items and their secret."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, insert, select, update

from commonbeat.errors import Mistake, StoreError, did_you_mean
from commonbeat.storage.log import append
from commonbeat.storage.tables import log
from commonbeat.storage.tables_listen import participants, studies
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from commonbeat.listen.bank.item import Bank
    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.storage import Store

DRAFT, OPEN, CLOSED, ERASED = "draft", "open", "closed", "erased"
ERASURE: Final = "answers erased"
"""What the log says of a study of which nothing but its file is left."""
SECRET_BYTES: Final = 32
FIND: Final = select(studies).where(studies.c.identifier == bindparam("identifier"))


@dataclass(frozen=True, slots=True)
class KeptStudy:
    """A study as the store has it.

    state: draft, open, closed, or erased once its answers were deleted. secret: draws the arms and makes the codes; it never leaves the machine's store.
    """

    study: StudyDesign
    bank: Bank
    state: str
    opened_on: date | None
    closed_on: date | None
    secret: bytes
    erased_on: date | None = None


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study in a list: participants counts all who were invited or came and did not withdraw."""

    identifier: str
    title: str
    state: str
    design: str
    participants: int


def register_study(store: Store, study: StudyDesign) -> None:
    """The store has the study, as a draft where it is new; a draft is replaced, and the same study stays as it is.

    Raises StoreError where a study by that name was opened before and is another one by now.
    """
    row = {"document": _written(study), "fingerprint": study.fingerprint()}

    def work(connection: Connection) -> None:
        known = require_takeable(connection, study)
        if known is None:
            made = {"identifier": study.identifier, "state": DRAFT, "registered_on": str(today())}
            secret = secrets.token_bytes(SECRET_BYTES)
            connection.execute(insert(studies).values(**row, **made, assignment_seed=secret))
            append(connection, "study registered", study.identifier, fingerprint=study.fingerprint())
        else:
            connection.execute(update(studies).where(studies.c.identifier == study.identifier).values(row))

    store.write(work)


def require_takeable(connection: Connection, study: StudyDesign) -> Row[Any] | None:
    """The row of the study where the store has it already, None where it is new; StoreError where another one was opened under its name."""
    known = connection.execute(FIND, {"identifier": study.identifier}).first()
    if known is not None and known.state != DRAFT and known.fingerprint != study.fingerprint():
        rule = f"was opened on {known.opened_on} and is not the same any more"
        way_out = "Leave an open study as it is, or give the changed one another identifier."
        raise StoreError("The study is not taken:", [Mistake("identifier", study.identifier, rule, way_out)])
    return known


def open_study(store: Store, identifier: str, *, on: date | None = None) -> None:
    """Links of the study lead to its pages from now on; a study that was closed is open again.

    Raises StudyError where something that its arms show is missing or was changed since the study was opened first, StoreError for a name that is not there
    and for a study that was erased.
    """
    from commonbeat.listen.study.materials import require_materials
    from commonbeat.workflows.listen_materials import note_materials

    with store.reading() as connection:
        kept = kept_study(connection, identifier)
    require_answers(kept, "The study is not opened:")
    files = require_materials(kept.study)

    def work(connection: Connection) -> None:
        if kept_study(connection, identifier).state == OPEN:
            return
        note_materials(connection, identifier, files)
        days = {"opened_on": kept.opened_on or str(on or today()), "closed_on": None}
        chosen = update(studies).where(studies.c.identifier == identifier)
        connection.execute(chosen.values(state=OPEN, **{name: _text(day) for name, day in days.items()}))
        append(connection, "study opened", identifier, fingerprint=kept.study.fingerprint())

    store.write(work)


def close_study(store: Store, identifier: str, *, on: date | None = None) -> None:
    """Nobody can answer any more; what was answered stays. StoreError for a name that is not there."""

    def work(connection: Connection) -> None:
        if kept_study(connection, identifier).state in (CLOSED, ERASED):
            return
        chosen = update(studies).where(studies.c.identifier == identifier)
        connection.execute(chosen.values(state=CLOSED, closed_on=str(on or today())))
        append(connection, "study closed", identifier)

    store.write(work)


def kept_study(connection: Connection, identifier: str) -> KeptStudy:
    """The study of that name, or StoreError with the nearest one."""
    row = connection.execute(FIND, {"identifier": identifier}).first()
    if row is None:
        known = connection.execute(select(studies.c.identifier)).scalars().all()
        way_out = did_you_mean(identifier, known) if known else "Open one with: commonbeat listen open STUDY.toml"
        raise StoreError("There is no such study:", [Mistake("study", identifier, "is not in the store", way_out)])
    study, bank = study_of(row.document)
    opened, closed = (date.fromisoformat(day) if day else None for day in (row.opened_on, row.closed_on))
    erased = _erased_on(connection, identifier) if row.state == CLOSED else None
    return KeptStudy(study, bank, ERASED if erased else row.state, opened, closed, row.assignment_seed, erased)


def require_not_over(kept: KeptStudy, heading: str) -> None:
    """People can answer the study, now or once it is opened; or StoreError says why nobody ever will."""
    require_answers(kept, heading)
    if kept.state == CLOSED:
        rule = f"was closed on {kept.closed_on}, so nobody could answer"
        way_out = f"Open it again first: commonbeat listen open {kept.study.identifier}"
        raise StoreError(heading, [Mistake("study", kept.study.identifier, rule, way_out)])


def require_answers(kept: KeptStudy, heading: str) -> None:
    """The study's answers are not erased; or StoreError says when they were."""
    if kept.state == ERASED:
        rule = f"is over: its answers and everybody who was asked were deleted on {kept.erased_on}"
        way_out = "Ask anew under another identifier."
        raise StoreError(heading, [Mistake("study", kept.study.identifier, rule, way_out)])


def _erased_on(connection: Connection, identifier: str) -> date | None:
    """The day on which the answers were deleted, None where they are there. The log of a study with people is long and is not looked at."""
    if connection.execute(select(participants.c.number).where(participants.c.study == identifier).limit(1)).first():
        return None
    chosen = select(func.max(log.c.at)).where(log.c.subject == identifier, log.c.act == ERASURE)
    at = connection.execute(chosen).scalar()
    return date.fromisoformat(at[:10]) if at else None


def list_studies(store: Store) -> tuple[StudyLine, ...]:
    """Every study of the store, by name."""
    counted = (
        select(participants.c.study, func.count().label("people"))
        .where(participants.c.state != "withdrawn")
        .group_by(participants.c.study)
        .subquery()
    )
    chosen = (
        select(studies, func.coalesce(counted.c.people, 0).label("people"))
        .join(counted, counted.c.study == studies.c.identifier, isouter=True)
        .order_by(studies.c.identifier)
    )
    with store.reading() as connection:
        rows = connection.execute(chosen).all()
        over = {row.identifier for row in rows if row.state == CLOSED and _erased_on(connection, row.identifier)}
    made = [(row, study_of(row.document)[0], ERASED if row.identifier in over else row.state) for row in rows]
    return tuple(
        StudyLine(row.identifier, study.title[study.languages[0]], state, study.design, row.people)
        for row, study, state in made
    )


@lru_cache(maxsize=32)
def study_of(document: str) -> tuple[StudyDesign, Bank]:
    """The study that the store holds as this text, and its items; read and checked once in a process."""
    from commonbeat.listen.study.reading import bank_of, study_from

    study = study_from(json.loads(document))
    return study, bank_of(study)


def _written(study: StudyDesign) -> str:
    return json.dumps(study.document(), ensure_ascii=False, sort_keys=True)


def _text(day: date | str | None) -> str | None:
    return None if day is None else str(day)
