"""The door: a path is looked at before anything is opened, and a file before anything decodes it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import ClipError, InputError, Mistake
from commonbeat.record.video.decode.containers import HEAD_BYTES, KNOWN, reader_of, what_it_is

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

HEADING = "This clip cannot be used:"
_ADDRESS = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:/|concat:|data:|pipe:|fd:|subfile|crypto:|async:|cache:)")
_PATTERN = re.compile(r"%0?\d*d")
_KINDS = (
    (stat.S_ISDIR, "is a folder", "Name the clip in it."),
    (stat.S_ISCHR, "is a device", "Name a file; a camera is recorded to a file first."),
    (stat.S_ISBLK, "is a device", "Name a file."),
    (stat.S_ISFIFO, "is a pipe, which can be read once only", "Save what comes out of it to a file first."),
    (stat.S_ISSOCK, "is a socket", "Name a file."),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A regular file that begins like a film: its name, its size, and which reader it is for."""

    name: str
    file: BinaryIO
    size_bytes: int
    reader: str


def refused(place: str, rule: str, way_out: str, value: object = None) -> ClipError:
    """The one error of a clip that is not used: which, what is wrong, how to go on."""
    return ClipError(HEADING, [Mistake(place, value, rule, way_out)])


@contextlib.contextmanager
def opened(path: str | Path) -> Iterator[Opened]:
    """Inside the block, the clip is open for reading and has the first bytes of a film.

    Raises ClipError for an address, a playlist, a folder, a device, a pipe, a pattern of pictures, an empty file, and whatever begins like no film;
    InputError when the packages of the extra are missing.
    """
    _require_packages()
    _refuse_address(path)
    name = Path(path).name
    try:
        _refuse_kind(name, os.stat(path).st_mode)  # noqa: PTH116  # before anything is opened: opening a device may do something
        # O_NONBLOCK: somebody may have put a pipe there meanwhile, and opening one would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _cannot_open(path, error) from error
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        _refuse_kind(name, facts.st_mode)
        head = file.read(HEAD_BYTES)
        reader = reader_of(head)
        if reader is None:
            raise refused(name, f"is {what_it_is(head)}", f"Give one file of video. Known: {KNOWN}.")
        file.seek(0)
        yield Opened(name, file, facts.st_size, reader)


def _require_packages() -> None:
    if importlib.util.find_spec("av") is None:
        raise InputError(
            'Clips are read by packages that are not installed. Install them: pip install "commonbeat[video]"'
        )


def _refuse_address(path: str | Path) -> None:
    words = str(path)
    if _ADDRESS.match(words) and not Path(path).exists():
        raise refused(words, "is an address, and nothing is fetched from anywhere", "Save the clip to a file first.")
    if _PATTERN.search(words) and not Path(path).exists():
        raise refused(words, "is a pattern for many pictures", "Make one clip of the pictures first.")


def _refuse_kind(name: str, mode: int) -> None:
    for holds, rule, way_out in _KINDS:
        if holds(mode):
            raise refused(name, rule, way_out)


def _cannot_open(path: str | Path, error: OSError | ValueError) -> ClipError:
    if isinstance(error, FileNotFoundError):
        return refused(str(path), "is not there", "Check the path.")
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return refused(str(path), f"cannot be opened ({reason})", "Check the path and who may read it.")
