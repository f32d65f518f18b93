"""Somebody's own society is read from a folder of tables; every mistake in them is told at once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import Mistakes, SocietyError
from commonbeat.society.account import AccountLine
from commonbeat.society.load_checks import check_events, check_people, check_ties
from commonbeat.society.load_rows import SHAPES, find_table, read_table
from commonbeat.society.measure import measure
from commonbeat.society.people import AGE_BANDS, ROLES, People
from commonbeat.society.places import CATEGORIES, DAYS, ELSEWHERE, HOURS, SEARCHES, Place, StopTable, no_stops
from commonbeat.society.plan import BUILDER_VERSION
from commonbeat.society.rows import mutual
from commonbeat.society.settle import household_ties
from commonbeat.society.society import Society
from commonbeat.society.ties import Friends, Ties, group_rows, no_ties

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

HEADING = "The society in {folder} cannot be used."
LAYERS = ("household", "friend", "acquaintance", "follow")


def load_society(path: Path | str) -> Society:
    """The society of a folder: people and ties, and recorded events (police stops) where there are any.

    people.csv or .parquet: id, group, place; and, if known, household, age_band, role, weight, starting_trust.
    ties.csv or .parquet: source, target, layer (household, friend, acquaintance, follow: source follows target).
    events.csv or .parquet: day, place, race, kind; and, if known, hour, search, count.
    Places called "Elsewhere" hold people who meet the others only through clips. SocietyError lists all mistakes.
    """
    folder = Path(path)
    mistakes = Mistakes()
    tables = {name: read_table(folder, name, mistakes) for name in SHAPES}
    mistakes.raise_if_any(SocietyError, HEADING.format(folder=folder))
    people, ties, events = tables["people"], tables["ties"], tables["events"]
    assert people is not None
    assert ties is not None
    check_people(people, mistakes)
    check_ties(ties, people, mistakes)
    if events is not None:
        check_events(events, people, mistakes)
    mistakes.raise_if_any(SocietyError, HEADING.format(folder=folder))
    return assemble(people, ties, events, hash_of(folder))
