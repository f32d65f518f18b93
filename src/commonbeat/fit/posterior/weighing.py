"""From emulators and observed values to weights on draws of the prior: the posterior by importance sampling.

    log w(theta) = log Normal(y_observed; mean(theta), V(theta)),        V = D R D + C

mean, D: the emulators' means and deviations on the statistics' own scales. R: correlation of left-out rows' errors, shrunk towards none by
Ledoit and Wolf (2004, doi 10.1016/S0047-259X(03)00096-4): statistics of one draw share its luck. C: errors of observation. So
luck, the emulators' error and the city's standard errors all stand in V, and a target that is known better than the emulator knows the
simulator is not believed beyond that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from commonbeat.fit.posterior.emulator import Array, Emulator

ROWS_AT_ONCE = 16_384


@dataclass(frozen=True, eq=False)
class Evidence:
    """What was observed and how far off it may be: observed [T], covariance of its errors [T, T], correlation of the emulators' [T, T]."""

    observed: Array
    covariance: Array
    correlation: Array


def error_correlation(emulators: Sequence[Emulator]) -> Array:
    """R [T, T] of the errors of left-out rows; a row in which a statistic has no value counts as 0 for it."""
    from sklearn.covariance import LedoitWolf

    residuals = np.nan_to_num(np.stack([each.residuals for each in emulators], axis=1))
    if residuals.shape[1] == 1:
        return np.ones((1, 1))
    covariance = LedoitWolf(assume_centered=True).fit(residuals).covariance_
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)


def predict_all(emulators: Sequence[Emulator], scores: Array) -> tuple[Array, Array]:
    """Means and deviations [S, T] on the statistics' own scales, at scores [S, P]."""
    means, deviations = [], []
    for each in emulators:
        g = each.mean(scores)
        means.append(each.scale.back(g))
        deviations.append(each.scale.slope(g) * each.deviation)
    return np.stack(means, axis=1), np.stack(deviations, axis=1)


def log_likelihood(evidence: Evidence, means: Array, deviations: Array) -> Array:
    """Of all statistics together [S], at means and deviations [S, T]."""
    return np.concatenate([_whole(evidence, means[rows], deviations[rows]) for rows in _chunks(len(means))])


def without_each(evidence: Evidence, means: Array, deviations: Array) -> Array:
    """Of all statistics but one [S, T]."""
    return np.concatenate([_without(evidence, means[rows], deviations[rows]) for rows in _chunks(len(means))])


def alone(evidence: Evidence, means: Array, deviations: Array) -> Array:
    """Of each statistic by itself [S, T]."""
    variance = deviations**2 + np.diag(evidence.covariance)
    return -0.5 * (evidence.observed - means) ** 2 / variance - 0.5 * np.log(variance)


def _chunks(rows: int) -> Iterator[slice]:
    return (slice(start, start + ROWS_AT_ONCE) for start in range(0, rows, ROWS_AT_ONCE))


def _total(evidence: Evidence, deviations: Array) -> Array:
    return deviations[:, :, None] * evidence.correlation * deviations[:, None, :] + evidence.covariance


def _whole(evidence: Evidence, means: Array, deviations: Array) -> Array:
    lower = np.linalg.cholesky(_total(evidence, deviations))
    pulled = np.linalg.solve(lower, (evidence.observed - means)[:, :, None])[:, :, 0]
    return -0.5 * (pulled**2).sum(axis=1) - np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)


def _without(evidence: Evidence, means: Array, deviations: Array) -> Array:
    """The whole less what each adds: given the others it is normal with precision P_tt and misses its mean by (P gap)_t / P_tt."""
    inverse = np.linalg.inv(_total(evidence, deviations))
    pulled = np.einsum("stu,su->st", inverse, evidence.observed - means)
    precision = np.diagonal(inverse, axis1=1, axis2=2)
    given_others = -0.5 * pulled**2 / precision + 0.5 * np.log(precision)
    return _whole(evidence, means, deviations)[:, None] - given_others


def weights_of(log_weights: Array) -> Array:
    """Weights that sum to 1."""
    weights = np.exp(log_weights - log_weights.max())
    return weights / weights.sum()


def effective_samples(weights: Array) -> float:
    """1 / sum of squared weights: how many equal ones they are worth."""
    return float(1.0 / np.sum(weights**2))
