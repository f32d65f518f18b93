"""The files that arms show: which there are to be, and which are missing or changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from commonbeat.errors import Mistake, StudyError
from commonbeat.listen.study.words import TO_REPLACE
from commonbeat.record.places import leaves

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from commonbeat.listen.study.model import StudyDesign
    from commonbeat.listen.study.parts import Arm

CLIP_SUFFIXES: Final = (".mp4", ".webm")
PICTURE_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp")
CAPTION_SUFFIXES: Final = (".vtt",)
LARGEST_CLIP_BYTES: Final = 500_000_000
IN_THE_APP: Final = "; in the app, choose it on the form."


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """One file that an arm shows. place: its key in the study's file. path: where it lies. sha256: of its content."""

    arm: str
    place: str
    path: Path
    sha256: str


def missing_materials(study: StudyDesign) -> tuple[Mistake, ...]:
    """What is still to be done before anybody can be shown what the study promises; empty where nothing is.

    Films and captions that are not there, and texts that begin with "[TO BE REPLACED]". A study may be written and checked before
    they are there. It may not be opened.
    """
    found = [
        Mistake(place, None, "is still to be written", "Replace it by your own words.")
        for place, value in leaves(study.model_dump())
        if isinstance(value, str) and value.startswith(TO_REPLACE)
    ]
    for place, arm, written, suffixes in _files(study):
        if written is None:
            rule = f"has no film yet (arm {arm.name})"
            way_out = f"Put the obscured copy into the study's folder and name it here{IN_THE_APP}"
            found.append(Mistake(place, None, rule, way_out))
        elif (rule := _trouble(study, written, suffixes)) is not None:
            way_out = f"Put the file into the study's folder, or mend the name{IN_THE_APP}"
            found.append(Mistake(place, written, rule, way_out))
    return tuple(found)


def require_materials(study: StudyDesign) -> tuple[MaterialFile, ...]:
    """Every file that arms show, each with its hash; StudyError lists all that are missing, and the study stays closed."""
    missing = missing_materials(study)
    if missing:
        raise StudyError(f"{study.identifier} cannot be opened: it is not finished.", missing)
    return material_files(study)


def material_files(study: StudyDesign) -> tuple[MaterialFile, ...]:
    """Every file that arms show and that is there, each with its hash."""
    return tuple(
        MaterialFile(arm.name, place, path, _hash(path))
        for place, arm, written, _ in _files(study)
        if written is not None and (path := _path(study, written)) is not None and path.is_file()
    )


def named_paths(study: StudyDesign) -> tuple[Path, ...]:
    """Where each file that an arm names lies or would lie, those outside the study's folder left out."""
    found = (_path(study, written) for _, _, written, _ in _files(study) if written is not None)
    return tuple(path for path in found if path is not None)


def _files(study: StudyDesign) -> Iterator[tuple[str, Arm, str | None, tuple[str, ...]]]:
    """(place, arm, path as written, endings that browsers play) of every file that the study needs."""
    for number, arm in enumerate(study.arms, start=1):
        if arm.kind != "text":
            yield f"arms.{number}.clip", arm, arm.clip, CLIP_SUFFIXES
        if arm.picture is not None:
            yield f"arms.{number}.picture", arm, arm.picture, PICTURE_SUFFIXES
        for language, written in arm.captions.items():
            yield f"arms.{number}.captions.{language}", arm, written, CAPTION_SUFFIXES


def _path(study: StudyDesign, written: str) -> Path | None:
    """Where the file lies, or None where that is outside the study's folder, even by a link."""
    if study.folder is None:
        return None
    path = (study.folder / written).resolve()
    return path if path.is_relative_to(study.folder.resolve()) else None


def _trouble(study: StudyDesign, written: str, suffixes: tuple[str, ...]) -> str | None:
    path = _path(study, written)
    if path is None:
        return "lies outside the study's folder"
    if not path.is_file():
        return "is not there"
    if path.suffix.lower() not in suffixes:
        return f"does not end in {' or '.join(suffixes)}, which browsers {'show' if suffixes == PICTURE_SUFFIXES else 'play'}"
    if path.stat().st_size == 0:
        return "is empty"
    return f"is larger than {LARGEST_CLIP_BYTES:,} bytes" if path.stat().st_size > LARGEST_CLIP_BYTES else None


def _hash(path: Path) -> str:
    facts = path.stat()
    return _hash_of(path, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


@lru_cache(maxsize=256)
def _hash_of(path: Path, *_facts: int) -> str:
    """Kept as long as nothing says that the file was touched: a page that is looked at again reads no film again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
