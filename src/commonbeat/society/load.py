"""Somebody's own society is read from a folder of tables; every mistake in them is told at once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import Mistakes, SocietyError
from commonbeat.society.assemble import assemble
from commonbeat.society.load_checks import check_events, check_people, check_places, check_ties
from commonbeat.society.load_rows import SHAPES, read_table
from commonbeat.society.plan import BUILDER_VERSION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.society.society import Society

Columns = dict[str, "NDArray[Any]"]


def load_society(path: Path | str) -> Society:
    """The society of a folder: people and ties, and recorded events (police stops) and places where given.

    people.csv or .parquet: id, group, place; if known: household, age_band, role, weight, starting_trust.
    ties.csv or .parquet: source, target, layer; layer is household, friend, acquaintance, or follow (the source
    follows the target). The first three hold both ways, so one row is enough.
    events.csv or .parquet: day (1 to 365), place, race (as recorded by police), kind; if known: hour, search, count.
    places.csv or .parquet: place, latitude, longitude; and `share GROUP` columns to compare with.
    People of a place called "Elsewhere" meet the others only through clips. SocietyError lists all mistakes.
    """
    folder = Path(path)
    heading = f"The society in {folder} cannot be used."
    mistakes = Mistakes()
    if not folder.is_dir():
        mistakes.add("society", str(folder), "is not a folder", "Name a folder that holds people and ties.")
        mistakes.raise_if_any(SocietyError, heading)
    tables = {name: read_table(folder, name, mistakes) for name in SHAPES}
    columns: dict[str, Columns] = {}
    if (people := tables["people"]) is not None:
        columns["people"] = check_people(people, mistakes)
        for name, check in (("ties", check_ties), ("events", check_events), ("places", check_places)):
            if (table := tables[name]) is not None:
                columns[name] = check(table, columns["people"], mistakes)
    mistakes.raise_if_any(SocietyError, heading)
    return assemble(columns["people"], columns["ties"], columns.get("events"), columns.get("places"), hash_of(folder))


def hash_of(folder: Path) -> str:
    """Sixteen hexadecimal digits that change when any table of the folder, or the builder, does."""
    digest = hashlib.sha256(f"own society {BUILDER_VERSION}".encode())
    for name in SHAPES:
        for ending in ("csv", "parquet"):
            path = folder / f"{name}.{ending}"
            if path.is_file():
                digest.update(f"{path.name} {path.stat().st_size} ".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
