"""One question of the coverage table: trials whose truth is known, and how often an interval holds it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    from commonbeat.estimate.row import Estimate

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Intervals:
    """Estimates and ends [T] (nan without an interval), the truth, and which trials carried a warning about the interval [T]."""

    estimate: Floats
    low: Floats
    high: Floats
    truth: float
    warned: NDArray[np.bool_]


@dataclass(frozen=True)
class Case:
    """A design and an estimator. draw(seed, trials) simulates; clusters: how many, None without."""

    design: str
    estimator: str
    people: int
    clusters: int | None
    draw: Callable[[int, int], Intervals]

    @property
    def seed(self) -> int:
        """A seed of its own, which does not change when cases are added."""
        return zlib.crc32(f"{self.design}|{self.estimator}".encode())


@dataclass(frozen=True)
class Coverage:
    """What came out: share covered with its Monte Carlo error, mean error of the estimate, share without interval and with a warning."""

    case: Case
    trials: int
    covered: float
    error: float
    bias: float
    missing: float
    warned: float


def measure(case: Case, trials: int) -> Coverage:
    """The coverage of one case; a trial without an interval counts as not covered."""
    found = case.draw(case.seed, trials)
    inside = (found.low <= found.truth) & (found.truth <= found.high)
    share = float(inside.mean())
    known = np.isfinite(found.low) & np.isfinite(found.high)
    off = (found.estimate - found.truth)[np.isfinite(found.estimate)]
    return Coverage(
        case,
        trials,
        share,
        float(np.sqrt(max(share * (1 - share), 1e-12) / trials)),
        float(off.mean()) if off.size else float("nan"),
        float(1 - known.mean()),
        float(found.warned.mean()),
    )


def one_by_one(
    trials: int, seed: int, truth: float, estimate: Callable[[Generator], Estimate | None], words: str = ""
) -> Intervals:
    """The intervals of trials estimated one after the other, each with luck of its own; warned: where a warning has these words."""
    ends = np.full((trials, 3), np.nan)
    warned = np.zeros(trials, np.bool_)
    for number in range(trials):
        row = estimate(np.random.default_rng([seed, number]))
        if row is not None:
            ends[number] = [np.nan if each is None else each for each in (row.estimate, row.ci_low, row.ci_high)]
            warned[number] = bool(words) and any(words in each for each in row.warnings)
    return Intervals(ends[:, 0], ends[:, 1], ends[:, 2], truth, warned)


def drawn_arms(random: Generator, trials: int, units: int, treated: int) -> Floats:
    """Complete randomisation [trials, units], `treated` of the units in each."""
    return (random.random((trials, units)).argsort(axis=1) < treated).astype(float)


SPREAD = {"equal": 0.0, "unequal": 0.85, "very unequal": 1.8}  # of log sizes, over quantiles from -1.6 to 1.6


def cluster_sizes(clusters: int, mean: int, shape: str) -> NDArray[np.int64]:
    """People in each cluster, at least 3: log-normal quantiles in a fixed order.

    The coefficient of variation is 0 for equal, near .8 for unequal, and near 1.4 for very unequal clusters.
    """
    normal = np.random.default_rng(clusters).permutation(np.linspace(-1.6, 1.6, clusters))
    raw = np.exp(SPREAD[shape] * normal)
    return np.maximum(3, np.round(raw * mean / raw.mean())).astype(np.int64)
