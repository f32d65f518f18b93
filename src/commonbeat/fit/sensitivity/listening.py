"""Telling that reaches a few people only: the ties that lead to them, with everybody's coins.

The coin of a telling belongs to (event, teller, listener), so leaving out listeners takes nothing from those who stay. Ties are symmetric
within each layer: those that lead to a person are the person's own, turned round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.simulate.experiences import chosen
from commonbeat.simulate.telling import Telling
from commonbeat.society.ties import Friends, Ties, group_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.simulate.telling import Pairs
    from commonbeat.society import Society


class TellingTo(Telling):
    """The part of a society's telling that reaches these people (rows, each once)."""

    def __init__(self, whole: Telling, society: Society, listeners: NDArray[np.integer]) -> None:
        household, friends = _ties_to(society, listeners)
        self._along = whole.along(household, friends)
        self._tells = (household.degrees + friends.degrees) > 0

    def pairs(self, direct: Experiences, parameters: Mapping[str, float], seed: int) -> Pairs:
        """(entry of `direct`, row of the listener) of every telling that reaches one of them, entry by entry."""
        # Most people know none of a few, and are not asked.
        entry = np.flatnonzero(self._tells[direct.person])
        telling, listener = self._along.pairs(chosen(direct, entry), parameters, seed)
        return entry[telling], listener


class TellingToBoth(Telling):
    """The tellings that reach one or the other of two sets of people with nobody in common."""

    def __init__(self, first: Telling, second: Telling) -> None:
        self._parts = first, second

    def pairs(self, direct: Experiences, parameters: Mapping[str, float], seed: int) -> Pairs:
        """(entry of `direct`, row of the listener) of every telling that reaches one of them, entry by entry."""
        (telling, listener), (more, who) = (part.pairs(direct, parameters, seed) for part in self._parts)
        place = np.searchsorted(telling, more, side="right")
        return np.insert(telling, place, more), np.insert(listener, place, who)


def _ties_to(society: Society, listeners: NDArray[np.integer]) -> tuple[Ties, Friends]:
    """The ties that lead to these people, by who is at the other end."""
    rows, friends, household = len(society.people), society.friends, society.household
    household = group_rows(*_turned(household.offsets[:-1], household.offsets[1:], household, listeners), rows)
    core, by_core = _turned(friends.offsets[:-1], friends.core_end, friends, listeners)
    others, by_others = _turned(friends.core_end, friends.offsets[1:], friends, listeners)
    # The core stands first, and grouping keeps that order within a row.
    both = group_rows(np.concatenate([core, others]), np.concatenate([by_core, by_others]), rows)
    return household, Friends(both.offsets, both.targets, both.offsets[:-1] + np.bincount(core, minlength=rows))


def _turned(
    begins: NDArray[np.integer], ends: NDArray[np.integer], ties: Ties, people: NDArray[np.integer]
) -> tuple[NDArray[np.integer], NDArray[np.int32]]:
    """(who is at the other end, the person) of every tie of these people within the bounds."""
    start, many = begins[people], ends[people] - begins[people]
    first = np.cumsum(many) - many
    position = np.arange(int(many.sum())) - np.repeat(first - start, many)
    return ties.targets[position], np.repeat(np.asarray(people, np.int32), many)
