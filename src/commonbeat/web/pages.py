"""A page from a template, with what every page shows.

Templates know the values given to `page` and those of `common`: request, path, user, role, csrf, nav, language.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

NAV: Final = (
    ("home", "/", "Home"),
    ("record", "/record", "Record"),
    ("listen", "/listen", "Listen"),
    ("estimate", "/estimate", "Estimate"),
    ("simulate", "/simulate", "Simulate"),
    ("reports", "/reports", "Reports"),
)
"""Parts of the app in the order of the work. Commit is not built yet, so nothing leads to it."""


@cache
def environment() -> Environment:
    """Templates of all parts: they escape everything and fail on a name that nobody gave them."""
    return Environment(
        loader=PackageLoader("commonbeat.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> Response:
    """The template filled with `values` and with what every page shows."""
    text = environment().get_template(template).render({**common(request), **values})
    return HTMLResponse(text, status_code=status, headers=headers)


def base_of(request: Request) -> str:
    """What stands before every path in a link that somebody else opens: the proxy's address, else how this page was reached."""
    settings = request.app.state.settings
    host = request.headers.get("host", "")
    return settings.base if settings.address or not host else f"http://{host}"


def common(request: Request) -> dict[str, Any]:
    """What every template knows. csrf: goes into every form of the team as a field of that name; empty without a session."""
    session = getattr(request.state, "session", None)
    parts = getattr(request.app.state, "parts", frozenset())
    return {
        "request": request,
        "path": request.url.path,
        "user": session.user if session else "",
        "role": session.role if session else "",
        "csrf": session.csrf if session else "",
        "nav": [(path, words) for part, path, words in NAV if part in parts] if session else [],
        "language": "en",
    }
