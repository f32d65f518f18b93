"""What the store holds of a study, read in one moment, without links, codes, contacts or days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
from sqlalchemy import select

from commonbeat.errors import InputError, Mistake
from commonbeat.storage.tables_listen import answers, participants
from commonbeat.workflows.listen_studies import kept_study, require_answers

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from commonbeat.listen.results.collected import Collected
    from commonbeat.storage import Store
    from commonbeat.workflows.listen_studies import KeptStudy

ROWS_AT_ONCE: Final = 50_000
PEOPLE = {
    "number": pl.Int64,
    "state": pl.String,
    "came_by": pl.String,
    "arm": pl.String,
    "audience": pl.String,
    "language": pl.String,
    "stratum": pl.String,
    "block": pl.String,
}


def collect(store: Store, identifier: str) -> Collected:
    """The study and its answers as they are now. Raises StoreError for a study that is not there, or whose answers were erased."""
    with store.reading() as connection:
        return collected_in(connection, identifier)


def collected_in(connection: Connection, identifier: str) -> Collected:
    """The same within a transaction of the caller's."""
    from commonbeat.listen.results.collected import ANSWERS, Collected

    kept = kept_study(connection, identifier)
    require_answers(kept, "There are no results any more:")
    table = participants.c
    asked = (
        table.number,
        table.state,
        table.came_by,
        table.arm,
        table.audience,
        table.language,
        table.stratum,
        table.position,
    )
    rows = connection.execute(select(*asked).where(table.study == identifier)).all()
    people = [(*row[:7], _block(kept, row.stratum, row.position)) for row in rows]
    mine = select(table.number).where(table.study == identifier, table.state != "withdrawn")
    given = _frame(
        connection, select(*(answers.c[name] for name in ANSWERS)).where(answers.c.participant.in_(mine)), ANSWERS
    )
    frame = pl.DataFrame(people, schema=PEOPLE, orient="row")
    if not kept.study.arms:
        frame = frame.drop("block")
    return Collected(kept.study, kept.bank, frame, given)


def refuse_empty(collected: Collected) -> None:
    """Somebody has agreed to take part, or InputError says that there is nothing to tell yet."""
    if collected.people.is_empty():
        rule = "has nobody yet who agreed to take part"
        way_out = "Invite people first. If it is closed, nobody came."
        raise InputError("There are no results:", [Mistake(collected.study.identifier, None, rule, way_out)])


def _frame(connection: Connection, chosen: Select[*tuple[Any, ...]], schema: dict[str, Any]) -> pl.DataFrame:
    """The rows as a table; a part of them at a time, so that objects of Python never hold a whole large study."""
    found = connection.execute(chosen, execution_options={"yield_per": ROWS_AT_ONCE})
    parts = [pl.DataFrame([tuple(row) for row in part], schema=schema, orient="row") for part in found.partitions()]
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _block(kept: KeptStudy, stratum: str | None, position: int | None) -> str | None:
    """The block in which the arm was drawn, by its stratum and number: within it arms can be drawn again as they were."""
    from commonbeat.listen.study.assignment import block_at, mixed

    if stratum is None or position is None or not kept.study.arms:
        return None
    number = block_at(mixed(kept.secret, kept.study.seed), stratum, position, kept.study.block_sizes)
    return f"{stratum}; block {number + 1}"
