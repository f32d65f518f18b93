"""All answers of a study as three tables, read straight from the store: what tests hold against what was sent in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from commonbeat.storage.tables_listen import answers, participants, turns
from commonbeat.workflows.listen_studies import KeptStudy, kept_study

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Connection, Select

    from commonbeat.storage import Store

ROWS_AT_ONCE: Final = 50_000
PEOPLE: Final = (
    select(
        *(participants.c[name] for name in ("number", "arm", "audience", "language", "stratum", "position", "came_by")),
        *(participants.c[name] for name in ("state", "arrived_on", "consented_on", "finished_on", "withdrawn_on")),
    )
    .where(participants.c.study == bindparam("study"))
    .order_by(participants.c.number)
)
TURNS: Final = (
    select(turns.c.participant, turns.c.wave, turns.c.begun_on, turns.c.finished_on)
    .where(turns.c.study == bindparam("study"))
    .order_by(turns.c.participant, turns.c.wave)
)
ANSWERS: Final = (
    select(answers)
    .join(participants, participants.c.number == answers.c.participant)
    .where(participants.c.study == bindparam("study"))
    .order_by(answers.c.participant, answers.c.wave, answers.c.item)
)


@dataclass(frozen=True, slots=True)
class StudyAnswers:
    """A study with everything that was answered.

    participants: number, arm, audience, language, stratum, position, came_by, state, arrived_on, consented_on, finished_on, withdrawn_on,
    waves_answered (names of the waves that were finished). turns: participant, wave, begun_on, finished_on. answers: participant, wave, item, value, text, skipped. Days are text, such as 2026-06-13.
    """

    kept: KeptStudy
    participants: pl.DataFrame
    turns: pl.DataFrame
    answers: pl.DataFrame


def study_answers(store: Store, study_id: str) -> StudyAnswers:
    """The study's answers at one moment. StoreError for a study that is not there."""
    import polars as pl

    text, number = pl.String, pl.Int64
    whole: dict[str, Any] = {"number": number, **dict.fromkeys(("arm", "audience", "language", "stratum"), text)}
    whole |= {"position": number, **dict.fromkeys(("came_by", "state"), text)}
    whole |= dict.fromkeys(("arrived_on", "consented_on", "finished_on", "withdrawn_on"), text)
    turned = {"participant": number, **dict.fromkeys(("wave", "begun_on", "finished_on"), text)}
    answered = {
        "participant": number,
        "wave": text,
        "item": text,
        "value": pl.Float64,
        "text": text,
        "skipped": pl.Boolean,
    }
    with store.reading() as connection:
        kept = kept_study(connection, study_id)
        people = _frame(connection, PEOPLE, study_id, whole)
        turns_frame = _frame(connection, TURNS, study_id, turned)
        answers_frame = _frame(connection, ANSWERS, study_id, answered)
    finished = turns_frame.filter(pl.col("finished_on").is_not_null())
    waves = finished.group_by("participant", maintain_order=True).agg(pl.col("wave").alias("waves_answered"))
    nobody = pl.lit([], dtype=pl.List(pl.String))
    people = people.join(waves, left_on="number", right_on="participant", how="left", maintain_order="left")
    return StudyAnswers(
        kept, people.with_columns(pl.col("waves_answered").fill_null(nobody)), turns_frame, answers_frame
    )


def _frame(
    connection: Connection, chosen: Select[*tuple[Any, ...]], study_id: str, schema: dict[str, Any]
) -> pl.DataFrame:
    """The rows as a table; a part of them at a time, so that objects of Python never hold a whole large study."""
    import polars as pl

    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(chosen, {"study": study_id})
    parts = [pl.DataFrame([tuple(row) for row in part], schema=schema, orient="row") for part in found.partitions()]
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)
