"""The pages of Estimate: drop a file, name its columns, read the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from commonbeat.datafile.read import KNOWN_ENDINGS
from commonbeat.errors import InputError, Mistake
from commonbeat.web.estimate.asked import FOLDER, ask_for_estimate, asked_before
from commonbeat.web.estimate.form import fields_for
from commonbeat.web.estimate.kept_data import KeptData, delete_data, find_data, keep_data, list_data
from commonbeat.web.filling.field import identifier_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.forms import texts_of, uploads_of
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.pages import waiting_for
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_reports import Result, answer_of, result_in, results_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

KEPT: Final = ("analysis.R", "analysis.do", "design.toml", "estimates.csv")


@needs("viewer")
def begin(request: Request) -> Response:
    """A place to drop a file, the files that are there, and what was estimated before."""
    return _begin(request)


@needs("analyst")
def take(request: Request) -> Response:
    """The file was read by a process with bounds and is kept; its columns are shown next."""
    upload = uploads_of(request.state.form).get("file")
    sheet = texts_of(request.state.form).get("sheet", "").strip()
    if upload is None:
        return _begin(request, [Mistake("file", None, "is missing", "Choose a file first.")])
    try:
        kept = keep_data(_project(request), upload.file, upload.filename or "", sheet)
    except InputError as error:
        return _begin(request, list(error.mistakes) or [Mistake("file", None, error.heading)])
    return RedirectResponse(f"/estimate/data/{kept.name}", status_code=303)


@needs("analyst")
def columns(request: Request) -> Response:
    """The file's columns, and the form of the design; as it was filled in for an earlier job, with what that one found wrong."""
    keeper, data = keeper_of(request.app), _data(request)
    keeper.expect()
    sent, mistakes = asked_before(keeper, data, request.query_params.get("job", ""))
    return _columns(request, data, sent, mistakes, status=200)


@needs("analyst")
def run(request: Request) -> Response:
    """The estimate waits for its turn as a job; a design with mistakes is shown with them, each beside its field."""
    data, sent = _data(request), Sent.of(request.state.form)
    try:
        job = ask_for_estimate(keeper_of(request.app), data, sent, request.state.session.user)
    except InputError as error:
        mistakes = error.mistakes or (Mistake("design", None, error.heading.rstrip(":")),)
        return _columns(request, data, sent, mistakes, status=400)
    return waiting_for(job)


@needs("analyst")
def delete(request: Request) -> Response:
    """The file is gone from this machine; what was estimated from it stays."""
    delete_data(_project(request), _data(request).name)
    return RedirectResponse("/estimate", status_code=303)


@needs("viewer")
def result(request: Request) -> Response:
    """The answer, what to be careful of, and the way to the report and the files."""
    place = f"{FOLDER}/{request.path_params['name']}"
    found, told = result_in(_project(request), place), answer_of(_project(request) / place)
    if found is None or told is None:
        raise HTTPException(404)
    folder = _project(request) / place
    files = [each for each in KEPT if (folder / each).is_file()]
    return page(request, "estimate/result.html.j2", told=told, result=found, files=files)


def _begin(request: Request, mistakes: list[Mistake] | None = None) -> Response:
    project = _project(request)
    may_load = request.state.session.role != "viewer"
    values = {
        "files": list_data(project) if may_load else (),
        "results": _results(project),
        "endings": KNOWN_ENDINGS,
        "mistakes": mistakes or [],
    }
    return page(request, "estimate/begin.html.j2", status=400 if mistakes else 200, **values)


def _columns(request: Request, data: KeptData, sent: Sent, mistakes: tuple[Mistake, ...], *, status: int) -> Response:
    groups = fields_for(data.columns, sent, mistakes)
    shown = {each.place for group in groups.values() for each in group if each.mistakes}
    values = {
        "data": data,
        "groups": groups,
        "mistakes": mistakes,
        "shown": shown,
        "identifier_of": identifier_of,
    }
    return page(request, "estimate/columns.html.j2", status=status, **values)


def _results(project: Path) -> list[Result]:
    """What was estimated here, newest first."""
    return [each for each in results_of(project) if each.place.startswith(f"{FOLDER}/") and each.answer]


def _data(request: Request) -> KeptData:
    found = find_data(_project(request), request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return found


def _project(request: Request) -> Path:
    return request.app.state.settings.project
