"""Simulation-based calibration: over truths from the prior, the rank of the truth among posterior draws is uniform (Talts and others 2018).

A row of the bank is a draw of the joint law of parameters and simulated results, so with errors of observation added it is a truth and
the data that it gives. Rows are left out in folds; emulators that never saw a row fit the data it gives. One bank so serves for all
truths: given the other rows, a truth is as independent of what fits it as a new run would be. The ranks of different truths share emulators
and prior draws, which makes the chi-square test a little too ready or too slow to refuse, and moves none of the ranks' expectations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat import luck
from commonbeat.fit.posterior.bank import Bank
from commonbeat.fit.posterior.emulator import fit_emulators
from commonbeat.fit.posterior.posterior import usable
from commonbeat.fit.posterior.weighing import (
    Evidence,
    effective_samples,
    error_correlation,
    log_likelihood,
    predict_all,
    weights_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.fit.posterior.emulator import Array, Emulator
    from commonbeat.fit.posterior.scores import PriorScores
    from commonbeat.fit.posterior.statistics import Statistics

FIRST = 1 << 15  # draws of the prior that are weighed for a truth; all of them where these are worth less than WANTED
WANTED = 1000.0
RULED_OUT = 50.0  # squared errors by which the worst statistic may be worse than at the best draw
RANKED = 99  # posterior draws among which a truth is ranked: ranks 0 to 99
JOINT = "log likelihood"  # a quantity of parameters and data that sees what no parameter alone does (Modrak and others 2023)


@dataclass(frozen=True, eq=False)
class Ranks:
    """Ranks [truths, P + 1] of each parameter and of the log likelihood, shrinkages [truths, P], effective samples [truths]."""

    names: tuple[str, ...]
    ranks: np.ndarray
    shrinkage: Array
    effective: Array


class _Fold(NamedTuple):
    """What was made without the rows of a fold."""

    kept: np.ndarray
    emulators: tuple[Emulator | None, ...]
    means: Array
    deviations: Array


def calibrate(
    bank: Bank,
    statistics: Statistics,
    prior: PriorScores,
    seed: int,
    *,
    folds: int = 5,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Ranks:
    """The ranks of one truth per parameter set of the bank; rows that repeat parameters help to fit and are no truths."""
    scores = prior.of(bank.values)
    _, first = np.unique(bank.parameter_set, return_index=True)
    fold_of = bank.parameter_set % folds
    found = []
    for fold in range(folds):
        made = _without_fold(bank, scores, fold_of != fold, prior)
        for row in first[fold_of[first] == fold]:
            ranked = _ranked(bank, statistics, prior, scores, made, int(row), seed)
            found += [ranked] if ranked is not None else []
            progress(len(found), len(first))
    ranks, shrinkage, effective = (np.array(part) for part in zip(*found, strict=True))
    return Ranks((*prior.names, JOINT), ranks, shrinkage, effective)


def _without_fold(bank: Bank, scores: Array, kept: np.ndarray, prior: PriorScores) -> _Fold:
    rows = Bank(bank.names, bank.values[kept], bank.results[kept], bank.parameter_set[kept])
    emulators = tuple(fit_emulators(scores[kept], rows))
    places = np.array([place for place, each in enumerate(emulators) if each is not None])
    means, deviations = predict_all([each for each in emulators if each is not None], prior.scores)
    return _Fold(places, emulators, means, deviations)


def _likelihood(evidence: Evidence, means: Array, deviations: Array) -> Array:
    """Log likelihoods of the first draws, of as many as it takes to be worth WANTED; -inf where one statistic alone rules a draw out."""
    variance = deviations**2 + np.diag(evidence.covariance)
    worst = ((evidence.observed - means) ** 2 / variance).max(axis=1)
    count, found = min(FIRST, len(means)), np.empty(0)
    while True:
        found = np.full(count, -np.inf)
        near = np.flatnonzero(worst[:count] < worst[:count].min() + RULED_OUT)
        found[near] = log_likelihood(evidence, means[near], deviations[near])
        if count == len(means) or effective_samples(weights_of(found)) >= WANTED:
            return found
        count = len(means)


def _ranked(
    bank: Bank, statistics: Statistics, prior: PriorScores, scores: Array, made: _Fold, row: int, seed: int
) -> tuple[np.ndarray, Array, float] | None:
    """(ranks, shrinkages, effective sample) of the truth in one row of the bank; None where a fit would refuse all its data."""
    count = len(statistics.statistics)
    noise = luck.normals(seed, luck.FIT_CHECK, row, np.arange(count))
    values, vectors = np.linalg.eigh(statistics.covariance)
    observed = bank.results[row] + vectors @ (np.sqrt(np.maximum(values, 0)) * noise)
    emulators = tuple(each if np.isfinite(observed[place]) else None for place, each in enumerate(made.emulators))
    told = tuple(replace(each, observed=float(o)) for each, o in zip(statistics.statistics, observed, strict=True))
    used, kept, _ = usable(replace(statistics, statistics=told), emulators)
    if not kept:
        return None
    columns = [int(np.flatnonzero(made.kept == told.index(each))[0]) for each in used.statistics]
    evidence = Evidence(used.observed, used.covariance, error_correlation(kept))
    prior_likelihood = _likelihood(evidence, made.means[:, columns], made.deviations[:, columns])
    weights = weights_of(prior_likelihood)
    chosen = luck.uniforms(seed, luck.FIT_CHECK, row, count + np.arange(RANKED))
    places = np.minimum(np.searchsorted(np.cumsum(weights), chosen), len(weights) - 1)
    ranks = (prior.scores[places] < scores[row]).sum(axis=0)
    own = log_likelihood(evidence, *predict_all(kept, scores[row : row + 1]))
    joint = (prior_likelihood[places] < own[0]).sum()
    looked_at = prior.scores[: len(weights)]
    mean = weights @ looked_at
    shrinkage = 1 - (weights @ looked_at**2 - mean**2) / looked_at.var(axis=0)
    return np.append(ranks, joint), shrinkage, effective_samples(weights)
