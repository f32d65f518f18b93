"""The long work of a project as the store knows it: asked for, queued, under way, ended, asked for again.

    waiting ──> running ──> finished
       │           ├──────> failed  ──┐
       │           └> stopping        ├──> waiting (again: the work goes on from what was finished)
       └───────────────> stopped ─────┘

Every step is one transaction, and a step that does not start from the state that it needs changes nothing: two servers
on one store cannot both begin the same job. What somebody of the team asks for, stops or takes up again stands in the log.

Jobs wait in two lanes, each in order: quick ones, whose result somebody waits for at the screen, and long ones. A year that is
simulated does not keep anybody from a report.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import func, insert, select, update

from commonbeat.errors import InputError, Mistake
from commonbeat.storage.log import append, now
from commonbeat.storage.tables_web import jobs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

    from commonbeat.storage import Store

UNDER_WAY: Final = ("running", "stopping")
OPEN: Final = ("waiting", *UNDER_WAY)
ENDED: Final = ("finished", "stopped", "failed")
QUICK: Final = ("results", "estimate", "export")
MOST_WAITING: Final = 20
MOST_LISTED: Final = 100
LARGEST_NUMBER: Final = 2**31 - 1

Lane = Literal["quick", "long"]
LANES: Final[tuple[Lane, ...]] = ("quick", "long")


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job: what was asked, how far it is, where its result goes (a folder below the project's), and what was last said."""

    number: int
    kind: str
    arguments: Mapping[str, Any]
    state: str
    done: int
    total: int
    folder: str
    message: str
    asked_by: str
    asked_at: str
    begun_at: str | None
    ended_at: str | None

    @property
    def is_open(self) -> bool:
        """Whether it waits or is under way."""
        return self.state in OPEN

    @property
    def lane(self) -> Lane:
        """Where it waits: quick jobs are not held up by long ones."""
        return "quick" if self.kind in QUICK else "long"


def add_job(store: Store, kind: str, arguments: Mapping[str, Any], *, folder: str, total: int, asked_by: str) -> JobRow:
    """One more job is prepared; it waits once `release_job` has been called, so that its files can be written between.

    folder: where the result goes, below the project's; "{number}" in it becomes the job's. asked_by: who of the team; the log keeps it.
    Raises InputError when MOST_WAITING are open already.
    """
    with store.writing() as connection:
        count = connection.execute(select(func.count()).select_from(jobs).where(jobs.c.state.in_(OPEN))).scalar_one()
        if count >= MOST_WAITING:
            way_out = "Stop one of them, or wait until one has ended."
            raise InputError("No further work is taken on:", [Mistake("jobs", count, "are open already", way_out)])
        values = {
            "kind": kind,
            "arguments": json.dumps(dict(arguments), ensure_ascii=False),
            "state": "stopped",
            "done": 0,
            "total": total,
            "folder": "",
            "message": "",
            "asked_by": asked_by,
            "asked_at": now(),
        }
        number = connection.execute(insert(jobs).values(values)).inserted_primary_key[0]  # type: ignore[index]
        _change(connection, number, ("stopped",), folder=folder.format(number=number))
        made = _row(connection, number)
        _note(connection, "job asked for", made, asked_by)
        return made


def place_job(store: Store, number: int, folder: str) -> None:
    """The result of a job that is being prepared goes to that folder below the project's."""
    with store.writing() as connection:
        _change(connection, number, ("stopped",), folder=folder)


def release_job(store: Store, number: int) -> bool:
    """A job that was prepared, stopped or has failed waits for its turn; False where it was in another state."""
    with store.writing() as connection:
        return _release(connection, number)


def take_up_again(store: Store, number: int, by: str) -> bool:
    """As `release_job`, and the log says who asked."""
    with store.writing() as connection:
        released = _release(connection, number)
        if released:
            _note(connection, "job taken up again", _row(connection, number), by)
        return released


