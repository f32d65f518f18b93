"""Told: household and friends hear of what happened to somebody, one hop, once per event and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.kernels.experience import Experiences
from commonbeat.kernels.telling import Listeners, tell
from commonbeat.mind import kinds as word
from commonbeat.simulate.experiences import NOTHING, experiences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from commonbeat.society import Society

EVENING_HOUR = 23  # told after everything direct of the day, before the next: news of the day travels that day
FIRST_ROOM = 1 << 16


class Telling:
    """The two layers along which people tell, with scratch memory that grows as needed."""

    def __init__(self, society: Society) -> None:
        ids = society.people.id
        household, friends = society.household, society.friends
        self._layers = (
            Listeners(household.offsets, household.offsets[1:], household.targets, ids),
            Listeners(friends.offsets, friends.core_end, friends.targets, ids),
        )
        self._telling = np.empty(FIRST_ROOM, np.int64)
        self._listener = np.empty(FIRST_ROOM, np.int32)

    def of(self, direct: Experiences, parameters: Mapping[str, float], seed: int) -> Experiences:
        """Who is told of these direct experiences in the evening of the same day; those present are not told."""
        if not direct.person.size:
            return NOTHING
        key = np.uint64(luck.keys(seed, luck.TELL))
        close, other = parameters["tell_chance_close"], parameters["tell_chance_acquaintance"]
        pairs = [self._pairs(layer, direct, key, close, other) for layer in self._layers]
        telling = np.concatenate([pair[0] for pair in pairs])
        listener = np.concatenate([pair[1] for pair in pairs])
        return told_of(direct, telling, listener)

    def _pairs(
        self, layer: Listeners, direct: Experiences, key: np.uint64, close: float, other: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        while True:
            count = tell(direct.person, direct.event, layer, key, close, other, self._telling, self._listener)
            if count <= self._telling.size:
                return self._telling[:count].copy(), self._listener[:count].copy()
            self._telling, self._listener = np.empty(2 * count, np.int64), np.empty(2 * count, np.int32)


def told_of(direct: Experiences, telling: NDArray[np.int64], listener: NDArray[np.int32]) -> Experiences:
    """The told experiences of these tellings: the first teller counts, and nobody is told of what they were at."""
    event = direct.event[telling]
    present = np.isin(_pair_code(event, listener), _pair_code(direct.event, direct.person))
    telling, listener, event = telling[~present], listener[~present], event[~present]
    # The largest dose counts where several who were there tell the same listener; then the earlier entry.
    order = np.lexsort((telling, -direct.dose[telling], listener, event))
    telling, listener, event = telling[order], listener[order], event[order]
    first = np.ones(len(event), dtype=bool)
    first[1:] = (event[1:] != event[:-1]) | (listener[1:] != listener[:-1])
    telling, listener, event = telling[first], listener[first], event[first]
    evening = direct.hour[telling] // 24 * 24 + EVENING_HOUR
    met = experiences(listener, evening, word.ENCOUNTER, word.TOLD, word.BACKGROUND, direct.dose[telling], event)
    return met._replace(kind=direct.kind[telling], source=direct.source[telling])


def _pair_code(event: NDArray[np.int64], person: NDArray[np.int32]) -> NDArray[np.uint64]:
    """One number per pair, the same wherever the pair stands; 64 bits, so that two pairs do not meet by chance."""
    return luck.keys(0, luck.TELL, event, person.astype(np.int64))
