"""A society is built once, kept as plain arrays in a folder named after its content, and opened by mapping memory."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from commonbeat.errors import WriteError
from commonbeat.society.account import AccountLine
from commonbeat.society.people import COLUMN_TYPES, People
from commonbeat.society.places import Place, StopTable
from commonbeat.society.society import Outlet, Society
from commonbeat.society.ties import Friends, Ties

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

ENVIRONMENT = "COMMONBEAT_CACHE"
FORMAT = 1  # of the folder; raise it when the arrays or the index change
INDEX = "society.json"
LAYERS = {
    "household": ("offsets", "targets"),
    "friends": ("offsets", "targets", "core_end"),
    "followers": ("offsets", "targets"),
    "outlet_followers": ("offsets", "targets"),
}
STOP_ARRAYS = ("counts", "by_day", "by_hour", "race_before")


def cache_folder(cache: Path | str | None = None) -> Path:
    """Where societies are kept: the folder given, else the one that COMMONBEAT_CACHE names, else the user's cache."""
    from platformdirs import user_cache_path

    chosen = cache or os.environ.get(ENVIRONMENT)
    root = Path(chosen) if chosen else user_cache_path("commonbeat", appauthor=False)
    return root / "societies"


def kept(name: str, content_hash: str, build: Callable[[], Society], cache: Path | str | None = None) -> Society:
    """The society of this hash, out of the cache, or built and put there first.

    Safe when several processes ask at once: each builds in a folder of its own, and the first to finish gives it the
    final name. A folder that is not whole is set aside and built anew.
    """
    folder = cache_folder(cache) / f"{name}-{content_hash}-v{FORMAT}"
    found = read_society(folder)
    if found is not None:
        return found
    society = build()
    write_society(society, folder)
    return read_society(folder) or society


def write_society(society: Society, folder: Path) -> None:
    """The folder holds the whole society, or nothing of it; a WriteError says why the disk did not take it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise WriteError(
            f"The cache {folder.parent} cannot be written: {error}. Name another folder in {ENVIRONMENT}."
        ) from error
    try:
        arrays = arrays_of(society)
        for name, array in arrays.items():
            with (scratch / f"{name}.npy").open("wb") as stream:
                np.save(stream, array, allow_pickle=False)
                stream.flush()
                os.fsync(stream.fileno())
        index = index_of(society) | {"sizes": {name: (scratch / f"{name}.npy").stat().st_size for name in arrays}}
        (scratch / INDEX).write_text(json.dumps(index), encoding="utf-8")
        _give_name(scratch, folder)
    except OSError as error:
        raise WriteError(
            f"The society could not be kept in {folder}: {error}. Free some space (it needs about 400 MB), or name"
            f" another folder in {ENVIRONMENT}. Nothing half-written is left."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _give_name(scratch: Path, folder: Path) -> None:
    """The scratch folder becomes the final one, unless another process was quicker with a whole one."""
    for _ in range(3):
        try:
            scratch.rename(folder)
        except OSError:
            if read_society(folder) is not None:
                return
            set_aside(folder)
        else:
            return
    scratch.rename(folder)


def set_aside(folder: Path) -> None:
    """A folder that is not whole is gone; others who have it open keep what they have."""
    try:
        grave = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent)) / "damaged"
        folder.rename(grave)
    except FileNotFoundError:
        return
    shutil.rmtree(grave.parent, ignore_errors=True)


def read_society(folder: Path) -> Society | None:
    """The society kept in the folder, its arrays mapped; None when the folder is missing or not whole.

    Every file is checked for its exact size. Pages are shared between processes and read when first touched. They are
    mapped copy-on-write, because a read-only array is a type of its own to Numba and would compile every kernel twice.
    """
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        for name, size in index["sizes"].items():
            if (folder / f"{name}.npy").stat().st_size != size:
                return None
        arrays = {name: _mapped(folder / f"{name}.npy") for name in index["sizes"]}
        return society_of(index, arrays)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mapped(path: Path) -> NDArray[Any]:
    """One array of the cache; empty ones cannot be mapped and are read."""
    array = np.load(path, mmap_mode="c", allow_pickle=False) if path.stat().st_size > 128 else np.load(path)
    return array.view(np.ndarray)


def arrays_of(society: Society) -> dict[str, NDArray[Any]]:
    """Every array of a society, by the name of its file."""
    arrays = {f"people.{column}": getattr(society.people, column) for column in COLUMN_TYPES}
    for layer, parts in LAYERS.items():
        arrays |= {f"{layer}.{part}": getattr(getattr(society, layer), part) for part in parts}
    return arrays | {f"stops.{part}": getattr(society.stops, part) for part in STOP_ARRAYS}


def index_of(society: Society) -> dict[str, Any]:
    """Everything of a society that is not an array."""
    return {
        "format": FORMAT,
        "groups": society.groups,
        "age_bands": society.age_bands,
        "places": [asdict(place) for place in society.places],
        "outlets": [asdict(outlet) for outlet in society.outlets],
        "account": [asdict(line) for line in society.account],
        "content_hash": society.content_hash,
        "stops": {name: getattr(society.stops, name) for name in ("categories", "kinds", "searches")},
    }


def society_of(index: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Society:
    """The society that `index_of` and `arrays_of` describe."""

    def ties(layer: str) -> dict[str, NDArray[Any]]:
        return {part: arrays[f"{layer}.{part}"] for part in LAYERS[layer]}

    return Society(
        people=People(**{column.name: arrays[f"people.{column.name}"] for column in fields(People)}),
        groups=tuple(index["groups"]),
        places=tuple(Place(**place) for place in index["places"]),
        household=Ties(**ties("household")),
        friends=Friends(**ties("friends")),
        followers=Ties(**ties("followers")),
        outlets=tuple(Outlet(**outlet) for outlet in index["outlets"]),
        outlet_followers=Ties(**ties("outlet_followers")),
        stops=StopTable(
            categories=tuple(index["stops"]["categories"]),
            kinds=tuple(index["stops"]["kinds"]),
            searches=tuple(index["stops"]["searches"]),
            **{part: arrays[f"stops.{part}"] for part in STOP_ARRAYS},
        ),
        account=tuple(AccountLine(**line) for line in index["account"]),
        content_hash=index["content_hash"],
        age_bands=tuple(index["age_bands"]),
    )
