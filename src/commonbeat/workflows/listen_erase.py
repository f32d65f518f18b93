"""A study's answers are deleted, as the page of consent promised: the day has come, or its makers want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from commonbeat.errors import FailureError, Mistake, StoreError
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import answers, contacts, open_links, participants, strata, submissions, turns
from commonbeat.workflows.listen_studies import CLOSED, ERASED, ERASURE, KeptStudy, kept_study
from commonbeat.workflows.listen_traces import overwrite_traces
from commonbeat.workflows.listen_withdraw import count_exports

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from commonbeat.storage import Store


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone: people and their answers. exports: files outside the store that may still hold them. traces: why files of the store may, or "".

    before: the day on which all of it was deleted already, None where it is gone only now.
    """

    study: str
    people: int
    answers: int
    exports: int
    traces: str
    before: date | None = None

    def require_all(self) -> None:
        """The words are nowhere in the store's files, or FailureError says why they may be."""
        if self.traces:
            raise FailureError(self.traces)


def erase_study(store: Store, study_id: str) -> Erased:
    """Nobody who was asked is in the store any more; the study's file, closed for good, and the log stay.

    A study that was erased before stays as it is, and traces that were left are looked for again. Raises StoreError for a study that is not
    there or not closed.
    """

    def work(connection: Connection) -> tuple[date | None, int, int, int]:
        kept = kept_study(connection, study_id)
        require_erasable(kept)
        if kept.erased_on is not None:
            return kept.erased_on, 0, 0, count_exports(connection, study_id)
        theirs = select(participants.c.number).where(participants.c.study == study_id)
        gone = connection.execute(delete(answers).where(answers.c.participant.in_(theirs))).rowcount
        for table in (submissions, turns, contacts):
            connection.execute(delete(table).where(table.c.participant.in_(theirs)))
        people = connection.execute(delete(participants).where(participants.c.study == study_id)).rowcount
        for table in (strata, open_links):
            connection.execute(delete(table).where(table.c.study == study_id))
        append(connection, ERASURE, study_id, scope=f"{people} people")
        return None, people, gone, count_exports(connection, study_id)

    before, people, gone, exports = store.write(work)
    try:
        overwrite_traces(store)
    except (FailureError, StoreError) as error:  # whatever it is, the answers are gone, and that must be said
        return Erased(study_id, people, gone, exports, str(error), before)
    return Erased(study_id, people, gone, exports, "", before)


def require_erasable(kept: KeptStudy) -> None:
    """The study is closed, or StoreError says what is to be done before its answers can be deleted."""
    if kept.state not in (CLOSED, ERASED):
        way_out = f"Close it first: commonbeat listen close {kept.study.identifier}"
        mistake = Mistake("study", kept.study.identifier, "is not closed", way_out)
        raise StoreError("Nothing was deleted:", [mistake])
