"""A file that is there whole or not at all, for writers that need a path of their own."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING, Final

from commonbeat.errors import ClipError, Mistake, WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


USUAL_NAME_BYTES: Final = 255


def refuse_taken(path: Path) -> None:
    """Nothing stands at `path`, or ClipError says so: neither the clip itself nor an earlier copy is written over."""
    if os.path.lexists(path):
        rule = "exists already, and what is there is never written over"
        raise ClipError("The copy cannot be written there:", [Mistake(str(path), None, rule, "Choose another name.")])
    if not path.parent.is_dir():
        rule = "lies in a folder that is not there"
        raise ClipError("The copy cannot be written there:", [Mistake(str(path), None, rule, "Make the folder first.")])


def refuse_long(*paths: Path) -> None:
    """Each of the names, and that of its draft, is one that the disk takes, or ClipError says how many bytes it is too long."""
    mistakes = []
    for path in paths:
        try:
            most = os.pathconf(path.parent, "PC_NAME_MAX")
        except (OSError, ValueError, AttributeError):
            most = USUAL_NAME_BYTES
        over = len(os.fsencode(_draft_name(path))) - most
        if over > 0:
            rule = f"is by {over} bytes too long a name for the disk, with what is added to it while it is written"
            mistakes.append(Mistake("--out", path.name, rule, "Choose a shorter name."))
    if mistakes:
        raise ClipError("The copy cannot be written there:", mistakes)


def _draft_name(path: Path) -> str:
    return f".{path.name}.{secrets.token_hex(4)}.writing"


@contextlib.contextmanager
def drafted(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Inside the block, a path beside each of `paths` to write to; afterwards all stand under their own names, or none does.

    Raises WriteError when the disk refuses. After any other exception, Ctrl-C too, the drafts are gone and it passes on.
    """
    drafts = tuple(path.parent / _draft_name(path) for path in paths)
    named: list[Path] = []
    try:
        yield drafts
        for draft in drafts:
            with draft.open("rb") as file:
                os.fsync(file.fileno())
        for draft, path in zip(drafts, paths, strict=True):
            refuse_taken(path)  # somebody may have written it meanwhile
            draft.rename(path)
            named.append(path)
    except BaseException as error:
        for path in (*drafts, *named):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            raise WriteError(f"{paths[0]}: could not be written ({reason}). Nothing half-written was left.") from error
        raise
