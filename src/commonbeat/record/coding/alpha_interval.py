"""The uncertainty of alpha: the units could have been others.

The interval is a jackknife: leave each unit (or each clip, where units of one clip are alike) out in turn, take log(1 - alpha), and go
t standard errors to both sides. Simulated, it covers 93 to 97 in a hundred times where the resampling of units covers 89 to 96; with 20 units
and a value that one in ten has, both cover only four in five (docs/coding-coverage.csv; the script is scripts/measure_alpha_coverage.py).
The resampling that Hayes and Krippendorff (2007) describe draws pairs of codes, keeps the expected disagreement fixed, and is narrower
still; it is not offered.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.coding.alpha import alpha, alpha_of_samples

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.coding.levels import Level


def jackknife_interval(
    counts: NDArray[np.float64],
    scores: NDArray[np.float64],
    level: Level,
    clusters: NDArray[np.int64] | None = None,
    certainty: float = 0.95,
) -> tuple[float, float]:
    """The interval of alpha; NaN to NaN where alpha is 1 or unknown, or fewer than three units or clusters have two codes.

    clusters: (units,) the number of the cluster that each unit stands in; left out, every unit is its own.
    """
    from scipy import stats

    pairable = counts.sum(axis=1) > 0
    own = np.arange(len(counts)) if clusters is None else clusters
    groups = np.unique(own[pairable])
    value = alpha(counts, scores, level)
    if len(groups) < 3 or not value < 1:
        return math.nan, math.nan
    without = alpha_of_samples(counts, scores, level, (own[None, :] != groups[:, None]).astype(float))
    without = without[np.isfinite(without)]
    if len(without) < 3:
        return math.nan, math.nan
    left_out = len(without)
    error = math.sqrt((left_out - 1) / left_out * float(((without - without.mean()) ** 2).sum())) / (1 - value)
    reach = float(stats.t.ppf(0.5 + certainty / 2, left_out - 1)) * error
    return max(1 - (1 - value) * math.exp(reach), -1.0), 1 - (1 - value) * math.exp(-reach)


def bootstrap_interval(
    counts: NDArray[np.float64],
    scores: NDArray[np.float64],
    level: Level,
    samples: int = 2000,
    seed: int = 1,
    certainty: float = 0.95,
) -> tuple[float, float]:
    """The percentiles of alpha over resamples of whole units; samples of one single value have no alpha and are left out."""
    kept = counts[counts.sum(axis=1) > 0]
    if len(kept) < 3:
        return math.nan, math.nan
    luck = np.random.default_rng(seed)
    weights = luck.multinomial(len(kept), np.full(len(kept), 1 / len(kept)), size=samples).astype(float)
    found = alpha_of_samples(kept, scores, level, weights)
    found = found[np.isfinite(found)]
    if len(found) == 0:
        return math.nan, math.nan
    low, high = np.quantile(found, [0.5 - certainty / 2, 0.5 + certainty / 2])
    return float(low), float(high)
