"""Poisson counts from addressed luck: the count at a given height of the distribution function."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALL = 40.0  # means up to it are counted up exactly; beyond it the expansion below is off by one count at most
MOST_STEPS = 400


def poisson_count(height: Floats, mean: Floats) -> Floats:
    """The smallest n with P(N <= n) >= height for N ~ Poisson(mean): [draws], heights in [0, 1).

    Up to a mean of 40 by summing; beyond by Cornish and Fisher's expansion m + sqrt(m) z + (z**2 - 1) / 6 + (z - z**3) / (72 sqrt(m)), rounded up from
    half a count below. scipy's own quantile does the same a hundred times more slowly.
    """
    count = np.zeros(len(mean))
    large = mean > SMALL
    if large.any():
        normal = ndtri(np.clip(height[large], 1e-12, 1 - 1e-12))
        root = np.sqrt(mean[large])
        guess = mean[large] + root * normal + (normal**2 - 1) / 6 + (normal - normal**3) / (72 * root)
        count[large] = np.maximum(np.ceil(guess - 0.5), 0)
    if not large.all():
        count[~large] = _summed(height[~large], mean[~large])
    return count


def _summed(height: Floats, mean: Floats) -> Floats:
    chance = np.exp(-mean)
    below, count = chance.copy(), np.zeros(len(mean))
    for step in range(1, MOST_STEPS):
        open_still = below < height
        if not open_still.any():
            break
        count[open_still] = step
        chance = chance * mean / step
        below = below + chance
    return count
