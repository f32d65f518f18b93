"""Shares and means of coded texts with intervals that know that texts of one source are alike.

Wilson's interval of a share p among n,

    (p + z**2 / 2n -+ z sqrt(p (1 - p) / n + z**2 / 4n**2)) / (1 + z**2 / n)

with sources as clusters, n is the number of independent texts that would have the same variance, n_e = p (1 - p) / V (never more than n), and z is
Student's t with one degree of freedom less than there are sources. V is the variance of the mean of clusters of unequal size, G / (G - 1) times the
sum of squares of each cluster's summed deviations from p, over n**2. A difference of two periods takes the same sums of its own deviations, because one source
may stand in both; without sources it is Newcombe's: the distances to the ends of the two Wilson intervals, added in squares.
Sources: Wilson (1927); Newcombe (1998), method 10; Korn and Graubard (1998) for n_e.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NORMAL_95 = 1.959963984540054


class Estimate(NamedTuple):
    """A share, a mean or a difference, and its 95 % interval; NaN to NaN where there is none."""

    value: float
    low: float
    high: float


def wilson(share: float, size: float, reach: float = NORMAL_95) -> tuple[float, float]:
    """Wilson's interval of a share among `size` independent texts; (0, 1) for none."""
    if size <= 0:
        return 0.0, 1.0
    square = reach**2
    middle = share + square / (2 * size)
    half = reach * math.sqrt(share * (1 - share) / size + square / (4 * size**2))
    return max((middle - half) / (1 + square / size), 0.0), min((middle + half) / (1 + square / size), 1.0)


def share_of(seen: NDArray[np.float64], sources: NDArray[np.int64] | None) -> Estimate:
    """The share of ones among `seen`; sources: (texts,) the number of each text's source, None where every text is its own."""
    size = len(seen)
    if size == 0:
        return Estimate(math.nan, math.nan, math.nan)
    share = float(seen.mean())
    clusters = 0 if sources is None else len(np.unique(sources))
    if sources is None or clusters in (1, size):
        return Estimate(share, *wilson(share, size))
    reach, variance = _reach(clusters), _clustered((seen - share) / size, sources)
    spread = share * (1 - share)
    effective = min(spread / variance, size) if spread > 0 and variance > 0 else size
    # A share of 0 or 1 tells nothing of how alike texts of one source are: it rests on the sources alone.
    return Estimate(share, *wilson(share, effective if spread > 0 else clusters, reach))


def mean_of(values: NDArray[np.float64], sources: NDArray[np.int64] | None) -> Estimate:
    """The mean of values with Student's interval over texts, or over sources."""
    size = len(values)
    own = np.arange(size) if sources is None or len(np.unique(sources)) == 1 else sources
    if size < 2:
        return Estimate(float(values.mean()) if size else math.nan, math.nan, math.nan)
    mean = float(values.mean())
    half = _reach(len(np.unique(own))) * math.sqrt(_clustered((values - mean) / size, own))
    return Estimate(mean, mean - half, mean + half)


def change_of(
    values: NDArray[np.float64], after: NDArray[np.bool_], sources: NDArray[np.int64] | None, *, binary: bool
) -> Estimate:
    """The mean after less the mean before, with its interval. binary: whether the values are zeros and ones."""
    first, second = values[~after], values[after]
    if len(first) == 0 or len(second) == 0:
        return Estimate(math.nan, math.nan, math.nan)
    difference = float(second.mean() - first.mean())
    clusters = 0 if sources is None else len(np.unique(sources))
    if binary and (sources is None or clusters in (1, len(values))):
        return Estimate(difference, *_newcombe(first, second, difference))
    own = np.arange(len(values)) if sources is None or clusters == 1 else sources
    deviations = np.where(after, (values - second.mean()) / len(second), -(values - first.mean()) / len(first))
    half = _reach(len(np.unique(own))) * math.sqrt(_clustered(deviations, own))
    return Estimate(difference, difference - half, difference + half)


def _newcombe(first: NDArray[np.float64], second: NDArray[np.float64], difference: float) -> tuple[float, float]:
    one, two = float(first.mean()), float(second.mean())
    (low_one, high_one), (low_two, high_two) = wilson(one, len(first)), wilson(two, len(second))
    return (
        difference - math.hypot(two - low_two, high_one - one),
        difference + math.hypot(high_two - two, one - low_one),
    )


def _clustered(deviations: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    """The variance of the sum of the deviations when those of one cluster go together."""
    numbers = np.unique(clusters, return_inverse=True)[1].reshape(-1)
    sums = np.bincount(numbers, weights=deviations)
    return float(len(sums) / (len(sums) - 1) * (sums**2).sum())


def _reach(clusters: int) -> float:
    from scipy import stats

    return float(stats.t.ppf(0.975, clusters - 1))
