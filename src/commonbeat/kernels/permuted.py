"""Effects and their variances under many assignments at once, as functions of the effect that is tested.

The tested effect is `centre + shift`. A unit's total of outcomes is then `total - shift * pull`, so that an assignment's effect is
linear in the shift and its variance a parabola. Five numbers an assignment hold both for every effect that may be tested:

    effect(shift)   = out[0] - shift * out[1]
    variance(shift) = out[2] - 2 * shift * out[3] + shift**2 * out[4]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

WITHIN, BETWEEN, PLAIN = 0, 1, 2  # where the variance comes from: units of an arm, blocks, or nowhere (1 for all)
_NOTHING_LEFT = 1e-9  # a unit that is (nearly) its whole arm says nothing on how units differ


@njit("void(float64[:, :, ::1], float64[:, :, ::1], int64, float64[::1])", cache=True, nogil=True)
def _join_blocks(sums: NDArray[Any], error: NDArray[Any], spread: int, out: NDArray[Any]) -> None:
    whole, used = 0.0, 0
    out[:] = 0.0
    for block in range(sums.shape[0]):
        if sums[block, 0, 0] > 0.0 and sums[block, 1, 0] > 0.0:
            used += 1
            whole += sums[block, 0, 0] + sums[block, 1, 0]
    if used == 0 or (spread == BETWEEN and used == 1):
        out[:] = np.nan
        return
    for block in range(sums.shape[0]):
        control, treated = sums[block, 0], sums[block, 1]
        if control[0] > 0.0 and treated[0] > 0.0:
            share = (control[0] + treated[0]) / whole
            out[0] += share * (treated[1] / treated[0] - control[1] / control[0])
            out[1] += share * (treated[2] / treated[0] - control[2] / control[0])
            for part in range(3):
                out[2 + part] += share * share * (error[block, 0, part] + error[block, 1, part])
    if spread == PLAIN:
        out[2] = 1.0
    elif spread == BETWEEN:
        for block in range(sums.shape[0]):
            control, treated = sums[block, 0], sums[block, 1]
            if control[0] > 0.0 and treated[0] > 0.0:
                share = (control[0] + treated[0]) / whole
                of_total = treated[1] / treated[0] - control[1] / control[0] - out[0]
                of_pull = treated[2] / treated[0] - control[2] / control[0] - out[1]
                scale = share * share * used / (used - 1.0)
                out[2] += scale * of_total * of_total
                out[3] += scale * of_total * of_pull
                out[4] += scale * of_pull * of_pull


@njit(
    "void(int16[:, ::1], float64[::1], float64[::1], float64[::1], int64[::1], int64, int64, float64[:, ::1])",
    cache=True,
    nogil=True,
)
def permuted_means(
    labels: NDArray[Any],
    size: NDArray[Any],
    total: NDArray[Any],
    pull: NDArray[Any],
    block: NDArray[Any],
    blocks: int,
    spread: int,
    out: NDArray[Any],
) -> None:
    """Fills out [R, 5] for differences in means, blocks weighted by their size, under labels [R, units] of 0 and 1.

    size, total, pull [units]: sums over a unit's people of weight, weight * outcome and weight * tested treatment. Within an arm of size N and
    mean m the variance of the mean is the sum over units of (total - m * size)**2 / (1 - size / N) / N**2: HC2 for people, CR2 for
    clusters. A block in which an arm is empty is left out; when all are, the row is nan.
    """
    sums = np.empty((blocks, 2, 3))
    error = np.empty((blocks, 2, 3))
    for row in range(labels.shape[0]):
        sums[:] = 0.0
        error[:] = 0.0
        for unit in range(len(size)):
            arm = labels[row, unit]
            sums[block[unit], arm, 0] += size[unit]
            sums[block[unit], arm, 1] += total[unit]
            sums[block[unit], arm, 2] += pull[unit]
        if spread == WITHIN:
            for unit in range(len(size)):
                arm = labels[row, unit]
                here = sums[block[unit], arm]
                left = 1.0 - size[unit] / here[0] if here[0] > 0.0 else 0.0
                if left > _NOTHING_LEFT:
                    scale = 1.0 / (left * here[0] * here[0])
                    of_total = total[unit] - here[1] / here[0] * size[unit]
                    of_pull = pull[unit] - here[2] / here[0] * size[unit]
                    error[block[unit], arm, 0] += scale * of_total * of_total
                    error[block[unit], arm, 1] += scale * of_total * of_pull
                    error[block[unit], arm, 2] += scale * of_pull * of_pull
        _join_blocks(sums, error, spread, out[row])


@njit("void(int16[::1], float64[:, ::1], float64[:, ::1], float64[:, ::1], float64[:, ::1])", cache=True, nogil=True)
def _period_means(
    crossover: NDArray[Any], size: NDArray[Any], total: NDArray[Any], pull: NDArray[Any], means: NDArray[Any]
) -> None:
    for period in range(size.shape[1]):
        people, treated, outcomes, pulls = 0.0, 0.0, 0.0, 0.0
        for cluster in range(size.shape[0]):
            people += size[cluster, period]
            outcomes += total[cluster, period]
            pulls += pull[cluster, period]
            if period >= crossover[cluster]:
                treated += size[cluster, period]
        means[period] = 0.0
        if people > 0.0:
            means[period, 0] = treated / people
            means[period, 1] = outcomes / people
            means[period, 2] = pulls / people


@njit("void(int16[:, ::1], float64[:, ::1], float64[:, ::1], float64[:, ::1], float64[:, ::1])", cache=True, nogil=True)
def permuted_wedge(
    crossover: NDArray[Any], size: NDArray[Any], total: NDArray[Any], pull: NDArray[Any], out: NDArray[Any]
) -> None:
    """Fills out [R, 5] for the comparison within periods, under crossover [R, clusters]: the first treated period of each cluster.

    size, total, pull [clusters, periods]: sums as in `permuted_means`; size 0 where a cluster was not measured. The effect is the coefficient
    of treatment beside one level for each period; its variance is the clusters' (CR0 times G / (G - 1)). Nan where no period has both arms.
    """
    clusters, periods = size.shape
    means = np.empty((periods, 3))
    for row in range(crossover.shape[0]):
        _period_means(crossover[row], size, total, pull, means)
        within, effect, slope = 0.0, 0.0, 0.0
        for cluster in range(clusters):
            for period in range(periods):
                off = (1.0 if period >= crossover[row, cluster] else 0.0) - means[period, 0]
                within += off * off * size[cluster, period]
                effect += off * total[cluster, period]
                slope += off * pull[cluster, period]
        if within <= _NOTHING_LEFT:
            out[row] = np.nan
            continue
        effect /= within
        slope /= within
        out[row] = 0.0
        out[row, 0] = effect
        out[row, 1] = slope
        scale = clusters / (clusters - 1.0) / (within * within)
        for cluster in range(clusters):
            of_total, of_pull = 0.0, 0.0
            for period in range(periods):
                here = size[cluster, period]
                off = (1.0 if period >= crossover[row, cluster] else 0.0) - means[period, 0]
                of_total += off * (total[cluster, period] - here * (means[period, 1] + off * effect))
                of_pull += off * (pull[cluster, period] - here * (means[period, 2] + off * slope))
            out[row, 2] += scale * of_total * of_total
            out[row, 3] += scale * of_total * of_pull
            out[row, 4] += scale * of_pull * of_pull
