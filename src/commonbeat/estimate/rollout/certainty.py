"""How sure a roll-out's effects are: standard errors, bands that hold for a whole curve, and the test of the time before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.rollout.combine import Combined
    from commonbeat.estimate.rollout.group_time import GroupTime
    from commonbeat.estimate.rollout.table import RolloutTable

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

BAND_DRAWS = 2_000
TOO_LITTLE_SPREAD = 1e-12  # of the largest influence: less is rounding
WORST_CONDITION = 1e10  # of the correlations of the effects before the start


def covariance(table: RolloutTable, parts: Sequence[GroupTime | Combined]) -> Floats:
    """The covariance [k, k] of the effects: sum over clusters of the product of their influences, over the squared number of units.

    Every unit is its own cluster unless clusters were declared. Influences of a cluster's units are summed.
    """
    sums = _cluster_sums(table, np.stack([part.influence for part in parts], axis=1))
    return sums.T @ sums / len(table.first) ** 2


def standard_error(table: RolloutTable, part: GroupTime | Combined) -> float:
    """The standard error of one effect."""
    return float(np.sqrt(covariance(table, [part])[0, 0]))


def degrees_of_freedom(table: RolloutTable, part: GroupTime | Combined) -> int:
    """The smaller arm's clusters less one: the cautious rule for two means with spreads of their own."""
    arms = (part.treated, part.controls)
    return min(len(np.unique(table.cluster[arm])) for arm in arms) - 1


def band_factor(table: RolloutTable, parts: Sequence[Combined], level: float, seed: int) -> float:
    """The number of standard errors within which the whole curve lies with 1 - level: never below the pointwise one.

    Multiplier bootstrap: each cluster's influences times +1 or -1, the largest |t| over the points, its (1 - level) quantile
    (Callaway and Sant'Anna 2021, algorithm 1). Points without spread are left out.
    """
    sums = _cluster_sums(table, np.stack([part.influence for part in parts], axis=1))
    errors = np.sqrt((sums**2).sum(axis=0))
    moving = errors > TOO_LITTLE_SPREAD * float(np.abs(sums).max())
    floor = float(stats.norm.isf(level / 2))
    if not moving.any():
        return floor
    signs = np.random.default_rng(seed).integers(0, 2, size=(BAND_DRAWS, len(sums))) * 2.0 - 1.0
    largest = np.abs(signs @ (sums[:, moving] / errors[moving])).max(axis=1)
    return max(floor, float(np.quantile(largest, 1 - level)))


def wald_before(table: RolloutTable, effects: Sequence[GroupTime]) -> tuple[float, int, float] | None:
    """The Wald statistic, its degrees of freedom and p value for "no effect on any cohort in any period before its start".

    W = d' V^-1 d over all k group-time effects before the start. Its p value is Hotelling's, (C - k) / (k (C - 1)) W on F(k, C - k)
    with C clusters, as chi-squared finds too much with few. Effects with one cluster in an arm have no visible spread and stay out. None
    when nothing is left, when C - k < 1, or when V cannot be inverted: then nothing can be said.
    """
    before = [part for part in effects if not part.after and part.time != part.base and not np.isnan(part.effect)]
    before = [part for part in before if degrees_of_freedom(table, part) > 0]
    count, clusters = len(before), len(np.unique(table.cluster))
    if not before or clusters <= count:
        return None
    variance = covariance(table, before)
    scale = np.sqrt(np.diag(variance))
    if not (scale > 0).all() or np.linalg.cond(variance / np.outer(scale, scale)) > WORST_CONDITION:
        return None
    ratio = np.array([part.effect for part in before]) / scale
    statistic = float(ratio @ np.linalg.solve(variance / np.outer(scale, scale), ratio))
    as_f = (clusters - count) / (count * (clusters - 1)) * statistic
    return statistic, count, float(stats.f.sf(as_f, count, clusters - count))


def _cluster_sums(table: RolloutTable, influence: Floats) -> Floats:
    if not table.clustered:
        return influence
    _, code = np.unique(table.cluster, return_inverse=True)
    sums = np.zeros((int(code.max()) + 1, influence.shape[1]))
    np.add.at(sums, code, influence)
    return sums
