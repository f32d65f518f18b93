"""Whoever answers may be many at once through one link, but no machine in a hurry.

Counted is what is sent by link, never by network address: those are neither looked at nor kept. A class of thirty that
begins together is served at once; a program that fills an open link waits.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from commonbeat.web.refused import refused
from commonbeat.web.security.refusals import TooOftenError
from commonbeat.web.security.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

RATES: Final = {"r": (600, 0.5), "k": (120, 1.0), "offline": (60, 2.0), "withdraw": (600, 0.2)}
"""By the first part of the address: how many may be sent at once, and seconds for each one after. A code to withdraw has 80 random bits, so
its one address is guarded against haste and not against guessing: a stranger who tries codes must not keep others from withdrawing."""


class Arrivals:
    """Middleware: what is sent through one link comes no faster than people can send it, or is answered with 429."""

    def __init__(self, app: ASGIApp, *, rates: Mapping[str, tuple[int, float]] = RATES) -> None:
        self.app = app
        self.throttles = {part: Throttle(burst, seconds) for part, (burst, seconds) in rates.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request goes on, or a page says how long to wait."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            part, _, rest = scope["path"].lstrip("/").partition("/")
            throttle = self.throttles.get(part)
            if throttle is not None:
                link = rest.partition("/")[0]
                wait = throttle.wait_of(hashlib.sha256(link.encode("utf-8", "surrogatepass")).hexdigest())
                if wait:
                    response = await run_in_threadpool(refused, Request(scope), TooOftenError(wait))
                    await response(scope, receive, send)
                    return
        await self.app(scope, receive, send)
