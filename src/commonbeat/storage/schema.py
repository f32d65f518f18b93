"""The whole schema: importing this knows every table, which whoever migrates or erases needs."""

from __future__ import annotations

from commonbeat.storage import tables, tables_listen, tables_web

metadata = tables.metadata
PARTS = (tables, tables_listen, tables_web)
