"""Reports: what stands in the project, opened, printed and downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.reports import pages

    return [
        Route("/reports", pages.listed, methods=["GET"]),
        Route("/reports/of/{place:path}", pages.shown, methods=["GET"]),
        Route("/reports/open/{place:path}", pages.opened, methods=["GET"]),
        Route("/reports/file/{place:path}", pages.sent, methods=["GET"]),
        Route("/reports/print/{place:path}", pages.printed, methods=["POST"]),
    ]
