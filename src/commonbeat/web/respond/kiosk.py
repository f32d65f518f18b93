"""A tablet that many people use one after the other: each gets a seat of their own, which is good there until they are done.

Whoever presses Back finds the start, not the person before; and so does whoever comes after a long silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from commonbeat.web.respond.answering import answer_at, door, form_of
from commonbeat.web.respond.doors import KIOSK, require_kind
from commonbeat.web.respond.materials import material_for
from commonbeat.web.respond.overwriting import overwriter_of
from commonbeat.web.respond.refusing import in_words
from commonbeat.web.respond.screens import Screen
from commonbeat.web.respond.seat import Seat, send, step_of, wording_for
from commonbeat.workflows.listen_seats import sit, stand_up, who_sits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.web.respond.materials import Shown
    from commonbeat.workflows.listen_standing import Standing

DONE_SECONDS: Final = 60


@in_words
async def start(request: Request) -> Response:
    """The first screen, and the button that makes the next person a participant."""
    form = await form_of(request)
    return await run_in_threadpool(_start, request, form)


@in_words
async def answer(request: Request) -> Response:
    """A person's pages at the kiosk, as long as they sit there."""
    form = await form_of(request)
    return await run_in_threadpool(_answer, request, form)


@in_words
async def send_film(request: Request) -> Response:
    """The film of whoever sits there."""
    return await run_in_threadpool(_material, request, "clip")


@in_words
async def send_picture(request: Request) -> Response:
    """Their picture."""
    return await run_in_threadpool(_material, request, "picture")


@in_words
async def send_captions(request: Request) -> Response:
    """The captions of their film."""
    return await run_in_threadpool(_material, request, "captions")


def _seat(request: Request) -> Seat | None:
    """Whoever sits where the address says, None where nobody does."""
    desk, place = request.path_params["desk"], request.path_params["token"]
    token = who_sits(request.app.state.store, desk, place)
    return Seat(token, desk, place) if token else None


def _material(request: Request, part: Shown) -> Response:
    seat = _seat(request)
    return _away(request) if seat is None else material_for(request, seat.token, part)


def _away(request: Request) -> Response:
    return RedirectResponse(Seat("", request.path_params["desk"]).start, status_code=303)


def _start(request: Request, form: Mapping[str, str] | None) -> Response:
    from commonbeat.workflows.listen_keep import arrive, choose_language

    store, seat = request.app.state.store, Seat("", request.path_params["desk"])
    standing = require_kind(request, seat.desk, KIOSK)
    if form is None or standing.said:
        if request.query_params.get("done"):
            return _done(request, seat, standing)
        return door(request, seat, standing, at_kiosk=True)
    come = arrive(store, seat.desk)
    if come.state == "new":
        return door(request, seat, come, at_kiosk=True)
    if come.language is None and form.get("language") in come.study.languages:
        come = choose_language(store, come.token, form["language"])
    taken = Seat(come.token, seat.desk, sit(store, seat.desk, come.token))
    return RedirectResponse(step_of(taken, come), status_code=303)


def _answer(request: Request, form: Mapping[str, str] | None) -> Response:
    seat = _seat(request)
    if seat is None:
        return _away(request)
    doing = "" if form is None else form.get("doing", "")
    if doing == "leave":  # the page's script says so after a long silence; what was sent stays
        stand_up(request.app.state.store, seat.desk, seat.place)
        return _away(request)
    if doing == "stop":
        return _stop(request, seat)
    response = answer_at(request, seat, form)
    last = form is not None and form.get("page") == "debriefing" and response.status_code == 303
    if last:
        stand_up(request.app.state.store, seat.desk, seat.place)
        return RedirectResponse(f"{seat.start}?done=yes", status_code=303)
    return response


def _stop(request: Request, seat: Seat) -> Response:
    """What this person has sent so far is deleted, and the screen is free."""
    from commonbeat.workflows.listen_keep import look, withdraw_by_link

    store = request.app.state.store
    stand_up(store, seat.desk, seat.place)
    if look(store, seat.token).state not in ("withdrawn", "finished") and withdraw_by_link(store, seat.token).traces:
        overwriter_of(request.app).empty_soon()
    return RedirectResponse(seat.start, status_code=303)


def _done(request: Request, seat: Seat, standing: Standing) -> Response:
    """Thanks, nothing of the person, and the way to the next one."""
    said = wording_for(request, standing)
    heading = said.page("kiosk_done_heading")
    shown = {
        "heading": heading,
        "paragraphs": [said.page("kiosk_done")],
        "onward": seat.start,
        "onward_words": said.page("hand_over"),
    }
    back = {"start": seat.start, "seat": "", "seconds": DONE_SECONDS, "seconds_without_script": DONE_SECONDS}
    more: dict[str, Any] = {"kiosk": {**back, "idle": "", "stop": False}}
    return send(Screen("said", heading, shown), said, study=standing.study, action=seat.start, **more)
