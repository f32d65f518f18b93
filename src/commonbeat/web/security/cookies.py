"""The cookie of the team's session. People who answer get none; the door has another one for browsers it knows (`knocking`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.web.settings import Settings


def cookie_name(settings: Settings) -> str:
    """Its name. Ports of one host share their cookies, so the port is part of it; `__Host-` binds it to https and the host."""
    return "__Host-commonbeat" if settings.secure else f"commonbeat-{settings.port}"


def token_in(request: Request) -> str:
    """What the browser brought, or an empty text."""
    return request.cookies.get(cookie_name(request.app.state.settings), "")


def give_token(response: Response, settings: Settings, token: str) -> None:
    """The browser holds the token until it is closed; no script reads it, no other site's link sends it."""
    response.set_cookie(
        cookie_name(settings), token, path="/", secure=settings.secure, httponly=True, samesite="strict"
    )


def take_token(response: Response, settings: Settings) -> None:
    """The browser forgets the token."""
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="strict")
