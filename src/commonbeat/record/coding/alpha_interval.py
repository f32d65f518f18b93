"""The uncertainty of alpha: the units could have been others.

The interval is a jackknife: leave each unit (or each clip, where units of one clip are alike) out in turn, and go t standard errors to both sides of
alpha's inverse hyperbolic tangent (Fisher's transform, which keeps the ends below 1; on log(1 - alpha) it is wider and covers less). Simulated, it
covers 93 to 98 in a hundred times where the resampling of units covers 92 to 95; with 20 units and a value that one in ten has, only 85 and 82
(docs/coding-coverage.csv, by scripts/measure_alpha_coverage.py). The resampling that Hayes and Krippendorff (2007) describe draws pairs of codes as if
they were independent and keeps the expected disagreement fixed; it is not offered.

Units with the same codes are the same to alpha, so a sample is told by how often each pattern of codes stands in it: a hundred thousand units cost what their
patterns cost.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.coding.alpha import alpha, alpha_of_samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.coding.levels import Level

MOST_PATTERNS: Final = 1000
AT_ONCE: Final = 200


def jackknife_interval(
    counts: NDArray[np.float64],
    scores: NDArray[np.float64],
    level: Level,
    clusters: NDArray[np.int64] | None = None,
    certainty: float = 0.95,
) -> tuple[float, float]:
    """The interval of alpha; NaN to NaN where alpha is 1 or unknown, or fewer than three units or clusters have two codes.

    Also where alpha is unknown without one of them: all that varies then stands in that one, and nothing tells how much it would elsewhere.

    clusters: (units,) the number of the cluster that each unit stands in; left out, every unit is its own.
    """
    from scipy import stats

    kept = counts.sum(axis=1) > 0
    value = alpha(counts, scores, level)
    if not value < 1:
        return math.nan, math.nan
    without, times = _left_out(counts[kept], scores, level, None if clusters is None else clusters[kept])
    size = float(times.sum())
    if size < 3 or not np.isfinite(without).all():
        return math.nan, math.nan
    mean = (without * times).sum() / size
    error = math.sqrt((size - 1) / size * float((times * (without - mean) ** 2).sum()))
    reach = float(stats.t.ppf(0.5 + certainty / 2, size - 1)) * error
    if value <= -1:  # below where Fisher's transform ends, as ratios of tiny numbers may bring it
        return value - reach, min(value + reach, 1.0)
    middle, reach = math.atanh(value), reach / (1 - value**2)
    return math.tanh(middle - reach), math.tanh(middle + reach)


def _left_out(
    counts: NDArray[np.float64], scores: NDArray[np.float64], level: Level, clusters: NDArray[np.int64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Alpha without each unit or cluster, and how many units or clusters each of these stands for."""
    patterns, places, times = np.unique(counts, axis=0, return_inverse=True, return_counts=True)
    places, size = places.reshape(-1), len(patterns)
    if clusters is None and size <= MOST_PATTERNS:
        return alpha_of_samples(patterns, scores, level, times - np.eye(size)), times.astype(float)
    if clusters is None:  # so many different units that groups of them, drawn by lot, are left out instead
        clusters = np.random.default_rng(1).permutation(len(counts)) % MOST_PATTERNS
    numbers = np.unique(clusters, return_inverse=True)[1].reshape(-1)
    found: list[NDArray[np.float64]] = []
    for start in range(0, int(numbers.max(initial=-1)) + 1, AT_ONCE):
        inside = (numbers >= start) & (numbers < start + AT_ONCE)
        taken = np.zeros((min(AT_ONCE, int(numbers.max()) + 1 - start), size))
        np.add.at(taken, (numbers[inside] - start, places[inside]), 1.0)
        found.append(alpha_of_samples(patterns, scores, level, times - taken))
    without = np.concatenate(found) if found else np.empty(0)
    return without, np.ones(len(without))


def bootstrap_interval(
    counts: NDArray[np.float64],
    scores: NDArray[np.float64],
    level: Level,
    samples: int = 2000,
    seed: int = 1,
    certainty: float = 0.95,
) -> tuple[float, float]:
    """The percentiles of alpha over resamples of whole units; samples of one single value have no alpha and are left out.

    NaN to NaN where no two codes differ: every resample would say 1, whatever further units may hold.
    """
    kept = counts[counts.sum(axis=1) > 0]
    if len(kept) < 3 or not alpha(kept, scores, level) < 1:
        return math.nan, math.nan
    patterns, times = np.unique(kept, axis=0, return_counts=True)
    luck = np.random.default_rng(seed)
    samples = samples if len(patterns) <= MOST_PATTERNS else min(samples, AT_ONCE)
    found = []
    for start in range(0, samples, AT_ONCE):
        drawn = luck.multinomial(len(kept), times / len(kept), size=min(AT_ONCE, samples - start)).astype(float)
        found.append(alpha_of_samples(patterns, scores, level, drawn))
    known = np.concatenate(found)
    known = known[np.isfinite(known)]
    if len(known) == 0:
        return math.nan, math.nan
    low, high = np.quantile(known, [0.5 - certainty / 2, 0.5 + certainty / 2])
    return float(low), float(high)
