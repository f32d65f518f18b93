"""Stretches in which one person was followed without a long gap before a camera whose motion is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.body import seen
from commonbeat.record.video.follow.coverage import found, passage, zoom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Track, Tracks

# A gap that is bridged by a straight line, and the shortest stretch that says anything about movement.
BRIDGED_S, SHORTEST_S = 0.35, 0.5
# Times nearer than this are the same.
SAME_S: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """One stretch on the even grid: first, the place of its first sample on the grid.

    place: (samples, 17, 2) steady pixels; weight: (samples, 17) score of each keypoint, 0 where it is hidden; height:
    (samples,) body height in steady pixels.
    """

    first: int
    place: NDArray[np.float64]
    weight: NDArray[np.float64]
    height: NDArray[np.float64]


def grid_of(tracks: Tracks, rate: float) -> NDArray[np.float64]:
    """Even times from the first to the last analysed frame, `rate` a second."""
    if not len(tracks.times):
        return np.zeros(0)
    first, last = float(tracks.times[0]), float(tracks.times[-1])
    return first + np.arange(int(np.floor((last - first) * rate + 1e-6)) + 1) / rate


def stretches(tracks: Tracks, track: Track, grid: NDArray[np.float64]) -> Iterator[Stretch]:
    """The stretches of one track, each on the grid."""
    times = tracks.times[track.start : track.start + len(track.keypoints)]
    shot, height = passage(tracks, track), track.height_px * zoom(tracks, track)
    usable = np.flatnonzero(found(track) & (shot >= 0) & np.isfinite(height))
    if not usable.size:
        return
    broken = (np.diff(times[usable]) > BRIDGED_S) | (np.diff(shot[usable]) != 0)
    for frames in np.split(usable, np.flatnonzero(broken) + 1):
        if times[frames[-1]] - times[frames[0]] < SHORTEST_S:
            continue
        first, stop = np.searchsorted(grid, [times[frames[0]] - 1e-9, times[frames[-1]] + 1e-9])
        if stop - first >= 2:
            yield _on_grid(track, frames, times, height, grid[first:stop], int(first))


def _on_grid(
    track: Track,
    frames: NDArray[np.intp],
    times: NDArray[np.float64],
    height: NDArray[np.floating],
    grid: NDArray[np.float64],
    first: int,
) -> Stretch:
    """One stretch brought onto the grid, keypoint by keypoint; a hidden keypoint lies on a straight line and weighs nothing."""
    place, weight = np.zeros((len(grid), 17, 2)), np.zeros((len(grid), 17))
    visible = seen(track.keypoints[frames])
    for part in range(17):
        known = frames[visible[:, part]]
        if len(known) < 2:
            continue
        at = times[known]
        for axis in range(2):
            place[:, part, axis] = np.interp(grid, at, track.steady[known, part, axis])
        gap = np.where((grid >= at[0] - SAME_S) & (grid <= at[-1] + SAME_S), _gap_round(at, grid), np.inf)
        weight[:, part] = np.where(gap <= BRIDGED_S, np.interp(grid, at, track.keypoints[known, part, 2]), 0.0)
    return Stretch(first, place, weight, np.interp(grid, times[frames], height[frames]))


def _gap_round(at: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far apart the known times on both sides of each grid time lie; on a known time, the shorter of both gaps."""
    gaps = np.diff(at)
    sides = [np.clip(np.searchsorted(at, grid + shift) - 1, 0, len(gaps) - 1) for shift in (-SAME_S, SAME_S)]
    return np.minimum(gaps[sides[0]], gaps[sides[1]])
