"""A keeper of an empty project's jobs, whose processes are gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commonbeat.web.jobs.keeper import JobKeeper
from commonbeat.web.jobs.processes import end_all
from commonbeat.workflows import web_jobs
from tests.web.jobs.work import opened


@contextmanager
def kept(project: Path) -> Iterator[JobKeeper]:
    with opened(project) as store:
        keeper = JobKeeper(store, project, most=1, workers=1)
        yield keeper
        for job in web_jobs.list_jobs(store, web_jobs.UNDER_WAY):
            end_all(keeper.folder(job.number).order().mark)
        for process in keeper._processes.values():
            process.wait(30)
