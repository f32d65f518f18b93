"""The film or picture that somebody is to see now, and the film's captions. No address names a file, so nobody can ask for another arm's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from commonbeat.web.respond.refusing import in_words, require_served
from commonbeat.web.respond.seat import wording_for

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.listen.study.pages import Material
    from commonbeat.workflows.listen_standing import Standing

Shown = Literal["clip", "picture", "captions"]
TYPES: Final = {
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}


@in_words
async def send_film(request: Request) -> Response:
    """The film of the page that is next for this person; 404 before that page, after it, and in every other arm."""
    return await run_in_threadpool(material_for, request, request.path_params["token"], "clip")


@in_words
async def send_picture(request: Request) -> Response:
    """The picture of that page, under the same conditions."""
    return await run_in_threadpool(material_for, request, request.path_params["token"], "picture")


@in_words
async def send_captions(request: Request) -> Response:
    """The film's captions in the person's language, under the same conditions."""
    return await run_in_threadpool(material_for, request, request.path_params["token"], "captions")


def material_for(request: Request, token: str, part: Shown) -> Response:
    """The film, the picture or the captions of the page that is next for whoever has that link; 404 where there is none."""
    from commonbeat.workflows.listen_keep import look

    standing = look(request.app.state.store, token)
    require_served(request, standing)
    material = standing.page.material if standing.page else None
    if material is None:
        raise HTTPException(404)
    language = wording_for(request, standing).language
    path = _path(standing, _named(material, part, language))
    return FileResponse(path, media_type=TYPES[path.suffix.lower()])


def _named(material: Material, part: Shown, language: str) -> str | None:
    if part == "captions":
        return material.captions.get(language)
    return material.clip if part == "clip" else material.picture


def _path(standing: Standing, written: str | None) -> Path:
    """The file within the study's folder, or 404: also for one that became a link to elsewhere since the study was opened."""
    folder = standing.study.folder
    if folder is None or written is None:
        raise HTTPException(404)
    path = (folder / written).resolve()
    if not path.is_relative_to(folder.resolve()) or path.suffix.lower() not in TYPES or not path.is_file():
        raise HTTPException(404)
    return path
