"""How far apart two people are, in body heights, in the plane of the picture.

One camera sees no depth. Two people one behind the other look near; whoever stands further away also looks smaller, so a
pair whose heights differ by more than 1.6 times is marked: an adult of 1.75 m and a child of 1.1 m side by side just pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from commonbeat.record.video.space.places import Place

HEIGHTS_DIFFER: Final = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class PairDistance:
    """Two people over the frames from `start` on in which both are followed.

    heights: (length,) distance in the mean of the two body heights, NaN where either is unknown; depth_unclear: (length,)
    whether the two heights differ so much that the distance may be one in depth; sd: by the jitter of keypoints, in
    body heights; coverage: share of the frames in which the distance is known.
    """

    first: int
    second: int
    start: int
    heights: NDArray[np.float64]
    depth_unclear: NDArray[np.bool_]
    sd: float

    @property
    def coverage(self) -> float:
        """The share of the frames with both followed in which the distance is known, 0 to 1."""
        return float(np.isfinite(self.heights).mean())

    @property
    def depth_unclear_share(self) -> float:
        """The share of the known distances that may be distances in depth."""
        known = np.isfinite(self.heights)
        return float(self.depth_unclear[known].mean()) if known.any() else 0.0


def joint(first: Place, second: Place) -> tuple[slice, slice, int] | None:
    """The frames in which both are followed: their slices and the first frame, or None if there are none."""
    start, stop = max(first.start, second.start), min(first.stop, second.stop)
    if stop <= start:
        return None
    return slice(start - first.start, stop - first.start), slice(start - second.start, stop - second.start), start


def pair_distance(first: Place, second: Place) -> PairDistance | None:
    """The distance of two people over time, or None if they were never followed at once."""
    shared = joint(first, second)
    if shared is None:
        return None
    one, other, start = shared
    tall, small = first.height[one], second.height[other]
    apart = np.linalg.norm(first.picture[one] - second.picture[other], axis=1) / ((tall + small) / 2.0)
    with np.errstate(invalid="ignore"):
        differ = np.maximum(tall, small) / np.minimum(tall, small) > HEIGHTS_DIFFER
    sd = float(np.hypot(first.jitter, second.jitter))
    return PairDistance(first.number, second.number, start, apart, differ, sd)


def pair_distances(places: Sequence[Place]) -> Iterator[PairDistance]:
    """The distances of all pairs that were ever followed at once, one pair at a time to spare memory."""
    for first, second in combinations(places, 2):
        found = pair_distance(first, second)
        if found is not None:
            yield found
