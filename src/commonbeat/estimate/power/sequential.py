"""When enough trials have been simulated: a rule that may look after every batch and still keeps its word.

Against "the mean is m" somebody bets on each new value x in [0, 1] and holds, averaged over a fixed set of stakes,

    W(m) = mean over stakes k of prod_i (1 + k (x_i - m)),        -1 / (1 - m) < k < 1 / m

If m is true, W is a martingale that starts at 1, so the chance that it ever reaches 1 / a is at most a (Ville 1939; Waudby-Smith
& Ramdas 2024, doi 10.1093/jrsssb/qkad009). Stopping as soon as W(target) >= 1 / error is wrong with chance `error` at most,
however often one looks; and {m: W(m) < 1 / .05} holds the truth with 95 % at every look at once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

STAKES = np.concatenate([-np.geomspace(0.02, 0.95, 24), np.geomspace(0.02, 0.95, 24)])
GRID = 999
COVERAGE = 0.95


def log_wealth(values: ArrayLike, mean: ArrayLike) -> NDArray[np.float64]:
    """Log W for each of the means in (0, 1), given values in [0, 1]."""
    seen, times = np.unique(np.asarray(values, dtype=np.float64), return_counts=True)
    m = np.atleast_1d(np.asarray(mean, dtype=np.float64))[:, None]
    stake = np.where(STAKES > 0, STAKES / m, STAKES / (1 - m))
    total = np.zeros(stake.shape)
    for value, count in zip(seen, times, strict=True):
        total += count * np.log1p(stake * (value - m))
    top = total.max(axis=1, keepdims=True)
    return (top + np.log(np.exp(total - top).mean(axis=1, keepdims=True)))[:, 0]


def settled(values: ArrayLike, target: float, error: float) -> Literal["above", "below", ""]:
    """On which side of the target the mean lies, when that is clear at this error; nothing as long as it is not."""
    x = np.asarray(values, dtype=np.float64)
    if not len(x) or log_wealth(x, target)[0] < -math.log(error):
        return ""
    return "above" if x.mean() > target else "below"


def confidence(values: ArrayLike) -> tuple[float, float]:
    """The means that 95 % cannot rule out, at whatever moment one stopped."""
    grid = np.arange(1, GRID + 1) / (GRID + 1)
    kept = grid[log_wealth(values, grid) < -math.log(1 - COVERAGE)]
    if not len(kept):
        middle = float(np.mean(np.asarray(values, dtype=np.float64)))
        return middle, middle
    step = 1 / (GRID + 1)
    return round(max(0.0, float(kept[0]) - step), 4), round(min(1.0, float(kept[-1]) + step), 4)
