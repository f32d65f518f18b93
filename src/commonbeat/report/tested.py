"""What this run says where the story makes a claim: the figure behind each key of `claims.MEASURES`.

The run is shown beside the cards and never replaces them, because its parameters come from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.report.break_even import break_evens
from commonbeat.report.reach import AUDIENCES, reach_rows
from commonbeat.report.rings import ALIKE, moments
from commonbeat.report.spread import spread_of
from commonbeat.report.strip import Row, Ruler, common_ruler, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.report.reading import Reading

SUBJECTS = {
    "trust": "Trust in police",
    "prejudice": "Prejudice (below zero is less)",
    "regard": "Officers’ regard for residents",
    "cooperation": "Readiness to cooperate",
    "reform": "Demand for reform",
}
PLACES = {
    "present": "of those present, per person",
    "told": "of those told, per person",
    "watched": "of those who saw the clip, per person",
    "city": "of the city, group by group",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the run says: a sentence, and rows of effects on a ruler (or of plain counts, without one)."""

    words: str
    rows: tuple[Row, ...] = ()
    ruler: Ruler | None = None
    unit: str = "thousandths"
    outcome: str = "trust"
    source: str = "run:rings"


def effects(words: str, rows: Sequence[Row], unit: str, outcome: str, source: str) -> Told:
    """Rows that have a spread, on a ruler that they share."""
    held = tuple(row for row in rows if row.spread is not None)
    ending = "" if held else " Nobody in this run to tell of."
    return Told(words + ending, held, common_ruler(held, unit) if held else None, unit, outcome, source)


def counts(words: str, rows: list[Row], unit: str, source: str) -> Told:
    """Rows of plain counts."""
    held = tuple(row for row in rows if row.spread is not None)
    return Told(words if held else f"{words} Not counted in this run.", held, None, unit, "trust", source)


def ring_told(reading: Reading, ring: str, outcome: str) -> Told:
    """The effect per person in a ring, under each arm in which the moment happens once."""
    if ring == "city":
        return city_told(reading, outcome)
    group = "Officers" if outcome == "regard" else "All"
    rows = [
        Row(
            arm.title,
            reading.ring(arm.name, ring, "effect", outcome, group),
            reading.held(arm.name, ring, outcome, group).words,
        )
        for arm in moments(reading)
    ]
    words = f"{SUBJECTS[outcome]} {PLACES[ring]}, on day {reading.ring_day}."
    return effects(words, together(rows, "thousandths", ALIKE), "thousandths", outcome, "run:rings")


def city_told(reading: Reading, outcome: str) -> Told:
    """The effect of the story's own arm on each group's mean, worst-off first."""
    arm = reading.telling.headline
    rows = [Row(group, reading.last(arm.name, group, outcome)) for group in reading.groups]
    words = f"{SUBJECTS[outcome]} {PLACES['city']}, worst-off first. {arm.title}."
    return effects(words, rows, "thousandths", outcome, "run:daily")


def programme_told(reading: Reading) -> Told:
    """Once, stopped half-way and kept up, side by side."""
    telling = reading.telling
    arms = [arm for arm in (telling.unfilmed, telling.stopped, telling.programme) if arm is not None]
    rows = [Row(arm.title, reading.last(arm.name, reading.headline_group)) for arm in arms]
    words = f"Mean trust of {reading.headline_group} at the end; a programme’s encounters are planned."
    return effects(words, rows, "thousandths", "trust", "run:daily")


def reach_told(reading: Reading, audience: str) -> Told:
    """Views by origin, never averaged."""
    rows = [Row(row.origin_words, row.spread) for row in reach_rows(reading) if row.audience == audience]
    words = f"People by whom the clip was {dict(AUDIENCES)[audience]}. Who posts it decides nearly everything."
    return counts(words, rows, "people", "run:reach")


def ties_told(reading: Reading) -> Told:
    """Acquaintances that formed at the encounter."""
    arm = moments(reading)[0]
    table = reading.table("occurrences").filter(pl.col("kind").str.contains("tie") & (pl.col("arm") == arm.name))
    per_draw = table.group_by("draw").agg(pl.col("count").max())
    rows = [Row(arm.title, spread_of(per_draw["count"]))]
    return counts("Acquaintances that formed; how readily they form is assumed.", rows, "count", "run:occurrences")


def stops_told(reading: Reading) -> Told:
    """Recorded stops, which are data and not simulated."""
    table = reading.table("stops").group_by("place").agg(pl.col("count").sum(), pl.col("residents").max())
    known = table.filter(pl.col("residents") > 0)
    rates = known.select(1000 * pl.col("count") / pl.col("residents")).to_series()
    words = (
        "Recorded stops per thousand residents: the middle neighbourhood, and the range that holds nine in ten of them."
    )
    return counts(words, [Row("The year of the data", spread_of(rates))], "rate", "run:stops")


def break_even_told(reading: Reading) -> Told:
    """Stops not made that equal one encounter."""
    found = break_evens(reading)
    rows = [
        Row(
            f"stops of {one.whose}, {'on the last day' if one.view == 'last day' else 'summed over the year'}",
            one.stops,
        )
        for one in found
    ]
    counted = f", {found[0].basis.words}" if found else ""
    words = f"Stops not made that weigh as much as one encounter held{counted}."
    return counts(words, rows, "stops", "run:area, run:occurrences")


def tested(reading: Reading, measure: str) -> Told | None:
    """What the run says under the measure's key, or None for a key that this report does not know."""
    stage, _, rest = measure.partition(".")
    place, _, outcome = rest.partition(".")
    if stage == "rings":
        return ring_told(reading, place, outcome)
    if stage == "dose":
        return programme_told(reading)
    if stage == "reach":
        return reach_told(reading, place)
    plain = {"occurrences.tie": ties_told, "stops.per_1000": stops_told, "break_even.stops_not_made": break_even_told}
    return plain[measure](reading) if measure in plain else None
