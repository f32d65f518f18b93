"""Refusals to those who answer, in their language: a link that nobody knows, a store that is busy, a form that is damaged."""

from __future__ import annotations

from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from commonbeat.errors import CommonBeatError, InputError, LinkError, Mistake, StoreError
from commonbeat.web.respond.screens import Screen
from commonbeat.web.respond.seat import send, wording_for, wording_without_study
from commonbeat.web.security.hosts import sent_from_here
from commonbeat.web.security.refusals import NotFromHereError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.listen.bank.wording import Wording
    from commonbeat.workflows.listen_standing import Standing


def in_words(endpoint: Callable[..., Awaitable[Response]]) -> Callable[..., Awaitable[Response]]:
    """The endpoint, whose refusals are pages in the reader's language and with the right status."""

    @wraps(endpoint)
    async def answering(*given: Any) -> Response:
        try:
            return await endpoint(*given)
        except CommonBeatError as error:
            return await run_in_threadpool(refusal, given[-1], error)

    return answering


def refusal(request: Request, error: CommonBeatError) -> Response:
    """404 for a link that is not known, 503 where the store is busy, 400 for what cannot be read, 500 for a failure of ours."""
    if isinstance(error, LinkError):
        key, status = "said_unknown", 404
    elif isinstance(error, StoreError):
        key, status = "said_failed", 503
    elif isinstance(error, InputError):
        key, status = "mistake_form", 400
    else:
        key, status = "said_failed", 500
    said = wording_without_study(request) if status >= 500 else wording_at(request)
    heading = said.page("mistakes_heading" if key == "mistake_form" else f"{key}_heading")
    onward = request.url.path if key == "mistake_form" else ""
    shown = {"heading": heading, "paragraphs": [said.page(key)], "onward": onward, "onward_words": said.page("go_on")}
    response = send(Screen("said", heading, shown), said, action=request.url.path, status=status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def wording_at(request: Request) -> Wording:
    """The sentences in the language that whoever has this link chose; where none is known, the one that their browser asks for.

    It reads the store, so it runs in a thread, and never where the store is what failed.
    """
    from commonbeat.workflows.listen_keep import look

    part, _, rest = request.url.path.lstrip("/").partition("/")
    if part == "r":
        with suppress(CommonBeatError):
            return wording_for(request, look(request.app.state.store, rest.partition("/")[0]))
    return wording_without_study(request)


def require_served(request: Request, standing: Standing) -> None:
    """The study is one that this server serves, or LinkError says no more than for any other link."""
    served = request.app.state.settings.studies
    if served and standing.study.identifier not in served:
        raise LinkError("This link opens nothing:", [Mistake("link", None, "is not known")])


def require_sent_from_here(request: Request) -> None:
    """The form came from a page of ours, as far as the browser tells, or NotFromHereError.

    Our pages tell no other page where somebody came from (no-referrer), so a browser sends "null" as the origin of their forms.
    A foreign page cannot know the token that stands in the address, which is what protects these forms in the first place.
    """
    headers = request.headers
    if headers.get("origin") == "null":
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise NotFromHereError
    elif not sent_from_here(headers, request.app.state.settings):
        raise NotFromHereError
