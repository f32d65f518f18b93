"""Ties that form among those who were there, and what they pass on later.

No card says how often a moment leaves an acquaintance behind: `tie_formation_chance` is assumed and wide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.moment import Moment
    from commonbeat.society import Society


class NewTies:
    """The ties that have formed in one arm, in both directions, sorted by the first person's row."""

    def __init__(self, society: Society) -> None:
        self._society = society
        self._pairs: set[tuple[int, int]] = set()
        self._first = np.empty(0, np.int32)
        self._second = np.empty(0, np.int32)

    @property
    def any(self) -> bool:
        """Whether any tie has formed so far."""
        return bool(self._pairs)

    def form(self, moment: Moment, chance: float, seed: int) -> int:
        """Pairs of those present who had no tie may have one now; returns how many ties are new."""
        present = moment.present
        left, right = np.triu_indices(len(present), k=1)
        ids = self._society.people.id[present]
        low, high = np.minimum(ids[left], ids[right]), np.maximum(ids[left], ids[right])
        formed = luck.uniforms(seed, luck.TIE_FORMS, moment.event, low, high) < chance
        before = len(self._pairs)
        for a, b in zip(present[left[formed]].tolist(), present[right[formed]].tolist(), strict=True):
            if b not in self._society.friends.row(a) and b not in self._society.household.row(a):
                self._pairs |= {(a, b), (b, a)}
        if len(self._pairs) > before:
            both = np.array(sorted(self._pairs), np.int32)
            self._first, self._second = both[:, 0].copy(), both[:, 1].copy()
        return (len(self._pairs) - before) // 2

    def pairs(self, direct: Experiences, chance: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """(entry of `direct`, row of the listener) of every telling along the new ties."""
        low = np.searchsorted(self._first, direct.person, side="left")
        many = np.searchsorted(self._first, direct.person, side="right") - low
        if not many.any():
            return np.empty(0, np.int64), np.empty(0, np.int32)
        entry = np.repeat(np.arange(len(direct.person)), many)
        position = np.arange(len(entry)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(low, many)
        listener = self._second[position]
        ids = self._society.people.id
        coin = luck.uniforms(seed, luck.TELL, direct.event[entry], ids[direct.person[entry]], ids[listener])
        return entry[coin < chance], listener[coin < chance]
