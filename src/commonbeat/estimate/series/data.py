"""Series of one place, or of many, checked before anything is fitted to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError, Mistakes
from commonbeat.estimate.series.shape import shape_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FEWEST_PERIODS_EACH_SIDE = 4
FEWEST_PERIODS_A_COLUMN = 2
FEWEST_DONORS = 2
FEWEST_BEFORE = 3
SERIES_HEADING = "The series cannot be estimated."
PLACES_HEADING = "A synthetic control cannot be built from these series."


@dataclass(frozen=True, slots=True, eq=False)
class SeriesData:
    """One series around an event.

    outcome [t]: complete and finite, periods in order and evenly spaced. periods: their labels. start: the position of the first period
    after the event. season_periods: periods in a year; None without a yearly wave. lags: periods over which errors may hang
    together; None for the rule of thumb. respondents [t]: people asked in each period, where the outcome is their answers; a period of
    fewer than ten is not shown. counts [t]: events in each period, where the outcome is a rate of them.
    """

    outcome: Floats
    periods: tuple[str, ...]
    start: int
    season_periods: int | None = None
    lags: int | None = None
    respondents: NDArray | None = None
    counts: Floats | None = None
    outcome_name: str = "outcome"
    period_name: str = "period"
    level: float = 0.05

    def check(self) -> None:
        """Nothing happens, or DataFileError with every mistake in the series."""
        mistakes = Mistakes()
        count = len(self.outcome)
        if len(self.periods) != count:
            mistakes.add("periods", len(self.periods), f"labels for {count} values")
        if (gaps := int((~np.isfinite(self.outcome)).sum())) > 0:
            where = [label for label, value in zip(self.periods, self.outcome, strict=False) if not np.isfinite(value)]
            mistakes.add(
                self.outcome_name, gaps, f"periods are missing, the first is {where[0]}", "A series needs every period."
            )
        for side, length in (("before", self.start), ("from", count - self.start)):
            if length < FEWEST_PERIODS_EACH_SIDE:
                rule = f"periods {side} the start; {FEWEST_PERIODS_EACH_SIDE} are the fewest"
                mistakes.add("start", max(0, length), rule, "Take the start or a longer series.")
        if len(np.unique(self.outcome[np.isfinite(self.outcome)])) == 1:
            mistakes.add(self.outcome_name, float(self.outcome[0]), "in every period: a constant cannot show a change")
        if self.season_periods is not None and self.season_periods < 3:
            mistakes.add("season_periods", self.season_periods, "must be 3 or more", "Leave it out without a season.")
        else:
            self._check_season(mistakes)
        if self.lags is not None and not 0 <= self.lags < count - 1:
            mistakes.add("lags", self.lags, f"must lie from 0 to {count - 2}")
        mistakes.raise_if_any(DataFileError, SERIES_HEADING)

    def _check_season(self, mistakes: Mistakes) -> None:
        """A mistake is noted when the season's columns leave too little to tell error by; without a season the two sides' rule is enough."""
        count = len(self.outcome)
        columns = shape_columns(count, self.start, self.season_periods).shape[1]
        plain = shape_columns(count, self.start, None).shape[1]
        if columns > plain and count < FEWEST_PERIODS_A_COLUMN * columns:
            rule = f"periods for {columns} columns (trend, change, season); {FEWEST_PERIODS_A_COLUMN * columns} are the fewest"
            mistakes.add("periods", count, rule, "Take a longer series, or leave season_periods out.")


@dataclass(frozen=True, slots=True, eq=False)
class PlaceSeries:
    """The same series in many places, one of which was treated.

    outcome [places, t]: complete and finite. places, periods: labels. treated: the position of the treated place. start: the position
    of the first period after the event.
    """

    outcome: Floats
    places: tuple[str, ...]
    periods: tuple[str, ...]
    treated: int
    start: int
    outcome_name: str = "outcome"
    place_name: str = "place"
    level: float = 0.05

    def check(self) -> None:
        """Nothing happens, or DataFileError with every mistake in the table."""
        mistakes = Mistakes()
        rows, columns = self.outcome.shape
        if (len(self.places), len(self.periods)) != (rows, columns):
            mistakes.add("labels", (len(self.places), len(self.periods)), f"for a table of {rows} by {columns}")
        holes = ~np.isfinite(self.outcome)
        for row in np.flatnonzero(holes.any(axis=1)):
            name = self.places[row] if row < len(self.places) else int(row)
            rule = f"misses {int(holes[row].sum())} of {columns} periods"
            mistakes.add(self.place_name, name, rule, "Leave the place out or fill the periods.")
        if rows - 1 < FEWEST_DONORS:
            mistakes.add(self.place_name, rows - 1, f"other places; {FEWEST_DONORS} are the fewest")
        if not 0 <= self.treated < rows:
            mistakes.add("treated_unit", self.treated, "is not a place of the table")
        if self.start < FEWEST_BEFORE or columns - self.start < 1:
            rule = f"periods before of {columns}; {FEWEST_BEFORE} before and 1 after are the fewest"
            mistakes.add("start", self.start, rule)
        elif (
            0 <= self.treated < rows
            and not holes.any()
            and len(np.unique(self.outcome[self.treated, : self.start])) == 1
        ):
            mistakes.add(
                self.places[self.treated], float(self.outcome[self.treated, 0]), "in every period before the start"
            )
        mistakes.raise_if_any(DataFileError, PLACES_HEADING)
