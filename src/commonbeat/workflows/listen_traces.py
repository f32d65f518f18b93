"""What deleted answers leave in the store's files is overwritten: for many deletions at once, and the log says up to which.

SQLite overwrites what is deleted as it deletes it, but moves rows from page to page before and after, and now and then a copy stays behind in
what is free of a page; PostgreSQL leaves whole rows. Only files that are written anew are free of both, and that takes as long as the store
is large: nobody who withdraws can wait for it, so it is done for all of them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from commonbeat.storage.log import append
from commonbeat.storage.tables import log
from commonbeat.workflows.listen_studies import ERASURE
from commonbeat.workflows.record_store import today

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from commonbeat.storage import Store

WITHDRAWN: Final = "answers withdrawn"
OVERWRITTEN: Final = "traces overwritten"
STORE: Final = "store"


def traces_left(store: Store) -> bool:
    """Whether answers were deleted since the files were last written anew."""
    with store.reading() as connection:
        after = log.c.number > _overwritten_up_to(connection)
        deleted = select(log.c.number).where(after, log.c.act.in_((WITHDRAWN, ERASURE))).limit(1)
        return connection.execute(deleted).first() is not None


def overwrite_traces(store: Store) -> None:
    """What was deleted before this stands nowhere in the store's files, and the log says so, without the hour.

    Takes seconds in a large store. Raises FailureError when another program has an SQLite store open.
    """
    with store.reading() as connection:
        last = connection.execute(select(func.coalesce(func.max(log.c.number), 0))).scalar_one()
    store.erase_traces()
    store.write(lambda connection: append(connection, OVERWRITTEN, STORE, scope=str(last), at=str(today())))


def _overwritten_up_to(connection: Connection) -> int:
    """The number of the log's entry up to which nothing that was deleted left a trace."""
    told = select(log.c.scope).where(log.c.subject == STORE, log.c.act == OVERWRITTEN)
    last = connection.execute(told.order_by(log.c.number.desc()).limit(1)).scalar()
    return int(last) if last else 0
