"""Indices of Sobol': which share of a headline's variance each factor answers for (Saltelli et al. 2010, by SALib).

    first = V[E(headline | factor)] / V        what would go if the factor alone were known
    total = E[V(headline | all but it)] / V    what would stay if all but the factor were known

A headline's variance has a heavy tail, so that a few draws may carry an index: beside it stands the index of the headline's rank among all
points, which no tail can carry, and drivers are put in its order. Luck's total is its share with all that it does together with
parameters; the rest is what parameters do by themselves. Intervals hold 90 % and come from drawing rows again.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from commonbeat import luck
from commonbeat.fit.sensitivity.design import LUCK, OTHERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.sensitivity.design import Factors

RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Estimate:
    """An index with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Index:
    """One factor of one headline. kind: "parameter", "others", "luck" or "block"; a block's parts stand for themselves, too."""

    factor: str
    kind: str
    first: Estimate
    total: Estimate
    first_of_rank: Estimate
    total_of_rank: Estimate


def indices(factors: Factors, effects: NDArray[np.float64], seed: int) -> tuple[Index, ...]:
    """Every factor's indices, those of single parameters first and the largest first among them.

    effects: (rows, points per row), in the order of the design. A headline that never changes has indices of 0.
    """
    ranks = rankdata(effects).reshape(effects.shape)
    single, blocks = len(factors.names), len(factors.blocks)
    factor_points, block_points = (
        np.arange(single + 2),
        np.array([0, *range(single + 2, single + 2 + blocks), single + 1]),
    )
    made = []
    for names, points in ((factors.names, factor_points), (factors.blocks, block_points)):
        if names:
            raw = _analysed(names, effects[:, points], seed)
            ranked = _analysed(names, ranks[:, points], seed)
            made += [Index(name, _kind(name, factors), *raw[name], *ranked[name]) for name in names]
    order = ("parameter", "block", "others", "luck")
    return tuple(sorted(made, key=lambda each: (order.index(each.kind), -each.total_of_rank.value)))


def _kind(name: str, factors: Factors) -> str:
    if name in (LUCK, OTHERS):
        return "luck" if name == LUCK else "others"
    return "block" if name in factors.blocks else "parameter"


def _analysed(names: Sequence[str], effects: NDArray[np.float64], seed: int) -> dict[str, tuple[Estimate, Estimate]]:
    """(first, total) by factor, from rows of A, A with each factor of B, and B."""
    from SALib.analyze import sobol

    if np.ptp(effects) == 0:
        nothing = Estimate(0.0, 0.0, 0.0)
        return dict.fromkeys(names, (nothing, nothing))
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    own = int(luck.keys(seed, luck.DRAWN_AGAIN, 1) >> np.uint64(33))
    with warnings.catch_warnings():
        # A resample of rows that are all alike has no variance and an index of 0, which SALib says aloud.
        warnings.simplefilter("ignore")
        found = sobol.analyze(
            problem, effects.ravel(), calc_second_order=False, num_resamples=RESAMPLES, keep_resamples=True, seed=own
        )
    return {
        name: (
            _estimate(found["S1"][place], found["S1_conf_all"][:, place]),
            _estimate(found["ST"][place], found["ST_conf_all"][:, place]),
        )
        for place, name in enumerate(names)
    }


def _estimate(value: float, again: NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(again, [0.05, 0.95])
    return Estimate(float(value), float(low), float(high))
