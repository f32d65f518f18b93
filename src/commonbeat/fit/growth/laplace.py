"""Counts of shares and a Gaussian prior become a posterior of log infectiousness."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ROUNDS = 40
LONGEST_STEP = 2.0
CLOSE = 1e-5
LARGEST_LOG = 15.0
LEAST_COUNT = 1e-4


class Pseudo(NamedTuple):
    """Gaussian observations that stand for counts near their mode: value [steps] and precision [steps] of each; mode [steps]."""

    value: Floats
    precision: Floats
    mode: Floats


def laplace(counts: Floats, log_exposure: Floats, mean: Floats, covariance: Floats) -> Pseudo:
    """The mode of x given counts_k ~ Poisson(exp(x_k + log_exposure_k)) and x ~ Normal(mean, covariance), and the counts as Gaussians there.

    Newton's method with steps of at most 2. At the mode x the pseudo-observation is x + (counts - m) / m with precision m = exp(x + log_exposure).
    """
    # Each step begins between its prior and its own count, where Newton's steps are short.
    rough = np.log(counts + 0.5) - log_exposure
    state = mean + covariance @ np.linalg.solve(covariance + np.diag(1 / (counts + 0.5)), rough - mean)
    for _ in range(ROUNDS):
        expected = _expected(state, log_exposure)
        value = state + (counts - expected) / expected
        target = mean + covariance @ np.linalg.solve(covariance + np.diag(1 / expected), value - mean)
        step = np.clip(target - state, -LONGEST_STEP, LONGEST_STEP)
        state = state + step
        if np.abs(step).max() < CLOSE:
            break
    expected = _expected(state, log_exposure)
    return Pseudo(state + (counts - expected) / expected, expected, state)


def _expected(state: Floats, log_exposure: Floats) -> Floats:
    return np.maximum(np.exp(np.minimum(state + log_exposure, LARGEST_LOG)), LEAST_COUNT)
