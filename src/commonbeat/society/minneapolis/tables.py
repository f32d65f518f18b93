"""The embedded tables are read: who lives where in Minneapolis, and which stops were recorded."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from commonbeat.society.places import CATEGORIES, DAYS, ELSEWHERE, HOURS, KINDS, SEARCHES, Place, StopTable

FOLDER = Path(__file__).parent


class Residents(NamedTuple):
    """The places, Elsewhere last; int64[places without Elsewhere, 3]: Black, White and all other residents.

    `repeated` counts the areas whose White and Black shares are those of another area too.
    """

    places: tuple[Place, ...]
    residents: np.ndarray
    repeated: int


def read_rows(name: str) -> list[dict[str, str]]:
    """The rows of one embedded table; its first line is a comment that names the source."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def read_residents() -> Residents:
    """Every area with residents or stops; shares become whole people, all others being what is left."""
    rows = read_rows("places.csv")
    people = np.zeros((len(rows), 3), np.int64)
    places = []
    for number, row in enumerate(rows):
        total = int(row["population"] or 0)
        black, white = (round(total * float(row[share] or 0)) for share in ("black", "white"))
        people[number] = (black, white, total - black - white)
        position = (float(row["latitude"]), float(row["longitude"]))
        places.append(Place(row["place"], total, *position, has_population_row=bool(row["population"])))
    middle = np.mean([[place.latitude, place.longitude] for place in places], axis=0)
    away = Place(ELSEWHERE, 0, float(middle[0]), float(middle[1]), has_population_row=False)
    shares = Counter((row["white"], row["black"]) for row in rows if row["population"])
    return Residents((*places, away), people, sum(count for count in shares.values() if count > 1))


def read_stops(places: tuple[Place, ...]) -> StopTable:
    """All recorded stops of 2017; Elsewhere has none."""
    spot = {place.name: number for number, place in enumerate(places)}
    counts = np.zeros((len(places), len(CATEGORIES), len(KINDS), len(SEARCHES)), np.int64)
    for row in read_rows("stops.csv"):
        cell = (CATEGORIES.index(row["race_recorded"]), KINDS.index(row["kind"]), SEARCHES.index(row["search"]))
        counts[(spot[row["place"]], *cell)] = int(row["count"])
    before = np.zeros((len(CATEGORIES), len(CATEGORIES)), np.int64)
    for row in read_rows("stops_race_before.csv"):
        before[CATEGORIES.index(row["race_recorded"]), CATEGORIES.index(row["race_before"])] = int(row["count"])
    by_day, by_hour = np.zeros(DAYS, np.int64), np.zeros(HOURS, np.int64)
    for row in read_rows("stops_by_day.csv"):
        by_day[int(row["day"]) - 1] = int(row["count"])
    for row in read_rows("stops_by_hour.csv"):
        by_hour[int(row["hour"])] = int(row["count"])
    return StopTable(CATEGORIES, KINDS, SEARCHES, counts, by_day, by_hour, before)
