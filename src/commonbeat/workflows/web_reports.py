"""What stands in a project that a person may want to open: runs, estimates, studies and whatever else left a page.

A folder counts when it holds one of the pages that the workbench writes. Only such folders are shown and sent, so that
neither the store, nor its secrets, nor anything else of the project leaves by this way.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from commonbeat.listen.results.folder import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES: Final = {
    "report.html": "Report",
    "report-print.html": "Two pages for printing",
    "fit.html": "Fit",
    "sensitivity.html": "What would change this",
    "validation.html": "Validation",
    "power.html": "Power",
    "pool.html": "Pooled findings",
    "clip.html": "Forecast of a clip",
    "agreement.html": "Agreement of coders",
}
"""Pages that the workbench writes, the first of them first, with the words for each."""

MANIFEST: Final = "manifest.json"
ANSWER: Final = "answer.json"
DESIGN: Final = "design.toml"
LISTENING: Final = ("results.json", "What people said")
KINDS: Final = (
    LISTENING,
    ("tables", "A simulated run"),
    ("estimates.json", "An estimate"),
    ("measured.json", "Measures of a clip"),
    ("fit.html", "A fit"),
    ("sensitivity.html", "A study of what would change a result"),
    ("validation.html", "A validation"),
    ("power.html", "A calculation of power"),
    ("pool.html", "A pooling of findings"),
    ("clip.html", "A forecast of a clip"),
)
"""What a folder is, by what stands in it; the first that fits."""

OF_LISTENING: Final = ("results.json", "codebook.md", "README.md")
"""The only data of a listening study that are sent: rows of people stand in its private folder, and leave by an export that is logged."""

PICTURES: Final = (".png", ".svg")
DATA: Final = (".csv", ".parquet", ".json", ".toml", ".sql", ".txt", ".md", ".do", ".r", ".sav")
DEEPEST: Final = 3  # folders below the project in which results are looked for
MOST_FOLDERS: Final = 2_000
MOST_FILES: Final = 400
NOT_RESULTS: Final = ("jobs",)
LARGEST_MANIFEST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ResultFile:
    """A file of a result. place: below the result's folder. kind: page, picture or data."""

    place: str
    kind: str
    title: str
    size: int


@dataclass(frozen=True, slots=True)
class Result:
    """A folder with a page. place: below the project's, with slashes. day: when its newest page was written. answer: what it found, in sentences, "" where it has none."""

    place: str
    title: str
    kind: str
    day: str
    is_run: bool
    pages: tuple[str, ...]
    answer: str = ""

    @property
    def home(self) -> str:
        """The address of the page of the app that leads to everything of it."""
        if self.answer and self.place.startswith("estimates/"):
            return f"/estimate/of/{quote(self.place.partition('/')[2])}"
        return f"/reports/of/{quote(self.place)}"


def results_of(project: Path) -> tuple[Result, ...]:
    """All results of the project, newest first; links and hidden folders are not followed."""
    found = [(each, result) for folder in _folders(project) for each, result in _results(project, folder)]
    return tuple(result for _, result in sorted(found, key=lambda each: (-each[0], each[1].place)))


def result_in(project: Path, place: str) -> Result | None:
    """The result in the folder of that name below the project's, or None; names that lead elsewhere are None."""
    folder = inside(project, place)
    parts = place.split("/")
    if folder is None or not folder.is_dir() or parts[0] in NOT_RESULTS or PRIVATE in parts or len(parts) > DEEPEST:
        return None
    if any((above / LISTENING[0]).exists() for above in folder.parents[: len(parts) - 1]):
        return None  # below what a study says, a whole estimate, as earlier versions left it there
    return next((result for _, result in _results(project, folder)), None)


def files_of(project: Path, result: Result) -> tuple[ResultFile, ...]:
    """Every file of the result that may be sent: its pages, pictures and data, two folders deep."""
    folder, found = project / result.place, []
    for path in sorted((*folder.glob("*"), *folder.glob("*/*"))):
        place = path.relative_to(folder).as_posix()
        if (kind := kind_in(folder, place)) and inside(folder, place) is not None and path.is_file():
            found.append(ResultFile(place, kind, PAGES.get(place, place), path.stat().st_size))
    return tuple(found[:MOST_FILES])


