"""The pages of Estimate: drop a file, name its columns, read the answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from commonbeat.datafile.read import KNOWN_ENDINGS
from commonbeat.errors import DataFileError, InputError, Mistake
from commonbeat.web.estimate.apart import FOLDER, estimate_apart
from commonbeat.web.estimate.child import ANSWER
from commonbeat.web.estimate.form import design_of, fields_for
from commonbeat.web.estimate.kept_data import KeptData, delete_data, find_data, keep_data, list_data
from commonbeat.web.filling.field import identifier_of
from commonbeat.web.filling.sent import Sent
from commonbeat.web.forms import texts_of, uploads_of
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

NAME: Final = re.compile(r"[a-z0-9-]{1,80}")


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
    except DataFileError as error:
        return _begin(request, list(error.mistakes) or [Mistake("file", None, error.heading)])
    return RedirectResponse(f"/estimate/data/{kept.name}", status_code=303)


@needs("analyst")
def columns(request: Request) -> Response:
    """The file's columns, and the form of the design."""
    return _columns(request, _data(request), Sent({}))


@needs("analyst")
def run(request: Request) -> Response:
    """What changed was estimated and stands in the project; or every mistake of the design, beside its field."""
    data, sent = _data(request), Sent.of(request.state.form)
    try:
        name = estimate_apart(_project(request), data, design_of(sent))
    except InputError as error:
        mistakes = error.mistakes or (Mistake("design", None, error.heading.rstrip(":")),)
        return _columns(request, data, sent, mistakes)
    return RedirectResponse(f"/estimate/of/{name}", status_code=303)


@needs("analyst")
def delete(request: Request) -> Response:
    """The file is gone from this machine; what was estimated from it stays."""
    delete_data(_project(request), _data(request).name)
    return RedirectResponse("/estimate", status_code=303)


@needs("viewer")
def result(request: Request) -> Response:
    """The answer, what to be careful of, and the way to the report and the files."""
    name = request.path_params["name"]
    path = _project(request) / FOLDER / name / ANSWER
    if not NAME.fullmatch(name) or not path.is_file() or path.is_symlink():
        raise HTTPException(404)
    try:
        told: dict[str, Any] = json.loads(path.read_bytes())
    except ValueError as error:
        raise HTTPException(404) from error
    files = [
        each for each in ("analysis.R", "analysis.do", "design.toml", "estimates.csv") if (path.parent / each).is_file()
    ]
    return page(request, "estimate/result.html.j2", told=told, name=name, files=files)


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


def _columns(request: Request, data: KeptData, sent: Sent, mistakes: tuple[Mistake, ...] = ()) -> Response:
    groups = fields_for(data.columns, sent, mistakes)
    shown = {each.place for group in groups.values() for each in group if each.mistakes}
    values = {
        "data": data,
        "groups": groups,
        "mistakes": mistakes,
        "shown": shown,
        "identifier_of": identifier_of,
    }
    return page(request, "estimate/columns.html.j2", status=400 if mistakes else 200, **values)


def _results(project: Path) -> list[str]:
    folder = project / FOLDER
    found = list(folder.glob(f"*/{ANSWER}")) if folder.is_dir() else []
    newest = sorted(found, key=lambda each: -each.stat().st_mtime)
    return [each.parent.name for each in newest if NAME.fullmatch(each.parent.name)]


def _data(request: Request) -> KeptData:
    found = find_data(_project(request), request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return found


def _project(request: Request) -> Path:
    return request.app.state.settings.project
