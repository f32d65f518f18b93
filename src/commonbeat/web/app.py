"""The app: its parts joined, and what stands between them and a browser."""

from __future__ import annotations

import contextlib
import importlib
from typing import TYPE_CHECKING, Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from commonbeat.errors import CommonBeatError
from commonbeat.storage import Store, open_store
from commonbeat.web import static_files
from commonbeat.web.refused import refused
from commonbeat.web.security import door
from commonbeat.web.security.arrivals import Arrivals
from commonbeat.web.security.bodies import Bodies
from commonbeat.web.security.guard import MARK
from commonbeat.web.security.headers import Headers
from commonbeat.web.security.hosts import Hosts
from commonbeat.web.security.uploads import Uploads

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence

    from commonbeat.web.settings import Settings

STAFF_PARTS: Final = ("home", "record", "listen", "estimate", "simulate", "reports", "jobs", "team")


def application(
    settings: Settings, store: Store | None = None, *, tell: Callable[[str], None] | None = None
) -> Starlette:
    """The app for one project, ready to serve.

    store: one that is open already; left out: the settings' own, made where it is missing and closed with the app.
    tell: who hears the address with the start key; left out: standard error. Raises StoreError for a store that
    cannot be used.
    """
    kept = store or open_store(settings.location, create=True)
    staff = {name: _routes_of(name) for name in STAFF_PARTS} if settings.staff else {}
    inside = [route for routes in staff.values() for route in routes]
    if settings.staff:
        inside += door.routes()
    refuse_unguarded(inside)
    app = Starlette(
        routes=[*static_files.routes(), *_routes_of("respond"), *inside],
        middleware=[
            Middleware(Headers, secure=settings.secure),
            Middleware(Hosts, settings=settings),
            Middleware(Bodies),
            Middleware(Arrivals),
        ],
        exception_handlers={HTTPException: refused, CommonBeatError: refused, Exception: refused},
        lifespan=_closing(kept),
    )
    app.router.redirect_slashes = False
    app.state.settings = settings
    app.state.store = kept
    app.state.door = door.Door(settings, tell)
    app.state.uploads = Uploads()
    app.state.parts = frozenset(name for name, routes in staff.items() if routes)
    return app


def refuse_unguarded(routes: Sequence[BaseRoute]) -> None:
    """Every endpoint says to whom it answers, or the app does not start: forgetting it must not open a page to all."""
    for route in _leaves(routes):
        endpoint = getattr(route, "endpoint", None)
        if getattr(endpoint, MARK, None) is None:
            raise TypeError(f"{getattr(route, 'path', route)}: the endpoint has neither @needs(...) nor @open_to_all")


def _leaves(routes: Sequence[BaseRoute]) -> Iterator[BaseRoute]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _leaves(route.routes)
        else:
            yield route


def _routes_of(part: str) -> list[Route]:
    """The addresses of a part of the app, which is loaded only now: a server without staff pages loads none of them."""
    return list(importlib.import_module(f"commonbeat.web.{part}").routes())


def _closing(store: Store) -> Callable[[Starlette], Any]:
    """What runs from the first request to the last: parts that begin something end it here, and the store is closed."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for part in ("respond", *(each for each in STAFF_PARTS if each in app.state.parts)):
                running = getattr(importlib.import_module(f"commonbeat.web.{part}"), "running", None)
                if running is not None:
                    await stack.enter_async_context(running(app))
            yield
        store.engine.dispose()

    return lifespan
