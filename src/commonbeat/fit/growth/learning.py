"""Training clips become a prior: empirical Bayes by Laplace's approximation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from commonbeat.fit.growth.ages import END, ladder, middles
from commonbeat.fit.growth.growth_prior import GrowthPrior
from commonbeat.fit.growth.laplace import laplace
from commonbeat.fit.growth.regressors import audience, regressors
from commonbeat.fit.growth.share_log import HOUR
from commonbeat.fit.growth.variation import Variation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.growth.memory import Memory
    from commonbeat.fit.growth.share_log import ShareLog

    Floats = NDArray[np.float64]

START = Variation(0.5, 0.1, 0.4, 1.0, 0.2, 3.0, 0.3, 0.2, 0.1)
FREEDOM = 1.5  # standard deviation of the fields' logs around START, so that what the clips do not tell stays finite
ROUNDS = 3
ITERATIONS = 40
DIFFERENCE = 1e-5  # in logs
ENOUGH = 1e-6  # of the loss, about a hundredth of a unit of log evidence
BOUNDS = [(-6.0, 3.0)] * 9
RIDGE = 1e-6
AUDIENCE_AGE = 6 * HOUR  # the audience of a training clip is that of its first six hours


class Training(NamedTuple):
    """Of every clip, on common steps: counts and log exposures [clips, steps], regressors [clips, steps, coefficients]; the middles of the steps."""

    counts: Floats
    log_exposure: Floats
    rows: Floats
    ages: Floats


class Fitted(NamedTuple):
    """A covariance and its coefficients: loss (minus the log evidence), coefficients, their error, the covariance that clips share, slope."""

    loss: float
    coefficients: Floats
    error: Floats
    covariance: Floats
    slope: Floats


def learn(
    clips: Sequence[ShareLog],
    memory: Memory,
    *,
    mark_exponent: float,
    feedback: float,
    uses_followers: bool = True,
    uses_clock: bool = True,
    start: Variation = START,
    end: float = END,
) -> GrowthPrior:
    """The prior under which the clips' counts are likeliest, for a given memory, mark exponent and feedback.

    In turns: counts become Gaussian observations at their modes; then the variation maximises their evidence, with the coefficients by
    generalised least squares.
    """
    blank = GrowthPrior(
        memory=memory,
        mark_exponent=mark_exponent,
        feedback=feedback,
        variation=start,
        coefficients=np.empty(0),
        error=np.empty((0, 0)),
        uses_followers=uses_followers,
        uses_clock=uses_clock,
        clips=len(clips),
    )
    with threadpool_limits(1):  # matrices here are small: threads would wait for each other
        return _taught(clips, blank, end)


def _taught(clips: Sequence[ShareLog], blank: GrowthPrior, end: float) -> GrowthPrior:
    held, logs = gather(clips, blank, ladder(end)), blank.variation.logs()
    value, precision = np.log(held.counts + 0.5) - held.log_exposure, held.counts + 0.5
    for _ in range(ROUNDS):
        logs = _likeliest(logs, held, value, precision)
        found = evidence(Variation.from_logs(logs), held, value, precision)
        for place, rows in enumerate(held.rows):
            mean = rows @ found.coefficients
            seen = laplace(held.counts[place], held.log_exposure[place], mean, found.covariance)
            value[place], precision[place] = seen.value, seen.precision
    found = evidence(Variation.from_logs(logs), held, value, precision)
    return replace(blank, variation=Variation.from_logs(logs), coefficients=found.coefficients, error=found.error)


def gather(clips: Sequence[ShareLog], prior: GrowthPrior, edges: Floats) -> Training:
    """The clips on common steps."""
    ages = middles(edges)
    followed = [
        audience(each.cut(min(AUDIENCE_AGE, each.observed))) if prior.uses_followers else None for each in clips
    ]
    return Training(
        counts=np.array([np.histogram(each.seconds[1:], edges)[0] for each in clips], dtype=float),
        log_exposure=np.array([prior.log_exposure(each, edges) for each in clips]),
        rows=np.array(
            [
                regressors(ages, each.clock if prior.uses_clock else None, size)
                for each, size in zip(clips, followed, strict=True)
            ]
        ),
        ages=ages,
    )


def evidence(variation: Variation, held: Training, value: Floats, precision: Floats) -> Fitted:
    """How well the variation explains Gaussian observations of log infectiousness, with the coefficients that then fit best.

    slope is the gradient of the loss with respect to the covariance K that all clips share: (sum_c V_c^-1 - a_c a_c') / 2, where V_c = K +
    diag(1 / precision_c) and a_c = V_c^-1 (value_c - rows_c coefficients); the coefficients being the best ones, theirs is zero.
    """
    covariance = variation.covariance(held.ages)
    noisy = covariance[None] + np.eye(len(held.ages))[None] / precision[:, None, :]
    size = np.linalg.slogdet(noisy)[1]
    inverse = np.linalg.inv(noisy)
    weighted = inverse @ held.rows
    normal = np.einsum("cij,cik->jk", held.rows, weighted) + RIDGE * np.eye(held.rows.shape[2])
    coefficients = np.linalg.solve(normal, np.einsum("cij,ci->j", weighted, value))
    rest = value - held.rows @ coefficients
    pulled = np.einsum("cij,cj->ci", inverse, rest)
    loss = 0.5 * float((rest * pulled).sum() + size.sum())
    slope = 0.5 * (inverse.sum(axis=0) - pulled.T @ pulled)
    return Fitted(loss, coefficients, np.linalg.inv(normal), covariance, slope)


def _likeliest(logs: Floats, held: Training, value: Floats, precision: Floats) -> Floats:
    """The logs of the variation with the highest evidence, drawn slightly to where they started."""
    centre = START.logs()

    def loss(at: Floats) -> tuple[float, Floats]:
        found = evidence(Variation.from_logs(at), held, value, precision)
        away = (at - centre) / FREEDOM
        # The covariance is cheap beside its evidence, so its own slope is taken by differences.
        moved = [Variation.from_logs(at + DIFFERENCE * unit).covariance(held.ages) for unit in np.eye(len(at))]
        slope = np.array([float((found.slope * (each - found.covariance)).sum()) for each in moved]) / DIFFERENCE
        return found.loss + 0.5 * float((away**2).sum()), slope + away / FREEDOM

    return minimize(
        loss, logs, jac=True, method="L-BFGS-B", bounds=BOUNDS, options={"maxiter": ITERATIONS, "ftol": ENOUGH}
    ).x
