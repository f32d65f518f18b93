"""Films, pictures and captions of studies: taken as uploads, kept under a name that says their content, shown to the team, taken out again.

A file's name ends in the first digits of its SHA-256, and nothing is ever written over: another content has another name.
So a study's file names exactly what is shown, and a film that is replaced in a draft changes no study that is open.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse

from commonbeat.errors import DataFileError, StudyError
from commonbeat.web.forms import texts_of
from commonbeat.web.listen.contents import ENDINGS, HEADING, LARGEST, PARTS, captions_of, content_of, refused
from commonbeat.web.listen.unfinished import named_in_forms
from commonbeat.web.respond.materials import TYPES
from commonbeat.web.security.children import safe_name
from commonbeat.web.security.guard import needs
from commonbeat.web.security.uploads import FREE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.datastructures import UploadFile
    from starlette.requests import Request
    from starlette.responses import Response

    from commonbeat.storage import Store
    from commonbeat.web.listen.contents import Part

STUDIES: Final = "studies"
MATERIALS: Final = "materials"
MOST_KEPT_BYTES: Final = 5_000_000_000
DIGITS: Final = 12
NAME: Final = re.compile(rf"[A-Za-z0-9-]{{1,60}}-[0-9a-f]{{{DIGITS}}}\.(?:mp4|webm|png|jpe?g|webp|vtt)")
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was kept: what it is, its path from the folder of studies, and what was seen in it."""

    part: Part
    path: str
    told: str


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the folder. path: from the folder of studies."""

    path: str
    name: str
    part: Part
    size: int


def take(studies: Path, upload: UploadFile) -> Taken:
    """The upload is kept in the folder's own part for materials, readable by its owner alone, whole or not at all.

    Raises StudyError for an ending or a content that cannot be shown, for too many bytes, and for a folder that is full.
    """
    try:
        name = safe_name(upload.filename or "", ENDINGS)
    except DataFileError as error:
        raise StudyError(HEADING, error.mistakes) from error
    folder = studies / MATERIALS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem, _, ending = name.rpartition(".")
    draft = folder / f".{secrets.token_hex(8)}.{ending.lower()}"
    try:
        _copy(upload.file, draft, name, _room(studies))
        return _settle(draft, stem, name)
    finally:
        draft.unlink(missing_ok=True)


def kept_files(studies: Path) -> tuple[KeptFile, ...]:
    """Every file that was taken, by name."""
    folder = studies / MATERIALS
    found = sorted(each for each in folder.glob("*") if NAME.fullmatch(each.name)) if folder.is_dir() else []
    return tuple(
        KeptFile(f"{MATERIALS}/{each.name}", each.name, PARTS[each.suffix], each.stat().st_size)
        for each in found
        if each.is_file() and not each.is_symlink()
    )


def unused_files(studies: Path, store: Store) -> tuple[KeptFile, ...]:
    """Those that no study of the store shows, and no form that somebody is filling in names."""
    from commonbeat.workflows.listen_materials import paths_shown

    shown, named = paths_shown(store), named_in_forms(studies)
    return tuple(
        each for each in kept_files(studies) if each.path not in named and (studies / each.path).resolve() not in shown
    )


@needs("viewer")
def send_material(request: Request) -> Response:
    """A file that was taken, for the team to look at; in parts where a browser asks for parts."""
    name, folder = request.path_params["name"], studies_of(request) / MATERIALS
    path = folder / name
    if not NAME.fullmatch(name) or not path.is_file() or path.is_symlink():
        raise HTTPException(404)
    return FileResponse(path, media_type=TYPES[path.suffix])


@needs("analyst")
def drop_material(request: Request) -> Response:
    """The file is gone; one that a study shows stays."""
    name, studies = texts_of(request.state.form).get("name", ""), studies_of(request)
    for each in unused_files(studies, request.app.state.store):
        if each.name == name:
            (studies / each.path).unlink(missing_ok=True)
    return RedirectResponse("/listen", status_code=303)


def studies_of(request: Request) -> Path:
    """The project's folder of studies."""
    return request.app.state.settings.project / STUDIES


def _room(studies: Path) -> int:
    """How many bytes may still be taken: of those that a project keeps, and of the disk, whose rest is for answers."""
    kept = sum(each.size for each in kept_files(studies))
    return max(0, min(MOST_KEPT_BYTES - kept, shutil.disk_usage(studies).free - FREE_BYTES))


def _copy(source: BinaryIO, draft: Path, name: str, room: int) -> None:
    """The bytes stand in the draft, a block at a time, and are pushed to the disk."""
    most = LARGEST[PARTS[draft.suffix]]
    left = min(most, room)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        while block := source.read(BLOCK):
            left -= len(block)
            if left < 0 and room < most:
                raise refused(
                    name,
                    "does not fit: the films of this project take too much room, or the disk is full",
                    "Delete some first.",
                )
            if left < 0:
                raise refused(name, f"is larger than {most // 1_000_000} MB", "Make it smaller, or cut it shorter.")
            target.write(block)
        target.flush()
        os.fsync(target.fileno())


def _settle(draft: Path, stem: str, name: str) -> Taken:
    """The draft has the name that says its content."""
    try:
        content = content_of(draft)
    except StudyError as error:
        raise StudyError(error.heading, [replace(each, place=name) for each in error.mistakes]) from error
    if content.part == "captions":
        draft.write_text(captions_of(draft), encoding="utf-8")
    with draft.open("rb") as file:
        digits = hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
    plain = re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:40] or content.part
    path = draft.with_name(f"{plain}-{digits}{content.ending}")
    draft.replace(path)
    return Taken(content.part, f"{MATERIALS}/{path.name}", content.told)
