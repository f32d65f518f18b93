"""How large a body may be, by address. A larger one is refused before it is read, or while it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from commonbeat.web.refused import refused

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

KIB, MIB = 1 << 10, 1 << 20
USUAL: Final = 256 * KIB
LIMITS: Final = (
    ("/offline/", 4 * MIB),
    ("/estimate", 64 * MIB),
    ("/listen/shown", 512 * MIB),  # the step of a study's form that takes films
    ("/listen", 16 * MIB),
    ("/record", 16 * MIB),
    ("/simulate", 2 * MIB),
)
"""Bytes by the beginning of the address; everything else has the usual limit."""


def limit_of(path: str) -> int:
    """How many bytes a body sent to that address may have."""
    return next((limit for beginning, limit in LIMITS if path.startswith(beginning)), USUAL)


class Bodies:
    """Middleware: 413 for a body that says it is too large, and for one that turns out to be."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request is answered; whoever reads its body cannot get more than the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit, arrived = limit_of(scope["path"]), 0
        said = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not said.isdigit():
            response = await run_in_threadpool(refused, Request(scope), HTTPException(400))
            await response(scope, receive, send)
            return
        if int(said) > limit:
            response = await run_in_threadpool(refused, Request(scope), HTTPException(413))
            await response(scope, receive, send)
            return

        async def receive_up_to_limit() -> Message:
            nonlocal arrived
            message = await receive()
            if message["type"] == "http.request":
                arrived += len(message.get("body", b""))
                if arrived > limit:
                    raise HTTPException(413)
            return message

        await self.app(scope, receive_up_to_limit, send)
