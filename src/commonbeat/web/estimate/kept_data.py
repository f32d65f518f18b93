"""Data files that were dropped: each in a private folder of its own below the project, with what is known of its columns beside it."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from commonbeat.datafile.read import KNOWN_ENDINGS
from commonbeat.errors import DataFileError
from commonbeat.web.estimate.columns import Column, columns_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER: Final = ".data"
ABOUT: Final = "columns.json"
MOST_FILES: Final = 100
MOST_KEPT_BYTES: Final = 2 << 30
NAME: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class KeptData:
    """A file that was dropped. name: that of its folder; file: where it lies; warnings: what its reader found odd."""

    name: str
    file: Path
    sheet: str
    rows: int
    columns: tuple[Column, ...]
    warnings: tuple[str, ...]


def keep_data(project: Path, file: BinaryIO, name: str, sheet: str) -> KeptData:
    """The file stands in a folder of its own, read once by a process with bounds.

    Raises DataFileError, with nothing kept, for what cannot be read, and InputError where enough is kept already.
    """
    from commonbeat.results.disk import write_whole
    from commonbeat.web.security.children import read_apart, upload_on_disk
    from commonbeat.web.security.uploads import require_room

    root = _root(project)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_room(root, most_files=MOST_FILES, most_bytes=MOST_KEPT_BYTES)
    with upload_on_disk(file, name, KNOWN_ENDINGS, folder=root) as path:
        data = read_apart(path, sheet=sheet or None)
        about = {
            "sheet": sheet,
            "rows": data.rows,
            "columns": [asdict(each) for each in columns_of(data)],
            "warnings": list(data.warnings),
        }
        folder = root / secrets.token_hex(8)
        folder.mkdir(mode=0o700)
        shutil.move(path, folder / path.name)
        write_whole(folder / ABOUT, json.dumps({"file": path.name, **about}, ensure_ascii=False).encode())
    return _read(folder)


def find_data(project: Path, name: str) -> KeptData | None:
    """The file of that name, or None."""
    folder = _root(project) / name
    if not NAME.fullmatch(name) or not (folder / ABOUT).is_file():
        return None
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def list_data(project: Path) -> tuple[KeptData, ...]:
    """Every file that was dropped and not deleted, newest first."""
    return tuple(_all(project))


def delete_data(project: Path, name: str) -> None:
    """The file is gone; a name that is not there is no mistake."""
    folder = _root(project) / name
    if NAME.fullmatch(name) and folder.is_dir():
        shutil.rmtree(folder)


def _all(project: Path) -> Iterator[KeptData]:
    root = _root(project)
    folders = [each for each in root.iterdir() if NAME.fullmatch(each.name)] if root.is_dir() else []
    for folder in sorted(folders, key=lambda each: each.stat().st_mtime, reverse=True):
        found = find_data(project, folder.name)
        if found is not None:
            yield found


def _read(folder: Path) -> KeptData:
    about: dict[str, Any] = json.loads((folder / ABOUT).read_bytes())
    columns = tuple(
        Column(**{**each, "values": tuple((str(value), int(rows)) for value, rows in each["values"])})
        for each in about["columns"]
    )
    file = folder / about["file"]
    if not file.is_file():
        raise DataFileError("The file is gone:", [])
    return KeptData(folder.name, file, about["sheet"], about["rows"], columns, tuple(about["warnings"]))


def _root(project: Path) -> Path:
    return project / "estimates" / FOLDER
