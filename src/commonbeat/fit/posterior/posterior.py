"""The posterior: draws of the prior, weighed by what the emulators say of the observed values.

A first sample of the prior shows where the posterior lies. Then further draws of the prior are screened: each is looked at with a chance pi
that is 1 where most of the posterior lies and small, never below LEAST_CHANCE, elsewhere, and weighs 1 / pi times its likelihood (Horvitz
and Thompson 1952). So every draw is one of the prior, whatever trades off in the evidence included, and the result is what looking
at all of them would give, at a fraction of the work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.fit.posterior.scores import PriorScores, prior_scores
from commonbeat.fit.posterior.weighing import (
    Evidence,
    effective_samples,
    error_correlation,
    log_likelihood,
    predict_all,
    weights_of,
)
from commonbeat.luck import FIT_PRIOR, uniforms

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.posterior.emulator import Array, Emulator
    from commonbeat.fit.posterior.statistics import Statistics

    Sampler = Callable[[int, int], Array]  # first draw, how many -> values [draws, P]

FIRST_SAMPLES = 1 << 16
MOST_SCREENED = 1 << 20
WANTED_SAMPLES = 2500.0  # effective: then a shrinkage of .1 is known to .03
LEAST_SAMPLES = 200.0  # effective: below it the posterior hangs on a few draws
LEAST_CHANCE = 0.02
SURELY_KEPT = 0.2  # of the posterior's weight may lie where the chance is below 1
WIDER = 1.3  # by which the screen is wider than the posterior seems
NARROWED = 0.9  # a score whose SD is below this, or whose mean is further off than OFF, takes part in the screen
OFF = 0.3
CONTRADICTS = "contradicts the model"
BEYOND = 3.0  # errors by which an observed value may lie beyond everything that the bank holds


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of the prior with their weights, and the statistics that weighed them.

    prior: the draws that were looked at, the first `plain` of them unscreened. weights [S]. chances [S]: pi. means, deviations [S, T]: what
    the emulators say. statistics, emulators, evidence: those that were used. unused: what was not, and why. screened: draws in all.
    """

    prior: PriorScores
    plain: int
    weights: Array
    chances: Array
    means: Array
    deviations: Array
    statistics: Statistics
    emulators: tuple[Emulator, ...]
    evidence: Evidence
    unused: tuple[str, ...]
    screened: int

    @property
    def effective(self) -> float:
        """How many equal-weight draws the weighted ones are worth."""
        return effective_samples(self.weights)

    @property
    def is_thin(self) -> bool:
        """Whether the posterior hangs on a few draws."""
        return self.effective < LEAST_SAMPLES

    @property
    def contradictions(self) -> tuple[str, ...]:
        """What was not used because it contradicts the model, a sentence each."""
        return tuple(each for each in self.unused if CONTRADICTS in each)


def usable(
    statistics: Statistics, emulators: Sequence[Emulator | None]
) -> tuple[Statistics, tuple[Emulator, ...], tuple[str, ...]]:
    """The statistics that can weigh draws, and a sentence on each that cannot.

    A statistic with too few values in the bank has no emulator. One that was observed far beyond everything in the bank contradicts the
    model: an emulator would have to be trusted where nothing was run, so it is shown in the check and does not weigh.
    """
    kept, used, unused = [], [], []
    for place, (each, emulator) in enumerate(zip(statistics.statistics, emulators, strict=True)):
        if emulator is None:
            unused.append(f"{each.label}: too few draws of the bank have a value, so it is not used")
            continue
        slack = BEYOND * float(np.sqrt(statistics.covariance[place, place]))
        if not emulator.low - slack <= each.observed <= emulator.high + slack:
            words = f"observed {each.observed:.4g}, and the bank holds {emulator.low:.4g} to {emulator.high:.4g}"
            unused.append(f"{each.label}: {CONTRADICTS} ({words}), so it is not used")
            continue
        kept.append(place)
        used.append(emulator)
    return statistics.only(kept), tuple(used), tuple(unused)


