"""A request must name us as its host, or it goes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.types import ASGIApp, Receive, Scope, Send

    from commonbeat.web.settings import Settings


class Hosts:
    """Middleware: a page that points a name of its own at this machine gets nothing (DNS rebinding)."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request is answered, here or further in."""
        if scope["type"] == "http":
            named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
            if len(named) != 1 or not self.settings.answers_to(named[0]):
                words = "This server does not go by that name. Open it by the address that it printed.\n"
                await PlainTextResponse(words, status_code=421)(scope, receive, send)
                return
        elif scope["type"] != "lifespan":
            return
        await self.app(scope, receive, send)


def sent_from_here(headers: Headers, settings: Settings) -> bool:
    """Whether a form was sent from a page of ours, as far as the browser tells.

    Browsers send Origin with every POST, and Sec-Fetch-Site where they know it; what is not told is not held against
    a program that is no browser, for the token in the form decides then.
    """
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    scheme, _, host = origin.partition("://")
    return scheme in ("http", "https") and (scheme == "https" or not settings.secure) and settings.answers_to(host)
