"""Movement in the band of dancing, as a complex signal that has a strength and a phase at each moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.signal import butter, hilbert, sosfiltfilt

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Slower is walking about; faster than twice a quick beat is limbs trembling and keypoints jumping.
SLOWEST_HZ, FASTEST_HZ, HIGHEST_SHARE_OF_RATE = 0.4, 4.0, 0.42
BRIDGED_S: Final = 0.5
SHORTEST_RUN_S: Final = 4.0
# The filter and the Hilbert transform know only one side of an end: half a second at either end is left out.
LOOSE_END_S: Final = 0.5


def in_band(series: NDArray[np.floating], rate: float) -> NDArray[np.complex128]:
    """The analytic signal, (n,), of a series of movement in the band from 0.4 to 4 Hz; NaN where it is unknown.

    Gaps up to half a second are bridged by straight lines; stretches below 4 s are left out. Butterworth of second order,
    run in both directions of time so that nothing is delayed; Hilbert transform.
    """
    fastest = min(FASTEST_HZ, HIGHEST_SHARE_OF_RATE * rate)
    sos = butter(2, [SLOWEST_HZ, fastest], "bandpass", fs=rate, output="sos")
    bridged = bridge(np.asarray(series, dtype=float), round(BRIDGED_S * rate))
    found = np.full(len(bridged), np.nan, dtype=complex)
    loose = round(LOOSE_END_S * rate)
    for start, stop in runs(np.isfinite(bridged)):
        if stop - start < SHORTEST_RUN_S * rate:
            continue
        part = bridged[start:stop]
        filtered = np.asarray(hilbert(sosfiltfilt(sos, part - part.mean())))
        found[start + loose : stop - loose] = filtered[loose : len(filtered) - loose]
    return found


def bridge(series: NDArray[np.float64], longest: int) -> NDArray[np.float64]:
    """The series with gaps of up to `longest` samples bridged by straight lines; longer gaps and both ends stay NaN."""
    known = np.isfinite(series)
    found = series.copy()
    for start, stop in runs(~known):
        if start > 0 and stop < len(series) and stop - start <= longest:
            found[start:stop] = np.interp(np.arange(start, stop), [start - 1, stop], [series[start - 1], series[stop]])
    return found


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]