def weighed(
    names: tuple[str, ...],
    sampler: Sampler,
    seed: int,
    statistics: Statistics,
    emulators: tuple[Emulator, ...],
    unused: tuple[str, ...] = (),
) -> Posterior:
    """The posterior under these emulators; draws are screened until it is worth WANTED_SAMPLES or MOST_SCREENED were.

    sampler: draws of the prior by number. seed: where the luck of the screen starts.
    """
    prior = prior_scores(names, sampler(0, FIRST_SAMPLES))
    evidence = Evidence(statistics.observed, statistics.covariance, error_correlation(emulators))
    means, deviations = predict_all(emulators, prior.scores)
    weights = weights_of(log_likelihood(evidence, means, deviations))
    first = Posterior(
        prior, FIRST_SAMPLES, weights, np.ones(FIRST_SAMPLES), means, deviations, statistics, emulators, evidence,
        unused, FIRST_SAMPLES,
    )  # fmt: skip
    return _screened(first, sampler, seed) if first.effective < WANTED_SAMPLES else first


def _screened(found: Posterior, sampler: Sampler, seed: int) -> Posterior:
    """The posterior with further draws of the prior."""
    screen = _screen_of(found)
    while found.effective < WANTED_SAMPLES and found.screened < MOST_SCREENED:
        numbers = np.arange(found.screened, found.screened + FIRST_SAMPLES)
        values = sampler(found.screened, FIRST_SAMPLES)
        scores = found.prior.of(values)
        chances = screen.chances(scores)
        kept = uniforms(seed, FIT_PRIOR, numbers) < chances
        means, deviations = predict_all(found.emulators, scores[kept])
        prior = replace(
            found.prior,
            values=np.concatenate([found.prior.values, values[kept]]),
            scores=np.concatenate([found.prior.scores, scores[kept]]),
        )
        chances = np.concatenate([found.chances, chances[kept]])
        means = np.concatenate([found.means, means])
        deviations = np.concatenate([found.deviations, deviations])
        log_weights = log_likelihood(found.evidence, means, deviations) - np.log(chances)
        found = replace(
            found,
            prior=prior,
            weights=weights_of(log_weights),
            chances=chances,
            means=means,
            deviations=deviations,
            screened=found.screened + FIRST_SAMPLES,
        )
    return found


@dataclass(frozen=True, eq=False)
class _Screen:
    """Where the posterior seems to lie: columns of the scores with mean and SD, and the tilt from which on a draw is kept for sure."""

    columns: NDArray[np.intp]
    mean: Array
    spread: Array
    sure: float

    def tilt(self, scores: Array) -> Array:
        """Log of the ratio of the normal law there to the prior's."""
        z = scores[:, self.columns]
        return 0.5 * (z**2).sum(axis=1) - 0.5 * (((z - self.mean) / self.spread) ** 2).sum(axis=1)

    def chances(self, scores: Array) -> Array:
        """The chance of each draw to be looked at."""
        return np.clip(np.exp(np.minimum(self.tilt(scores) - self.sure, 0.0)), LEAST_CHANCE, 1.0)


def _screen_of(found: Posterior) -> _Screen:
    scores, weights = found.prior.scores, found.weights
    mean = weights @ scores
    spread = np.sqrt(np.maximum(weights @ scores**2 - mean**2, 1e-4))
    columns = np.flatnonzero((spread < NARROWED) | (np.abs(mean) > OFF))
    screen = _Screen(columns, mean[columns], WIDER * spread[columns], 0.0)
    tilt = screen.tilt(scores)
    order = np.argsort(tilt)
    rising = np.cumsum(weights[order])
    sure = tilt[order][min(int(np.searchsorted(rising, SURELY_KEPT)), len(order) - 1)]
    return replace(screen, sure=float(sure))


def resampled(weights: Array, rows: int, u: float) -> tuple[np.ndarray, Array]:
    """Rows chosen systematically with their weights (Kitagawa 1996), each once, and how often it was chosen as a share. u: in [0, 1)."""
    marks = (np.arange(rows) + u) / rows
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), marks, side="right")
    places, counts = np.unique(np.minimum(chosen, len(weights) - 1), return_counts=True)
    return places, counts / rows
