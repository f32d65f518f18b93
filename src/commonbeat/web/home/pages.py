"""The first page that a team sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.web.jobs.words import STATES, counted, title_of
from commonbeat.web.pages import page
from commonbeat.web.security.guard import needs
from commonbeat.workflows.web_home import home_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


@needs("viewer")
def home(request: Request) -> Response:
    """The story, sentence by sentence, with what is known of each; the work under way; the last reports."""
    state = request.app.state
    words = {"title_of": title_of, "states": STATES, "counted": counted}
    return page(request, "home/home.html.j2", home=home_of(state.settings.project, state.store), **words)
