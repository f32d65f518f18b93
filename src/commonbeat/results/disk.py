"""Files and folders that are there whole or not at all.

What is written goes to a name beside its place, is pushed to the disk, and only then takes its name: a reader
never meets half of it, and a write that fails leaves the disk as it was.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.errors import Mistake, RunFolderError, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBER = re.compile(r"os error (\d+)")
_WAYS_OUT = {
    errno.ENOSPC: "Free some space or choose another folder",
    errno.EDQUOT: "Free some of your quota or choose another folder",
    errno.EFBIG: "Lift the file-size limit (ulimit -f)",
    errno.EACCES: "Choose a folder that you may write to",
    errno.EPERM: "Choose a folder that you may write to",
    errno.EROFS: "Choose a folder on a disk that can be written to",
    errno.ENOENT: "The folder has been moved or removed meanwhile: make it again",
    errno.ENOTDIR: "A part of that path is a file: choose another folder",
    errno.EEXIST: "A part of that path is a file: choose another folder",
    errno.ENAMETOOLONG: "Choose a shorter name",
    errno.EMFILE: "Lift the limit of open files (ulimit -n)",
}


@contextlib.contextmanager
def whole_folder(folder: Path, *, private: bool = False) -> Iterator[Path]:
    """A new folder stands at `folder` with what the block put into the path it was given, or nothing does.

    private: whether its owner alone can look into it, as where it holds what single people answered.
    Raises RunFolderError when something is there already and WriteError when the disk refuses. Any other
    exception of the block passes through, after the traces are removed.
    """
    refuse_existing(folder)
    try:
        made = _make_parents(folder)
    except OSError as error:
        raise _write_error(folder, error) from error
    draft = _beside(folder)
    try:
        draft.mkdir(mode=0o700 if private else 0o777)
        yield draft
        _push_folder(draft)
        refuse_existing(folder)  # somebody may have written it meanwhile, and a rename would replace an empty one
        draft.rename(folder)
        _push(folder.parent)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        for parent in made:
            with contextlib.suppress(OSError):
                parent.rmdir()
        if isinstance(error, OSError):
            raise _write_error(folder, error) from error
        raise


def write_whole(path: Path, content: bytes, *, private: bool = False) -> None:
    """The file holds exactly `content`, or is as it was before and WriteError is raised.

    private: whether its owner alone can read it, from its first moment.
    """
    draft = _beside(path)
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600 if private else 0o666)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _push(path.parent)
    except BaseException as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _write_error(path, error) from error
        raise


def write_parquet(path: Path, table: pl.DataFrame) -> None:
    """The table stands at `path` as Parquet with zstd, each column in the encoding that suits its values."""
    try:
        table.write_parquet(path, compression="zstd", compression_level=3, row_group_size=1 << 18)
    except pl.exceptions.PolarsError as error:  # the disk's refusal, when it comes in the writer's own words
        raise OSError(str(error)) from error


def refuse_existing(folder: Path) -> None:
    """Nothing stands at `folder`, or RunFolderError says so: a finished run is never written over."""
    if os.path.lexists(folder):
        raise RunFolderError(
            "Nothing can be written there:",
            [
                Mistake(
                    str(folder),
                    None,
                    "exists already, and what is there is never written over",
                    "Choose another folder, or move this one away.",
                )
            ],
        )


def _beside(path: Path) -> Path:
    return path.parent / f".{path.name}.{secrets.token_hex(4)}.writing"


def _make_parents(folder: Path) -> list[Path]:
    """The folders above exist; returns those that had to be made, innermost first, so that they can go again."""
    missing = [parent for parent in folder.absolute().parents if not parent.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _push_folder(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _push(path)
    _push(folder)


def _push(path: Path) -> None:
    """The disk has the file, or the folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_error(path: Path, error: OSError) -> WriteError:
    reason = error.strerror or str(error)
    return WriteError(f"{path}: could not be written ({reason}). Nothing half-written was left. {way_out_of(error)}")


def way_out_of(error: OSError) -> str:
    """What helps against the disk's refusal, by its number; other writers put that number into their words."""
    words = _NUMBER.search(str(error))
    number = error.errno or (int(words.group(1)) if words else 0)
    return f"{_WAYS_OUT.get(number, 'Choose another folder')}, and try again."
