"""Kappas: agreement of two coders (Cohen) or of several (Fleiss) beyond what their own habits would do by chance.

    kappa = (observed agreement - expected agreement) / (1 - expected agreement)

Cohen takes each coder's own shares of the values, Fleiss those of all coders together. Weighted kappa counts a difference by its
steps (linear) or their square (quadratic) along the order of the values. Sources: Cohen (1960, 1968); Fleiss (1971); standard errors:
Fleiss, Cohen and Everitt (1969), by statsmodels; for Fleiss's kappa, which has no such formula away from zero, the jackknife over units.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

Weights = Literal["none", "linear", "quadratic"]
NORMAL_95 = 1.959963984540054


class Kappa(NamedTuple):
    """A kappa and its 95 % interval; NaN where nothing could have differed. units: how many it rests on.

    The interval is NaN too where no two codes differ, or where all that varies stands in one unit: the formulas then give it no width.
    """

    value: float
    low: float
    high: float
    units: int


def cross_table(first: NDArray[np.int64], second: NDArray[np.int64], values: int) -> NDArray[np.float64]:
    """How often each pair of values was given, (values, values); units that one of the two left out (-1) count nowhere."""
    both = (first >= 0) & (second >= 0)
    table = np.zeros((values, values))
    np.add.at(table, (first[both], second[both]), 1.0)
    return table


def cohen_kappa(table: NDArray[np.float64], weights: Weights = "none") -> Kappa:
    """Cohen's kappa of a table of two coders, with the large-sample standard error.

    With weights, the rows and columns are the whole scale in its order: a value that nobody gave still is a step of it.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    units = int(table.sum())
    margins = table.sum(axis=0) + table.sum(axis=1)
    if units == 0 or (margins > 0).sum() < 2:
        return Kappa(math.nan, math.nan, math.nan, units)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Any = cohens_kappa(table, wt=None if weights == "none" else weights)
    value, error = float(found.kappa), math.sqrt(max(float(found.var_kappa), 0.0))
    if units == np.trace(table):
        return Kappa(value, math.nan, math.nan, units)
    return Kappa(value, max(value - NORMAL_95 * error, -1.0), min(value + NORMAL_95 * error, 1.0), units)


def fleiss_kappa(counts: NDArray[np.float64]) -> Kappa:
    """Fleiss's kappa of units that all have equally many codes, with a jackknifed interval.

    counts: (units, values). Units with fewer codes than the fullest are left out: the formula has no place for them.
    """
    size = counts.sum(axis=1)
    counts = counts[size == max(size.max(initial=0.0), 2.0)]
    units, coders = len(counts), int(counts[0].sum()) if len(counts) else 0
    if units == 0 or (counts.sum(axis=0) > 0).sum() < 2:
        return Kappa(math.nan, math.nan, math.nan, units)
    agreed = ((counts**2).sum(axis=1) - coders) / (coders * (coders - 1))
    totals = counts.sum(axis=0)
    value = float(_fleiss(agreed.sum(), totals, units, coders))
    without = _fleiss(agreed.sum() - agreed, totals - counts, units - 1, coders)
    if units < 3 or (agreed == 1).all() or not np.isfinite(without).all():
        return Kappa(value, math.nan, math.nan, units)
    from scipy import stats

    error = math.sqrt((units - 1) / units * float(((without - without.mean()) ** 2).sum()))
    reach = float(stats.t.ppf(0.975, units - 1)) * error
    return Kappa(value, max(value - reach, -1.0), min(value + reach, 1.0), units)


def _fleiss(
    agreed: NDArray[np.float64] | float, totals: NDArray[np.float64], units: int, coders: int
) -> NDArray[np.float64]:
    shares = totals / (units * coders)
    expected = (shares**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (np.asarray(agreed) / units - expected) / (1 - expected)
