"""Windowed cross-correlation with lags: the measure of studies of movement in talk, and where the lag is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LARGEST_CORRELATION: Final = 0.999999  # Fisher's z of 1 is infinite
DRAWS, MIDDLE_SHARE = 499, (2.5, 97.5)
Z_DRAWS_SEED: Final = 20_405


@dataclass(frozen=True, slots=True, eq=False)
class Correlations:
    """Pearson correlations r (windows, 2 L + 1) of windows that start at starts (windows,); lags (2 L + 1,) in samples.

    At lag l the second series' window lies l samples later: a positive lag says that the second follows the first. NaN where
    a window is not wholly known, or nothing moves in it.
    """

    starts: NDArray[np.int64]
    lags: NDArray[np.int64]
    r: NDArray[np.float64]


def windowed_correlations(
    first: NDArray[np.float64], second: NDArray[np.float64], window: int, step: int, longest_lag: int
) -> Correlations:
    """The cross-correlations of windows of `window` samples, every `step` samples, at all lags up to `longest_lag`.

    Windows of the first series whose lagged partner would lie outside are left out (Boker et al. 2002).
    """
    starts = np.arange(longest_lag, len(first) - window - longest_lag + 1, step)
    lags = np.arange(-longest_lag, longest_lag + 1)
    if not len(starts):
        return Correlations(starts, lags, np.zeros((0, len(lags))))
    view = np.lib.stride_tricks.sliding_window_view
    ones, twos = _standard(view(first, window)[starts]), view(second, window)
    r = np.stack([(ones * _standard(twos[starts + lag])).sum(axis=1) for lag in lags], axis=1)
    return Correlations(starts, lags, np.clip(r, -1.0, 1.0))


def fisher_z(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fisher's z, atanh(r)."""
    return np.arctanh(np.clip(r, -LARGEST_CORRELATION, LARGEST_CORRELATION))


def grand_average(correlations: Correlations) -> float:
    """The mean of |z| over all windows and lags: the overall synchrony of rMEA (Kleinbub & Ramseyer 2021)."""
    return float(np.nanmean(np.abs(fisher_z(correlations.r))))


def profile(correlations: Correlations) -> NDArray[np.float64]:
    """The mean z over windows at each lag, (2 L + 1,)."""
    z = fisher_z(correlations.r)
    return z[np.isfinite(z).all(axis=1)].mean(axis=0)


def lag_of(curve: NDArray[np.float64], lags: NDArray[np.int64]) -> float:
    """The lag of the highest point, between samples by the parabola through it and its neighbours."""
    top = int(np.argmax(curve))
    if top in {0, len(curve) - 1}:
        return float(lags[top])
    before, here, after = curve[top - 1 : top + 2]
    bend = before - 2 * here + after
    return float(lags[top] + (0.5 * (before - after) / bend if bend < 0 else 0.0))


def lag_with_interval(correlations: Correlations, furthest: int) -> tuple[float, float, float] | None:
    """The lag in samples, at most `furthest` from none, and its 95 % interval; None without three whole windows.

    The interval is of windows drawn anew with replacement, and stays on the peak that was chosen, between the valleys beside it.
    """
    z = fisher_z(correlations.r)
    z = z[np.isfinite(z).all(axis=1)]
    if len(z) < 3:
        return None
    curve = z.mean(axis=0)
    peak = peak_around(curve, chosen_peak(curve, correlations.lags, furthest))
    lags, luck = correlations.lags[peak], np.random.default_rng(Z_DRAWS_SEED)
    drawn = [lag_of(z[luck.integers(len(z), size=len(z)), peak].mean(axis=0), lags) for _ in range(DRAWS)]
    low, high = np.percentile(drawn, MIDDLE_SHARE)
    middle = lag_of(curve[peak], lags)
    return middle, min(float(low), middle), max(float(high), middle)


def chosen_peak(curve: NDArray[np.float64], lags: NDArray[np.int64], furthest: int) -> int:
    """The place of the highest point among lags at most `furthest` from none."""
    return int(np.argmax(np.where(np.abs(lags) <= furthest, curve, -np.inf)))


def peak_around(curve: NDArray[np.float64], top: int) -> slice:
    """From the valley before a place to the valley behind it."""
    start, stop = top, top
    while start > 0 and curve[start - 1] < curve[start]:
        start -= 1
    while stop < len(curve) - 1 and curve[stop + 1] < curve[stop]:
        stop += 1
    return slice(start, stop + 1)


def _standard(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each row with mean 0 and sum of squares 1; NaN where it is not known or does not vary."""
    centred = windows - windows.mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.divide(centred, size, out=np.full_like(centred, np.nan), where=size > 1e-12)
