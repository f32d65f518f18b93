"""Spells of a condition over time: smoothed, with gaps bridged, and long enough to mean something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Spell = tuple[int, int]


def median_smoothed(values: NDArray[np.float64], times: NDArray[np.float64], seconds: float) -> NDArray[np.float64]:
    """Running medians over about so many seconds, NaN where the value itself is unknown; unknown neighbours do not count."""
    if len(values) < 3:
        return values.copy()
    half = int(seconds / max(float(np.median(np.diff(times))), 1e-9) / 2.0)
    if half < 1:
        return values.copy()
    padded = np.pad(values, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    known = np.isfinite(values)
    smooth = np.full_like(values, np.nan)
    smooth[known] = np.nanmedian(windows[known], axis=1)
    return smooth


def spells_below(values: NDArray[np.float64], enter: float, leave: float) -> NDArray[np.bool_]:
    """Inside once the value is at most `enter`, until it is above `leave`; an unknown value changes nothing."""
    inside = np.zeros(len(values), dtype=bool)
    now = False
    for place, value in enumerate(values.tolist()):
        if value <= enter:
            now = True
        elif value > leave:
            now = False
        inside[place] = now
    return inside


def spells(inside: NDArray[np.bool_]) -> list[Spell]:
    """The spells as (first, last) places, both inside."""
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    return [(int(start), int(stop) - 1) for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def bridged(found: Sequence[Spell], times: NDArray[np.float64], seconds: float) -> list[Spell]:
    """Spells with breaks of up to so many seconds between them joined."""
    joined: list[Spell] = []
    for start, stop in found:
        if joined and times[start] - times[joined[-1][1]] <= seconds:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def lasting(found: Sequence[Spell], times: NDArray[np.float64], seconds: float) -> list[Spell]:
    """Spells that last so many seconds or more."""
    return [(start, stop) for start, stop in found if times[stop] - times[start] >= seconds - 1e-6]
