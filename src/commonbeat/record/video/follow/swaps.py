"""Moments after which two people may have been taken for each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from commonbeat.record.video.follow.likeness import keypoint_likeness
from commonbeat.record.video.follow.people import displaced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.record.video.follow.people import People

# Poses this alike, or middles this close while one of the two is not found, can be taken for each other.
CONFUSABLE: Final = 0.3
CLOSE_HEIGHTS, APART_HEIGHTS = 0.45, 0.6


@dataclass(slots=True)
class Crossings:
    """Pairs that lie over each other now, and the swaps suspected so far.

    open: (first, second) -> (distance in heights at the closest, its time). A crossing is told once the two are apart
    again, or once one of them is lost in it: then the other may go on under either number.
    """

    open: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    suspected: list[tuple[float, int, int]] = field(default_factory=list)

    def step(self, people: People, time_s: float) -> None:
        """One more frame is known; people are those followed after it."""
        count = len(people.numbers)
        if count > 1:
            height = (people.height[:, None] + people.height[None, :]) / 2.0
            apart = np.linalg.norm(displaced(people.pose, people.pose), axis=-1) / height
            alike = keypoint_likeness(people.pose, people.pose, people.height)
            missed = people.last_s < time_s
            confusable = (np.maximum(alike, alike.T) > CONFUSABLE) & (apart < APART_HEIGHTS)
            confusable |= (missed[:, None] | missed[None, :]) & (apart < CLOSE_HEIGHTS)
            gone = (apart > APART_HEIGHTS) & ~missed[:, None] & ~missed[None, :]
            for one, other in np.argwhere(np.triu(confusable | gone, k=1)):
                pair = int(people.numbers[one]), int(people.numbers[other])
                if confusable[one, other]:
                    closest = self.open.get(pair, (np.inf, time_s))
                    self.open[pair] = min(closest, (float(apart[one, other]), time_s))
                else:
                    self._tell(pair)
        present = set(people.numbers.tolist())
        for pair in [each for each in self.open if not present.issuperset(each)]:
            self._tell(pair)

    def _tell(self, pair: tuple[int, int]) -> None:
        """The crossing of a pair, if there was one, is over and told."""
        crossing = self.open.pop(pair, None)
        if crossing is not None:
            self.suspected.append((crossing[1], *pair))

    def forget(self) -> None:
        """A scene has ended, and every crossing in it."""
        for pair in list(self.open):
            self._tell(pair)

    def to_arrays(self) -> dict[str, NDArray]:
        """Everything that tomorrow needs."""
        return {
            "open": np.array([[*pair, *closest] for pair, closest in self.open.items()]).reshape(-1, 4),
            "suspected": np.array(self.suspected).reshape(-1, 3),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray]) -> Crossings:
        """The crossings as they were when `to_arrays` was called."""
        opened = {(int(a), int(b)): (gap, time) for a, b, gap, time in arrays["open"].tolist()}
        return cls(opened, [(time, int(a), int(b)) for time, a, b in arrays["suspected"].tolist()])
