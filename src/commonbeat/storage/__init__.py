"""Where records of people are kept: an engine, a schema and its migrations, and a log that only grows.

    with open_store(where_store(project), create=True) as store, store.writing() as connection:
        connection.execute(...)

Nothing here knows what a record is; whoever keeps something adds a table and a migration.
"""

from __future__ import annotations

from commonbeat.storage.location import where_store
from commonbeat.storage.store import Store, open_store

__all__ = ["Store", "open_store", "where_store"]
