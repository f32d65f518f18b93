"""A draft that nobody was asked by is taken out of the store again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from commonbeat.errors import Mistake, StoreError
from commonbeat.storage.log import append
from commonbeat.storage.tables_listen import open_links, participants, studies
from commonbeat.workflows.listen_studies import DRAFT, kept_study

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from commonbeat.storage import Store


def drop_draft(store: Store, identifier: str) -> None:
    """The store has no such study any more; the log knows that it was there.

    Raises StoreError for a study that is not there, that was opened, or to which somebody has a link already.
    """

    def work(connection: Connection) -> None:
        if kept_study(connection, identifier).state != DRAFT:
            way_out = "Close it, and delete its answers."
            raise StoreError("The study stays:", [Mistake("study", identifier, "was opened", way_out)])
        for table in (participants, open_links):
            if connection.execute(select(table.c.study).where(table.c.study == identifier).limit(1)).first():
                rule, way_out = "has links that were handed out", "Open and close it, and delete its answers."
                raise StoreError("The study stays:", [Mistake("study", identifier, rule, way_out)])
        connection.execute(delete(studies).where(studies.c.identifier == identifier))
        append(connection, "draft deleted", identifier)

    store.write(work)
