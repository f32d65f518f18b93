"""The gap between a place and its synthetic twin, for the treated place and for every donor put in its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.series.simplex import simplex_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.estimate.series.data import PlaceSeries

    Floats = NDArray[np.float64]

LEAST_WEIGHT = 1e-6
PERFECT = 1e-9  # of the series' own spread: a smaller misfit before the start is rounding


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """gaps [t] of one place, weights of its donors, root mean squared gaps before and after the start; ratio: after / before."""

    place: int
    gaps: Floats
    weights: Floats
    before: float
    after: float
    mean_after: float
    ratio: float
    start: int


def place_gap(series: PlaceSeries, place: int, start: int, end: int | None = None, without: int | None = None) -> Gap:
    """The gap of one place to the best mix of the donors (never the treated place, nor itself, nor `without`), up to period `end`."""
    table = series.outcome[:, :end]
    donors = [each for each in range(len(table)) if each not in (place, series.treated, without)]
    weights = simplex_weights(table[place, :start], table[donors, :start])
    gaps = table[place] - weights @ table[donors]
    before = float(np.sqrt((gaps[:start] ** 2).mean()))
    after = float(np.sqrt((gaps[start:] ** 2).mean()))
    floor = PERFECT * float(np.abs(series.outcome).max())
    return Gap(place, gaps, weights, before, after, float(gaps[start:].mean()), after / max(before, floor), start)


def donor_gaps(series: PlaceSeries, start: int, end: int | None = None) -> tuple[Gap, ...]:
    """The gaps of every donor as if it had been treated."""
    places = [each for each in range(len(series.places)) if each != series.treated]
    return tuple(place_gap(series, each, start, end) for each in places)


def without_donors(series: PlaceSeries) -> Iterator[tuple[int, Gap]]:
    """For every donor with a share of the synthetic place: the donor, and the treated place's gap without it."""
    whole = place_gap(series, series.treated, series.start)
    donors = [each for each in range(len(series.places)) if each != series.treated]
    if len(donors) < 3:
        return
    for donor in (each for each, weight in zip(donors, whole.weights, strict=True) if weight > LEAST_WEIGHT):
        yield donor, place_gap(series, series.treated, series.start, without=donor)


def exact_interval(own: Gap, ratios: Floats, level: float) -> tuple[float | None, float | None]:
    """The constant effects c that the placebo test does not reject at `level`; (None, None) when there are none or too few places.

    With c taken off the treated place's gaps after the start, its ratio is r(c)^2 = mean (gap - c)^2 / before^2 = (var + (mean - c)^2) / before^2.
    c stays while (1 + #{donors with a ratio >= r(c)}) / (1 + donors) > level, that is while r(c) <= q, the largest of the
    donors' ratios that leaves enough above it: mean -+ sqrt(q^2 before^2 - var).
    """
    count = len(ratios)
    needed = int(np.floor(level * (count + 1) + 1e-9))  # the fewest donors that must reach r(c)
    if needed < 1:
        return None, None
    largest = float(np.sort(ratios)[count - needed])
    after = own.gaps[own.start :]
    room = (largest * own.before) ** 2 - float(after.var())
    if room < 0:
        return None, None
    return own.mean_after - float(np.sqrt(room)), own.mean_after + float(np.sqrt(room))
