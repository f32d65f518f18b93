"""How a study goes: how many came, agreed and finished. Cells of fewer than ten people are not told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import bindparam, func, select

from commonbeat.storage.tables_listen import participants, turns
from commonbeat.workflows.listen_standing import AGREED
from commonbeat.workflows.listen_studies import kept_study
from commonbeat.workflows.listen_withdraw import count_exports
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from commonbeat.storage import Store

Cell = TypeVar("Cell", bound=Hashable)
SMALLEST_CELL: Final = 10
PEOPLE: Final = (
    select(participants.c.state, participants.c.arm, participants.c.audience, func.count().label("people"))
    .where(participants.c.study == bindparam("study"))
    .group_by(participants.c.state, participants.c.arm, participants.c.audience)
)
TURNS: Final = (
    select(turns.c.wave, turns.c.arm, func.count().label("begun"), func.count(turns.c.finished_on).label("finished"))
    .where(turns.c.study == bindparam("study"))
    .group_by(turns.c.wave, turns.c.arm)
)
DAYS: Final = (
    select(turns.c.finished_on, func.count().label("people"))
    .where(turns.c.study == bindparam("study"), turns.c.finished_on.is_not(None))
    .group_by(turns.c.finished_on)
)


@dataclass(frozen=True, slots=True)
class WaveStatus:
    """A wave: how many began and finished it. by_arm: how many finished, None where the cell is not told."""

    wave: str
    begun: int
    finished: int
    by_arm: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class StudyStatus:
    """How a study goes.

    overdue: whether kept_until has passed and people are still in the store. people: all who were invited or came. agreed: those who consented and did not withdraw. by_state and by_arm are None where a cell has
    fewer than ten people, or where one could be reckoned from the others. by_day: responses finished on each day, cells below ten left out alike.
    """

    identifier: str
    title: str
    state: str
    design: str
    opened_on: date | None
    closed_on: date | None
    closes_on: date
    kept_until: date
    overdue: bool
    people: int
    agreed: int
    by_state: Mapping[str, int | None]
    by_audience: Mapping[str, int | None]
    by_arm: Mapping[str, int | None]
    waves: tuple[WaveStatus, ...]
    by_day: Mapping[str, int | None]
    exports: int


def study_status(store: Store, study_id: str, *, on: date | None = None) -> StudyStatus:
    """The counts of the study as they are now, on that day. StoreError for a study that is not there."""
    with store.reading() as connection:
        kept = kept_study(connection, study_id)
        people = connection.execute(PEOPLE, {"study": study_id}).all()
        turned = connection.execute(TURNS, {"study": study_id}).all()
        days = connection.execute(DAYS, {"study": study_id}).all()
        exports = count_exports(connection, study_id)
    study = kept.study
    agreed = [row for row in people if row.state in AGREED]
    arms = [arm.name for arm in study.arms]
    waves = []
    for wave in study.wave_names:
        rows = [row for row in turned if row.wave == wave]
        by_arm = _sums(((row.arm, row.finished) for row in rows if row.arm), arms)
        waves.append(WaveStatus(wave, sum(row.begun for row in rows), sum(row.finished for row in rows), told(by_arm)))
    return StudyStatus(
        identifier=study_id,
        title=study.title[study.languages[0]],
        state=kept.state,
        design=study.design,
        opened_on=kept.opened_on,
        closed_on=kept.closed_on,
        closes_on=study.closes_on,
        kept_until=study.kept_until,
        overdue=bool(people) and (on or today()) > study.kept_until,
        people=sum(row.people for row in people),
        agreed=sum(row.people for row in agreed),
        by_state=_told_beside(_sums((row.state, row.people) for row in people)),
        by_audience=told(_sums(((row.audience, row.people) for row in agreed if row.audience), study.audience)),
        by_arm=told(_sums(((row.arm, row.people) for row in agreed if row.arm), arms)),
        waves=tuple(waves),
        by_day=told(_sums(sorted((row.finished_on, row.people) for row in days))),
        exports=exports,
    )


def told(counts: Mapping[Cell, int]) -> dict[Cell, int | None]:
    """The counts that may be told beside their sum: None for those from 1 to 9, and for one more where that alone would give one away."""
    hidden = {cell for cell, count in counts.items() if 0 < count < SMALLEST_CELL}
    others = [cell for cell, count in counts.items() if count >= SMALLEST_CELL]
    # One hidden cell is the sum less the others; and hidden cells that add up to few people tell too much of each.
    if hidden and others and (len(hidden) == 1 or sum(counts[cell] for cell in hidden) < SMALLEST_CELL):
        hidden.add(min(others, key=lambda cell: counts[cell]))
    return {cell: None if cell in hidden else count for cell, count in counts.items()}


def _told_beside(states: Mapping[str, int]) -> dict[str, int | None]:
    """The states that may be told beside how many came and how many agreed: those who agreed and the others each have a sum that is known."""
    agreed = {state: count for state, count in states.items() if state in AGREED}
    return told({state: count for state, count in states.items() if state not in AGREED}) | told(agreed)


def _sums(pairs: Iterable[tuple[str, int]], names: Iterable[str] = ()) -> dict[str, int]:
    """The counts by name, the names without any included."""
    made: dict[str, int] = dict.fromkeys(names, 0)
    for name, count in pairs:
        made[name] = made.get(name, 0) + count
    return made
