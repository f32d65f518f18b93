"""What was learnt: how far each parameter's posterior differs from its prior, which target did it, and what trades off.

Everything is measured on normal scores, where each prior has mean 0 and SD 1, so parameters in hours and in shares can be compared:

    shrinkage = 1 - Var(z | targets) / Var(z)            shift = E(z | targets) - E(z)

with Monte Carlo errors (1 - shrinkage) sqrt(2 / n) and sqrt(Var(z | targets) / n), n the effective sample. A parameter is informed when its
shrinkage exceeds LEAST_SHRINKAGE, or its shift LEAST_SHIFT in size, by two errors; else it stayed at its prior. A target informed it when it
does so by itself, or when as much shrinkage goes without it, by two errors as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.posterior.weighing import alone, weights_of, without_each

if TYPE_CHECKING:
    from commonbeat.fit.posterior.emulator import Array
    from commonbeat.fit.posterior.posterior import Posterior

LEAST_SHRINKAGE = 0.05
LEAST_SHIFT = 0.2
ERRORS = 2.0
LEAST_TRADE = 0.2  # change of a correlation that is told
MOST_TRADES = 12
NEGLIGIBLE = 1e-6  # of the largest weight
BINS = 24
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True, slots=True)
class Points:
    """Mean, 5 %, 50 % and 95 % of a distribution."""

    mean: float
    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Shares of the prior and of the posterior in equal bins from `low` to `high`; what lies beyond stands in the outer bins."""

    low: float
    high: float
    prior: tuple[float, ...]
    posterior: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Learnt:
    """One parameter before and after.

    shrinkage_error, shift_error: Monte Carlo. informed: by the rule above. alone, lost: by target, the shrinkage that it gives by itself,
    and the shrinkage that goes when it is left out. informed_by: labels of the targets that did it, the strongest first.
    """

    parameter: str
    prior: Points
    posterior: Points
    shrinkage: float
    shrinkage_error: float
    shift: float
    shift_error: float
    informed: bool
    alone: tuple[float, ...]
    lost: tuple[float, ...]
    informed_by: tuple[str, ...]
    histogram: Histogram


@dataclass(frozen=True, slots=True)
class Trade:
    """Two parameters that the targets tie together: correlation of scores before and after."""

    first: str
    second: str
    before: float
    after: float


def learnt(posterior: Posterior) -> tuple[Learnt, ...]:
    """Every parameter: the informed ones first, most shrunk on top, then those that stayed, in the ledger's order."""
    plain = slice(0, posterior.plain)
    prior, weights = posterior.prior, posterior.weights
    even = np.full(posterior.plain, 1 / posterior.plain)
    before = _spread(prior.scores[plain], even[:, None])
    after = _spread(prior.scores, weights[:, None])
    by_target = _by_target(posterior)
    rows = [
        _learnt(posterior, k, name, points(prior.values[plain, k], even), before, after, *by_target)
        for k, name in enumerate(prior.names)
    ]
    return tuple(sorted(rows, key=lambda row: (not row.informed, -row.shrinkage if row.informed else 0)))


def _by_target(posterior: Posterior) -> tuple[_Moments, _Moments]:
    """Moments of the scores given each target alone, and given all but it."""
    plain = slice(0, posterior.plain)
    by_itself = alone(posterior.evidence, posterior.means[plain], posterior.deviations[plain])
    others = without_each(posterior.evidence, posterior.means, posterior.deviations)
    others -= np.log(posterior.chances)[:, None]
    scores = posterior.prior.scores
    return _spread(scores[plain], _weights(by_itself)), _spread(scores, _weights(others))


