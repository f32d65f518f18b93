"""What the store holds, in one row per record, and what was done, in one row per entry of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from commonbeat.storage.log import Entry

OVER, NOT_SHOWN = "consent is over", "not to be shown"


@dataclass(frozen=True, slots=True)
class Row:
    """One record. title and day are left out where consent does not cover showing it, or is over."""

    identifier: str
    title: str
    day: str
    invented: bool
    unconfirmed: int
    holds_until: str
    derivatives: int


def list_records(
    *, project: str | Path | None = None, database: str | None = None, on: date | None = None
) -> list[Row]:
    """One row per record of the store, by name."""
    from commonbeat.record.derivatives import known
    from commonbeat.record.keeping import stored_records
    from commonbeat.workflows.record_store import store_of, today

    with store_of(project, database, create=False) as store, store.reading() as connection:
        records, made = stored_records(connection), [each.encounter for each in known(connection)]
    rows = []
    for encounter in (each.encounter for each in records):
        kept, shown = (encounter.consent.allows(scope, on or today()) for scope in ("keep", "show"))
        rows.append(
            Row(
                identifier=encounter.identifier,
                title=encounter.title if shown else NOT_SHOWN if kept else OVER,
                day=str(encounter.when.date or "unknown") if shown else "",
                invented=encounter.invented,
                unconfirmed=len(encounter.unconfirmed()),
                holds_until=str(encounter.consent.holds_until() or ""),
                derivatives=made.count(encounter.identifier),
            )
        )
    return rows


def read_log(*, project: str | Path | None = None, database: str | None = None) -> list[Entry]:
    """Every entry of the log, oldest first."""
    from commonbeat.storage.log import entries
    from commonbeat.workflows.record_store import store_of

    with store_of(project, database, create=False) as store, store.reading() as connection:
        return entries(connection)
