"""Progress as server-sent events: a line when something has changed, and an end when the job has ended.

    event: moved
    data: {"state": "running", "done": 3, "total": 48, "told": "The simulation is running."}

The browser asks again by itself when the line is cut, so one line need not last for ever.
"""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from commonbeat.errors import StoreError
from commonbeat.web.jobs.words import told
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_jobs import find_job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.storage import Store
    from commonbeat.workflows.web_jobs import JobRow

SECONDS_BETWEEN_LOOKS: Final = 0.7
SECONDS_BETWEEN_SIGNS: Final = 15.0
LONGEST_SECONDS: Final = 300.0
ASK_AGAIN_MS: Final = 2_000
MOST_LISTENERS: Final = 50


@needs("viewer")
async def events(request: Request) -> Response:
    """The job's progress until it ends; 503 where too many listen, and the page then refreshes itself."""
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
        async for line in lines(state.store, number):
            if await request.is_disconnected():
                return
            yield line
    finally:
        state.job_listeners -= 1


async def lines(store: Store, number: int) -> AsyncIterator[str]:
    """What is sent, as text; a comment from time to time shows that both ends are there."""
    yield f"retry: {ASK_AGAIN_MS}\n\n"
    seen: JobRow | None = None
    began = signed = time.monotonic()
    while time.monotonic() - began < LONGEST_SECONDS:
        try:
            job = await run_in_threadpool(find_job, store, number)
        except StoreError:  # locked for a moment: the next look may find it open
            job = seen
        if job is not None and job != seen:
            seen, signed = job, time.monotonic()
            yield f"event: moved\ndata: {json.dumps(data_of(job))}\n\n"
        if job is None or not job.is_open:
            yield "event: ended\ndata: {}\n\n"
            return
        if time.monotonic() - signed > SECONDS_BETWEEN_SIGNS:
            signed = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


def data_of(job: JobRow) -> dict[str, str | int]:
    """What a listener needs: the page asks for the rest."""
    return {"state": job.state, "done": job.done, "total": job.total, "told": told(job)}
