"""The store of a project for the commands that look after the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.storage import open_store, where_store

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.storage import Store


def store_of(project: str | Path | None, database: str | None) -> Store:
    """The open store of the project folder, the current one unless another is named; made where it is missing."""
    return open_store(where_store(project or ".", database), create=True)
