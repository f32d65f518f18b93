"""The pages below a personal link: what comes next is shown, what was sent is kept, and nothing is ever read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from commonbeat.errors import LinkError, Mistake
from commonbeat.web.forms import read_form, texts_of
from commonbeat.web.pages import base_of
from commonbeat.web.respond.acting import Act, act, answered
from commonbeat.web.respond.doors import KIOSK, OFFLINE, kind_of
from commonbeat.web.respond.refusing import in_words, require_sent_from_here, require_served
from commonbeat.web.respond.screens import Asked, Screen, page_screen, said_screen
from commonbeat.web.respond.seat import (
    Seat,
    kiosk_of,
    languages_of,
    progress_of,
    send,
    step_of,
    wording_for,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.errors import AnswerError
    from commonbeat.listen.bank.wording import Wording
    from commonbeat.workflows.listen_standing import Standing

NOTICES: Final = {"answered_already": "said_already", "out_of_order": "said_order", "contact_kept": "contact_kept"}
SAID: Final = {
    "not_open": "said_draft",
    "closed": "said_closed",
    "withdrawn": "said_withdrawn",
    "finished": "said_finished",
    "too_early": "said_early",
    "expired": "said_expired",
    "answered_already": "said_already",
    "out_of_order": "said_order",
}


@in_words
async def answer(request: Request) -> Response:
    """GET and POST of a link and of everything below it."""
    seat = Seat(request.path_params["token"])
    form = await form_of(request)
    return await run_in_threadpool(answer_at, request, seat, form)


async def form_of(request: Request) -> dict[str, str] | None:
    """What was sent, None where nothing was; NotFromHereError for a form of somebody else's page."""
    if request.method != "POST":
        return None
    require_sent_from_here(request)
    return texts_of(await read_form(request))


def answer_at(request: Request, seat: Seat, form: Mapping[str, str] | None) -> Response:
    """The next page, or the answer to what was sent, for somebody at that seat."""
    from commonbeat.workflows.listen_keep import look

    if form is not None and form.get("doing") == "answers":
        outcome = answered(request, seat, form)
        if outcome is not None:
            return _answer_to(request, seat, outcome, form)
    standing = look(request.app.state.store, seat.token)
    require_served(request, standing)
    if standing.state == "new":
        return _door(request, seat, standing, form)
    if form is None:
        return _shown(request, seat, standing)
    return _answer_to(request, seat, act(request, seat, standing, form), form)


def _answer_to(request: Request, seat: Seat, outcome: Act, form: Mapping[str, str]) -> Response:
    """What somebody sees after they sent something."""
    if outcome.refused is not None:
        return show(request, seat, outcome.standing, given=form, refused=outcome.refused, status=400)
    return _onward(seat, outcome)


def show(
    request: Request,
    seat: Seat,
    standing: Standing,
    *,
    given: Mapping[str, str] | None = None,
    refused: AnswerError | None = None,
    status: int = 200,
) -> Response:
    """The page on which somebody stands, or why there is none."""
    said = wording_for(request, standing)
    if standing.audience is None and standing.said is None:
        screen = Screen("audience", said.page("audience_heading"), {"audiences": standing.study.audience})
        return _page(request, seat, standing, screen, said, status=status)
    if standing.page is None or standing.wave is None:
        return _say(request, seat, standing, _why(seat, standing, said), status=status)
    screen = page_screen(
        _asked(standing, said),
        standing.wave,
        standing.page,
        base=seat.base,
        given=given,
        refused=refused,
        code=standing.withdrawal_code or "",
        next_on=standing.next_wave_on,
        address=f"{base_of(request)}/withdraw",
    )
    return _page(request, seat, standing, screen, said, status=status)


def _shown(request: Request, seat: Seat, standing: Standing) -> Response:
    """The page of the address: the next one, or word that it was answered, never what was answered."""
    wave, place = request.path_params.get("wave"), request.path_params.get("place")
    if wave is None or standing.page is None or (wave, place) == (standing.wave, standing.place):
        if request.query_params.get("again") and standing.state == "declined" and standing.audience != "child":
            return _asked_again(request, seat, standing)
        return show(request, seat, standing)
    said = wording_for(request, standing)
    names = standing.study.wave_names
    if wave not in names or standing.wave is None:
        return show(request, seat, standing)
    before = (names.index(wave), place) < (names.index(standing.wave), standing.place)
    screen = said_screen(said, "said_already" if before else "said_order", onward=seat.base)
    return _say(request, seat, standing, screen)


