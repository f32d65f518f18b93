"""Alembic runs this file; the connection is that of the store, inside a transaction of the store's own."""

from __future__ import annotations

from alembic import context

from commonbeat.storage.schema import metadata

# Everything is one transaction, which SQLite can do when nobody commits between: a half-migrated store cannot be.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
context.run_migrations()
