"""Taking everything back by the code that was shown at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from commonbeat.errors import LinkError
from commonbeat.web.respond.answering import form_of
from commonbeat.web.respond.overwriting import overwriter_of
from commonbeat.web.respond.questions import ToMend
from commonbeat.web.respond.refusing import in_words
from commonbeat.web.respond.screens import Screen, said_screen
from commonbeat.web.respond.seat import send, wording_without_study
from commonbeat.workflows.listen_studies import kept_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.storage import Store

ADDRESS = "/withdraw"


@in_words
async def take_back(request: Request) -> Response:
    """The form for the code; sent in, everything of whoever has it is deleted."""
    form = await form_of(request)
    return await run_in_threadpool(_take_back, request, form)


def _take_back(request: Request, form: Mapping[str, str] | None) -> Response:
    from commonbeat.workflows.listen_keep import withdraw

    said = wording_without_study(request)
    if form is None:
        return send(Screen("withdraw", said.page("withdraw_heading"), {"mistakes": ()}), said, action=ADDRESS)
    try:
        gone = withdraw(request.app.state.store, form.get("code", "")[:200])
    except LinkError:
        shown = {"mistakes": (ToMend("code", said.page("withdraw_unknown")),)}
        return send(Screen("withdraw", said.page("withdraw_heading"), shown), said, action=ADDRESS, status=404)
    if gone.traces:
        overwriter_of(request.app).empty_soon()
    screen = said_screen(said, "withdraw_done")
    told = [*screen.page["paragraphs"], said.page("withdraw_remains")]
    if gone.exports:
        told.append(said.page("withdraw_exported", contact=_contact(request.app.state.store, gone.study)))
    return send(Screen(screen.part, screen.heading, {**screen.page, "paragraphs": told}), said, action=ADDRESS)


def _contact(store: Store, study: str) -> str:
    with store.reading() as connection:
        return kept_study(connection, study).study.contact
