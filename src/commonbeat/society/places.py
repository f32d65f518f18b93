"""Where people live and where police stops were recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ELSEWHERE = "Elsewhere"
CATEGORIES = (
    "Black",
    "East African",
    "White",
    "Latino",
    "Native American",
    "Asian",
    "Other",
    "Unknown",
    "Empty",
)
RACELESS = ("Unknown", "Empty")
KINDS = ("suspicious", "traffic")
SEARCHES = ("none", "person", "vehicle", "person and vehicle", "not recorded")
DAYS = 365
HOURS = 24


@dataclass(frozen=True, slots=True)
class Place:
    """An area. `has_population_row` is False where stops were recorded but no table says who lives there."""

    name: str
    residents: int
    latitude: float
    longitude: float
    has_population_row: bool


@dataclass(frozen=True, eq=False)
class StopTable:
    """Recorded police stops of one year; race is as recorded by police.

    `counts` int64[places, categories, kinds, searches]; `by_day` int64[365]; `by_hour` int64[24], local time.
    `race_before` int64[categories, categories]: rows are race as recorded, columns what was noted before the stop.
    """

    categories: tuple[str, ...]
    kinds: tuple[str, ...]
    searches: tuple[str, ...]
    counts: NDArray[np.int64]
    by_day: NDArray[np.int64]
    by_hour: NDArray[np.int64]
    race_before: NDArray[np.int64]

    @property
    def total(self) -> int:
        """All stops of the year."""
        return int(self.counts.sum())

    @property
    def by_place(self) -> NDArray[np.int64]:
        """int64[places, categories]."""
        return self.counts.sum(axis=(2, 3))

    @property
    def by_kind(self) -> NDArray[np.int64]:
        """int64[places, categories, kinds]."""
        return self.counts.sum(axis=3)

    @property
    def by_search(self) -> NDArray[np.int64]:
        """int64[categories, searches]."""
        return self.counts.sum(axis=(0, 2))


def no_stops(places: int) -> StopTable:
    """A table in which nobody was stopped."""
    return StopTable(
        categories=CATEGORIES,
        kinds=KINDS,
        searches=SEARCHES,
        counts=np.zeros((places, len(CATEGORIES), len(KINDS), len(SEARCHES)), np.int64),
        by_day=np.zeros(DAYS, np.int64),
        by_hour=np.zeros(HOURS, np.int64),
        race_before=np.zeros((len(CATEGORIES), len(CATEGORIES)), np.int64),
    )
