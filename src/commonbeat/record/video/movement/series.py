"""How much each track moves, over time: for measures of pairs and of the group, and never a person's score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.movement.jitter import jitter_speed
from commonbeat.record.video.movement.smoothing import low_passed, rate_of_change
from commonbeat.record.video.movement.stretches import grid_of, stretches

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from commonbeat.record.video.movement.stretches import Stretch
    from commonbeat.record.video.observed import Track, Tracks

# Human movement lies below about 6 Hz (Winter 2009, chapter 3); what is faster is mostly the jitter of keypoints.
FASTEST_HZ: Final = 5.0
# Slower than this is walking about and bending down, not a bounce to music of 60 beats a minute or more.
SLOWEST_BOUNCE_HZ: Final = 0.3
LEAST_KEYPOINTS: Final = 5
FEWEST_IN_A_MEAN: Final = 2
# Nose, shoulders and hips: the parts that rise and sink with the whole body.
BOUNCING: Final = (0, 5, 6, 11, 12)


@dataclass(frozen=True, slots=True, eq=False)
class Movement:
    """Movement on an even grid of times (n,), seconds; numbers (tracks,) say whose row is which.

    series: (tracks, n) float32, the mean speed of the keypoints in body heights a second, weighted by their scores;
    vertical: (tracks, n) float32, how far head and trunk stand above their slow drift, in body heights, up positive. NaN
    where a person was not followed or the camera's motion is unknown. coverage: (tracks,) known share of each track's span.
    jitter: (tracks,) the speed that the jitter of keypoints alone would give a body at rest, NaN where it cannot be learnt.
    """

    times: NDArray[np.float64]
    numbers: NDArray[np.int64]
    series: NDArray[np.float32]
    vertical: NDArray[np.float32]
    coverage: NDArray[np.float64]
    jitter: NDArray[np.float64]
    rate: float


@dataclass(frozen=True, slots=True, eq=False)
class GroupMovement:
    """Movement of everybody over time.

    times: (n,) seconds; mean: (n,) body heights a second over those known, NaN where nobody is; people: (n,) how many
    the mean goes over.
    """

    times: NDArray[np.float64]
    mean: NDArray[np.float64]
    people: NDArray[np.int64]


def movement_series(tracks: Tracks, rate: float, numbers: Collection[int] | None = None) -> Movement:
    """The movement of all tracks, or of those with these numbers, `rate` samples a second.

    Steady positions are brought onto the grid (gaps up to .35 s by straight lines), low-passed below 5 Hz, and their change is
    divided by the body's height there; both directions of time, left and right, and all sizes give the same.
    """
    grid = grid_of(tracks, rate)
    chosen = [each for each in tracks.tracks if numbers is None or each.number in numbers]
    series = np.full((len(chosen), len(grid)), np.nan, dtype=np.float32)
    vertical = np.full_like(series, np.nan)
    coverage, jitter = np.zeros(len(chosen)), np.zeros(len(chosen))
    for row, track in enumerate(chosen):
        for each in stretches(tracks, track, grid):
            span = slice(each.first, each.first + len(each.height))
            series[row, span], vertical[row, span] = _speed(each, rate), _bounce(each, rate)
        span_s = tracks.times[track.start : track.start + len(track.keypoints)]
        jitter[row] = jitter_speed(track, span_s, rate, FASTEST_HZ)
        coverage[row] = _known_share(series[row], tracks, track, rate)
    numbers_kept = np.array([each.number for each in chosen], dtype=np.int64)
    return Movement(grid, numbers_kept, series, vertical, coverage, jitter, rate)


def group_movement(tracks: Tracks, rate: float) -> GroupMovement:
    """The mean movement of everybody known at each time; memory does not grow with the number of tracks."""
    grid = grid_of(tracks, rate)
    total, people = np.zeros(len(grid)), np.zeros(len(grid), dtype=np.int64)
    for track in tracks.tracks:
        for each in stretches(tracks, track, grid):
            speed = _speed(each, rate)
            known = np.isfinite(speed)
            span = slice(each.first, each.first + len(speed))
            total[span] += np.where(known, speed, 0.0)
            people[span] += known
    return GroupMovement(grid, np.where(people > 0, total / np.maximum(people, 1), np.nan), people)


def of_several(moved: GroupMovement) -> NDArray[np.float64]:
    """The mean movement (n,) where it goes over two people and more, else NaN: the mean of one is that person's measure."""
    return np.where(moved.people >= FEWEST_IN_A_MEAN, moved.mean, np.nan)


def pair_movement(movement: Movement, first: int, second: int) -> NDArray[np.float64]:
    """The mean movement of two people, (n,), NaN where either is unknown."""
    rows = [int(np.flatnonzero(movement.numbers == number)[0]) for number in (first, second)]
    return movement.series[rows].astype(float).mean(axis=0)


def _speed(stretch: Stretch, rate: float) -> NDArray[np.float64]:
    """Mean speed of the keypoints in view, body heights a second, NaN with fewer than five."""
    moved = rate_of_change(low_passed(stretch.place, rate, FASTEST_HZ), rate)
    speeds = np.linalg.norm(moved, axis=-1) / stretch.height[:, None]
    return _weighted_mean(speeds, stretch.weight, LEAST_KEYPOINTS)


def _bounce(stretch: Stretch, rate: float) -> NDArray[np.float64]:
    """How far head and trunk stand above their slow drift, body heights; each part from its own, so that hiding one is no jump."""
    parts = list(BOUNCING)
    risen = -stretch.place[:, parts, 1]
    deviation = low_passed(risen, rate, FASTEST_HZ) - low_passed(risen, rate, SLOWEST_BOUNCE_HZ)
    return _weighted_mean(deviation / stretch.height[:, None], stretch.weight[:, parts], 1)


def _weighted_mean(values: NDArray[np.float64], weight: NDArray[np.float64], least: int) -> NDArray[np.float64]:
    """The mean over the last axis by weight, NaN where fewer than `least` weigh anything."""
    total = weight.sum(axis=-1)
    enough = (weight > 0).sum(axis=-1) >= least
    return np.where(enough, (values * weight).sum(axis=-1) / np.maximum(total, 1e-9), np.nan)


def _known_share(row: NDArray[np.float32], tracks: Tracks, track: Track, rate: float) -> float:
    """The known share of the samples between a track's first and last frame."""
    span_s = tracks.times[track.start + len(track.keypoints) - 1] - tracks.times[track.start]
    return min(1.0, float(np.isfinite(row).sum() / max(1.0, np.floor(span_s * rate))))
