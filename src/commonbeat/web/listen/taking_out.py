"""What a study says leaves it: as a report, as a file for others; and a person's answers leave it when they take them back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse

from commonbeat.errors import InputError, LinkError, Mistake, did_you_mean
from commonbeat.web.forms import texts_of
from commonbeat.web.listen.pages import kept_of, study_page
from commonbeat.web.pages import page
from commonbeat.web.security.apart import free_folder, run_apart
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

CHILD: Final = "commonbeat.web.listen.child"
FOLDER: Final = "listening"
EXPORTS: Final = "exports"
NAME: Final = re.compile(r"answers-[a-z0-9][a-z0-9-]{2,63}-[0-9]{8}-[0-9]{6}\.[a-z]{2,8}(\.codebook\.md)?")
KINDS: Final = {
    "csv": ("wide", ".csv"),
    "csv-long": ("long", ".csv"),
    "parquet": ("wide", ".parquet"),
    "spss": ("wide", ".sav"),
    "targets": ("targets", ".csv"),
}


@needs("analyst")
def results(request: Request) -> Response:
    """The study's report stands in the project, and is opened."""
    settings, study = request.app.state.settings, kept_of(request).study
    (settings.project / FOLDER).mkdir(mode=0o700, exist_ok=True)
    out = free_folder(settings.project / FOLDER, study.identifier)
    order = {"study": study.identifier, "out": str(out), "project": str(settings.project)}
    try:
        run_apart(CHILD, {**order, "database": settings.location.url})
    except InputError as error:
        return study_page(request, refused=error)
    return RedirectResponse(f"/reports/of/{FOLDER}/{out.name}", status_code=303)


@needs("analyst")
def export(request: Request) -> Response:
    """A file of the answers stands in the project's folder of exports, with its codebook; the log knows of it."""
    from commonbeat.workflows.listen_export import export_study

    study, form = kept_of(request).study, texts_of(request.state.form)
    chosen = form.get("kind", "")
    if chosen not in KINDS:
        way_out = did_you_mean(chosen[:20], KINDS)
        mistake = Mistake("kind", chosen[:20], "is no kind of file", way_out)
        return study_page(request, refused=InputError("Nothing was exported:", [mistake]))
    shape, ending = KINDS[chosen]
    folder = request.app.state.settings.project / EXPORTS
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"answers-{study.identifier}-{datetime.now(UTC):%Y%m%d-%H%M%S}{ending}"
    try:
        made = export_study(
            request.app.state.store,
            study.identifier,
            path,
            form=shape,  # pyright: ignore[reportArgumentType] - one of KINDS
            language=form.get("language") or None,
            texts=form.get("texts") == "yes",
            arm=form.get("arm", "").strip(),
        )
    except InputError as error:
        return study_page(request, refused=error)
    files = [each.name for each in (made.file, made.codebook) if each]
    return page(request, "listen/exported.html.j2", study=study, made=made, files=files)


@needs("analyst")
def exported(request: Request) -> Response:
    """A file of answers, to save."""
    name = request.path_params["name"]
    path = request.app.state.settings.project / EXPORTS / name
    if not NAME.fullmatch(name) or not path.is_file() or path.is_symlink():
        raise HTTPException(404)
    return FileResponse(path, media_type="application/octet-stream", filename=name)


@needs("analyst")
def take_back(request: Request) -> Response:
    """Everything of whoever has that code is deleted."""
    from commonbeat.workflows.listen_keep import withdraw
    from commonbeat.workflows.listen_studies import list_studies

    store, code = request.app.state.store, texts_of(request.state.form).get("code", "")
    try:
        gone = withdraw(store, code)
    except LinkError as error:
        return page(request, "listen/list.html.j2", status=400, studies=list_studies(store), refused=error)
    return page(request, "listen/withdrawn.html.j2", gone=gone)


@needs("owner")
def erase(request: Request) -> Response:
    """Nobody who was asked is in the store any more, once the study's word was typed."""
    from commonbeat.workflows.listen_erase import erase_study

    study = kept_of(request).study
    if texts_of(request.state.form).get("word", "").strip() != study.identifier:
        way_out = f"Type {study.identifier}, so that no other study is meant."
        mistake = Mistake("word", None, "is not the study's word", way_out)
        return study_page(request, refused=InputError("Nothing was deleted:", [mistake]))
    try:
        gone = erase_study(request.app.state.store, study.identifier)
    except InputError as error:
        return study_page(request, refused=error)
    return page(request, "listen/withdrawn.html.j2", gone=gone)
