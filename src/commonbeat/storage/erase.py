"""Files and folders are overwritten and removed, as far as an ordinary program can.

What a disk keeps beside the file (spare blocks of an SSD, snapshots, journals, backups) is out of reach.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

BLOCK: Final = 1 << 20


def erase(path: Path) -> list[tuple[Path, str]]:
    """Nothing stands at `path`; returns what could not be removed, each with why. A link is removed, not followed."""
    left: list[tuple[Path, str]] = []
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return left
    except OSError as error:
        return [(path, error.strerror or str(error))]
    if stat.S_ISDIR(mode):
        _erase_folder(path, left)
    else:
        _erase_file(path, regular=stat.S_ISREG(mode), left=left)
    return left


def _erase_folder(folder: Path, left: list[tuple[Path, str]]) -> None:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        left.append((folder, error.strerror or str(error)))
        return
    before = len(left)
    for path in inside:
        left += erase(path)
    if len(left) == before:
        try:
            folder.rmdir()
        except OSError as error:
            left.append((folder, error.strerror or str(error)))


def _erase_file(path: Path, *, regular: bool, left: list[tuple[Path, str]]) -> None:
    try:
        if regular:
            path.chmod(0o600)  # a file that its owner made read-only is theirs to delete all the same
            overwrite(path)
        path.unlink(missing_ok=True)
    except OSError as error:
        left.append((path, error.strerror or str(error)))


def overwrite(path: Path) -> None:
    """The file holds zeros where it held content, and the disk has them."""
    with path.open("r+b") as file:
        zero(file.fileno())


def zero(descriptor: int) -> None:
    """The open file holds zeros, as long as it was, and the disk has them."""
    left = os.fstat(descriptor).st_size
    os.lseek(descriptor, 0, os.SEEK_SET)
    while left > 0:
        left -= os.write(descriptor, bytes(min(BLOCK, left)))
    os.fsync(descriptor)
