"""The pages of those who answer: by link, at a kiosk, on paper with a QR code, or from a file without a network.

    /r/{token}                        a personal link, or an open one that makes a personal one when somebody begins
    /r/{token}/{wave}/{place}         one page of a study; answered already, it says so and shows nothing
    /r/{token}/material               the clip or text of the page that is being shown, and of no other
    /k/{desk}, /k/{desk}/{token}      a tablet that many people use one after the other; the second token is a seat's, good while somebody sits there
    /withdraw                         taking everything back, by code
    /offline/{token}                  what the offline file sends

A page works without a script. Nobody gets a cookie, no answer can be read back, nothing is asked of other hosts.

What the offline file sends, or saves for a person to bring, is one document of JSON:

    {"format": 1, "study": "...", "responses": [{
        "key": "22 random letters", "audience": "adult", "language": "es", "withdrawal_code": "...",
        "pages": [{"wave": "...", "page": "consent", "key": "...", "agreed": true, "by": "self"},
                  {"wave": "...", "page": "trust-1", "key": "...", "answers": {"trust-1": "4", "trust-2": ""}}]}]}

The values of `answers` are what a form would send. The server answers {"kept": [key], "known": [key],
"refused": [{"key": ..., "why": ...}]}; a device forgets a response when its key is under kept or known.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.routing import Route

__all__ = ["routes", "running"]


def routes() -> list[Route]:
    """The addresses of those who answer."""
    from commonbeat.web.respond.addresses import addresses

    return addresses()


@contextlib.asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[None]:
    """What withdrawals leave in the store's files is overwritten from the first request to the last, and once more at the end."""
    from starlette.concurrency import run_in_threadpool

    from commonbeat.web.respond.overwriting import overwriter_of

    overwriter = overwriter_of(app)
    overwriter.begin()
    try:
        yield
    finally:
        await run_in_threadpool(overwriter.close)
