"""The shares of one clip as arrays: when, by somebody with how many followers, of which group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOUR, DAY = 3600.0, 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class ShareLog:
    """Shares in the order of time; the first entry is the post itself.

    seconds [n + 1]: since the post, ascending from 0. followers [n + 1]: of whoever shared, or None where nobody knows. groups [n + 1]: the
    sharer's group, '' where it is not known, or None. clock: the post's moment in days of universal time, or None where no zone is known; only its
    fraction, the time of day, is used. observed: seconds since the post up to which every share is in the log. Nothing here says who shared.
    """

    seconds: NDArray[np.float64]
    observed: float
    followers: NDArray[np.float64] | None = None
    groups: NDArray[np.str_] | None = None
    clock: float | None = None

    @property
    def shares(self) -> int:
        """How many shares there are; the post is none."""
        return len(self.seconds) - 1

    def count(self, age: float) -> int:
        """Shares up to an age in seconds."""
        return int(np.searchsorted(self.seconds, age, side="right")) - 1

    def cut(self, age: float) -> ShareLog:
        """The log as it stood when the clip was `age` seconds old."""
        kept = self.count(age) + 1
        return replace(
            self,
            seconds=self.seconds[:kept],
            observed=age,
            followers=None if self.followers is None else self.followers[:kept],
            groups=None if self.groups is None else self.groups[:kept],
        )
