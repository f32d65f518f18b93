"""The smallest effect that simulated trials see, from three passes over the same luck.

Luck decides who is treated, lost and reached and what they would answer anyway; the effect e only adds to it. So in each trial the
estimate is a line in e and its squared standard error a parabola, and three effects tell the test's outcome at every other:

    estimate(e) = b0 + b1 e,     SE(e)**2 = v0 + v1 e + v2 e**2
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import special

from commonbeat.estimate.power.trials import LEAST_ERROR, batch_size, simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import SeedSequence
    from numpy.typing import NDArray

    from commonbeat.estimate.power.comparison import Comparison

    Floats = NDArray[np.float64]

TRIALS = 1_000
MOST_CELLS = 8_000_000  # of answers in one pass: some seconds
LARGEST_EFFECT = 20.0
STEPS = 24


class Smallest(NamedTuple):
    """The effect that the wanted share of trials sees, and its Monte Carlo error; inf and nan where no effect is enough."""

    effect: float
    error: float


def smallest_simulated(question: Comparison, power: float, seed: SeedSequence, near: float) -> Smallest:
    """The smallest effect seen with this power, true SD, on somebody reached; `near` is a guess that sets the scale."""
    scale = near if math.isfinite(near) else 1.0
    trials = int(np.clip(MOST_CELLS // question.layout.units, 100, TRIALS))
    share = share_by_effect(question, scale, seed, trials)
    error = math.sqrt(power * (1 - power) / trials)
    low, middle, high = (_reaching(share, wanted, scale) for wanted in (power - error, power, min(power + error, 1.0)))
    return Smallest(middle, (high - low) / 2 if math.isfinite(high) else math.nan)


def share_by_effect(question: Comparison, scale: float, seed: SeedSequence, trials: int) -> Callable[[float], float]:
    """The share of simulated trials that see an effect, as a function of the effect."""
    points = np.array([0.0, scale, 2 * scale])
    passes = [_pass(question, effect, seed, trials) for effect in points]
    line = np.stack([passes[0][0], (passes[1][0] - passes[0][0]) / scale])
    parabola = np.linalg.solve(np.vander(points, 3, increasing=True), np.stack([found[1] for found in passes]))
    bound = special.stdtrit(np.maximum(passes[0][2], 1.0), 1 - question.level / 2)

    def share(effect: float) -> float:
        error = np.sqrt(np.maximum(parabola[0] + parabola[1] * effect + parabola[2] * effect**2, 0.0))
        return float(np.mean((error > LEAST_ERROR) & (np.abs(line[0] + line[1] * effect) > bound * error)))

    return share


def _pass(question: Comparison, effect: float, seed: SeedSequence, trials: int) -> tuple[Floats, Floats, Floats]:
    """Estimates, squared standard errors and degrees of freedom of so many trials with the luck of this seed."""
    luck = np.random.Generator(np.random.Philox(seed))
    at_once, parts, left = batch_size(question), [], trials
    while left > 0:
        parts.append(simulate(question, effect, luck, min(at_once, left)))
        left -= at_once
    estimate, error, df = (np.concatenate(each) for each in zip(*parts, strict=True))
    return estimate, error**2, df


def _reaching(share: Callable[[float], float], wanted: float, scale: float) -> float:
    """The smallest effect at which the share reaches what is wanted, by halving."""
    low, high = 0.0, scale / 4
    while share(high) < wanted:
        if high > LARGEST_EFFECT:
            return math.inf
        low, high = high, 2 * high
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if share(middle) >= wanted else (middle, high)
    return high
