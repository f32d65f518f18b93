"""Records leave the store for other people: only those that everybody visible agreed to share."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import Mistake, RecordError, StoreError, WriteError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from commonbeat.record import Encounter
    from commonbeat.storage import Store

KINDS = (".toml", ".json", ".csv")


@dataclass(frozen=True, slots=True)
class Exported:
    """What left, as text of its kind, where to, and what was left out with the reasons."""

    shared: tuple[str, ...]
    left_out: dict[str, tuple[str, ...]]
    text: str
    file: str


def export_records(
    identifiers: Sequence[str] = (),
    *,
    to: str | Path | None = None,
    kind: str = "",
    project: str | Path | None = None,
    database: str | None = None,
    on: date | None = None,
) -> Exported:
    """The records by these names, or all, stand in the file `to` as its ending says; without it only as text.

    kind: ".toml", ".json" or ".csv", for text without a file; left out, TOML for one record and CSV for several. Only
    what may be shared on that day leaves; the rest is counted. The file is remembered, so that a withdrawal deletes it.
    Raises StoreError for names that are not there, RecordError for a kind that cannot hold what was asked for.
    """
    from commonbeat.results.disk import refuse_existing
    from commonbeat.workflows.record_store import store_of, today

    target = None if to is None else Path(to)
    kind = target.suffix.lower() if target is not None else kind
    if target is not None:
        refuse_existing(target)
    if kind and kind not in KINDS:
        way_out = f"Known: {', '.join(KINDS)}."
        raise RecordError(
            "Nothing was exported:", [Mistake(str(to or kind), None, "is of a kind that is not known", way_out)]
        )
    with store_of(project, database, create=False) as store:
        found = _asked_for(store, identifiers)
        refusals = {each.identifier: each.consent.refusals("share", on or today()) for each in found}
        shared = [each for each in found if not refusals[each.identifier]]
        text = _text(shared, kind or (".toml" if len(shared) == 1 else ".csv"))
        _leave(store, Path(project or "."), shared, target, text)
    left_out = {name: tuple(f"{one.place}: {one.rule}" for one in each) for name, each in refusals.items() if each}
    return Exported(tuple(each.identifier for each in shared), left_out, text, str(target or ""))


def _asked_for(store: Store, identifiers: Sequence[str]) -> list[Encounter]:
    from commonbeat.record.keeping import stored_records

    with store.reading() as connection:
        every = [each.encounter for each in stored_records(connection)]
    names = {each.identifier for each in every}
    missing = [each for each in identifiers if each not in names]
    if missing:
        mistakes = [
            Mistake(each, None, "is not in the store", did_you_mean(each, names) if names else "The store is empty.")
            for each in missing
        ]
        raise StoreError("Nothing was exported:", mistakes)
    return [each for each in every if not identifiers or each.identifier in identifiers]


def _text(shared: list[Encounter], kind: str) -> str:
    from commonbeat.record import plain_record, record_toml
    from commonbeat.record.table import table_text

    if kind == ".toml" and len(shared) > 1:
        way_out = "Name one record, or export to a .csv or .json file."
        raise RecordError(
            "Nothing was exported:", [Mistake(".toml", None, f"cannot hold {len(shared)} records", way_out)]
        )
    if not shared:
        return ""
    if kind == ".toml":
        return record_toml(shared[0])
    trees = [plain_record(each) for each in shared]
    return table_text(trees) if kind == ".csv" else json.dumps(trees, ensure_ascii=False, indent=2) + "\n"


def _leave(store: Store, project: Path, shared: list[Encounter], target: Path | None, text: str) -> None:
    """The file stands, the store remembers it, and the log says what left.

    It is remembered before it is written: a file that nobody remembers could not be withdrawn.
    """
    from commonbeat.record.derivatives import EXPORT, forget
    from commonbeat.results.disk import write_whole
    from commonbeat.storage.log import append
    from commonbeat.workflows.record_derivatives import refuse_withdrawn, remember_in, stored_path

    with store.writing() as connection:
        refuse_withdrawn(connection, [each.identifier for each in shared])  # since they were read
        for each in shared:
            append(connection, "export", each.identifier, scope="share")
            if target is not None:
                remember_in(connection, project, each.consent, target, EXPORT)
    if target is None or not shared:
        return
    try:
        write_whole(target, text.encode("utf-8"))
    except WriteError:
        with store.writing() as connection:
            forget(connection, stored_path(project, target))
            for each in shared:
                append(connection, "not exported", each.identifier)
        raise
