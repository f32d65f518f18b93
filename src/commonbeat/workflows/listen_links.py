"""Links as people open them, and lists of them in a file that nobody else can read."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from commonbeat.errors import InputError, Mistake

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PLACES: Final = {"open": "r", "kiosk": "k", "offline": "offline"}
BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def link_to(address: str, token: str, kind: str = "open") -> str:
    """The whole link: `address`/r/`token`, or /k/ for a kiosk and /offline/ for the file."""
    return f"{address.rstrip('/')}/{PLACES[kind]}/{token}"


def require_address(address: str) -> None:
    """The address is one that can stand before a link, or InputError says how to write one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        way_out = "Write it as people open it, such as https://listen.example.org"
        raise InputError("No link was made:", [Mistake("--address", address, "is no address", way_out)])


def token_in(link: str) -> str:
    """What stands after the last stroke of a link: its token; or the word itself."""
    return link.rstrip("/").rpartition("/")[2]


def refuse_list(path: Path | None) -> None:
    """Nothing stands at `path` yet, or RunFolderError says so."""
    from commonbeat.results.disk import refuse_existing

    if path is not None:
        refuse_existing(path)


def write_list(path: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """The columns stand in a CSV file that its owner alone can read.

    A value that a spreadsheet would take for a formula has an apostrophe before it. Raises WriteError where the disk refuses.
    """
    from commonbeat.results.disk import write_whole

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([f"'{value}" if value.startswith(BEGINS_FORMULA) else value for value in row])
    write_whole(path, text.getvalue().encode(), private=True)
