"""The pages of jobs: all of them, one of them, and what can be done with it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse

from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.picture import pictures_of
from commonbeat.web.jobs.words import STATES, back, counted, kind_of, left_of, mark_of, opens, part_of, title_of, told
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_bands import FEWEST_FOR_BANDS, SoFar, so_far
from commonbeat.workflows.web_jobs import OPEN, ask_to_stop, find_job, list_jobs, note_force, take_up_again

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.workflows.web_jobs import JobRow

WORDS: Final = {"title_of": title_of, "kind_of": kind_of, "counted": counted, "states": STATES}


@needs("viewer")
def listed(request: Request) -> Response:
    """All jobs, newest first."""
    jobs = list_jobs(request.app.state.store)
    return page(request, "jobs/list.html.j2", jobs=jobs, any_open=any(job.state in OPEN for job in jobs), **WORDS)


@needs("viewer")
def shown(request: Request) -> Response:
    """One job: how far it is, what it said, what the finished draws say so far; or its result, for whoever waited for it without a script."""
    job = _job(request)
    if "wait" in request.query_params and opens(job):
        return RedirectResponse(opens(job), status_code=303)
    return page(request, "jobs/job.html.j2", **_values(request, job))


@needs("viewer")
def live(request: Request) -> Response:
    """The part of that page that changes."""
    return page(request, "jobs/live.html.j2", **_values(request, _job(request)))


@needs("analyst")
def log(request: Request) -> Response:
    """The end of what the work said, as plain text: it names files and columns."""
    job = _job(request)
    return PlainTextResponse(keeper_of(request.app).folder(job.number).log())


@needs("analyst")
def stop(request: Request) -> Response:
    """The job was asked to stop, as Ctrl-C asks: what is finished is kept."""
    job = _job(request)
    ask_to_stop(request.app.state.store, job.number, request.state.session.user)
    keeper_of(request.app).nudge()
    return _back(job)


@needs("analyst")
def end(request: Request) -> Response:
    """Every process of a job that is stopping was ended."""
    job = _job(request)
    if job.state == "stopping":
        note_force(request.app.state.store, job, request.state.session.user)
        keeper_of(request.app).end_now(job.number)
    return _back(job)


@needs("analyst")
def again(request: Request) -> Response:
    """A job that was stopped or has failed waits again, to go on from what it finished."""
    job = _job(request)
    take_up_again(request.app.state.store, job.number, request.state.session.user)
    keeper_of(request.app).nudge()
    return waiting_for(job)


def waiting_for(job: JobRow) -> Response:
    """Whoever asked for the job is led to its page, and from there to its result when that is there."""
    return RedirectResponse(f"/jobs/{job.number}?wait", status_code=303)


def _job(request: Request) -> JobRow:
    job = find_job(request.app.state.store, request.path_params["number"])
    if job is None:
        raise HTTPException(404)
    return job


def _back(job: JobRow) -> Response:
    return RedirectResponse(f"/jobs/{job.number}", status_code=303)


def _values(request: Request, job: JobRow) -> dict[str, Any]:
    """What the templates of one job show. What the work said, and what it found wrong with what was given, is for those who can mend it."""
    keeper, may_change = keeper_of(request.app), request.state.session.role != "viewer"
    folder = keeper.folder(job.number)
    outcome = folder.outcome() if job.state == "failed" and may_change else None
    found, left = _so_far(request, job), left_of(job, folder.progress(), time.time())
    ahead = [other for other in list_jobs(request.app.state.store, OPEN) if other.number < job.number]
    log = folder.log() if may_change else ""
    return {
        "job": job,
        "found": found,
        "pictures": _pictures(job, found),
        "fewest": FEWEST_FOR_BANDS,
        "log": log,
        "said": log.rstrip().rpartition("\n")[2].partition("  ")[2] if job.is_open else "",
        "mistakes": outcome.mistakes if outcome else (),
        "ahead": sum(other.lane == job.lane for other in ahead),
        "left": left,
        "told": told(job, left),
        "mark": mark_of(job),
        "opens": opens(job),
        "back": back(job) if may_change else None,
        "may_change": may_change,
        "part": part_of(job),
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