def _asked_again(request: Request, seat: Seat, standing: Standing) -> Response:
    """Whoever said no can read the page of consent again, and say yes."""
    from commonbeat.listen.study.pages import Page

    said = wording_for(request, standing)
    wave = standing.wave or standing.study.waves[0].name
    screen = page_screen(_asked(standing, said), wave, Page("consent", "consent"), base=seat.base)
    return _page(request, seat, standing, screen, said)


def _door(request: Request, seat: Seat, standing: Standing, form: Mapping[str, str] | None) -> Response:
    """A link that many use: opening it makes nobody a participant, but the button there does."""
    from commonbeat.workflows.listen_keep import arrive, choose_language

    kind = kind_of(request, seat.token)
    if kind == KIOSK:
        return RedirectResponse(Seat("", seat.token).start, status_code=303)
    if kind == OFFLINE:
        raise LinkError("This link opens nothing:", [Mistake("link", None, "is for an offline file")])
    if form is None or form.get("doing") != "begin" or standing.said:
        return door(request, seat, standing)
    come = arrive(request.app.state.store, seat.token)
    if come.state == "new":
        return door(request, seat, come)
    if come.language is None and form.get("language") in come.study.languages:
        come = choose_language(request.app.state.store, come.token, form["language"])
    return RedirectResponse(step_of(Seat(come.token), come), status_code=303)


def door(request: Request, seat: Seat, standing: Standing, *, at_kiosk: bool = False) -> Response:
    """The first screen of a link that many use, before anybody is somebody."""
    said = wording_for(request, standing)
    action = seat.start if at_kiosk else seat.base
    languages = languages_of(standing.study, standing.bank)
    if standing.said:
        screen = _why(seat, standing, said)
        return send(screen, said, study=standing.study, action=action, languages=languages, choosing="get")
    heading = said.page("kiosk_heading")
    lead = (
        said.page("kiosk_lead")
        if at_kiosk
        else said.page(
            "consent_about", organisation=standing.study.organisation, title=standing.study.title[said.language]
        )
    )
    screen = Screen("welcome", heading, {"heading": heading, "paragraphs": [lead]})
    return send(screen, said, study=standing.study, action=action, languages=languages, choosing="get")


def _onward(seat: Seat, outcome: Act) -> Response:
    """After something was sent, the next page is asked for, so that a reload sends nothing twice."""
    address = step_of(seat, outcome.standing)
    notice = outcome.notice or (outcome.standing.said if outcome.standing.page is not None else None)
    return RedirectResponse(f"{address}?said={notice}" if notice in NOTICES else address, status_code=303)


def _why(seat: Seat, standing: Standing, said: Wording) -> Screen:
    """Why there is nothing to answer."""
    if standing.said == "declined":
        heading = said.page("refused_heading")
        onward = "" if seat.desk or standing.audience == "child" else f"{seat.base}?again=yes"
        lead = said.page("refused_lead")
        return Screen(
            "said",
            heading,
            {"heading": heading, "paragraphs": [lead], "onward": onward, "onward_words": said.page("consent_heading")},
        )
    if standing.said == "finished" and standing.next_wave_on is not None:  # with this wave, not with the study
        return said_screen(said, "said_early", date=standing.next_wave_on.isoformat())
    day = standing.next_wave_on or standing.study.starts_on
    return said_screen(said, SAID.get(standing.said or "", "said_finished"), date=day.isoformat())


def _say(request: Request, seat: Seat, standing: Standing, screen: Screen, *, status: int = 200) -> Response:
    return _page(request, seat, standing, screen, wording_for(request, standing), status=status, placed=False)


def _page(
    request: Request,
    seat: Seat,
    standing: Standing,
    screen: Screen,
    said: Wording,
    *,
    status: int = 200,
    placed: bool = True,
) -> Response:
    notice = NOTICES.get(request.query_params.get("said", "")) if request.method == "GET" else None
    more: dict[str, Any] = {
        "languages": languages_of(standing.study, standing.bank),
        "progress": progress_of(standing, said) if placed else None,
        "notice": said.page(notice) if notice and placed else "",
        "kiosk": kiosk_of(seat, said, stop=standing.page is None or standing.page.kind != "debriefing"),
    }
    return send(screen, said, study=standing.study, action=seat.base, status=status, **more)


def _asked(standing: Standing, said: Wording) -> Asked:
    from commonbeat.workflows.record_store import today

    return Asked(standing.study, standing.bank, said, today())


__all__ = ["answer", "answer_at", "door", "form_of", "show"]
