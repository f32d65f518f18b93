"""The first page that a team sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@needs("viewer")
def home(request: Request) -> Response:
    """The story, sentence by sentence, with what is known of each."""
    return page(request, "home/home.html.j2")
