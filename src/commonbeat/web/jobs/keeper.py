"""Whoever keeps the long work going: begins what waits, hears how far it is, and tells how it ended, also after a restart.

A worker outlives the server. The next server finds it by the lock in its folder and goes on listening; one that has ended
meanwhile is told by what it left, and one that left nothing was ended from outside.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from commonbeat.errors import CommonBeatError
from commonbeat.web.jobs.folder import JobFolder, WorkOrder
from commonbeat.web.jobs.processes import FEW_THREADS, end_all, interrupt, start, worker_of
from commonbeat.web.jobs.spare import Spare
from commonbeat.workflows import web_jobs

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

    from commonbeat.storage import Store
    from commonbeat.workflows.web_jobs import JobRow

SECONDS_BETWEEN_LOOKS: Final = 0.5
GRACE_SECONDS: Final = 10.0  # another server may have claimed a job and not begun it yet
CORES_PER_JOB: Final = 4
QUICK_AT_ONCE: Final = 2
FOLDER: Final = "jobs"
ENDED_FROM_OUTSIDE: Final = (
    "The worker was ended from outside, as happens when memory runs out or the machine is switched off."
    " What it had finished is kept: go on with it."
)
_LEFT: list[subprocess.Popen[bytes]] = []  # still at work when their keeper stopped


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class JobKeeper:
    """The jobs of one project. `most` long ones at once, each with `workers` processes; environment: what workers get besides ours."""

    store: Store
    project: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    most: int = field(default_factory=lambda: max(1, cores() // CORES_PER_JOB))
    workers: int = 0
    _processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    _asked: set[int] = field(default_factory=set)
    _wake: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _spare: Spare = field(init=False)

    def __post_init__(self) -> None:
        """One core is left for the pages where there is one to spare."""
        self.workers = self.workers or max(1, (cores() - 1) // self.most)
        self._spare = Spare(self.project, {**self.environment, **FEW_THREADS})

    def folder(self, number: int) -> JobFolder:
        """The folder of the job of that number."""
        return JobFolder(self.project / FOLDER / str(number))

    def begin(self) -> None:
        """A thread looks after the jobs until `close`."""
        self._thread = threading.Thread(target=self._go_on, name="jobs", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """The thread has ended; workers go on, and the next server finds them."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._spare.close()
        _LEFT.extend(self._processes.values())
        self._processes.clear()

    def nudge(self) -> None:
        """The thread looks now instead of in half a second."""
        self._wake.set()

    def expect(self) -> None:
        """Somebody looks at a page from which a quick job is asked for: a worker gets ready for it, where a thread looks after the jobs."""
        if self._thread is not None and self._thread.is_alive():
            self._spare.want()

    def look(self) -> None:
        """Every job under way was heard, those that have ended are told, and what waits has begun where there is room."""
        with self._turn:
            for job in web_jobs.list_jobs(self.store, web_jobs.UNDER_WAY):
                try:
                    self._hear(job)
                except OSError as error:  # such as too many open files: the worker knows nothing of it
                    logging.getLogger(__name__).warning("job %d: %s", job.number, error)
                except (ValueError, TypeError) as error:  # a damaged folder must not hold up the others
                    words = f"Its folder cannot be read ({type(error).__name__}). What it had finished is kept."
                    web_jobs.end_job(self.store, job.number, "failed", words)
            for lane in web_jobs.LANES:
                most = QUICK_AT_ONCE if lane == "quick" else self.most
                while (job := web_jobs.claim_job(self.store, most, lane)) is not None:
                    self._start(job)
            self._spare.look()

    def end_now(self, number: int) -> None:
        """No process of the job runs any more; its end is told with the next look."""
        with suppress(OSError, ValueError, TypeError):
            end_all(self.folder(number).order().mark)
        self.nudge()

    def _go_on(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except CommonBeatError as error:  # a store that is locked now may not be in half a second
                logging.getLogger(__name__).warning("jobs: %s", error)
            self._wake.wait(SECONDS_BETWEEN_LOOKS)
            self._wake.clear()

    def _start(self, job: JobRow) -> None:
        folder = self.folder(job.number)
        out = str((self.project / job.folder).absolute())
        spare = self._spare.mark() if job.lane == "quick" else ""
        order = WorkOrder(job.kind, job.arguments, out, self.workers, spare or secrets.token_hex(16))
        try:
            folder.prepare(order)
            process = self._spare.take(spare, folder) if spare else None
            if process is None:
                process = self._start_cold(job, folder, order.mark)
        except (CommonBeatError, OSError) as error:
            web_jobs.end_job(self.store, job.number, "failed", f"The worker could not be started: {error}")
            return
        self._processes[job.number] = process
        web_jobs.note_process(self.store, job.number, process.pid)
        threading.Thread(target=self._await, args=(process,), name=f"job {job.number}", daemon=True).start()

    def _start_cold(self, job: JobRow, folder: JobFolder, mark: str) -> subprocess.Popen[bytes]:
        if job.lane == "long":
            return start(folder, mark, self.project, self.environment)
        self._spare.forgo()
        return start(folder, mark, self.project, {**self.environment, **FEW_THREADS})

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        """The end of a worker is heard as it comes, not with the next look."""
        process.wait()
        self.nudge()

    def _hear(self, job: JobRow) -> None:
        folder = self.folder(job.number)
        if not folder.path.is_dir():  # another machine's, or not begun yet
            self._tell_if_late(job)
            return
        self._count(job, folder)
        if self._is_alive(job, folder):
            if job.state == "stopping" and job.number not in self._asked and folder.is_held():
                self._asked.add(job.number)  # once: a second Ctrl-C would break into the keeping of what is finished
                interrupt(folder.order().mark)
            return
        self._tell_end(job, folder)

    def _count(self, job: JobRow, folder: JobFolder) -> None:
        found = folder.progress()
        if found is not None and (found.done, found.total) != (job.done, job.total):
            web_jobs.note_progress(self.store, job.number, found.done, found.total)

    def _is_alive(self, job: JobRow, folder: JobFolder) -> bool:
        process = self._processes.get(job.number)
        if process is not None:
            return process.poll() is None
        if folder.is_held():
            return True
        return folder.outcome() is None and (not _is_late(job) or _worker(folder) is not None)

    def _tell_end(self, job: JobRow, folder: JobFolder) -> None:
        with suppress(OSError, ValueError, TypeError):
            end_all(folder.order().mark)  # helpers of a worker that could not end them
        self._count(job, folder)
        outcome = folder.outcome()
        if outcome is not None:
            web_jobs.end_job(self.store, job.number, outcome.state, outcome.message)
        elif job.state == "stopping":
            web_jobs.end_job(self.store, job.number, "stopped", "Ended at once. What it had finished is kept.")
        else:
            web_jobs.end_job(self.store, job.number, "failed", ENDED_FROM_OUTSIDE)
        self._processes.pop(job.number, None)
        self._asked.discard(job.number)

    def _tell_if_late(self, job: JobRow) -> None:
        if _is_late(job) and (self.project / FOLDER).is_dir():
            web_jobs.end_job(self.store, job.number, "failed", "Its folder is gone, and its work with it.")


def _is_late(job: JobRow) -> bool:
    """Whether a job that was claimed should have begun by now."""
    if job.begun_at is None:
        return True
    begun = datetime.fromisoformat(job.begun_at)
    begun = begun if begun.tzinfo else begun.replace(tzinfo=UTC)
    return (datetime.now(UTC) - begun).total_seconds() > GRACE_SECONDS


def _worker(folder: JobFolder) -> int | None:
    try:
        return worker_of(folder.order().mark)
    except (OSError, ValueError, TypeError):
        return None
