"""Somebody takes everything back: their answers, what they wrote, how to reach them. What that leaves in files is for `listen_traces`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from commonbeat.errors import FailureError, LinkError, Mistake, StoreError
from commonbeat.storage.log import append
from commonbeat.storage.tables import log
from commonbeat.storage.tables_listen import answers, contacts, participants, submissions, turns
from commonbeat.workflows.listen_standing import unknown_link
from commonbeat.workflows.listen_tokens import hash_of, plain_code
from commonbeat.workflows.listen_traces import WITHDRAWN, overwrite_traces
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from commonbeat.storage import Store

EXPORTED = "study exported"
NOTHING_LEFT = dict.fromkeys(("language", "stratum", "position", "arrived_on", "consented_on", "finished_on"))
"""What the row of somebody who withdrew says no more: a stratum is made of answers."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is gone.

    answers: how many; 0 where it was withdrawn before. exports: how often the study's answers were exported before, by which files outside
    the store may still hold them. traces: "" where that is all that is left of them but for what the next `overwrite_traces` takes; else why not.
    before: the day on which the same was withdrawn already, None where it is gone only now.
    """

    study: str
    answers: int
    exports: int
    traces: str
    before: date | None = None

    def require_all(self) -> None:
        """Nothing was in the way, or FailureError says what was."""
        if self.traces:
            raise FailureError(self.traces)


def withdraw(store: Store, code: str, *, on: date | None = None) -> Withdrawn:
    """Everything of whoever has that code is deleted; a row without content and an entry in the log stay.

    The same code again goes on where traces were left. Raises LinkError for a code that is not known.
    """
    plain = plain_code(code)
    if not plain:
        raise _unknown_code()
    return _withdraw(store, participants.c.withdrawal_hash == hash_of(plain), _unknown_code(), on)


def withdraw_and_overwrite(store: Store, code: str, *, on: date | None = None) -> Withdrawn:
    """The same, and the store's files are written anew at once, which takes seconds in a large store: for a command."""
    gone = withdraw(store, code, on=on)
    try:
        overwrite_traces(store)
    except (FailureError, StoreError) as error:
        return replace(gone, traces=str(error))
    return replace(gone, traces="")


def withdraw_by_link(store: Store, token: str, *, on: date | None = None) -> Withdrawn:
    """The same for somebody who stops on the way and has no code yet, by their personal link."""
    return _withdraw(store, participants.c.token_hash == hash_of(token), unknown_link(), on)


def count_exports(connection: Connection, study: str) -> int:
    """How often the study's answers were exported."""
    chosen = select(func.count()).select_from(log).where(log.c.act == EXPORTED, log.c.subject == study)
    return connection.execute(chosen).scalar_one()


def _withdraw(store: Store, whose: ColumnElement[bool], unknown: LinkError, on: date | None) -> Withdrawn:
    def work(connection: Connection) -> tuple[str, int, int, date | None]:
        row = connection.execute(select(participants).where(whose).with_for_update()).first()
        if row is None:
            raise unknown
        again = row.state == "withdrawn"
        gone = 0 if again else _delete(connection, row, str(on or today()))
        before = date.fromisoformat(row.withdrawn_on) if again and row.withdrawn_on else None
        return row.study, gone, count_exports(connection, row.study), before

    study, gone, exports, before = store.write(work)
    try:
        store.empty_side_file()
    except (FailureError, StoreError) as error:  # whatever it is, the answers are gone, and that must be said
        return Withdrawn(study, gone, exports, str(error), before)
    return Withdrawn(study, gone, exports, "", before)


def _delete(connection: Connection, row: Any, day: str) -> int:
    """The rows are gone, and what is left says only that somebody of this arm withdrew."""
    gone = connection.execute(delete(answers).where(answers.c.participant == row.number)).rowcount
    for table in (submissions, turns, contacts):
        connection.execute(delete(table).where(table.c.participant == row.number))
    mine = update(participants).where(participants.c.number == row.number)
    connection.execute(mine.values(state="withdrawn", withdrawn_on=day, **NOTHING_LEFT))
    append(connection, WITHDRAWN, row.study, at=day)
    return gone


def _unknown_code() -> LinkError:
    rule, way_out = "is not known", "Type the sixteen letters and digits as they were shown at the end."
    return LinkError("Nothing was withdrawn:", [Mistake("code", None, rule, way_out)])
