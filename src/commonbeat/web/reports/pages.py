"""The pages of reports. A report is a whole file with its own style: it is sent with rules of its own, and can run nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse

from commonbeat.web.pages import page
from commonbeat.web.reports.bar import PRINT, with_bar
from commonbeat.web.security.guard import needs
from commonbeat.web.security.headers import REPORT_POLICY
from commonbeat.web.security.refusals import NotAllowedError
from commonbeat.workflows.web_reports import LISTENING, Result, file_in, files_of, result_in, results_of

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

FOR_ALL: Final = ("page", "picture")


@needs("viewer")
def listed(request: Request) -> Response:
    """Everything in the project that has a page, newest first."""
    return page(request, "reports/list.html.j2", results=results_of(_project(request)))


@needs("viewer")
def shown(request: Request) -> Response:
    """One result: its pages, its pictures, its data."""
    result = _result(request)
    files = files_of(_project(request), result)
    may_load = request.state.session.role in ("analyst", "owner")
    values = {"may_load": may_load, "print_name": PRINT, "listening": LISTENING[1]}
    return page(request, "reports/result.html.j2", result=result, files=files, **values)


@needs("viewer")
def opened(request: Request) -> Response:
    """A page of a result, as it was written, below a bar that leads back."""
    path, kind = _file(request)
    place = request.path_params["place"].removesuffix(f"/{path.name}")
    found = result_in(_project(request), place)
    if kind != "page" or found is None:
        raise HTTPException(404)
    headers = {"Content-Security-Policy": REPORT_POLICY}
    return HTMLResponse(with_bar(path.read_bytes(), found, path.name), headers=headers)


@needs("viewer")
def sent(request: Request) -> Response:
    """A file of a result, to be kept; data only for those who may work with them."""
    path, kind = _file(request)
    if kind not in FOR_ALL and request.state.session.role == "viewer":
        raise NotAllowedError("analyst")
    name = f"{path.parent.name}-{path.name}"
    headers = {"Content-Security-Policy": REPORT_POLICY}
    return FileResponse(path, filename=name, media_type="application/octet-stream", headers=headers)


@needs("analyst")
def printed(request: Request) -> Response:
    """The two pages for printing stand in the run's folder, and are shown. Raises RunFolderError for a run that is not whole."""
    from commonbeat.workflows.report import report_run

    result = _result(request)
    if not result.is_run:
        raise HTTPException(404)
    report_run(_project(request) / result.place, ("print",))
    return RedirectResponse(f"/reports/open/{quote(result.place)}/{PRINT}", status_code=303)


def _project(request: Request) -> Path:
    return request.app.state.settings.project


def _result(request: Request) -> Result:
    found = result_in(_project(request), request.path_params["place"])
    if found is None:
        raise HTTPException(404)
    return found


def _file(request: Request) -> tuple[Path, str]:
    found = file_in(_project(request), request.path_params["place"])
    if found is None:
        raise HTTPException(404)
    return found