def claim_job(store: Store, most: int, lane: Lane) -> JobRow | None:
    """The job that waits longest in the lane is running now and is the caller's to begin; None while `most` of the lane are, or none waits."""
    # Asked twice a second: only where one waits is the store's one writer held up.
    if not any(job.lane == lane for job in list_jobs(store, ("waiting",))):
        return None
    among = _in_lane(lane)
    with store.writing() as connection:
        if connection.dialect.name == "postgresql":
            # SQLite has one writer at a time; elsewhere two would both see a free place.
            connection.exec_driver_sql("LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE")
        busy = connection.execute(
            select(func.count()).select_from(jobs).where(jobs.c.state.in_(UNDER_WAY), among)
        ).scalar_one()
        waiting = select(func.min(jobs.c.number)).where(jobs.c.state == "waiting", among)
        number = connection.execute(waiting).scalar_one()
        if busy >= most or number is None:
            return None
        _change(connection, number, ("waiting",), state="running", begun_at=now())
        return _row(connection, number)


def note_progress(store: Store, number: int, done: int, total: int, message: str = "") -> None:
    """The job's row says how far it is; nothing changes where it has ended meanwhile."""
    with store.writing() as connection:
        _change(connection, number, UNDER_WAY, done=done, total=total, **({"message": message} if message else {}))


def note_process(store: Store, number: int, process: int) -> None:
    """The job's row says which process works on it."""
    with store.writing() as connection:
        _change(connection, number, UNDER_WAY, process=process)


def ask_to_stop(store: Store, number: int, by: str) -> str | None:
    """A waiting job is stopped, a running one is stopping; returned is its new state, None where that changed nothing. The log says who asked."""
    before_it_began = {"state": "stopped", "ended_at": now(), "message": "Stopped before it began."}
    with store.writing() as connection:
        if _change(connection, number, ("waiting",), **before_it_began) or _change(
            connection, number, ("running",), state="stopping"
        ):
            stopped = _row(connection, number)
            _note(connection, "job stopped", stopped, by)
            return stopped.state
        return None


def note_force(store: Store, job: JobRow, by: str) -> None:
    """The log says who had the processes of a job ended that did not stop by itself."""
    with store.writing() as connection:
        _note(connection, "job ended by force", job, by)


def end_job(store: Store, number: int, state: str, message: str) -> bool:
    """The job has ended in `state`, one of ENDED; False where somebody had written its end before."""
    with store.writing() as connection:
        return _change(connection, number, UNDER_WAY, state=state, message=message, ended_at=now(), process=None)


def list_jobs(store: Store, states: tuple[str, ...] = (*OPEN, *ENDED)) -> list[JobRow]:
    """The newest MOST_LISTED jobs in these states, newest first."""
    wanted = select(*_COLUMNS).where(jobs.c.state.in_(states)).order_by(jobs.c.number.desc()).limit(MOST_LISTED)
    with store.reading() as connection:
        return [_job(row) for row in connection.execute(wanted)]


def find_job(store: Store, number: int) -> JobRow | None:
    """The job of that number, or None."""
    if number > LARGEST_NUMBER:  # a database refuses it less kindly
        return None
    with store.reading() as connection:
        row = connection.execute(select(*_COLUMNS).where(jobs.c.number == number)).first()
    return None if row is None else _job(row)


_COLUMNS = [jobs.c[name] for name in JobRow.__dataclass_fields__]


def _change(connection: Connection, number: int, states: tuple[str, ...], **values: Any) -> bool:
    """The row is changed where it is in one of the states; whether it was."""
    changed = connection.execute(update(jobs).where(jobs.c.number == number, jobs.c.state.in_(states)).values(**values))
    return changed.rowcount == 1


def _release(connection: Connection, number: int) -> bool:
    fresh = {"state": "waiting", "message": "", "begun_at": None, "ended_at": None, "process": None}
    return _change(connection, number, ("stopped", "failed"), **fresh)


def _note(connection: Connection, act: str, job: JobRow, by: str) -> None:
    """An entry of the log: what, by whom, which kind of job of which number."""
    append(connection, act, by[:64], scope=f"{job.kind} {job.number}")


def _in_lane(lane: Lane) -> ColumnElement[bool]:
    return jobs.c.kind.in_(QUICK) if lane == "quick" else jobs.c.kind.not_in(QUICK)


def _row(connection: Connection, number: int) -> JobRow:
    return _job(connection.execute(select(*_COLUMNS).where(jobs.c.number == number)).one())


def _job(row: Any) -> JobRow:
    return JobRow(**{**row._mapping, "arguments": json.loads(row.arguments)})  # noqa: SLF001 - SQLAlchemy's public name
