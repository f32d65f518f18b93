"""A study's answers are deleted, as the page of consent promised: the day has come, or its makers want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from commonbeat.errors import FailureError, Mistake, StoreError
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import answers, contacts, open_links, participants, strata, submissions, turns
from commonbeat.workflows.listen_studies import CLOSED, kept_study
from commonbeat.workflows.listen_withdraw import count_exports

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from commonbeat.storage import Store


ERASED = "answers erased"


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone: people and their answers. exports: files outside the store that may still hold them. traces: as in Withdrawn."""

    study: str
    people: int
    answers: int
    exports: int
    traces: str

    def require_all(self) -> None:
        """The words are nowhere in the store's files, or FailureError says why they may be."""
        if self.traces:
            raise FailureError(self.traces)


def erase_study(store: Store, study_id: str) -> Erased:
    """Nobody who was asked is in the store any more; the study's file, closed for good, and the log stay.

    Raises StoreError for a study that is not there or not closed.
    """

    def work(connection: Connection) -> tuple[int, int, int]:
        if kept_study(connection, study_id).state != CLOSED:
            way_out = f"Close it first: commonbeat listen close {study_id}"
            raise StoreError("Nothing was deleted:", [Mistake(study_id, None, "is not closed", way_out)])
        theirs = select(participants.c.number).where(participants.c.study == study_id)
        gone = connection.execute(delete(answers).where(answers.c.participant.in_(theirs))).rowcount
        for table in (submissions, turns, contacts):
            connection.execute(delete(table).where(table.c.participant.in_(theirs)))
        people = connection.execute(delete(participants).where(participants.c.study == study_id)).rowcount
        for table in (strata, open_links):
            connection.execute(delete(table).where(table.c.study == study_id))
        append(connection, ERASED, study_id, scope=f"{people} people")
        return people, gone, count_exports(connection, study_id)

    found = store.write(work)
    try:
        store.erase_traces()
    except FailureError as error:
        return Erased(study_id, *found, str(error))
    return Erased(study_id, *found, "")
