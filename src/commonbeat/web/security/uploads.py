"""How many large bodies are taken in at once, and how much of what was uploaded is kept.

Each upload lies on the disk from its first byte until it was read, so their number bounds that too. Only whoever is signed in gets so far.
"""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from commonbeat.errors import InputError, Mistake
from commonbeat.web.security.bodies import USUAL
from commonbeat.web.security.refusals import TooBusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.datastructures import Headers

MOST_OF_ONE: Final = 3
MOST_OF_ALL: Final = 6
FREE_BYTES: Final = 512 << 20
"""Left on the disk for answers: they come first."""


class Uploads:
    """Who is sending something large now. All of it happens in the server's own thread, so nothing is locked."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    @contextmanager
    def one_of(self, user: str, headers: Headers) -> Iterator[None]:
        """The request is counted while the block runs, where it carries an upload; TooBusyError where that is one too many."""
        if not is_large(headers):
            yield
            return
        if self._of[user] >= MOST_OF_ONE:
            raise TooBusyError(f"You are sending {MOST_OF_ONE} files already. Send this one when they are there.")
        if self._of.total() >= MOST_OF_ALL:
            raise TooBusyError(f"{MOST_OF_ALL} files are being sent already. Wait a minute and send yours again.")
        self._of[user] += 1
        try:
            yield
        finally:
            self._of[user] -= 1
            self._of += Counter()  # whoever sends nothing is forgotten


def is_large(headers: Headers) -> bool:
    """Whether the body may be more than a page sends: a form with files of unknown or of some length."""
    if not headers.get("content-type", "").lower().startswith("multipart/"):
        return False
    said = headers.get("content-length", "")
    return not said.isdecimal() or int(said) > USUAL


def require_room(folder: Path, *, most_files: int, most_bytes: int) -> None:
    """One more upload may be kept in the folder, or InputError says what to delete first: there are files enough, or the disk is full.

    Each entry of the folder counts as one file, with all that is in it.
    """
    kept = [each for each in folder.iterdir() if not each.name.startswith(".commonbeat.")] if folder.is_dir() else []
    held = sum(path.stat().st_size for entry in kept for path in (entry, *entry.rglob("*")) if path.is_file())
    mistakes = []
    if len(kept) >= most_files:
        rule = "are kept already, as many as may be"
        mistakes.append(Mistake("files", len(kept), rule, "Delete one first."))
    elif held >= most_bytes:
        rule = f"of {most_bytes >> 20:,} MB are used by files kept before"
        mistakes.append(Mistake("room", f"{held >> 20:,} MB", rule, "Delete one first."))
    if shutil.disk_usage(folder if folder.is_dir() else folder.parent).free < FREE_BYTES:
        rule = f"has less than {FREE_BYTES >> 20} MB left, which answers need"
        mistakes.append(Mistake("disk", None, rule, "Make room on it first."))
    if mistakes:
        raise InputError("The file was not kept:", mistakes)
