"""Where people stood, who was near whom, who came closer and who joined: what space says, as it is told of a clip."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.coverage import coverage, found
from commonbeat.record.video.instrument.measured import Moments, Person, Positions
from commonbeat.record.video.movement.series import group_movement, of_several

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.instrument.measured import Span
    from commonbeat.record.video.observed import Tracks
    from commonbeat.record.video.space.places import Place

LEAST_PAIR_S: Final = 5.0  # seen together for less, two people are no pair that anything is said of
MOVEMENT_RATE: Final = 10.0
LEAST_SECOND_S: Final = 0.1


def people_of(tracks: Tracks) -> tuple[Person, ...]:
    """Everybody who was followed."""
    told = []
    for track in tracks.tracks:
        times = tracks.times[track.start : track.start + len(track.keypoints)]
        tall = track.height_px[np.isfinite(track.height_px)]
        height = float(np.median(tall)) if len(tall) else float("nan")
        told.append(Person(track.number, float(times[0]), float(times[-1]), coverage(track), height))
    return tuple(told)


def pairs_of(places: Sequence[Place], times: NDArray[np.float64]) -> Iterator[tuple[Place, Place]]:
    """Two people at a time who were followed at once for long enough that something can be said of them."""
    for first, second in combinations(places, 2):
        start, stop = max(first.start, second.start), min(first.stop, second.stop)
        if stop > start + 1 and times[stop - 1] - times[start] >= LEAST_PAIR_S:
            yield first, second


def positions_of(tracks: Tracks, places: Sequence[Place]) -> Positions:
    """Where everybody stood in each frame, in median body heights of all."""
    heights = np.concatenate([each.steady_height for each in places]) if places else np.zeros(0)
    known = heights[np.isfinite(heights)]
    unit = float(np.median(known)) if len(known) else float("nan")
    times = [tracks.times[each.start : each.stop] for each in places]
    steady = np.concatenate([np.zeros((0, 2)), *(each.steady for each in places)]) / unit
    return Positions(
        times=np.concatenate([np.zeros(0), *times]),
        person=np.concatenate(
            [np.zeros(0, np.int32), *(np.full(len(each.picture), each.number, np.int32) for each in places)]
        ),
        across=steady[:, 0].astype(np.float32),
        down=steady[:, 1].astype(np.float32),
        height=(heights / unit).astype(np.float32),
        found=np.concatenate([np.zeros(0, bool), *(found(each) for each in tracks.tracks)]),
        passage=np.concatenate([np.zeros(0, np.int32), *(each.passage for each in places)]).astype(np.int32),
        body_height_px=unit,
    )


def moments_of(tracks: Tracks, span: Span, rate: float) -> Moments:
    """The group second by second: people found, their mean movement, and how much of the second was analysed."""
    # A clip's length is rarely whole: less than a tenth of a second at its end is no second of its own.
    seconds = np.arange(np.floor(span[0]), max(np.ceil(span[1] - LEAST_SECOND_S), np.floor(span[0]) + 1))
    edges = np.append(seconds, seconds[-1] + 1)
    present = np.zeros(len(tracks.times))
    for track in tracks.tracks:
        present[track.start : track.start + len(track.keypoints)] += found(track)
    frames = np.histogram(tracks.times, edges)[0]
    steady = np.ones(len(tracks.times)) if tracks.camera is None else (tracks.camera.passage >= 0).astype(float)
    moved = group_movement(tracks, MOVEMENT_RATE)
    mean = of_several(moved)
    known = np.isfinite(mean)
    samples = np.histogram(moved.times[known], edges)[0]
    total = np.histogram(moved.times[known], edges, weights=mean[known])[0]
    length = np.clip(np.minimum(edges[1:], span[1]) - np.maximum(edges[:-1], span[0]), 1e-9, 1.0)
    clear = np.histogram(tracks.times, edges, weights=steady)[0]
    return Moments(
        times=seconds,
        people=_over(np.histogram(tracks.times, edges, weights=present)[0], frames),
        energy=_over(total, samples),
        coverage=np.minimum(1.0, clear / np.maximum(np.maximum(frames, np.floor(rate * length)), 1)),
    )


def _over(total: NDArray[np.float64], count: NDArray[np.integer]) -> NDArray[np.float64]:
    """The mean, NaN where nothing was counted."""
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
