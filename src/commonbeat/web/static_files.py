"""Style and scripts: a fixed list of our own files, the report's palette and scene, and htmx as an installed package carries it.

Nothing is looked up by a path that somebody sends, so there is no path to play tricks with.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

ICON: Final = "icon.svg"
TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
BORROWED: Final = {
    "htmx.js": ("django_htmx", "static/django_htmx/htmx-2.min.js"),
    "palette.css": ("commonbeat.report", "templates/palette.css"),
    "scene.svg": ("commonbeat.report", "templates/scene.svg"),
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent; tag: changes when the content does."""

    content: bytes
    kind: str
    tag: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Every file that can be asked for below /static/, by its name there."""
    own = resources.files("commonbeat.web").joinpath("static")
    found = {each.name: each.read_bytes() for each in own.iterdir() if each.name.rpartition(".")[2] in TYPES}
    for name, (package, path) in BORROWED.items():
        found[name] = resources.files(package).joinpath(path).read_bytes()
    return {
        name: StaticFile(content, TYPES[name.rpartition(".")[2]], f'"{hashlib.sha256(content).hexdigest()[:20]}"')
        for name, content in sorted(found.items())
    }


async def send_static(request: Request) -> Response:
    """The file, or word that the browser's copy is still right."""
    file = static_files().get(request.path_params.get("name", ICON))
    if file is None:
        raise HTTPException(404)
    headers = {"ETag": file.tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == file.tag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.kind, headers=headers)


def routes() -> list[Route]:
    """The addresses of style and scripts, and of the sign that browsers ask for where a page, such as a film's, names none."""
    return [Route("/static/{name}", send_static), Route("/favicon.ico", send_static)]
