"""The door: a start key that was printed in the terminal, or a name and a password."""

from __future__ import annotations

import hmac
import secrets
import sys
import threading
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from commonbeat.web.forms import read_form, texts_of
from commonbeat.web.pages import page
from commonbeat.web.security.cookies import give_token, take_token, token_in
from commonbeat.web.security.guard import needs, open_to_all
from commonbeat.web.security.hosts import sent_from_here
from commonbeat.web.security.knocking import Knocking, make_known
from commonbeat.web.security.refusals import NotFromHereError
from commonbeat.workflows.web_sessions import begin_session, end_session
from commonbeat.workflows.web_users import HERE, anybody_has_password, role_by_password

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.web.settings import Settings

WRONG: Final = "That name and password do not belong together."
USED_UP: Final = "That address was used before, or is an old one."


class StartKey:
    """The address that lets in whoever can read our terminal. It works once; then a new one is told."""

    def __init__(self, settings: Settings, tell: Callable[[str], None] | None = None) -> None:
        self._settings = settings
        self._tell = tell or _print
        self._key = secrets.token_urlsafe(24)
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"{self._settings.base}/start?key={self._key}"

    def takes(self, key: str) -> bool:
        """Whether that is the key. If so it is used up, and the address with the next one is told."""
        with self._lock:
            if not hmac.compare_digest(key.encode("utf-8", "surrogatepass"), self._key.encode()):
                return False
            self._key = secrets.token_urlsafe(24)
        self._tell(f"Opened. For another browser: {self.address}")
        return True


class Door:
    """What the door remembers while the program runs: its key, and how often somebody knocked."""

    def __init__(self, settings: Settings, tell: Callable[[str], None] | None = None) -> None:
        self.key = StartKey(settings, tell) if settings.local else None
        self.knocking = Knocking()


@open_to_all
def start(request: Request) -> Response:
    """Whoever brings the key is in, as an owner; everybody else is told where to look for it."""
    door: Door = request.app.state.door
    if door.key is None:
        raise HTTPException(404)
    if not door.key.takes(request.query_params.get("key", "")):
        return _page(request, status=401, said=USED_UP)
    return _let_in(request, HERE, "owner", "/")


@open_to_all
def show_door(request: Request) -> Response:
    """The form for name and password, or where to find the key."""
    return _page(request, status=200)


@open_to_all
async def knock(request: Request) -> Response:
    """Whoever has the right password is in, after as many tries as `knocking` allows."""
    from starlette.concurrency import run_in_threadpool

    if not sent_from_here(request.headers, request.app.state.settings):
        raise NotFromHereError
    try:
        form = texts_of(await read_form(request))
    finally:
        await request.close()
    return await run_in_threadpool(_try, request, form)


def _try(request: Request, form: dict[str, str]) -> Response:
    door: Door = request.app.state.door
    name, password = form.get("name", "").strip()[:64], form.get("password", "")
    wait = door.knocking.wait_of(request, name)
    if wait:
        said = f"That was tried too often. Wait {wait} second{'' if wait == 1 else 's'}."
        return _page(
            request, status=429, said=said, name=name, headers={"Retry-After": str(wait)}, back=form.get("next")
        )
    role = role_by_password(request.app.state.store, name, password)
    if role is None:
        return _page(request, status=401, said=WRONG, name=name, back=form.get("next"))
    door.knocking.forget(request, name)
    response = _let_in(request, name, role, inside(form.get("next", "/")))
    make_known(request, response, name)
    return response


@needs("viewer")
def leave(request: Request) -> Response:
    """The session is over, here and in the store."""
    end_session(request.app.state.store, token_in(request))
    response = RedirectResponse("/login", status_code=303)
    take_token(response, request.app.state.settings)
    return response


def inside(path: str) -> str:
    """The path when it is one of ours, else the beginning: a link to the door leads nowhere else."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours and path.isascii() else "/"


def routes() -> list[Route]:
    """The addresses of the door."""
    return [
        Route("/start", start, methods=["GET"]),
        Route("/login", show_door, methods=["GET"]),
        Route("/login", knock, methods=["POST"]),
        Route("/leave", leave, methods=["POST"]),
    ]


def _let_in(request: Request, user: str, role: str, where: str) -> Response:
    """A new session, never one that the browser brought: a planted token opens nothing."""
    response = RedirectResponse(where, status_code=303)
    give_token(response, request.app.state.settings, begin_session(request.app.state.store, user, role))
    return response


def _page(
    request: Request,
    *,
    status: int,
    said: str = "",
    name: str = "",
    back: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    state = request.app.state
    values = {
        "said": said,
        "name": name,
        "next": inside(back if back is not None else request.query_params.get("next", "/")),
        "passwords": anybody_has_password(state.store),
        "local": state.door.key is not None,
    }
    return page(request, "login.html.j2", status=status, headers=headers, **values)


def _print(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
