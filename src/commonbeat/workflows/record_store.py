"""The store of a project for the record's workflows, and what day it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from commonbeat.storage import open_store, where_store

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.storage import Store


def store_of(project: str | Path | None, database: str | None, *, create: bool) -> Store:
    """The open store of the project folder, the current one unless another is named."""
    return open_store(where_store(project or ".", database), create=create)


def today() -> date:
    """The day on which consent has to hold: that of the place where this runs."""
    return datetime.now().astimezone().date()
