"""Where the store of a project is: a file in its folder, or a database that somebody names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE_NAME: Final = "commonbeat.sqlite3"
VARIABLE: Final = "COMMONBEAT_DATABASE"


@dataclass(frozen=True, slots=True)
class Location:
    """A store's address for SQLAlchemy, and its file where it is one."""

    url: str
    file: Path | None


def where_store(project: str | Path = ".", database: str | None = None) -> Location:
    """The store of the project: `database`, else the environment's COMMONBEAT_DATABASE, else a file in the folder.

    database: an address as SQLAlchemy writes it, such as postgresql+psycopg://host/name.
    """
    from sqlalchemy import URL

    url = database or os.environ.get(VARIABLE, "")
    if url:
        return Location(url, _file_of(url))
    file = Path(project).absolute() / FILE_NAME
    # Made of parts, so that no letter of a path is taken for a part of the address.
    return Location(URL.create("sqlite", database=str(file)).render_as_string(hide_password=False), file)


def _file_of(url: str) -> Path | None:
    """The file that an address of SQLite names; None for other databases and for what is no address."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        made = make_url(url)
    except ArgumentError:  # told when the store is opened
        return None
    sqlite = made.get_backend_name() == "sqlite" and made.database not in (None, "", ":memory:")
    return Path(made.database or "").absolute() if sqlite else None
