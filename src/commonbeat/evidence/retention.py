"""What is left of an experience after t days.

    R(t) = rho * 2**(-t / H) + (1 - rho) * exp(-t / T)          R(0) = 1

rho is the durable share, H its half-life in days, T the mean of the transient part in days. A card that asks about the past
year, or a programme that gave its dose over months, saw the average of R over a span; both parts integrate in
closed form. All arguments broadcast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def retained(
    days: ArrayLike, durable_share: ArrayLike, half_life_days: ArrayLike, transient_mean_days: ArrayLike
) -> NDArray[np.float64]:
    """R(t): the share of an experience's first effect that is left after `days`."""
    t = np.asarray(days, dtype=np.float64)
    rho = np.asarray(durable_share, dtype=np.float64)
    return rho * np.exp2(-t / np.asarray(half_life_days)) + (1.0 - rho) * np.exp(-t / np.asarray(transient_mean_days))


def mean_retained(
    from_days: ArrayLike,
    span_days: ArrayLike,
    durable_share: ArrayLike,
    half_life_days: ArrayLike,
    transient_mean_days: ArrayLike,
) -> NDArray[np.float64]:
    """The average of R over [from_days, from_days + span_days]; R(from_days) itself where the span is 0.

    The mean of exp(-t / m) over a span s is exp(-from / m) * (1 - exp(-s / m)) / (s / m).
    """
    rho = np.asarray(durable_share, dtype=np.float64)
    durable_mean = np.asarray(half_life_days, dtype=np.float64) / np.log(2.0)
    durable = _mean_of_exponential(from_days, span_days, durable_mean)
    transient = _mean_of_exponential(from_days, span_days, np.asarray(transient_mean_days, dtype=np.float64))
    return rho * durable + (1.0 - rho) * transient


def _mean_of_exponential(
    from_days: ArrayLike, span_days: ArrayLike, mean_days: NDArray[np.float64]
) -> NDArray[np.float64]:
    ratio = np.asarray(span_days, dtype=np.float64) / mean_days
    # expm1 keeps the digits of a short span; a span of 0 has the limit 1.
    share = np.where(ratio > 0, -np.expm1(-ratio) / np.where(ratio > 0, ratio, 1.0), 1.0)
    return np.exp(-np.asarray(from_days, dtype=np.float64) / mean_days) * share
