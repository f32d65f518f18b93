"""What a study says leaves it: as a report, as a file for others; and a person's answers leave it when they take them back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from commonbeat.errors import InputError, LinkError, Mistake, did_you_mean
from commonbeat.web.forms import texts_of
from commonbeat.web.jobs.asking import ask, keeper_of
from commonbeat.web.jobs.pages import waiting_for
from commonbeat.web.listen.exporting import made_by
from commonbeat.web.listen.pages import kept_of, list_page, study_page
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_jobs import find_job

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

FOLDER: Final = "listening"
EXPORTS: Final = "exports"
NAME: Final = re.compile(
    r"answers-[a-z0-9][a-z0-9-]{2,63}-[0-9]{8}-[0-9]{6}(-[0-9]{1,10})*\.[a-z]{2,8}(\.codebook\.md)?"
)
KINDS: Final = {
    "csv": ("wide", ".csv"),
    "csv-long": ("long", ".csv"),
    "parquet": ("wide", ".parquet"),
    "spss": ("wide", ".sav"),
    "targets": ("targets", ".csv"),
}


@needs("analyst")
def results(request: Request) -> Response:
    """The report on the study waits for its turn as a job, and is opened when it is there."""
    from commonbeat.workflows.listen_status import study_status

    identifier = kept_of(request).study.identifier
    goes = study_status(request.app.state.store, identifier)
    if goes.agreed == 0:
        mistake = Mistake(identifier, None, "has nobody yet who agreed to take part", "Invite people first.")
        return study_page(request, refused=InputError("There are no results:", [mistake]))
    return _asked(request, "results", {"title": goes.title, "study": identifier}, f"{FOLDER}/{identifier}-{{number}}")


@needs("analyst")
def export(request: Request) -> Response:
    """A file of the answers waits for its turn as a job; it then stands in the project's folder of exports, and the log knows of it."""
    from commonbeat.workflows.listen_export import HEADING, export_mistakes

    study, form = kept_of(request).study, texts_of(request.state.form)
    chosen = form.get("kind", "")
    if chosen not in KINDS:
        way_out = did_you_mean(chosen[:20], KINDS)
        mistake = Mistake("kind", chosen[:20], "is no kind of file", way_out)
        return study_page(request, refused=InputError(HEADING, [mistake]))
    shape, ending = KINDS[chosen]
    language, arm = form.get("language", ""), form.get("arm", "").strip()
    try:
        export_mistakes(study, f"answers{ending}", shape, language or None, arm).raise_if_any(InputError, HEADING)
    except InputError as error:
        return study_page(request, refused=error)
    arguments = {
        "title": f"Answers: {study.identifier}",
        "study": study.identifier,
        "form": shape,
        "ending": ending,
        "language": language,
        "arm": arm,
        "texts": form.get("texts") == "yes",
    }
    name = f"answers-{study.identifier}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{{number}}"
    return _asked(request, "export", arguments, f"{EXPORTS}/{name}")


@needs("analyst")
def made(request: Request) -> Response:
    """The files that an export has made, to save."""
    job = find_job(request.app.state.store, request.path_params["number"])
    if job is None or job.kind != "export" or job.state != "finished":
        raise HTTPException(404)
    found = made_by(keeper_of(request.app).folder(job.number).path)
    if found is None:
        raise HTTPException(404)
    values = {"study": {"identifier": job.arguments["study"]}, "made": found, "files": found["files"]}
    return page(request, "listen/exported.html.j2", **values)


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

    store, code = request.app.state.store, texts_of(request.state.form).get("code", "")
    try:
        gone = withdraw(store, code)
    except LinkError as error:
        return list_page(request, refused=error)
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


def _asked(request: Request, kind: str, arguments: dict[str, Any], folder: str) -> Response:
    """The job waits, and whoever asked is led to its page; or the study's page says why no more is taken on."""
    keeper, user = keeper_of(request.app), request.state.session.user
    try:
        job = ask(keeper, kind, arguments, {}, folder=folder, total=0, asked_by=user)
    except InputError as error:
        return study_page(request, refused=error)
    return waiting_for(job)