def _learnt(
    posterior: Posterior,
    k: int,
    name: str,
    prior: Points,
    before: _Moments,
    after: _Moments,
    by_itself: _Moments,
    others: _Moments,
) -> Learnt:
    """One parameter; moments have one row per parameter, and a column per target where they are by target."""
    variance, effective = before.variance[k, 0], posterior.effective
    shrinkage = float(1 - after.variance[k, 0] / variance)
    error = float((1 - shrinkage) * np.sqrt(2 / effective))
    shift = float(after.mean[k, 0] - before.mean[k, 0])
    shift_error = float(np.sqrt(after.variance[k, 0] / effective))
    informed = shrinkage - ERRORS * error > LEAST_SHRINKAGE or abs(shift) - ERRORS * shift_error > LEAST_SHIFT
    gives = 1 - by_itself.variance[k] / variance
    left = others.variance[k] / variance
    lost = shrinkage - (1 - left)
    doubt = np.hypot(error, left * np.sqrt(2 / others.effective))
    # A target that leaves few draws by itself would else be named for whatever these few happen to be.
    sure = gives - ERRORS * by_itself.variance[k] / variance * np.sqrt(2 / by_itself.effective)
    off = ERRORS * np.sqrt(by_itself.variance[k] / by_itself.effective)
    shifts = np.abs(by_itself.mean[k] - before.mean[k, 0]) - off
    weight = np.maximum(sure, lost - ERRORS * doubt)
    counts = (weight > LEAST_SHRINKAGE) | (shifts > LEAST_SHIFT)
    order = np.argsort(-np.maximum(weight, shifts), kind="stable")
    labels = posterior.statistics.labels
    by = tuple(labels[place] for place in order if counts[place]) or ("all together, none by itself",)
    return Learnt(
        name,
        prior,
        points(posterior.prior.values[:, k], posterior.weights),
        shrinkage,
        error,
        shift,
        shift_error,
        informed,
        tuple(gives.tolist()),
        tuple(lost.tolist()),
        by if informed else (),
        _histogram(posterior, k),
    )


def _histogram(posterior: Posterior, k: int) -> Histogram:
    values, plain = posterior.prior.values[:, k], posterior.plain
    low, high = (float(end) for end in np.quantile(values[:plain], (0.01, 0.99)))
    edges = np.linspace(low, high, BINS + 1)
    inside = np.clip(values, low, high)
    prior, _ = np.histogram(inside[:plain], edges)
    after, _ = np.histogram(inside, edges, weights=posterior.weights)
    return Histogram(low, high, tuple((prior / plain).tolist()), tuple(after.tolist()))


@dataclass(frozen=True, eq=False)
class _Moments:
    mean: Array  # [P, columns of weights]
    variance: Array
    effective: Array  # [columns of weights]


def _weights(log_weights: Array) -> Array:
    return np.stack([weights_of(column) for column in log_weights.T], axis=1)


def _spread(scores: Array, weights: Array) -> _Moments:
    mean = scores.T @ weights
    return _Moments(mean, (scores**2).T @ weights - mean**2, 1 / (weights**2).sum(axis=0))


def points(values: Array, weights: Array) -> Points:
    """The distribution of weighted values in four figures."""
    order = np.argsort(values, kind="stable")
    rising = np.cumsum(weights[order]) - weights[order] / 2
    low, median, high = np.interp(LEVELS, rising / weights.sum(), values[order])
    return Points(float(values @ weights), float(low), float(median), float(high))


def trades(posterior: Posterior) -> tuple[Trade, ...]:
    """The pairs whose correlation the targets changed by LEAST_TRADE and more than four Monte Carlo errors, the strongest first.

    Neither parameter of such a pair need be informed: data that see a product say nothing of its factors and much of the pair.
    """
    scores, names = posterior.prior.scores, posterior.prior.names
    heavy = posterior.weights > posterior.weights.max() * NEGLIGIBLE
    before = _correlation(scores[: posterior.plain], np.full(posterior.plain, 1 / posterior.plain))
    after = _correlation(scores[heavy], posterior.weights[heavy] / posterior.weights[heavy].sum())
    error = 4 / np.sqrt(posterior.effective)
    first, second = np.triu_indices(len(names), 1)
    change = np.abs(after - before)[first, second]
    order = np.argsort(-change, kind="stable")[:MOST_TRADES]
    return tuple(
        Trade(names[i], names[j], float(before[i, j]), float(after[i, j]))
        for place in order
        for i, j in [(int(first[place]), int(second[place]))]
        if change[place] > max(LEAST_TRADE, error)
    )


def _correlation(scores: Array, weights: Array) -> Array:
    mean = weights @ scores
    centred = scores - mean
    covariance = (centred * weights[:, None]).T @ centred
    spread = np.sqrt(np.diag(covariance))
    return covariance / np.outer(spread, spread)
