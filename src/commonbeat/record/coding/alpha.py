"""Krippendorff's alpha: how far coders agree beyond what their values would do by chance.

    alpha = 1 - observed disagreement / expected disagreement

Observed: the mean squared difference of two codes of one unit. Expected: that of two codes of any units. 1 is full agreement, 0 what
chance would do, below 0 worse than chance. Differences of two values c and k by level of measurement, with n_g the number of
codes of value g that stand in units with at least two codes:

    nominal   1 where c and k differ
    ordinal   (sum of n_g from c to k, less half of n_c and half of n_k)**2: the square of a difference of mid-ranks
    interval  (c - k)**2
    ratio     ((c - k) / (c + k))**2

All four are sums over units, so a thousand resamples of the units are a few products of matrices.
Source: Krippendorff (2011), Computing Krippendorff's alpha-reliability; Hayes and Krippendorff (2007).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.coding.levels import Level

SAMPLES_AT_ONCE: Final = 256  # keeps the mid-ranks of thousands of units and values within some tens of megabytes


def value_counts(ratings: NDArray[np.int64], values: int) -> NDArray[np.float64]:
    """How many coders gave each value to each unit, (units, values); units with fewer than two codes count nowhere and hold zeros.

    ratings: (units, coders), the index of the value, -1 where a coder gave none.
    """
    counts = np.zeros((len(ratings), values))
    units, coders = np.nonzero(ratings >= 0)
    np.add.at(counts, (units, ratings[units, coders]), 1.0)
    counts[counts.sum(axis=1) < 2] = 0.0
    return counts


def alpha(counts: NDArray[np.float64], scores: NDArray[np.float64], level: Level) -> float:
    """Alpha of the units, or NaN where all codes are of one value and nothing could have differed.

    counts: (units, values) of `value_counts`. scores: (values,) what each value is as a number; for nominal it is not used, for
    ordinal the values stand in their order.
    """
    return float(alpha_of_samples(counts, scores, level, np.ones((1, len(counts))))[0])


def alpha_of_samples(
    counts: NDArray[np.float64], scores: NDArray[np.float64], level: Level, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Alpha of each sample of the units; weights: (samples, units), how often each unit stands in each sample."""
    parts = [weights[start : start + SAMPLES_AT_ONCE] for start in range(0, len(weights), SAMPLES_AT_ONCE)]
    return np.concatenate([_alpha_of_part(counts, scores, level, part) for part in parts])


def _alpha_of_part(
    counts: NDArray[np.float64], scores: NDArray[np.float64], level: Level, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    totals = weights @ counts  # (samples, values)
    coded = totals.sum(axis=1)
    if level == "ordinal":
        observed, expected = _of_midranks(counts, totals, weights)
    else:
        observed = weights @ (_own_differences(counts, scores, level) / np.maximum(counts.sum(axis=1) - 1, 1))
        expected = _own_differences(totals, scores, level)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1 - observed / (expected / (coded - 1))
    return np.where((expected > 0) & (coded > 1), found, np.nan)


def _own_differences(counts: NDArray[np.float64], scores: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
    """The sum of differences over all ordered pairs of codes within each row."""
    size = counts.sum(axis=1)
    if level == "nominal":
        return size**2 - (counts**2).sum(axis=1)
    if level == "interval":
        centred = scores - scores.mean()
        return np.maximum(2 * (size * (counts @ centred**2) - (counts @ centred) ** 2), 0.0)
    sums = scores[:, None] + scores[None, :]
    apart = np.divide(scores[:, None] - scores[None, :], sums, out=np.zeros_like(sums), where=sums != 0) ** 2
    return ((counts @ apart) * counts).sum(axis=1)


def _of_midranks(
    counts: NDArray[np.float64], totals: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Observed and expected differences of the mid-ranks, which every sample has of its own."""
    ranks = np.cumsum(totals, axis=1) - totals / 2
    ranks -= ranks.mean(axis=1, keepdims=True)  # differences only: small numbers keep their digits
    size = counts.sum(axis=1)[:, None]
    within = 2 * (size * (counts @ (ranks**2).T) - (counts @ ranks.T) ** 2)  # (units, samples)
    observed = (weights.T * np.maximum(within, 0.0) / np.maximum(size - 1, 1)).sum(axis=0)
    first, second = (totals * ranks).sum(axis=1), (totals * ranks**2).sum(axis=1)
    return observed, 2 * (totals.sum(axis=1) * second - first**2)
