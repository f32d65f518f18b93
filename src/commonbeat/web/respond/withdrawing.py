"""Taking everything back by the code that was shown at the end."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from commonbeat.errors import CommonBeatError, LinkError
from commonbeat.web.respond.answering import form_of
from commonbeat.web.respond.questions import ToMend
from commonbeat.web.respond.refusing import in_words
from commonbeat.web.respond.screens import Screen, said_screen
from commonbeat.web.respond.seat import send, wording_without_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.storage import Store

ADDRESS = "/withdraw"
PAUSES_SECONDS: Final = (1.0, 5.0, 20.0)
"""How long to wait for another program that reads the store, such as a command, before its side file is emptied again."""


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
    response = send(said_screen(said, "withdraw_done"), said, action=ADDRESS)
    if gone.traces:
        response.background = BackgroundTask(erase_what_is_left, request.app.state.store)
    return response


def erase_what_is_left(store: Store) -> None:
    """What was deleted stands in no side file any more, or the window of the server says that it may."""
    left = ""
    for pause in PAUSES_SECONDS:
        time.sleep(pause)
        try:
            store.erase_traces()
        except CommonBeatError as error:
            left = str(error)
        else:
            return
    logging.getLogger(__name__).warning("Somebody withdrew, and traces are left. %s", left)
