"""What unequal weights cost in precision, and how to keep the largest of them in bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def design_effect(weights: Floats) -> float:
    """By how much unequal weights multiply the variance of a mean when they have nothing to do with the outcome.

        deff = n sum(w**2) / sum(w)**2 = 1 + cv(w)**2

    Weights that go with the outcome cost less. Source: Kish (1965), Survey Sampling, section 11.7.
    """
    return float(len(weights) * np.sum(weights**2) / np.sum(weights) ** 2)


def effective_people(weights: Floats) -> float:
    """How many people with equal weights would tell as much about a mean: n / deff."""
    return float(len(weights) / design_effect(weights))


def trim_weights(weights: Floats, smallest: float = 0.2, largest: float = 5.0) -> tuple[Floats, int]:
    """The weights with none below `smallest` or above `largest` times their mean, and how many were changed by being held there.

        v_i = clip(f w_i, smallest m, largest m),   m = mean(w),   f such that sum(v) = sum(w)

    The weights between the bounds keep their ratios. weights: above 0. Raises DesignError unless smallest < 1 < largest.
    """
    if not 0 <= smallest < 1 < largest:
        raise DesignError(
            f"Weights cannot be held between {smallest:g} and {largest:g} times their mean: 1 must lie between."
        )
    mean = float(weights.mean())
    low, high = smallest * mean, largest * mean
    factor = clipping_factor(weights, np.ones(len(weights)), float(weights.sum()), low, high)
    held = np.clip(factor * weights, low, high)
    return held, int(np.sum((factor * weights < low) | (factor * weights > high)))


def clipping_factor(weights: Floats, counts: Floats, total: float, low: float, high: float) -> float:
    """The f with sum(counts clip(f weights, low, high)) = total; where no f does it, the one that comes nearest.

    The sum is a broken line in f that never falls: its corner before the total is looked up, and the rest is a straight line.
    """
    factor = total / float(counts @ weights)
    if low <= factor * weights.min() and factor * weights.max() <= high:
        return factor
    corners = np.sort(np.concatenate([low / weights, high / weights]))

    def sum_at(factor: float) -> float:
        return float(counts @ np.clip(factor * weights, low, high))

    first, last = 0, len(corners) - 1
    if sum_at(corners[0]) >= total:
        return float(corners[0])
    if sum_at(corners[-1]) <= total:
        return float(corners[-1])
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if sum_at(corners[middle]) < total else (first, middle)
    below, above = sum_at(corners[first]), sum_at(corners[last])
    return float(corners[first] + (corners[last] - corners[first]) * (total - below) / (above - below))
