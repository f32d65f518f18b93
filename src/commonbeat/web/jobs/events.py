"""Progress as server-sent events: a line when something has changed, and an end when the job has ended.

    event: moved
    data: {"state": "running", "done": 3, "total": 48, "mark": "running 0", "told": "The simulation is running."}

    event: ended
    data: {"opens": "/reports/open/listening/asked-12/report.html"}

    event: left
    data: {}

The last comes when whoever listens was signed out meanwhile. The browser asks again by itself when the line is cut, so one
line need not last for ever.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from commonbeat.errors import StoreError
from commonbeat.web.jobs.asking import keeper_of
from commonbeat.web.jobs.words import left_of, mark_of, opens, told
from commonbeat.web.security.cookies import token_in
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_jobs import find_job
from commonbeat.workflows.web_sessions import is_signed_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.web.jobs.keeper import JobKeeper
    from commonbeat.workflows.web_jobs import JobRow

SECONDS_BETWEEN_LOOKS: Final = 0.7
SECONDS_AT_FIRST: Final = 0.1  # a small estimate takes a second or two, and then each look counts
QUICKENING: Final = 10.0
SECONDS_BETWEEN_SIGNS: Final = 15.0
SECONDS_BETWEEN_ASKING_WHO: Final = 3.0
LONGEST_SECONDS: Final = 300.0
ASK_AGAIN_MS: Final = 2_000
MOST_LISTENERS: Final = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: the job, how much its work has said, and how long the rest may take."""

    job: JobRow | None
    said: int = 0
    left: str = ""


@needs("viewer")
async def events(request: Request) -> Response:
    """The job's progress until it ends or the session does; 503 where too many listen, and the page then refreshes itself."""
    number, state = request.path_params["number"], request.app.state
    if await run_in_threadpool(find_job, state.store, number) is None:
        raise HTTPException(404)
    listeners = getattr(state, "job_listeners", 0)
    if listeners >= MOST_LISTENERS:
        raise HTTPException(503, headers={"Retry-After": "10"})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_counted(request, number), media_type="text/event-stream", headers=headers)


async def _counted(request: Request, number: int) -> AsyncIterator[str]:
    state = request.app.state
    state.job_listeners = getattr(state, "job_listeners", 0) + 1
    try:
        async for line in lines(keeper_of(request.app), number, token_in(request)):
            if await request.is_disconnected():
                return
            yield line
    finally:
        state.job_listeners -= 1


async def lines(keeper: JobKeeper, number: int, token: str) -> AsyncIterator[str]:
    """What is sent, as text; a comment from time to time shows that both ends are there. token: of the session that listens."""
    yield f"retry: {ASK_AGAIN_MS}\n\n"
    seen: Seen | None = None
    began = signed = asked = time.monotonic()
    while (now := time.monotonic()) - began < LONGEST_SECONDS:
        if now - asked > SECONDS_BETWEEN_ASKING_WHO:
            asked = now
            if not await run_in_threadpool(_is_there, keeper, token):
                yield "event: left\ndata: {}\n\n"
                return
        found = await run_in_threadpool(_look, keeper, number) or seen
        if found is not None and found != seen:
            seen, signed = found, now
            if found.job is not None:
                yield f"event: moved\ndata: {json.dumps(data_of(found.job, found.left))}\n\n"
        if found is not None and (found.job is None or not found.job.is_open):
            yield f"event: ended\ndata: {json.dumps({'opens': opens(found.job) if found.job else ''})}\n\n"
            return
        if now - signed > SECONDS_BETWEEN_SIGNS:
            signed = now
            yield ": still here\n\n"
        await asyncio.sleep(min(SECONDS_BETWEEN_LOOKS, SECONDS_AT_FIRST + (now - began) / QUICKENING))


def data_of(job: JobRow, left: str) -> dict[str, str | int]:
    """What a listener needs: the page asks for the rest. mark: changes when `told` is to be read aloud."""
    return {"state": job.state, "done": job.done, "total": job.total, "mark": mark_of(job), "told": told(job, left)}


def _look(keeper: JobKeeper, number: int) -> Seen | None:
    """The job as it is now; None where the store is locked for a moment: the next look may find it open."""
    try:
        job = find_job(keeper.store, number)
    except StoreError:
        return None
    folder = keeper.folder(number)
    return Seen(None) if job is None else Seen(job, folder.said(), left_of(job, folder.progress(), time.time()))


def _is_there(keeper: JobKeeper, token: str) -> bool:
    """Whether the session goes on, as far as the store can tell at this moment."""
    try:
        return is_signed_in(keeper.store, token)
    except StoreError:
        return True
