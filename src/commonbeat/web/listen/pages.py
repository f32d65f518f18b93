"""The list of studies, and one study as it goes: people, days, waves and arms, with small cells hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from commonbeat.errors import InputError, Mistake, StoreError, StudyError
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.listen.chart import by_day, how_far
from commonbeat.web.listen.saying import STATES, sayings
from commonbeat.web.listen.unfinished import forget_form, kept_form, name_for, unfinished_forms
from commonbeat.web.listen.uploading import studies_of, unused_files
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request

    from commonbeat.workflows.listen_studies import KeptStudy

MOST_AT_ONCE: Final = 500


@needs("viewer")
def listed(request: Request) -> Response:
    """Every study with its state and how many take part."""
    return list_page(request)


@needs("viewer")
def one(request: Request) -> Response:
    """How a study goes, and what can be done with it."""
    if request.state.session.role != "viewer":
        keeper_of(request.app).expect()  # the report is one press of a button away
    return study_page(request)


@needs("viewer")
def live(request: Request) -> Response:
    """The part of that page that changes while people answer."""
    return page(request, "listen/live.html.j2", **_counts(request, kept_of(request)))


@needs("viewer")
def file(request: Request) -> Response:
    """The study's file, to save."""
    from commonbeat.listen.study.writing import study_toml

    study = kept_of(request).study
    headers = {"Content-Disposition": f'attachment; filename="{study.identifier}.toml"'}
    return Response(study_toml(study), media_type="application/toml", headers=headers)


@needs("analyst")
def drop(request: Request) -> Response:
    """The draft is in the list no more, and no form waits to change it: another study may take its word."""
    from commonbeat.workflows.listen_drafts import drop_draft

    identifier = kept_of(request).study.identifier
    try:
        drop_draft(request.app.state.store, identifier)
    except InputError as error:
        return study_page(request, refused=error)
    forget_form(studies_of(request), name_for(identifier))
    return RedirectResponse("/listen", status_code=303)


@needs("analyst")
def set_state(request: Request) -> Response:
    """The study is open, or closed, as the button said."""
    from commonbeat.workflows.listen_studies import close_study, open_study

    study, store, closes = kept_of(request).study, request.app.state.store, request.state.form.get("do") == "close"
    try:
        if not closes:
            _require_kept(request, study.identifier)
        (close_study if closes else open_study)(store, study.identifier)
    except InputError as error:
        return study_page(request, refused=error)
    return RedirectResponse(f"/listen/of/{study.identifier}", status_code=303)


def _require_kept(request: Request, identifier: str) -> None:
    """No changes of the study wait in a form, or StudyError says so: once it is open they could not be kept any more."""
    if kept_form(studies_of(request), name_for(identifier)) is not None:
        way_out = "Press Change it and keep them in the last step, or throw them away in the list of studies."
        mistake = Mistake(identifier, None, "has changes that were begun and are not kept", way_out)
        raise StudyError("The study is not opened:", [mistake])


def list_page(request: Request, refused: InputError | None = None) -> Response:
    """The page of all studies; refused: why what was asked for was not done."""
    from commonbeat.listen.bank.read import load_bank
    from commonbeat.workflows.listen_studies import list_studies

    store, studies = request.app.state.store, studies_of(request)
    values = {
        "studies": list_studies(store),
        "unfinished": unfinished_forms(studies),
        "unused": unused_files(studies, store),
        "refused": refused,
        **sayings(load_bank()),
    }
    return page(request, "listen/list.html.j2", status=400 if refused else 200, **values)


def study_page(request: Request, refused: InputError | None = None) -> Response:
    """The page of one study; refused: why what was asked for was not done."""
    from commonbeat.listen.study.cautions import study_cautions
    from commonbeat.listen.study.materials import missing_materials
    from commonbeat.workflows.listen_keep import list_links
    from commonbeat.workflows.listen_materials import changed_materials

    kept, store = kept_of(request), request.app.state.store
    draft = kept.state == "draft"
    values = {
        **_counts(request, kept),
        "study": kept.study,
        "links": list_links(store, kept.study.identifier),
        "to_do": missing_materials(kept.study) if draft else (),
        "cautions": study_cautions(kept.study, kept.bank) if draft else (),
        "changed": changed_materials(store, kept),
        "refused": refused,
        "most": MOST_AT_ONCE,
        "here_only": request.app.state.settings.local,
    }
    return page(request, "listen/one.html.j2", status=400 if refused else 200, **values)


def kept_of(request: Request) -> KeptStudy:
    """The study that the address names, or 404."""
    return kept_at(request, request.path_params["identifier"])


def kept_at(request: Request, identifier: str) -> KeptStudy:
    """The study of that name, or 404."""
    from commonbeat.workflows.listen_studies import kept_study

    try:
        with request.app.state.store.reading() as connection:
            return kept_study(connection, identifier)
    except StoreError as error:
        if any(each.rule == "is not in the store" for each in error.mistakes):
            raise HTTPException(404) from error
        raise


def _counts(request: Request, kept: KeptStudy) -> dict[str, Any]:
    """How the study goes now, as charts and counts. hides: whether one of them is not told."""
    from commonbeat.workflows.listen_status import SMALLEST_CELL, study_status

    status = study_status(request.app.state.store, kept.study.identifier)
    far, days = how_far(status), by_day(status)
    tables = (status.by_state, status.by_audience, status.by_arm)
    told = [bar.count for bar in (*far, *days)] + [count for table in tables for count in table.values()]
    values = {"goes": status, "far": far, "days": days, "hides": None in told, "fewest": SMALLEST_CELL}
    return {**values, "states": STATES, **sayings(kept.bank)}
