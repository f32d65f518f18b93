"""Records leave: exported to others where everybody agreed to share, or withdrawn with everything made from them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from commonbeat.errors import InputError, Mistake, did_you_mean
from commonbeat.web.pages import page
from commonbeat.web.record.missing import missing_is_not_found
from commonbeat.web.record.pages import place_of
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

FOLDER: Final = "exports"
NAME: Final = re.compile(r"records-[0-9]{8}-[0-9]{6}(-[0-9]+)?\.(csv|json|toml)")
KINDS: Final = {".csv": "text/csv", ".json": "application/json", ".toml": "application/toml"}


@needs("analyst")
def export(request: Request) -> Response:
    """A file of the chosen records, or of all, stands in the project's folder of exports; the page says what was left out."""
    from commonbeat.workflows.record_export import export_records

    form = request.state.form
    chosen = [each for each in form.getlist("record") if isinstance(each, str)]
    kind = form.get("kind")
    if kind not in KINDS:
        raise InputError(
            "Nothing was exported:",
            [Mistake("kind", str(kind)[:20], "is of a kind that is not known", did_you_mean(str(kind)[:20], KINDS))],
        )
    folder = request.app.state.settings.project / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"records-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    taken = len(list(folder.glob(f"{name}*")))
    path = folder / (f"{name}-{taken + 1}{kind}" if taken else f"{name}{kind}")
    with missing_is_not_found():
        found = export_records(chosen, to=path, **place_of(request))
    return page(request, "record/exported.html.j2", found=found, name=path.name if found.shared else "")


@needs("analyst")
def exported(request: Request) -> Response:
    """A file of exported records, to save; gone when a record in it was withdrawn."""
    name = request.path_params["name"]
    path = request.app.state.settings.project / FOLDER / name
    if not NAME.fullmatch(name) or not path.is_file() or path.is_symlink():
        raise HTTPException(404)
    return FileResponse(path, media_type=KINDS[path.suffix], filename=name)


@needs("analyst")
def ask(request: Request) -> Response:
    """What a withdrawal would delete, before anything is."""
    return _asked(request)


@needs("analyst")
def withdraw(request: Request) -> Response:
    """The record is gone with everything made from it, once the word was typed that says so."""
    from commonbeat.workflows.record_withdraw import withdraw_record

    identifier, form = request.path_params["identifier"], request.state.form
    if form.get("word") != identifier:
        rule, way_out = "is not the record's word", f"Type {identifier}, so that no other record is meant."
        return _asked(request, Mistake("word", None, rule, way_out))
    slot, why = (str(form.get(name) or "") for name in ("slot", "why"))
    with missing_is_not_found():
        gone = withdraw_record(identifier, slot=slot.strip(), why=why or "asked", **place_of(request))
    return page(request, "record/withdrawn.html.j2", gone=gone, identifier=identifier)


def _asked(request: Request, mistake: Mistake | None = None) -> Response:
    from commonbeat.workflows.record_withdraw import REASONS, what_would_go

    identifier = request.path_params["identifier"]
    with missing_is_not_found():
        encounters, paths = what_would_go(identifier, **place_of(request))
    values = {"identifier": identifier, "encounters": encounters, "paths": paths, "reasons": REASONS}
    return page(request, "record/withdraw.html.j2", status=400 if mistake else 200, mistake=mistake, **values)
