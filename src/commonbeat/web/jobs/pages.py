"""The pages of jobs: all of them, one of them, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse

from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.picture import pictures_of
from commonbeat.web.jobs.words import STATES, counted, kind_of, title_of, told
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_bands import FEWEST_FOR_BANDS, SoFar, so_far
from commonbeat.workflows.web_jobs import OPEN, ask_to_stop, find_job, list_jobs, release_job

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.workflows.web_jobs import JobRow

WORDS = {"title_of": title_of, "kind_of": kind_of, "counted": counted, "states": STATES}


@needs("viewer")
def listed(request: Request) -> Response:
    """All jobs, newest first."""
    jobs = list_jobs(request.app.state.store)
    return page(request, "jobs/list.html.j2", jobs=jobs, any_open=any(job.state in OPEN for job in jobs), **WORDS)


@needs("viewer")
def shown(request: Request) -> Response:
    """One job: how far it is, what it said, what the finished draws say so far."""
    return page(request, "jobs/job.html.j2", **_values(request))


@needs("viewer")
def live(request: Request) -> Response:
    """The part of that page that changes."""
    return page(request, "jobs/live.html.j2", **_values(request))


@needs("viewer")
def log(request: Request) -> Response:
    """The end of what the work said, as plain text."""
    job = _job(request)
    return PlainTextResponse(keeper_of(request.app).folder(job.number).log())


@needs("analyst")
def stop(request: Request) -> Response:
    """The job was asked to stop, as Ctrl-C asks: what is finished is kept."""
    job = _job(request)
    ask_to_stop(request.app.state.store, job.number)
    keeper_of(request.app).nudge()
    return _back(job)


@needs("analyst")
def end(request: Request) -> Response:
    """Every process of a job that is stopping was ended."""
    job = _job(request)
    if job.state == "stopping":
        keeper_of(request.app).end_now(job.number)
    return _back(job)


@needs("analyst")
def again(request: Request) -> Response:
    """A job that was stopped or has failed waits again, to go on from what it finished."""
    job = _job(request)
    release_job(request.app.state.store, job.number)
    keeper_of(request.app).nudge()
    return _back(job)


def _job(request: Request) -> JobRow:
    job = find_job(request.app.state.store, request.path_params["number"])
    if job is None:
        raise HTTPException(404)
    return job


def _back(job: JobRow) -> Response:
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)


def _values(request: Request) -> dict[str, Any]:
    """What the templates of one job show."""
    job, keeper = _job(request), keeper_of(request.app)
    folder = keeper.folder(job.number)
    outcome = folder.outcome() if job.state == "failed" else None
    found = _so_far(request, job)
    return {
        "job": job,
        "found": found,
        "pictures": _pictures(job, found),
        "fewest": FEWEST_FOR_BANDS,
        "log": folder.log(),
        "mistakes": outcome.mistakes if outcome else (),
        "ahead": sum(other.number < job.number for other in list_jobs(request.app.state.store, OPEN)),
        "told": told(job),
        "may_change": request.state.session.role in ("analyst", "owner"),
        **WORDS,
    }


def _so_far(request: Request, job: JobRow) -> SoFar | None:
    """What the finished draws say; nothing for other kinds of work, and for a run that is whole and has its own page."""
    if job.kind != "simulate" or job.state == "finished":
        return None
    out = request.app.state.settings.project / job.folder
    asked = request.query_params
    reference = str(job.arguments.get("reference", ""))
    return so_far(
        out.with_name(f"{out.name}.partial"),
        reference,
        group=asked.get("group", ""),
        outcome=asked.get("outcome", ""),
    )


def _pictures(job: JobRow, found: SoFar | None) -> list[Any]:
    if found is None:
        return []
    return pictures_of(found, job.arguments.get("arms", {}), int(job.arguments.get("days", 1)))
