"""Home: the annotated story with the status of each claim, what is running, the last reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.home.pages import home

    return [Route("/", home, methods=["GET"])]
