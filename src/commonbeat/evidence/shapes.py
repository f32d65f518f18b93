"""Shapes of priors as quantile functions: a number in (0, 1) goes in, a value comes out.

Everything that draws, bands or pictures a prior needs its quantile function and nothing else. Judged intervals are 90 %
intervals, from the 5 % to the 95 % point, unless a shape is flat.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Quantile = Callable[[NDArray[np.float64]], NDArray[np.float64]]

Z90 = 1.6448536269514722  # the standard normal's 95 % point: half the width of a 90 % interval in SDs


def uniform(low: float, high: float) -> Quantile:
    """Flat between low and high."""
    middle, half = (low + high) / 2, (high - low) / 2
    return lambda u: middle + half * (2 * u - 1)


def log_uniform(low: float, high: float) -> Quantile:
    """Flat in the logarithm between low and high."""
    inner = uniform(math.log(low), math.log(high))
    return lambda u: np.exp(inner(u))


def normal(mean: float, sd: float) -> Quantile:
    """Normal with this mean and SD."""
    return lambda u: mean + sd * ndtri(u)


def log_normal(low: float, high: float) -> Quantile:
    """Log-normal whose 5 % and 95 % points are low and high; its median is sqrt(low * high)."""
    middle, sd = math.log(low * high) / 2, math.log(high / low) / (2 * Z90)
    return lambda u: np.exp(middle + sd * ndtri(u))


def half_normal(scale: float) -> Quantile:
    """|normal| times the scale, with the scale's sign: where a card gives a direction and no size.

    Small values are the likeliest. The quantiles ascend for either sign.
    """
    if scale < 0:
        return lambda u: scale * ndtri(1 - u / 2)
    return lambda u: scale * ndtri((1 + u) / 2)


def clipped(quantile: Quantile, floor: float = -math.inf, ceiling: float = math.inf) -> Quantile:
    """The same prior with what lies beyond the hard limits gathered at them (a share cannot exceed 1)."""
    return lambda u: np.clip(quantile(u), floor, ceiling)


def from_sample(values: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> Quantile:
    """The quantile function of a weighted sample, linear between its points."""
    order = np.argsort(values, kind="stable")
    ascending = values[order]
    mass = np.ones_like(ascending) if weights is None else weights[order]
    ranks = (np.cumsum(mass) - mass / 2) / mass.sum()
    return lambda u: np.interp(u, ranks, ascending)


def mixture_of_normals(means: NDArray[np.float64], sds: NDArray[np.float64], weights: NDArray[np.float64]) -> Quantile:
    """The quantile function of a mixture, from its distribution function on a grid of 4,001 points."""
    low, high = float(np.min(means - 7 * sds)), float(np.max(means + 7 * sds))
    grid = np.linspace(low, high, 4001)
    rising = ndtr((grid[:, None] - means) / sds) @ (weights / weights.sum())
    return lambda u: np.interp(u, rising, grid)


BUILDERS: Mapping[str, tuple[Callable[..., Quantile], tuple[str, ...]]] = {
    "half_normal": (half_normal, ("scale",)),
    "log_normal": (log_normal, ("low", "high")),
    "log_uniform": (log_uniform, ("low", "high")),
    "normal": (normal, ("mean", "sd")),
    "uniform": (uniform, ("low", "high")),
}


def build(settings: Mapping[str, object]) -> Quantile:
    """The quantile function that a table of the parameter file describes: shape, its numbers, limits."""
    function, names = BUILDERS[str(settings["shape"])]
    made = function(*(float(settings[name]) for name in names))  # pyright: ignore[reportArgumentType]
    floor = float(settings.get("floor", -math.inf))  # pyright: ignore[reportArgumentType]
    ceiling = float(settings.get("ceiling", math.inf))  # pyright: ignore[reportArgumentType]
    return clipped(made, floor, ceiling) if floor > -math.inf or ceiling < math.inf else made
