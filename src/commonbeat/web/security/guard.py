"""Who may see an endpoint of the team, and that a form was sent from one of our pages.

    @needs("analyst")
    def start(request: Request) -> Response:
        form = texts_of(request.state.form)

An endpoint may be `def`, which runs in a thread as work on the store must, or `async def`. It finds
`request.state.session` (user, role, csrf), `request.state.form` (for what is not GET), and `request.app.state.store`.
"""

from __future__ import annotations

import hmac
import inspect
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from commonbeat.web.forms import read_form
from commonbeat.web.security.cookies import token_in
from commonbeat.web.security.hosts import sent_from_here
from commonbeat.web.security.refusals import NotAllowedError, NotFromHereError
from commonbeat.workflows.web_sessions import session_of
from commonbeat.workflows.web_users import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    Role = Literal["viewer", "analyst", "owner"]

READING: Final = ("GET", "HEAD")
MARK: Final = "open_to"


def needs(role: Role) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The endpoint answers to that role and those above it; whoever is not signed in is led to the door."""

    def guard(endpoint: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(endpoint)
        async def guarded(request: Request) -> Response:
            session = await run_in_threadpool(session_of, request.app.state.store, token_in(request))
            if session is None:
                return _to_the_door(request)
            request.state.session = session
            if ROLES.index(session.role) < ROLES.index(role):
                raise NotAllowedError(role)
            try:
                with request.app.state.uploads.one_of(session.user, request.headers):
                    if request.method not in READING:
                        await _check_form(request, session.csrf)
                    if inspect.iscoroutinefunction(endpoint):
                        return await endpoint(request)
                    return await run_in_threadpool(endpoint, request)
            finally:
                await request.close()  # files that were uploaded are gone when the endpoint has returned

        setattr(guarded, MARK, role)
        return guarded

    return guard


def open_to_all(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint answers to everybody, and says so; for the door itself and for files of style."""
    setattr(endpoint, MARK, "all")
    return endpoint


async def _check_form(request: Request, csrf: str) -> None:
    """The form is read, and carries the session's token in a field `csrf` or a header X-CSRF-Token; else 403."""
    if not sent_from_here(request.headers, request.app.state.settings):
        raise NotFromHereError
    request.state.form = await read_form(request)
    given = request.headers.get("x-csrf-token") or request.state.form.get("csrf") or ""
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), csrf.encode()):
        raise NotFromHereError


def _to_the_door(request: Request) -> Response:
    """A page leads to the door and from there back; what is sent without a session is refused."""
    if request.method not in READING or "hx-request" in request.headers:
        raise HTTPException(401)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(back)}", status_code=303)
