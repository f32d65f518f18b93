"""A job is asked for: its files are written, then it waits for its turn."""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING, Any, Final

from commonbeat.results.disk import write_whole
from commonbeat.storage.location import VARIABLE
from commonbeat.web.jobs.keeper import JobKeeper
from commonbeat.workflows.web_jobs import add_job, find_job, place_job, release_job

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.applications import Starlette

    from commonbeat.web.settings import Settings
    from commonbeat.workflows.web_jobs import JobRow

_MAKING: Final = threading.Lock()


def keeper_of(app: Starlette) -> JobKeeper:
    """The one keeper of this app's jobs."""
    with _MAKING:
        found = getattr(app.state, "jobs", None)
        if found is None:
            settings: Settings = app.state.settings
            found = JobKeeper(app.state.store, settings.project, environment=environment_of(settings))
            app.state.jobs = found
        return found


def environment_of(settings: Settings) -> dict[str, str]:
    """What a worker must know of the server's settings: a store elsewhere, so that a run from a record is remembered there."""
    from commonbeat.storage import where_store

    usual = where_store(settings.project).url == settings.location.url
    return {} if usual else {VARIABLE: settings.location.url}


def ask(
    keeper: JobKeeper,
    kind: str,
    arguments: Mapping[str, Any],
    files: Mapping[str, bytes],
    *,
    folder: str,
    total: int,
    asked_by: str,
) -> JobRow:
    """The job waits, with its files in its folder. folder: where the result goes, with "{number}" in it.

    Raises InputError when too many are open and WriteError when the disk refuses; the job is then left as stopped.
    """
    job = add_job(keeper.store, kind, arguments, folder=folder, total=total, asked_by=asked_by)
    place = keeper.folder(job.number).path
    _put_away(place)
    place.mkdir(parents=True)
    place_job(keeper.store, job.number, _free(keeper.project, job.folder))
    for name, content in files.items():
        write_whole(place / name, content)
    release_job(keeper.store, job.number)
    keeper.nudge()
    return find_job(keeper.store, job.number) or job


# A store that was restored, or begun anew in an old project, gives out numbers that jobs before had.


def _put_away(path: Path) -> None:
    """Nothing is there, so that what an earlier job left is not taken for this one's."""
    if path.exists():
        path.rename(path.with_name(f"{path.name}-before-{secrets.token_hex(4)}"))


def _free(project: Path, folder: str) -> str:
    """The folder, or one called after it, where no earlier job has left or begun a result."""
    number, name = 1, folder
    while any((project / each).exists() for each in (name, f"{name}.partial")):
        number += 1
        name = f"{folder}-{number}"
    return name
