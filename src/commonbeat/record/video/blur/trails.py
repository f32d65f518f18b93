"""Circles of one head over time: each sighting is joined to the nearest trail that can have come there.

Nobody is recognised: only place, size and the time since count, and a trail never crosses a cut.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from commonbeat.record.video.blur.heads import RADIUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.record.video.blur.sightings import Sightings

BRIDGE_S: Final = 0.6
"""A head unseen for up to this long and found again where it can be is one trail, and is covered all the while."""

REACH_RADII: Final = 1.5
REACH_RADII_PER_S: Final = 6.0
"""How far a head may be from where it is expected: its own size at once, and more with each second of absence."""

MOST_SIZE_CHANGE: Final = 2.2


@dataclass(slots=True, eq=False)
class Trail:
    """One head: frames (n,) and circles (n, 4) in which it was seen, in order."""

    frames: list[int] = field(default_factory=list)
    circles: list[NDArray[np.float32]] = field(default_factory=list)

    def expected(self, times: list[float], frame: int) -> NDArray[np.floating]:
        """Where the head would be if it went on as in its last quarter of a second, (2,) pixels; for half a second at most."""
        back = max(len(self.frames) - 2, 0)
        while back > 0 and times[self.frames[-1]] - times[self.frames[back - 1]] <= 0.25:
            back -= 1
        span = times[self.frames[-1]] - times[self.frames[back]]
        last = self.circles[-1][:2]
        if span <= 0:
            return last
        speed = (last - self.circles[back][:2]) / span
        return last + speed * min(times[frame] - times[self.frames[-1]], 0.5)

    def place(self, frame: int) -> NDArray[np.floating]:
        """The circle at a frame of the trail's life, between its two sightings around it, (4,)."""
        after = bisect_left(self.frames, frame)
        if after < len(self.frames) and self.frames[after] == frame:
            return self.circles[after]
        share = (frame - self.frames[after - 1]) / (self.frames[after] - self.frames[after - 1])
        return self.circles[after - 1] + share * (self.circles[after] - self.circles[after - 1])


def trails_of(sightings: Sightings) -> list[Trail]:
    """All sightings as trails, each in exactly one; in the order in which they begin."""
    finished: list[Trail] = []
    open_trails: list[Trail] = []
    for frame, circles in enumerate(sightings.heads):
        now = sightings.times[frame]
        if frame and sightings.cut[frame]:
            finished += open_trails
            open_trails = []
        gone = [each for each in open_trails if now - sightings.times[each.frames[-1]] > BRIDGE_S]
        finished += gone
        open_trails = [each for each in open_trails if each not in gone]
        taken = _continue(open_trails, circles, sightings.times, frame)
        for k, circle in enumerate(circles):
            if k not in taken:
                open_trails.append(Trail([frame], [circle]))
    return sorted(finished + open_trails, key=lambda trail: trail.frames[0])


def _continue(trails: list[Trail], circles: NDArray[np.float32], times: list[float], frame: int) -> set[int]:
    """The circles that continue a trail were joined to it; returns their places."""
    if not trails or not len(circles):
        return set()
    cost = np.full((len(trails), len(circles)), 1e6)
    for row, trail in enumerate(trails):
        waited = times[frame] - times[trail.frames[-1]]
        expected, last = trail.expected(times, frame), trail.circles[-1]
        larger = np.maximum(circles[:, RADIUS], last[RADIUS])
        apart = np.minimum(np.hypot(*(circles[:, :2] - expected).T), np.hypot(*(circles[:, :2] - last[:2]).T))
        ratio = larger / np.minimum(circles[:, RADIUS], last[RADIUS])
        able = (apart < (REACH_RADII + REACH_RADII_PER_S * waited) * larger) & (ratio < MOST_SIZE_CHANGE)
        cost[row, able] = (apart / larger + np.log(ratio) + waited)[able]
    taken = set()
    for row, column in zip(*linear_sum_assignment(cost), strict=True):
        if cost[row, column] < 1e6:
            trails[row].frames.append(frame)
            trails[row].circles.append(circles[column])
            taken.add(int(column))
    return taken
