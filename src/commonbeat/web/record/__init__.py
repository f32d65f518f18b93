"""Record: the form of an encounter with its consent, the list, one record, export and withdrawal.

A form in the making lives in the browser's page only; nothing of it is kept before everybody who is asked agreed to "keep".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.routing import Route


def routes() -> list[Route]:
    """The addresses of the part."""
    from starlette.routing import Route

    from commonbeat.web.record import entering, leaving, pages

    return [
        Route("/record", pages.listed, methods=["GET"]),
        Route("/record/new", entering.begin, methods=["GET"]),
        Route("/record/new", entering.fill, methods=["POST"]),
        Route("/record/import", entering.take_file, methods=["POST"]),
        Route("/record/export", leaving.export, methods=["POST"]),
        Route("/record/exports/{name}", leaving.exported, methods=["GET"]),
        Route("/record/log", pages.log, methods=["GET"]),
        Route("/record/of/{identifier}", pages.one, methods=["GET"]),
        Route("/record/of/{identifier}/change", entering.change, methods=["GET"]),
        Route("/record/of/{identifier}/frames/{number:int}", pages.frames, methods=["GET"]),
        Route("/record/of/{identifier}/withdraw", leaving.ask, methods=["GET"]),
        Route("/record/of/{identifier}/withdraw", leaving.withdraw, methods=["POST"]),
    ]
