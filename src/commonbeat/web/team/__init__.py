"""Team: who may sign in with a password, and what the log says was done. For owners alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.team import pages

    return [
        Route("/team", pages.team, methods=["GET"]),
        Route("/team/set", pages.set_one, methods=["POST"]),
        Route("/team/remove", pages.remove, methods=["POST"]),
    ]
