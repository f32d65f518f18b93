"""An interval for the effect of what was received that holds however weakly assignment moved it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from scipy import stats

if TYPE_CHECKING:
    from commonbeat.estimate.linear import Contrast


class Bounds(NamedTuple):
    """Where the Anderson-Rubin test does not reject; None where it never does on that side. p_value: of no effect, None where the outcome does not vary."""

    low: float | None
    high: float | None
    p_value: float | None


def anderson_rubin(outcome: Contrast, received: Contrast, variance_of_sum: float, level: float) -> Bounds:
    """Effects b at which assignment shows no effect on outcome - b * received: (y - b d)**2 <= t**2 (V_y - 2 b V_yd + b**2 V_d).

    outcome, received: assignment's coefficient on each (y and d above), from the same regressors. variance_of_sum: that of the coefficient on outcome +
    received, which holds their covariance. Anderson and Rubin (1949), Ann. Math. Stat. 20: 46; unbounded where d is not significant.
    """
    together = (variance_of_sum - outcome.std_error**2 - received.std_error**2) / 2
    if outcome.std_error == 0:
        return Bounds(None, None, None)
    squared_t = float(stats.t.isf(level / 2, outcome.df)) ** 2
    p_value = float(2 * stats.t.sf(abs(outcome.estimate / outcome.std_error), outcome.df))
    square = received.estimate**2 - squared_t * received.std_error**2
    half = outcome.estimate * received.estimate - squared_t * together
    constant = outcome.estimate**2 - squared_t * outcome.std_error**2
    if square <= 0:
        return Bounds(None, None, p_value)
    root = math.sqrt(max(half**2 - square * constant, 0.0))
    return Bounds((half - root) / square, (half + root) / square, p_value)
