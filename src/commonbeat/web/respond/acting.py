"""What somebody sent is done: a language, an audience, a decision, answers, a way to be reached, or stopping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from commonbeat.errors import AnswerError, InputError, Mistake
from commonbeat.web.respond.consenting import KINDS
from commonbeat.web.respond.seat import Seat, wording_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from commonbeat.storage import Store
    from commonbeat.web.respond.screens import Screen
    from commonbeat.workflows.listen_standing import Standing

TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Act:
    """What became of it: where the person stands now, and what is shown instead of the next page, if anything is."""

    standing: Standing
    refused: AnswerError | None = None
    screen: Screen | None = None
    status: int = 200
    notice: str = ""
    address: str = ""


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


def _answers(request: Request, seat: Seat, standing: Standing, form: Mapping[str, str]) -> Act:
    """The answers are kept.

    They are read against the page that is next. A page that another window sent meanwhile keeps its first answers, and one
    whose turn has not come is not kept without having been read.
    """
    from commonbeat.listen.study.answers import Answer, read_answers
    from commonbeat.workflows.listen_keep import look, submit

    store = _store(request)
    wave, page, key = form.get("wave", ""), form.get("page", ""), form.get("key", "")
    for turn in range(TRIES):
        current = standing.page if standing.wave == wave else None
        mine = current is not None and current.identifier == page
        try:
            answers = read_answers(current, form) if mine and current else (Answer(""),)
        except AnswerError as refused:
            return Act(standing, refused=refused)
        try:
            kept = submit(store, seat.token, wave, page, key, answers)
        except AnswerError:
            if mine or turn == TRIES - 1:
                raise
            standing = look(store, seat.token)  # its turn came between looking and sending
            continue
        return Act(kept)
    raise AssertionError("the last turn returns or raises")


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
    "answers": _answers,
    "contact": _contact,
}
