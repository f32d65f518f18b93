"""What was done in the store, for owners to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from commonbeat.storage.log import Entry
from commonbeat.storage.tables import log

if TYPE_CHECKING:
    from commonbeat.storage import Store

LAST: Final = 50


def last_entries(store: Store, most: int = LAST) -> tuple[Entry, ...]:
    """The newest entries of the log, newest first. They name what was done and to which identifier, and hold no content."""
    columns = [log.c[name] for name in Entry.__slots__]
    with store.reading() as connection:
        rows = connection.execute(select(*columns).order_by(log.c.number.desc()).limit(most))
        return tuple(Entry(*row) for row in rows)
