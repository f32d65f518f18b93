"""The times of a clip's frames as its packets state them, before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

VARIABLE_SHARE = 0.05
"""An interval that differs from the median by more than this, and by more than 2 ms, is a rate that varies."""


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """When the frames of a clip are shown. stamps: (frames,) int64, sorted, in units of `unit` seconds.

    last_s: how long the last frame is shown. left_out: frames before the first that stands on its own, which no
    decoder can make.
    """

    stamps: NDArray[np.int64]
    unit: Fraction
    last_s: float
    left_out: int = 0

    @property
    def times(self) -> NDArray[np.float64]:
        """Seconds since the first frame, (frames,) float64."""
        return (self.stamps - self.stamps[0]) * float(self.unit)

    @property
    def seconds(self) -> float:
        """From the first frame's appearance to the last one's end."""
        return float(self.times[-1]) + self.last_s

    def rate(self) -> float:
        """Frames per second over the whole clip."""
        return len(self.stamps) / self.seconds

    def varies(self) -> bool:
        """Whether the frames come at uneven times, beyond what rounding to the file's unit makes."""
        steps = np.diff(self.times)
        usual = float(np.median(steps))
        allowed = max(VARIABLE_SHARE * usual, 0.002, 1.01 * float(self.unit))
        return bool(np.any(np.abs(steps - usual) > allowed))


def timeline_of(
    stamps: list[int], keys: list[bool], lengths: list[int], unit: Fraction, floor: int | None = None
) -> Timeline:
    """The timeline of packets in the order of decoding; those that lean on frames before the first key frame go.

    floor: the earliest time that can be made, where it is not that of the first key frame.

    Raises ValueError when no packet stands on its own, or two carry one time.
    """
    if True not in keys:
        raise ValueError("no frame of it stands on its own")
    first = keys.index(True)
    least = stamps[first] if floor is None else floor
    kept = [stamp for stamp in stamps[first:] if stamp >= least]
    order = np.unique(np.array(kept, dtype=np.int64))
    if len(order) != len(kept):
        raise ValueError("several frames of it carry the same time")
    steps = np.diff(order)
    length = lengths[stamps.index(int(order[-1]))] or (int(np.median(steps)) if len(steps) else 0)
    return Timeline(order, unit, float(length * unit), len(stamps) - len(kept))


def picked(times: NDArray[np.float64], rate: float | None, start_s: float) -> NDArray[np.int64]:
    """The frames to be shown, by index: all, or the nearest to every 1/rate second; those from `start_s` on.

    The grid begins at the clip's beginning whatever `start_s` is, so that work that resumes meets the same frames.
    """
    if rate is None:
        chosen = np.arange(len(times))
    else:
        grid = np.arange(int(times[-1] * rate + 1e-9) + 1) / rate
        after = np.clip(np.searchsorted(times, grid), 1, max(len(times) - 1, 1))
        nearer = np.where(grid - times[after - 1] <= times[after] - grid, after - 1, after)
        chosen = np.unique(nearer)
    return chosen[times[chosen] >= start_s - 1e-6]
