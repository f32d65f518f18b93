"""The enforcement that stands beside every figure of trust (claim C15): recorded stops, in numbers.

A good encounter does not make unfair policing fair. An analysis knows the stops of its own place only when it is given them.
Without them the page says so, and shows those of the city that comes with Common Beat, by that city's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

WARNING = "A good encounter does not make unfair policing fair."
STOP_READING = "stop_within_person"  # card E039; the one across people mixes in who is stopped
Z_95 = 1.96
YEAR_OF_STOPS = 2017  # of the shipped tables; their residents are of 2015


@dataclass(frozen=True, slots=True)
class RecordedStops:
    """Police stops recorded in one place in one year.

    stops: all of them. per_1000: stops per 1,000 residents, where residents are known. by_race: the same rate for each race as
    recorded by police, most first. without_race: share of stops without a usable race. own: whether it is the study's own place.
    source: as figures name it.
    """

    place: str
    year: int
    stops: int
    per_1000: float | None
    by_race: tuple[tuple[str, float], ...] = ()
    without_race: float | None = None
    own: bool = True
    source: str = "given"


@lru_cache(maxsize=1)
def minneapolis() -> RecordedStops:
    """The recorded stops of the city whose tables are shipped; rates are of the areas with a row of residents."""
    from commonbeat.society.minneapolis.tables import read_residents, read_stops
    from commonbeat.society.places import RACELESS

    held = read_residents()
    table = read_stops(held.places)
    known = np.array([place.has_population_row for place in held.places])
    counts = table.counts.sum(axis=(2, 3))
    black, white, _ = (float(part) for part in held.residents.sum(axis=0))
    there = counts[known].sum(axis=0)
    race = dict(zip(table.categories, (float(count) for count in there), strict=True))
    raceless = sum(counts[:, table.categories.index(name)].sum() for name in RACELESS)
    return RecordedStops(
        "Minneapolis",
        YEAR_OF_STOPS,
        int(counts.sum()),
        1000 * float(there.sum()) / float(held.residents.sum()),
        (("Black", 1000 * race["Black"] / black), ("White", 1000 * race["White"] / white)),
        float(raceless) / float(counts.sum()),
        own=False,
        source="society: minneapolis",
    )


@dataclass(frozen=True, slots=True)
class StopEffect:
    """What one study found a police stop to do to the sense that police act justly, within one person, in SDs."""

    effect: float
    interval: tuple[float, float]
    source: str


@lru_cache(maxsize=1)
def effect_of_a_stop() -> StopEffect | None:
    """The ledger's reading of a stop within one person; None where a ledger has none."""
    from commonbeat.evidence import load_estimates

    held = next((reading for reading in load_estimates() if reading.id == STOP_READING), None)
    if held is None or held.se is None:
        return None
    half = Z_95 * held.se
    return StopEffect(held.effect, (held.effect - half, held.effect + half), f"card:{held.cards[0]}")
