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
    frames, rows = [inside], [place.astype(np.float32)]
    for k, moment in enumerate(at):  # what neighbours saw, so that a quick head does not outrun its circle
        near = np.flatnonzero(np.abs(times - moment) <= NEIGHBOUR_S)
        near = near[(near >= first) & (near < behind) & (near != seen[k])]
        frames.append(near)
        rows.append(np.repeat(circles[k : k + 1, :3], len(near), axis=0))
    return np.concatenate(frames), np.concatenate(rows)
