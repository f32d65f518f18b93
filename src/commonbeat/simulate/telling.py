"""Told: household and friends hear of what happened to somebody, one hop, once per event and listener."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.kernels.telling import FULL, Layer, tell
from commonbeat.mind import kinds as word
from commonbeat.simulate.experiences import NOTHING, experiences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.kernels.experience import Experiences
    from commonbeat.society import Society
    from commonbeat.society.ties import Friends, Ties

    Pairs = tuple[NDArray[np.int64], NDArray[np.int32]]

EVENING_HOUR = 23  # told after everything direct of the day, before the next: news of the day travels that day
FIRST_ROOM = 1 << 16


def _layer(offsets: NDArray[np.integer], close_end: NDArray[np.integer], targets: NDArray[np.integer]) -> Layer:
    return Layer(np.asarray(offsets, np.int64), np.asarray(close_end, np.int64), np.asarray(targets, np.int32))


def _layers(household: Ties, friends: Friends) -> tuple[Layer, Layer]:
    return (
        _layer(household.offsets, household.offsets[1:], household.targets),
        _layer(friends.offsets, friends.core_end, friends.targets),
    )


class Telling:
    """The two layers along which people tell, with scratch memory that grows as needed."""

    def __init__(self, society: Society) -> None:
        self._layers = _layers(society.household, society.friends)
        self._hashed_ids = luck.hashed_parts(society.people.id)
        self._telling = np.empty(FIRST_ROOM, np.int64)
        self._listener = np.empty(FIRST_ROOM, np.int32)

    def along(self, household: Ties, friends: Friends) -> Telling:
        """The same coins along other ties of the same people: a part of all ties gives that part of the tellings."""
        other = copy(self)
        other._layers = _layers(household, friends)  # noqa: SLF001 - another of this class
        return other

    def pairs(self, direct: Experiences, parameters: Mapping[str, float], seed: int) -> Pairs:
        """(entry of `direct`, row of the listener) of every telling along household and friends, entry by entry."""
        key = luck.address(seed, luck.TELL)
        chances = parameters["tell_chance_close"], parameters["tell_chance_acquaintance"]
        while True:
            room = self._telling, self._listener
            count = tell(direct.person, direct.event, self._layers, self._hashed_ids, key, chances, *room)
            if count != FULL:
                return self._telling[:count].copy(), self._listener[:count].copy()
            larger = 4 * self._telling.size
            self._telling, self._listener = np.empty(larger, np.int64), np.empty(larger, np.int32)


def told_of(direct: Experiences, pairs: Pairs) -> Experiences:
    """The told experiences of these tellings, in the evening of the day, in the order of the pairs.

    For events with one person each: nobody can hear of such an event twice, since nobody has two ties to the teller.
    """
    telling, listener = pairs
    if not len(telling):
        return NOTHING
    evening = direct.hour[telling] // 24 * 24 + EVENING_HOUR
    event, dose = direct.event[telling], direct.dose[telling]
    met = experiences(listener, evening, word.ENCOUNTER, word.TOLD, word.BACKGROUND, dose, event)
    return met._replace(kind=direct.kind[telling], source=direct.source[telling])


def told_of_gathering(direct: Experiences, pairs: Pairs) -> Experiences:
    """The same for events at which several were: once per event and listener, and nobody is told of what they were at.

    Where several who were there tell the same listener, the strongest dose counts, then the earlier entry.
    """
    telling, listener = pairs
    event = direct.event[telling]
    absent = ~np.isin(_pair_code(event, listener), _pair_code(direct.event, direct.person))
    telling, listener, event = telling[absent], listener[absent], event[absent]
    order = np.lexsort((telling, -np.abs(direct.dose[telling]), listener, event))
    telling, listener, event = telling[order], listener[order], event[order]
    first = np.ones(len(event), dtype=bool)
    first[1:] = (event[1:] != event[:-1]) | (listener[1:] != listener[:-1])
    return told_of(direct, (telling[first], listener[first]))


def _pair_code(event: NDArray[np.int64], person: NDArray[np.int32]) -> NDArray[np.uint64]:
    """One number per pair, 64 hashed bits: two pairs of a day meet by chance once in a million years."""
    return luck.keys(0, luck.TELL, event, person.astype(np.int64))
