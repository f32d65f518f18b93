"""Long work in processes of its own: queued, watched, stopped, taken up again.

keeper_of(app).ask(kind, arguments, files, ...)   one more job waits
/jobs, /jobs/12                                   the pages on which it is watched
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.jobs import pages
    from commonbeat.web.jobs.events import events
    from commonbeat.web.listen import taking_out

    return [
        Route("/jobs", pages.listed, methods=["GET"]),
        Route("/jobs/{number:int}", pages.shown, methods=["GET"]),
        Route("/jobs/{number:int}/live", pages.live, methods=["GET"]),
        Route("/jobs/{number:int}/events", events, methods=["GET"]),
        Route("/jobs/{number:int}/log", pages.log, methods=["GET"]),
        Route("/jobs/{number:int}/made", taking_out.made, methods=["GET"]),
        Route("/jobs/{number:int}/stop", pages.stop, methods=["POST"]),
        Route("/jobs/{number:int}/end", pages.end, methods=["POST"]),
        Route("/jobs/{number:int}/again", pages.again, methods=["POST"]),
    ]


@contextlib.asynccontextmanager
async def running(app: Starlette) -> AsyncIterator[None]:
    """A keeper looks after the project's jobs from the first request to the last; workers outlive it."""
    from starlette.concurrency import run_in_threadpool

    from commonbeat.web.jobs.asking import keeper_of

    keeper = keeper_of(app)
    keeper.begin()
    try:
        yield
    finally:
        await run_in_threadpool(keeper.close)
