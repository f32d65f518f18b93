"""What is painted over in each frame: every circle that was seen, those between two sightings, and those before and after.

The detectors miss frames; a head that shows for one frame shows. So a trail is filled between its sightings, held for a while
before its first and after its last, and each frame also gets what its neighbours have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.blur.heads import RADIUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.blur.sightings import Sightings
    from commonbeat.record.video.blur.trails import Trail

HOLD_S: Final = 0.5
HOLD_GROWTH_PER_S: Final = 1.6
"""How much wider a held circle gets with each second, in radii: the head may move on unseen."""

MOST_CARRIED_RADII: Final = 3.0
SPEED_S: Final = 0.25

FILL_GROWTH_PER_S: Final = 1.2
"""The same for the nearer of the two sightings between which a circle is filled in."""

NEIGHBOUR_S: Final = 0.045
"""A frame is also painted with the circles that were seen this long before and after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Circles of all frames in one list: (n, 3) float32 x, y, radius; those of frame k are rows starts[k] to starts[k + 1]."""

    circles: NDArray[np.float32]
    starts: NDArray[np.int64]

    def of(self, frame: int) -> NDArray[np.float32]:
        """(m, 3) circles of one frame."""
        return self.circles[self.starts[frame] : self.starts[frame + 1]]


def cover_of(trails: list[Trail], sightings: Sightings) -> Cover:
    """The cover of every frame, in the pixels of the sightings."""
    times = np.array(sightings.times)
    borders = sightings.cuts
    rows = [_trail_cover(trail, times, *_scene(trail.frames[0], borders)) for trail in trails]
    frames = np.concatenate([np.zeros(0, np.int64), *(each[0] for each in rows)])
    circles = np.concatenate([np.zeros((0, 3), np.float32), *(each[1] for each in rows)])
    order = np.argsort(frames, kind="stable")
    starts = np.searchsorted(frames[order], np.arange(len(times) + 1))
    return Cover(circles[order], starts.astype(np.int64))


def _scene(frame: int, borders: NDArray[np.int64]) -> tuple[int, int]:
    """The first frame of the scene and the first behind it."""
    after = int(np.searchsorted(borders, frame, side="right"))
    return int(borders[after - 1]), int(borders[after])


def _trail_cover(
    trail: Trail, times: NDArray[np.float64], first: int, behind: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Frames and circles of one trail within its scene."""
    seen = np.array(trail.frames)
    circles = np.array(trail.circles, np.float32)
    at = times[seen]
    inside = np.flatnonzero((times >= at[0] - HOLD_S) & (times <= at[-1] + HOLD_S))
    inside = inside[(inside >= first) & (inside < behind)]
    now = times[inside]
    place = np.stack([np.interp(now, at, circles[:, axis]) for axis in (0, 1, RADIUS)], axis=1)
    after = np.clip(np.searchsorted(at, now), 0, len(at) - 1)
    before = np.clip(np.searchsorted(at, now, side="right") - 1, 0, len(at) - 1)
    away = np.minimum(np.abs(at[after] - now), np.abs(now - at[before]))
    held = (now < at[0]) | (now > at[-1])
    place[:, 2] *= 1 + away * np.where(held, HOLD_GROWTH_PER_S, FILL_GROWTH_PER_S)
    _carry_on(place, now, at, circles)
    beside, again = _neighbours(times, at, first, behind)
    frames = np.concatenate([inside, beside])
    return frames, np.concatenate([place, circles[again, :3]]).astype(np.float32)


def _carry_on(
    place: NDArray[np.float64], now: NDArray[np.float64], at: NDArray[np.float64], circles: NDArray[np.float32]
) -> None:
    """Held circles reach from where the head was to where it would be at its last speed, at most three radii away. In place."""
    for rows, end, inner in ((now > at[-1], -1, _earlier(at)), (now < at[0], 0, _later(at))):
        if inner is None or not rows.any():
            continue
        velocity = (circles[end, :2] - circles[inner, :2]) / (at[end] - at[inner])
        moved = velocity * (now[rows] - at[end])[:, None]
        far = np.hypot(*moved.T)[:, None]
        moved *= np.minimum(1.0, MOST_CARRIED_RADII * circles[end, RADIUS] / np.maximum(far, 1e-6))
        place[rows, :2] += moved / 2
        place[rows, 2] += np.hypot(*moved.T) / 2


def _earlier(at: NDArray[np.float64]) -> int | None:
    """The sighting by which the speed at the end is told: a quarter of a second before the last, or the one before it."""
    return None if len(at) < 2 else min(int(np.searchsorted(at, at[-1] - SPEED_S)), len(at) - 2)


def _later(at: NDArray[np.float64]) -> int | None:
    """The same for the speed at the beginning."""
    return None if len(at) < 2 else max(int(np.searchsorted(at, at[0] + SPEED_S, side="right")) - 1, 1)


def _neighbours(
    times: NDArray[np.float64], at: NDArray[np.float64], first: int, behind: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Frames just before and after each sighting, and the sighting's number, so that a quick head does not outrun its circle."""
    start = np.maximum(np.searchsorted(times, at - NEIGHBOUR_S), first)
    end = np.minimum(np.searchsorted(times, at + NEIGHBOUR_S, side="right"), behind)
    again = np.repeat(np.arange(len(at)), end - start)
    within = np.arange(len(again)) - np.repeat(np.cumsum(end - start) - (end - start), end - start)
    return start[again] + within, again
