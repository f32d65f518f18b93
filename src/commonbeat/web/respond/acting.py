"""What somebody sent is done: answers, a language, an audience, a decision, or a way to be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.errors import AnswerError, InputError, LinkError, Mistake
from commonbeat.web.respond.consenting import KINDS
from commonbeat.web.respond.seat import Seat, wording_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from commonbeat.storage import Store
    from commonbeat.workflows.listen_standing import Standing


@dataclass(frozen=True, slots=True)
class Act:
    """What became of it: where the person stands now, why nothing was kept, and what is said on the next page."""

    standing: Standing
    refused: AnswerError | None = None
    notice: str = ""


def answered(request: Request, seat: Seat, form: Mapping[str, str]) -> Act | None:
    """The answers of a page are kept, or the page is shown with what is to be mended; None for a link that is no personal one.

    Most of what is sent is this, so the person is looked up once, in the transaction that keeps it.
    """
    from commonbeat.workflows.listen_keep import look, submit_form
    from commonbeat.workflows.listen_tokens import is_token

    store, key = _store(request), form.get("key", "")
    if not is_token(key):
        if look(store, seat.token).state == "new":  # and a link that opens nothing says so first
            return None
        raise InputError("This page could not be read:", [Mistake("key", None, "is not 22 random letters")])
    sent = (form.get("wave", ""), form.get("page", ""), key, form)
    try:
        return Act(submit_form(store, seat.token, *sent, served=request.app.state.settings.studies))
    except LinkError:
        return None
    except AnswerError as refused:
        return Act(look(store, seat.token), refused=refused)


def act(request: Request, seat: Seat, standing: Standing, form: Mapping[str, str]) -> Act:
    """The form's `doing` is done. Raises InputError for one that is none, and for what cannot be done here."""
    doing = DOINGS.get(form.get("doing", ""))
    if doing is None:
        raise InputError("This page could not be read:", [Mistake("doing", None, "is nothing that can be done")])
    return doing(request, seat, standing, form)


def _language(request: Request, seat: Seat, _: Standing, form: Mapping[str, str]) -> Act:
    from commonbeat.workflows.listen_keep import arrive, choose_language

    arrive(_store(request), seat.token)
    return Act(choose_language(_store(request), seat.token, form.get("language", "")))


def _audience(request: Request, seat: Seat, _: Standing, form: Mapping[str, str]) -> Act:
    from commonbeat.workflows.listen_keep import arrive, choose_audience

    arrive(_store(request), seat.token)
    return Act(choose_audience(_store(request), seat.token, form.get("audience", "")))


def _consent(request: Request, seat: Seat, standing: Standing, form: Mapping[str, str]) -> Act:
    """Yes or no, and the language in which it was read; a form without either is shown again."""
    from commonbeat.workflows.listen_keep import arrive, choose_language, consent

    store, page = _store(request), form.get("page", "")
    agreed = {"yes": True, "no": False}.get(form.get("agreed", ""))
    if agreed is None or page not in KINDS:
        raise InputError("This page could not be read:", [Mistake("agreed", None, "is neither yes nor no")])
    arrive(store, seat.token)
    if standing.language is None:
        choose_language(store, seat.token, wording_for(request, standing).language)
    by = "guardian" if page == "permission" else "self"
    return Act(consent(store, seat.token, page, agreed=agreed, by=by, key=form.get("key", "")))


def _contact(request: Request, seat: Seat, standing: Standing, form: Mapping[str, str]) -> Act:
    from commonbeat.workflows.listen_keep import leave_contact

    leave_contact(_store(request), seat.token, form.get("contact", ""), project=request.app.state.settings.project)
    return Act(standing, notice="contact_kept")


def _store(request: Request) -> Store:
    return request.app.state.store


DOINGS: Final[dict[str, Callable[[Request, Seat, Standing, Mapping[str, str]], Act]]] = {
    "language": _language,
    "audience": _audience,
    "consent": _consent,
    "contact": _contact,
}
