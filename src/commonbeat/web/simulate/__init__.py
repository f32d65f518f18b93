"""Simulate: a scenario as a form and as text, run as a job, its arms compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.simulate import fits, pages, runs

    return [
        Route("/simulate", pages.begin, methods=["GET"]),
        Route("/simulate/new", pages.taken_up, methods=["GET"]),
        Route("/simulate/new", pages.given, methods=["POST"]),
        Route("/simulate/check", pages.checked, methods=["POST"]),
        Route("/simulate/run", pages.run, methods=["POST"]),
        Route("/simulate/fit", fits.asked, methods=["GET"]),
        Route("/simulate/fit", fits.begun, methods=["POST"]),
        Route("/simulate/targets.csv", fits.template, methods=["GET"]),
        Route("/simulate/runs/{place:path}", runs.compared, methods=["GET"]),
        Route("/simulate/study/{place:path}", runs.studied, methods=["POST"]),
    ]
