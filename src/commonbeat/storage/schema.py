"""The whole schema: importing this knows every table, which whoever migrates or erases needs."""

from __future__ import annotations

from typing import Final

from commonbeat.storage import tables, tables_listen, tables_web

metadata = tables.metadata
HOLD_PEOPLE: Final = (
    *(table.name for table in (tables.encounters, tables.derivatives, tables.withdrawals)),
    *(table.name for table in (tables_listen.participants, tables_listen.turns, tables_listen.submissions)),
    *(table.name for table in (tables_listen.answers, tables_listen.contacts)),
)
"""The tables from which somebody can be taken out."""
PARTS = (tables, tables_listen, tables_web)
