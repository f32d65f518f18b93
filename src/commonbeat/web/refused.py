"""A refusal as a page: what is wrong, in plain words, with every mistake and its way out. Input never ends in a 500."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from starlette.exceptions import HTTPException

from commonbeat.errors import CommonBeatError, InputError, StoreError
from commonbeat.web.pages import page
from commonbeat.web.security.headers import HEADERS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

WORDS: Final[dict[int, tuple[str, str]]] = {
    400: ("This cannot be read", "What was sent is damaged or incomplete. Go back and send it again."),
    401: ("Sign in first", "Only the team can see this page."),
    403: (
        "Not allowed",
        "What was sent did not come from a page of this session. Go back, reload the page and send it again.",
    ),
    404: ("Nothing is here", "The link may be mistyped, or it is no longer good."),
    405: ("Not like that", "This address does not take what was sent to it."),
    413: ("Too large", "What was sent is larger than this address takes."),
    421: ("Another server", "This server does not go by that name. Open it by the address that it printed."),
    429: ("Too much at once", "Wait a little and send it again. Nothing was lost that was acknowledged before."),
}
"""What a person of the team reads, by status."""

ANSWERING: Final = ("r", "k", "offline", "withdraw")
SAID: Final = {404: "said_unknown", 405: "said_unknown", 429: "said_often", 500: "said_failed", 503: "said_failed"}
"""What somebody who answers reads, in their language, by the key of the wording; any other status is a damaged form."""


def refused(request: Request, error: Exception) -> Response:
    """The page that tells the error, with its status: 503 where the store is busy, 400 for other input, 500 for failures of ours.

    It brings the headers of every page itself: a failure of ours is told outside the middleware that gives them.
    """
    response = _told(request, error)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _told(request: Request, error: Exception) -> Response:
    if request.url.path.lstrip("/").partition("/")[0] in ANSWERING:
        return _to_those_who_answer(request, error)
    if isinstance(error, HTTPException):
        return _http(request, error)
    if isinstance(error, InputError):
        status = 503 if isinstance(error, StoreError) else 400
        return _page(request, status, error.heading.rstrip(":"), [], mistakes=error.mistakes)
    if isinstance(error, CommonBeatError):
        return _page(request, 500, "This could not be finished", str(error).splitlines())
    words = [
        "The app made a mistake of its own. What was acknowledged before is kept. The window in which it runs tells more."
    ]
    return _page(request, 500, "Something went wrong here", words)


def _to_those_who_answer(request: Request, error: Exception) -> Response:
    """The same refusal without anything of the team, in the language that they chose, and with a way on where there is one."""
    from commonbeat.web.respond.refusing import wording_at
    from commonbeat.web.respond.screens import Screen
    from commonbeat.web.respond.seat import send, wording_without_study

    status, headers = 500, None
    if isinstance(error, HTTPException):
        status, headers = error.status_code, error.headers
    elif isinstance(error, InputError):
        status = 503 if isinstance(error, StoreError) else 400
    key = SAID.get(status, "mistake_form")
    said = wording_without_study(request) if status >= 500 else wording_at(request)
    heading = said.page("mistakes_heading" if key == "mistake_form" else f"{key}_heading")
    onward = request.url.path if key in ("mistake_form", "said_often") else ""  # the page that was sent, read anew
    shown = {"heading": heading, "paragraphs": [said.page(key)], "onward": onward, "onward_words": said.page("go_on")}
    response = send(Screen("said", heading, shown), said, action=request.url.path, status=status)
    response.headers.update(headers or {})
    return response


def _http(request: Request, error: HTTPException) -> Response:
    """The page of a status; a role that is too low is told which one is needed, a refusal with words of its own tells those."""
    heading, line = WORDS.get(error.status_code, ("This did not work", "Go back and try again."))
    line = getattr(error, "told", "") or line
    needed = getattr(error, "needed", "")
    lines = [f"This needs the role {needed}. Ask an owner of the project."] if needed else [line]
    response = _page(request, error.status_code, heading, lines)
    response.headers.update(error.headers or {})
    return response


def _page(request: Request, status: int, heading: str, lines: list[str], **values: Any) -> Response:
    return page(request, "error.html.j2", status=status, heading=heading, lines=lines, **{"mistakes": (), **values})
