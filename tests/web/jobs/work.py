"""A project with a store, a keeper of its jobs, and a scenario that takes seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from commonbeat.storage import Store, open_store, where_store
from commonbeat.web.jobs.keeper import JobKeeper
from commonbeat.workflows import web_jobs
from commonbeat.workflows.web_jobs import JobRow

SCENARIO = """
title = "A short test"
seed = 3
days = 12
draws = 3
society = "small"
reference = "nothing"

[encounters.dance_off]
title = "A dance-off"
children = 4
bystanders = 6

[[arms]]
name = "nothing"
title = "Nothing"

[[arms]]
name = "outlet_clip"
title = "The clip, posted by an outlet"

[[arms.events]]
kind = "encounter"
encounter = "dance_off"
day = 1
clip = "outlet"
"""
PATIENCE_SECONDS = 240.0  # on busy cores


@contextmanager
def opened(project: Path) -> Iterator[Store]:
    with open_store(where_store(project), create=True) as store:
        yield store


def ask(keeper: JobKeeper, text: str = SCENARIO, draws: int = 3) -> JobRow:
    """A simulation waits for its turn."""
    job = web_jobs.add_job(keeper.store, "simulate", {}, folder="runs/test-{number}", total=draws, asked_by="ada")
    place = keeper.folder(job.number).path
    place.mkdir(parents=True)
    (place / "scenario.toml").write_text(text.replace("draws = 3", f"draws = {draws}"), encoding="utf-8")
    assert web_jobs.release_job(keeper.store, job.number)
    return row(keeper, job.number)


def row(keeper: JobKeeper, number: int) -> JobRow:
    found = web_jobs.find_job(keeper.store, number)
    assert found is not None
    return found


def until(keeper: JobKeeper, number: int, true: Callable[[JobRow], bool]) -> JobRow:
    """The keeper has looked until this is true of the job."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        keeper.look()
        if true(found := row(keeper, number)):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{row(keeper, number)}\n{keeper.folder(number).log()}")


def ended(job: JobRow) -> bool:
    return job.state in web_jobs.ENDED
