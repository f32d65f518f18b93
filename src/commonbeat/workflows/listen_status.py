"""How a study goes: how many came, agreed and finished. Counts of fewer than ten people, and what would tell them, are not told."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import bindparam, func, select

from commonbeat.storage.tables_listen import participants, turns
from commonbeat.workflows.listen_standing import AGREED
from commonbeat.workflows.listen_status_told import OTHER_STATES, SMALLEST_CELL, Counts, Pairs, WaveCounts, shown_of
from commonbeat.workflows.listen_studies import kept_study
from commonbeat.workflows.listen_withdraw import count_exports
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.storage import Store

Cell = TypeVar("Cell", bound=Hashable)
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
    """A wave: how many began and finished it, and how many finished it in each arm; None where it is not told."""

    wave: str
    begun: int | None
    finished: int | None
    by_arm: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class StudyStatus:
    """How a study goes. A count is None where it is not told: it is below ten, or tells such a one together with others.

    overdue: whether kept_until has passed and people are still in the store. people: all who were invited or came. agreed: those who consented
    and did not withdraw; by_audience and by_arm are of them. by_day: responses finished on each day.
    """

    identifier: str
    title: str
    state: str
    design: str
    invented: bool
    opened_on: date | None
    closed_on: date | None
    erased_on: date | None
    closes_on: date
    kept_until: date
    overdue: bool
    people: int | None
    agreed: int | None
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
    study, counts = kept.study, _counts(kept.study, people, turned)
    shown = shown_of(counts)
    return StudyStatus(
        identifier=study_id,
        title=study.title[study.languages[0]],
        state=kept.state,
        design=study.design,
        invented=study.invented,
        opened_on=kept.opened_on,
        closed_on=kept.closed_on,
        erased_on=kept.erased_on,
        closes_on=study.closes_on,
        kept_until=study.kept_until,
        overdue=bool(people) and (on or today()) > study.kept_until,
        people=shown.get("people"),
        agreed=shown.get("agreed"),
        by_state=_states(counts, shown),
        by_audience={name: shown.get(f"audience {name}") for name, _ in counts.audiences},
        by_arm={name: shown.get(f"arm {name}") for name, _ in counts.arms},
        waves=tuple(_wave_status(wave, shown) for wave in counts.waves),
        by_day=_days(counts, shown, _sums(sorted((row.finished_on, row.people) for row in days))),
        exports=exports,
    )


def _counts(study: StudyDesign, people: Sequence[Any], turned: Sequence[Any]) -> Counts:
    """The counts of the rows, with a zero for whatever the study has and nobody has reached."""
    agreed = [row for row in people if row.state in AGREED]
    others = [row for row in people if row.state not in AGREED]
    arms = [arm.name for arm in study.arms]
    waves = []
    for wave in study.wave_names:
        rows = [row for row in turned if row.wave == wave]
        begun, finished = (sum(getattr(row, name) for row in rows) for name in ("begun", "finished"))
        in_arms = _pairs(((row.arm, row.finished) for row in rows if row.arm in arms), arms)
        waves.append(WaveCounts(wave, begun, finished, in_arms))
    return Counts(
        states=_pairs(((row.state, row.people) for row in others), OTHER_STATES),
        agreed=_pairs(((row.state, row.people) for row in agreed), AGREED),
        audiences=_pairs(((row.audience, row.people) for row in agreed if row.audience), study.audience),
        arms=_pairs(((row.arm, row.people) for row in agreed if row.arm in arms), arms),
        waves=tuple(waves),
    )


def _states(counts: Counts, shown: Mapping[str, int]) -> dict[str, int | None]:
    """The states in which somebody is, and those of which even that is not told."""
    told_of = {name: shown.get(f"state {name}") for name, _ in (*counts.states, *counts.agreed)}
    return {name: count for name, count in told_of.items() if count != 0}


def _wave_status(wave: WaveCounts, shown: Mapping[str, int]) -> WaveStatus:
    by_arm = {name: shown.get(f"{wave.wave} arm {name}") for name, _ in wave.by_arm}
    return WaveStatus(wave.wave, shown.get(f"{wave.wave} begun"), shown.get(f"{wave.wave} finished"), by_arm)


def _days(counts: Counts, shown: Mapping[str, int], days: Mapping[str, int]) -> dict[str, int | None]:
    """The days that may be told; where how many finished is not told, neither are all days, whose sum that is."""
    made = told(days)
    if any(f"{wave.wave} finished" not in shown for wave in counts.waves) and None not in made.values() and made:
        made[min(days, key=lambda day: days[day])] = None
    return made


def told(counts: Mapping[Cell, int]) -> dict[Cell, int | None]:
    """The counts that may be told beside their sum: None for those from 1 to 9, and for one more where that alone would give one away."""
    hidden = {cell for cell, count in counts.items() if 0 < count < SMALLEST_CELL}
    others = [cell for cell, count in counts.items() if count >= SMALLEST_CELL]
    # One hidden cell is the sum less the others; and hidden cells that add up to few people tell too much of each.
    if hidden and others and (len(hidden) == 1 or sum(counts[cell] for cell in hidden) < SMALLEST_CELL):
        hidden.add(min(others, key=lambda cell: counts[cell]))
    return {cell: None if cell in hidden else count for cell, count in counts.items()}


def _pairs(pairs: Iterable[tuple[str, int]], names: Iterable[str]) -> Pairs:
    return tuple(_sums(pairs, names).items())


def _sums(pairs: Iterable[tuple[str, int]], names: Iterable[str] = ()) -> dict[str, int]:
    """The counts by name, the names without any included."""
    made: dict[str, int] = dict.fromkeys(names, 0)
    for name, count in pairs:
        made[name] = made.get(name, 0) + count
    return made
