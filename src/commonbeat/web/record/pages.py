"""The list of records, one record as consent lets it be seen, its obscured frames, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from commonbeat.web.pages import page
from commonbeat.web.record.missing import missing_is_not_found
from commonbeat.web.record.told import sections_of
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.workflows.record_shown import ShownRecord

MOST_LOG = 200


def place_of(request: Request) -> dict[str, Any]:
    """The project and its database, as the workflows of records take them."""
    settings = request.app.state.settings
    return {"project": settings.project, "database": settings.location.url}


@needs("viewer")
def listed(request: Request) -> Response:
    """Every record, by name; what consent does not let be seen is left out."""
    from commonbeat.workflows.record_list import list_records

    return page(request, "record/list.html.j2", rows=list_records(**place_of(request)))


@needs("viewer")
def one(request: Request) -> Response:
    """One record: what may be done with it, and what it says where everybody agreed to show it."""
    shown = _shown(request)
    sections = sections_of(shown.encounter) if shown.encounter else ()
    return page(request, "record/one.html.j2", shown=shown, sections=sections)


@needs("viewer")
def frames(request: Request) -> Response:
    """A sheet of obscured pictures, while consent lets it be shown."""
    sheets, number = _shown(request).frames, request.path_params["number"]
    if not 0 <= number < len(sheets):
        raise HTTPException(404)
    return FileResponse(sheets[number], media_type="image/jpeg")


@needs("viewer")
def log(request: Request) -> Response:
    """The last entries of the log, newest first."""
    from commonbeat.workflows.record_list import read_log

    entries = read_log(**place_of(request))
    return page(request, "record/log.html.j2", entries=entries[: -MOST_LOG - 1 : -1], count=len(entries))


def _shown(request: Request) -> ShownRecord:
    from commonbeat.workflows.record_shown import show_record
    from commonbeat.workflows.record_store import today

    state, identifier = request.app.state, request.path_params["identifier"]
    with missing_is_not_found():
        return show_record(state.store, state.settings.project, identifier, on=today())
