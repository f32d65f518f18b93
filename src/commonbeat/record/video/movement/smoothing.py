"""Smoothing on an even grid that treats both directions of time alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter1d

if TYPE_CHECKING:
    from numpy.typing import NDArray


def low_passed(values: NDArray[np.floating], rate: float, cutoff_hz: float) -> NDArray[np.float64]:
    """Values along axis 0 with what is faster than the cutoff taken out; at the cutoff .71 of the amplitude is left.

    A Gaussian of standard deviation sqrt(ln 2) / (2 pi cutoff) seconds: no overshoot and no delay, so that time-reversed
    movement gives the time-reversed result.
    """
    spread_s = np.sqrt(np.log(2.0)) / (2.0 * np.pi * cutoff_hz)
    return gaussian_filter1d(np.asarray(values, dtype=float), spread_s * rate, axis=0, mode="nearest")


def rate_of_change(values: NDArray[np.floating], rate: float) -> NDArray[np.float64]:
    """The change per second along axis 0, by central differences; at an end, of the last step alone."""
    return np.gradient(np.asarray(values, dtype=float), 1.0 / rate, axis=0)
