"""Sightings become tracks: one per person, with heights, steady positions, and gaps left open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.record.video.follow.height import height_now, smoothed_height
from commonbeat.record.video.follow.sides import same_sides
from commonbeat.record.video.observed import Track, Tracks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.observed import Camera

# Somebody found in fewer frames, or over a shorter time, is taken for a mistake of the pose model; they are counted.
LEAST_FRAMES, LEAST_S = 3, 0.3


def gathered(
    times: NDArray[np.float64],
    sightings: Mapping[str, NDArray],
    crossings: Sequence[tuple[float, int, int]],
    camera: Camera | None,
) -> Tracks:
    """Tracks numbered 1, 2, ... in the order in which people were first found; crossings of people left out go with them."""
    order = np.argsort(sightings["numbers"], kind="stable")
    numbers, frames = sightings["numbers"][order], sightings["frames"][order]
    renumbered: dict[int, int] = {}
    tracks = []
    left_out = 0
    for rows in np.split(np.arange(len(numbers)), np.flatnonzero(np.diff(numbers)) + 1):
        where = frames[rows]
        if len(where) < LEAST_FRAMES or times[where[-1]] - times[where[0]] < LEAST_S:
            left_out += len(where)
            continue
        renumbered[int(numbers[rows[0]])] = len(tracks) + 1
        tracks.append(_track(len(tracks) + 1, where, sightings["poses"][order[rows]], times, camera))
    known = [(when, renumbered[a], renumbered[b]) for when, a, b in crossings if a in renumbered and b in renumbered]
    swaps = np.array(sorted(known), dtype=np.float64).reshape(-1, 3)
    return Tracks(times, tuple(tracks), swaps, camera, left_out)


def _track(
    number: int,
    where: NDArray[np.integer],
    poses: NDArray[np.float32],
    times: NDArray[np.float64],
    camera: Camera | None,
) -> Track:
    """One person from the first to the last frame in which they were found."""
    start, length = int(where[0]), int(where[-1] - where[0]) + 1
    keypoints = np.full((length, 17, 3), np.nan, dtype=np.float32)
    keypoints[where - start] = same_sides(poses, height_now(poses))
    span = slice(start, start + length)
    return Track(
        number,
        start,
        keypoints,
        steadied(keypoints, camera, span),
        smoothed_height(height_now(keypoints), times[span]),
    )


def steadied(keypoints: NDArray[np.float32], camera: Camera | None, span: slice) -> NDArray[np.float32]:
    """Positions with the camera's own motion taken out, (length, 17, 2); NaN where it could not be measured."""
    if camera is None:
        return keypoints[..., :2].copy()
    place = keypoints[..., 0] + 1j * keypoints[..., 1]
    moved = camera.turn[span, None] * place + camera.shift[span, None]
    unknown = camera.passage[span, None] < 0
    return np.where(unknown[..., None], np.nan, np.stack([moved.real, moved.imag], axis=-1)).astype(np.float32)
