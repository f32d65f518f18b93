"""Places for what is compiled and built once, also where neither the package nor the user's home can be written to.

Knows nothing of Numba: it must have run before the first import of it, which reads the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commonbeat.society import Society
    from commonbeat.workflows.narrator import Narrator

KERNELS = "NUMBA_CACHE_DIR"
SOCIETIES = "COMMONBEAT_CACHE"
PACKAGE = Path(__file__).parents[1]
COMPILED = (PACKAGE, PACKAGE / "kernels")  # folders with compiled functions


def prepare_kernel_cache() -> None:
    """Compiled kernels have a folder: beside the package, else in the user's cache, else one that goes at the end."""
    if os.environ.get(KERNELS) or all(_takes_files(folder / "__pycache__") for folder in COMPILED):
        return
    own = _cache_root() / "kernels"
    os.environ[KERNELS] = str(own) if _can_be_made(own) else _passing_folder()


def opened(name: str, narrator: Narrator) -> Society:
    """The society; where the cache cannot be written it is kept for this run only, and the narrator says so.

    A cache that somebody has chosen in COMMONBEAT_CACHE is not replaced: the WriteError passes.
    """
    from commonbeat.errors import WriteError
    from commonbeat.society import open_society

    try:
        return open_society(name)
    except WriteError as error:
        if os.environ.get(SOCIETIES):
            raise
        why = str(error).split(":")[0].rstrip(".")
        os.environ[SOCIETIES] = _passing_folder()
        narrator.says(f"{why}; the society is built for this run only. {SOCIETIES} can name a folder to keep it in.")
        return open_society(name)


def _cache_root() -> Path:
    from platformdirs import user_cache_path

    chosen = os.environ.get(SOCIETIES)
    return Path(chosen) if chosen else user_cache_path("commonbeat", appauthor=False)


def _takes_files(folder: Path) -> bool:
    """Whether files can be put into the folder, or the folder into the one above when it is not there yet."""
    there = folder if folder.exists() else folder.parent
    return os.access(there, os.W_OK | os.X_OK)


def _can_be_made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return _takes_files(folder)


def _passing_folder() -> str:
    """A folder of this process and its workers, gone when it ends."""
    folder, owner = tempfile.mkdtemp(prefix="commonbeat-"), os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder
