"""How much of the spread of a result is parameters that nobody knows and how much is luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, stdtrit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_RESAMPLES = 2000
_SEED = 20_17  # any fixed number: the same draws must always give the same interval


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """Parameters' and luck's share of a result's variance over draws; they sum to 1. NaN when unknown."""

    parameters: float
    parameters_low: float
    parameters_high: float
    luck: float
    luck_low: float
    luck_high: float
    standard_deviation: float
    parameter_sets: int
    draws: int
    why_unknown: str


def variance_shares(values: ArrayLike, parameter_set: ArrayLike) -> VarianceShares:
    """The shares from draws that repeat a parameter set with other luck; 90 % intervals by resampling whole sets.

    One-way analysis of variance over sets of sizes n_j:
        luck = MS_within;  parameters = max(0, (MS_between - MS_within) / n0);  n0 = (N - sum n_j^2 / N) / (J - 1)
    A negative estimate is cut to 0. Unknown, and the reason said, below three sets or when no set was repeated.
    The interval rests on the number of sets, not of draws, and with few of them it is wide, as it should be.
    """
    numbers = np.asarray(values, dtype=np.float64)
    _, sets = np.unique(np.asarray(parameter_set), return_inverse=True)
    counts = np.bincount(sets)
    why = _why_unknown(numbers, counts)
    if why:
        unknown = float("nan")
        return VarianceShares(
            unknown,
            unknown,
            unknown,
            unknown,
            unknown,
            unknown,
            unknown,
            counts.size,
            numbers.size,
            why,
        )
    sums = np.bincount(sets, numbers - numbers.mean()).astype(np.float64)
    # Squares within each set about its own mean: no cancellation, however far the sets lie apart.
    centred = numbers - numbers.mean() - (sums / counts)[sets]
    within = np.bincount(sets, centred**2).astype(np.float64)
    share = float(_parameter_share(counts[None], sums[None], within[None])[0])
    random = np.random.default_rng(_SEED)
    picks = random.integers(counts.size, size=(_RESAMPLES, counts.size))
    resampled = _parameter_share(counts[picks], sums[picks], within[picks])
    tail = _tail(int((counts > 1).sum()))
    low, high = np.nanquantile(resampled, [tail, 1 - tail])
    return VarianceShares(
        share,
        float(low),
        float(high),
        1 - share,
        1 - float(high),
        1 - float(low),
        float(numbers.std(ddof=1)),
        counts.size,
        numbers.size,
        "",
    )


def _tail(sets: int) -> float:
    """The tail to cut off on each side so that the interval holds 90 % although sets are few (Hesterberg 2015).

    Resampling J sets spreads by sqrt((J - 1) / J) too little and takes the spread for known: the point of Student's
    t with J - 1 degrees, widened by that root, is cut off in place of the normal's 5 %. J counts the sets that
    were repeated, because luck, the scarcer witness, is seen in them alone.
    """
    if sets < 2:
        return 0.0
    return float(ndtr(stdtrit(sets - 1, 0.05) * np.sqrt(sets / (sets - 1))))


def _why_unknown(numbers: NDArray[np.float64], counts: NDArray[np.int64]) -> str:
    if counts.size < 3:
        return "fewer than three parameter sets were drawn"
    if counts.max() < 2:
        return "no parameter set was run twice, so luck cannot be told from parameters"
    if not np.isfinite(numbers).all():
        return "some draws have no finite value"
    if np.ptp(numbers) == 0:
        return "all draws gave the same value"
    return ""


def _parameter_share(
    counts: NDArray[np.int64],
    sums: NDArray[np.float64],
    within: NDArray[np.float64],
) -> NDArray[np.float64]:
    """One share per row of sets; NaN where a resample holds nothing to compare."""
    draws, sets = counts.sum(axis=1), counts.shape[1]
    grand = sums.sum(axis=1, keepdims=True) / draws[:, None]
    mean_between = (counts * (sums / counts - grand) ** 2).sum(axis=1) / (sets - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        luck = within.sum(axis=1) / (draws - sets)
        typical = (draws - (counts**2).sum(axis=1) / draws) / (sets - 1)
        parameters = np.maximum(0.0, (mean_between - luck) / typical)
        return parameters / (parameters + luck)
