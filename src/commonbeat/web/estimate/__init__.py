"""Estimate: a data file is dropped, its columns are named, and what changed is told with its warnings first.

Files lie in a folder of the project that no other page sends, under names made by luck, until somebody deletes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.estimate import pages

    return [
        Route("/estimate", pages.begin, methods=["GET"]),
        Route("/estimate", pages.take, methods=["POST"]),
        Route("/estimate/data/{name}", pages.columns, methods=["GET"]),
        Route("/estimate/data/{name}", pages.run, methods=["POST"]),
        Route("/estimate/data/{name}/delete", pages.delete, methods=["POST"]),
        Route("/estimate/of/{name}", pages.result, methods=["GET"]),
    ]