def file_in(project: Path, place: str) -> tuple[Path, str] | None:
    """(path, kind) of a file of a result, or None: where it is no file of one, or the way there leads through a link."""
    parts = place.split("/")
    for cut in range(len(parts) - 1, max(0, len(parts) - 3), -1):
        folder, rest = "/".join(parts[:cut]), "/".join(parts[cut:])
        kind = kind_in(project / folder, rest) if result_in(project, folder) is not None else ""
        if kind:
            path = inside(project, place)
            return (path, kind) if path is not None and path.is_file() else None
    return None


def kind_in(folder: Path, place: str) -> str:
    """As `kind_of`, and "" for what rests on single people or few of them in the folder of a listening study."""
    kind = "" if PRIVATE in place.split("/") else kind_of(place)
    rows = kind == "data" and place not in OF_LISTENING and (folder / LISTENING[0]).exists()
    return "" if rows else kind


def kind_of(place: str) -> str:
    """What a file of a result is by its name: a page, a picture or data; "" for what is not sent."""
    suffix = Path(place).suffix.lower()
    if suffix == ".html":
        return "page" if place in PAGES else ""
    return "picture" if suffix in PICTURES else "data" if suffix in DATA else ""


def inside(folder: Path, place: str) -> Path | None:
    """The path below the folder, where every step of it is a plain name that is there and no link."""
    here = folder
    for part in place.split("/"):
        if not part or part.startswith(".") or "\\" in part or not part.isprintable():
            return None
        here = here / part
        try:
            if here.is_symlink() or not here.exists():
                return None
        except (OSError, ValueError):  # a name that is too long, or none at all
            return None
    return here


def _results(project: Path, folder: Path) -> Iterator[tuple[float, Result]]:
    """(when it was written, the result) where the folder is one."""
    pages = [name for name in PAGES if inside(folder, name) is not None]
    if not pages:
        return
    written = max((folder / name).stat().st_mtime for name in pages)
    manifest = _read(folder, MANIFEST)
    told = _read(folder, ANSWER) or _read(folder, LISTENING[0])
    place = folder.relative_to(project).as_posix()
    titles = (manifest.get("title"), told.get("title"), _designed(folder), place)
    answer = told.get("answer")
    yield (
        written,
        Result(
            place,
            next(each for each in titles if isinstance(each, str) and each),
            next((words for name, words in KINDS if (folder / name).exists()), "A page"),
            datetime.fromtimestamp(written, UTC).date().isoformat(),
            (folder / "tables").is_dir() and "content_hash" in manifest,
            tuple(pages),
            answer if isinstance(answer, str) else "",
        ),
    )


def _designed(folder: Path) -> str:
    """The name of the study whose design stands in the folder, "" where there is none or where it has none."""
    path = inside(folder, DESIGN)
    try:
        if path is None or path.stat().st_size > LARGEST_MANIFEST_BYTES:
            return ""
        found = tomllib.loads(path.read_text(encoding="utf-8")).get("title")
    except (OSError, ValueError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def answer_of(folder: Path) -> dict[str, Any] | None:
    """What an estimate of the app says first, or None where the folder holds none that can be read."""
    return _read(folder, ANSWER) or None


def _read(folder: Path, name: str) -> dict[str, Any]:
    """What that file of the folder says of itself; nothing where it is not there, too large or no JSON."""
    path = inside(folder, name)
    try:
        if path is None or path.stat().st_size > LARGEST_MANIFEST_BYTES:
            return {}
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _folders(project: Path) -> Iterator[Path]:
    """Folders below the project, as deep as results stand, and not without end."""
    for seen, (path, names, _) in enumerate(os.walk(project)):
        here = Path(path)
        depth = len(here.relative_to(project).parts)
        names[:] = sorted(each for each in names if each[0] != "." and each != PRIVATE) if depth < DEEPEST else []
        if depth == 0:
            names[:] = [each for each in names if each not in NOT_RESULTS]
        elif (here / LISTENING[0]).exists():
            names.clear()
        if seen >= MOST_FOLDERS:
            return
        if here != project:
            yield here
