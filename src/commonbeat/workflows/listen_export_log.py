"""The log knows what left the store: whoever withdraws later can be told that a file had gone out before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from commonbeat.storage.log import append
from commonbeat.workflows.listen_withdraw import EXPORTED

if TYPE_CHECKING:
    from commonbeat.storage import Store

NOT_EXPORTED: Final = "not exported"


def note_export(store: Store, study: str, what: str) -> None:
    """The log has one more entry: that answers of the study left the store, and in which form."""
    with store.writing() as connection:
        append(connection, EXPORTED, study, scope=what[:80])


def note_no_export(store: Store, study: str) -> None:
    """The log has one more entry: that what it said before did not come about, since the disk refused."""
    with store.writing() as connection:
        append(connection, NOT_EXPORTED, study)
