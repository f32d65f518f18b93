"""By how much the second of two follows the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from commonbeat.record.video.together.windows import (
    chosen_peak,
    lag_of,
    lag_with_interval,
    profile,
    windowed_correlations,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOW_S, STEP_S, LONGEST_LAG_S = 5.0, 2.5, 1.0
# Where movement repeats, peaks lie a period apart: the lag is read where the test looked, and the period told.
FURTHEST_S: Final = 0.5
# A second peak as high as this, relative to the first, could be the true lag as well.
RIVAL_SHARE: Final = 0.8


class Lag(NamedTuple):
    """seconds: positive where the second follows the first; low and high: 95 % interval; period_s: known up to this, or None."""

    seconds: float
    low: float
    high: float
    period_s: float | None


def lag_between(first: NDArray[np.complex128], second: NDArray[np.complex128], rate: float) -> Lag | None:
    """The lag of two signals in the band; None without three windows in which both are known."""
    found = windowed_correlations(
        first.real, second.real, round(WINDOW_S * rate), round(STEP_S * rate), round(LONGEST_LAG_S * rate)
    )
    furthest = round(FURTHEST_S * rate)
    known = lag_with_interval(found, furthest)
    if known is None:
        return None
    seconds, low, high = (each / rate for each in known)
    curve = profile(found)
    return Lag(seconds, low, high, _period_s(curve, chosen_peak(curve, found.lags, furthest), rate))


def _period_s(curve: NDArray[np.float64], top: int, rate: float) -> float | None:
    """How far the nearest rival peak lies from the chosen one, in seconds; None where there is no rival."""
    peaks = [place for place in range(1, len(curve) - 1) if curve[place - 1] < curve[place] >= curve[place + 1]]
    rivals = [place for place in peaks if place != top and curve[place] >= RIVAL_SHARE * curve[top]]
    if not rivals:
        return None
    nearest = min(rivals, key=lambda place: abs(place - top))
    there, here = (_between(curve, place) for place in (nearest, top))
    return abs(there - here) / rate


def _between(curve: NDArray[np.float64], place: int) -> float:
    """Where a peak lies, between samples."""
    around = slice(max(0, place - 1), place + 2)
    return lag_of(curve[around], np.arange(len(curve))[around])
