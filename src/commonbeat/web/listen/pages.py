"""The list of studies, and one study as it goes: people, days, waves and arms, with small cells hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from commonbeat.errors import InputError, StoreError
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request

    from commonbeat.workflows.listen_studies import KeptStudy

MOST_DAYS: Final = 30
MOST_AT_ONCE: Final = 500


@needs("viewer")
def listed(request: Request) -> Response:
    """Every study with its state and how many take part."""
    from commonbeat.workflows.listen_studies import list_studies

    return page(request, "listen/list.html.j2", studies=list_studies(request.app.state.store), refused=None)


@needs("viewer")
def one(request: Request) -> Response:
    """How a study goes, and what can be done with it."""
    return study_page(request)


@needs("viewer")
def live(request: Request) -> Response:
    """The part of that page that changes while people answer."""
    kept_of(request)
    return page(request, "listen/live.html.j2", **_counts(request))


@needs("viewer")
def file(request: Request) -> Response:
    """The study's file, to save."""
    from commonbeat.listen.study.writing import study_toml

    study = kept_of(request).study
    headers = {"Content-Disposition": f'attachment; filename="{study.identifier}.toml"'}
    return Response(study_toml(study), media_type="application/toml", headers=headers)


@needs("analyst")
def set_state(request: Request) -> Response:
    """The study is open, or closed, as the button said."""
    from commonbeat.workflows.listen_studies import close_study, open_study

    study, store = kept_of(request).study, request.app.state.store
    try:
        (close_study if request.state.form.get("do") == "close" else open_study)(store, study.identifier)
    except InputError as error:
        return study_page(request, refused=error)
    return RedirectResponse(f"/listen/of/{study.identifier}", status_code=303)


def study_page(request: Request, refused: InputError | None = None) -> Response:
    """The page of one study; refused: why what was asked for was not done."""
    from commonbeat.listen.study.cautions import study_cautions
    from commonbeat.listen.study.materials import missing_materials
    from commonbeat.workflows.listen_keep import list_links

    kept = kept_of(request)
    values = {
        **_counts(request),
        "study": kept.study,
        "links": list_links(request.app.state.store, kept.study.identifier),
        "to_do": missing_materials(kept.study) if kept.state == "draft" else (),
        "cautions": study_cautions(kept.study, kept.bank) if kept.state == "draft" else (),
        "refused": refused,
        "most": MOST_AT_ONCE,
        "here_only": request.app.state.settings.local,
    }
    return page(request, "listen/one.html.j2", status=400 if refused else 200, **values)


def kept_of(request: Request) -> KeptStudy:
    """The study that the address names, or 404."""
    from commonbeat.workflows.listen_studies import kept_study

    try:
        with request.app.state.store.reading() as connection:
            return kept_study(connection, request.path_params["identifier"])
    except StoreError as error:
        if any(each.rule == "is not in the store" for each in error.mistakes):
            raise HTTPException(404) from error
        raise


def _counts(request: Request) -> dict[str, Any]:
    """How the study goes now. bars: the last days, with the longest as 100."""
    from commonbeat.workflows.listen_status import SMALLEST_CELL, study_status

    status = study_status(request.app.state.store, request.path_params["identifier"])
    days = list(status.by_day.items())[-MOST_DAYS:]
    longest = max((count or SMALLEST_CELL for _, count in days), default=1)
    bars = [(day, count, round(100 * (count or 0) / longest)) for day, count in days]
    return {"goes": status, "bars": bars, "fewest": SMALLEST_CELL}
