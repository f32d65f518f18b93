"""The offline file is handed out, and what it sends is kept: once, however often it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from commonbeat.errors import CommonBeatError, InputError, LinkError, StoreError
from commonbeat.web.pages import base_of
from commonbeat.web.respond.doors import OFFLINE, require_kind
from commonbeat.web.respond.refusing import in_words
from commonbeat.web.security.hosts import sent_from_here
from commonbeat.web.security.refusals import NotFromHereError

if TYPE_CHECKING:
    from starlette.requests import Request

FOREIGN: Final = {"Access-Control-Allow-Origin": "null", "Vary": "Origin"}
"""A file that was opened from a disk has no origin, which browsers call null. It may send and hear what was kept: never with cookies."""
MOST_AT_ONCE: Final = 20  # as many as the file sends; each is checked in full, and a link may be in the wrong hands
BEFORE: Final = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Allow-Private-Network": "true",
    "Access-Control-Max-Age": "600",
}


@in_words
async def send_file(request: Request) -> Response:
    """The offline file of that link, to be saved on a device before it leaves the network."""
    return await run_in_threadpool(_send_file, request)


async def synchronise_file(request: Request) -> Response:
    """What the offline file sends; and the question that a browser asks before it."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={**FOREIGN, **BEFORE})
    try:
        require_file_or_here(request)
        await run_in_threadpool(require_kind, request, request.path_params["token"], OFFLINE)  # before anything is read
        kept = await run_in_threadpool(_synchronise, request, await request.body())
    except HTTPException as error:
        return _answer({"why": str(error.detail)}, error.status_code)
    except CommonBeatError as error:
        return _answer({"why": _why(error)}, _status(error))
    return _answer(kept, 200)


def require_file_or_here(request: Request) -> None:
    """A file on a disk sent it, which has no origin and is foreign to every site; or a page of ours; or NotFromHereError."""
    if request.headers.get("origin") != "null" and not sent_from_here(request.headers, request.app.state.settings):
        raise NotFromHereError


def _why(error: CommonBeatError) -> str:
    """What the device is told. Words about the store name files of this machine, which are nobody's business there."""
    told = isinstance(error, InputError) and not isinstance(error, StoreError)
    return str(error) if told else "Nothing was kept for now. It stays on the device; send it again later."


def _status(error: CommonBeatError) -> int:
    if isinstance(error, LinkError):
        return 404
    if isinstance(error, StoreError):
        return 503
    return 400 if isinstance(error, InputError) else 500


def _answer(document: dict[str, Any], status: int) -> Response:
    return JSONResponse(document, status_code=status, headers=FOREIGN)


def _synchronise(request: Request, body: bytes) -> dict[str, Any]:
    from commonbeat.web.security.child_device import document_of
    from commonbeat.workflows.listen_keep import synchronise

    token = request.path_params["token"]
    document = document_of(body)
    responses = document.get("responses") if isinstance(document, dict) else None
    if isinstance(responses, list) and len(responses) > MOST_AT_ONCE:
        raise HTTPException(413, f"These are more than {MOST_AT_ONCE} responses at once. Send them in parts.")
    found = synchronise(request.app.state.store, token, document)
    refused = [{"key": each.key, "why": each.why} for each in found.refused]
    return {"kept": list(found.kept), "known": list(found.known), "refused": refused}


def _send_file(request: Request) -> Response:
    from commonbeat.web.respond.offline import offline_file
    from commonbeat.workflows.record_store import today

    token = request.path_params["token"]
    door = require_kind(request, token, OFFLINE)
    audiences = (door.audience,) if door.audience else door.study.audience
    text = offline_file(
        door.study,
        door.bank,
        token,
        door.study.languages,
        address=base_of(request),
        audiences=audiences,
        today=today(),
    )
    name = f"{door.study.identifier}.html"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/html; charset=utf-8", headers=headers)
