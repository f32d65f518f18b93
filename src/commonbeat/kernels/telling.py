"""Who hears of what happened to somebody: one coin per event, teller and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from numba import njit, uint64

from commonbeat.luck import at, uniform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Listeners(NamedTuple):
    """One layer of ties: row i has its close ties in targets[offsets[i]:close_end[i]], the others up to the next."""

    offsets: NDArray[np.int64]
    close_end: NDArray[np.int64]
    targets: NDArray[np.int32]
    ids: NDArray[np.int64]


@njit(cache=True, nogil=True)
def tell(person, event, layer, key, close_chance, other_chance, telling, listener):
    """`telling` and `listener` hold (index into `person`, row of who hears it); returns how many there are.

    The coin belongs to (event, id of the teller, id of the listener). A return above the room that `telling` has
    says how much room is needed; what did not fit is not written.
    """
    count = 0
    for index in range(person.size):
        i = person[index]
        base = at(at(key, uint64(event[index])), uint64(layer.ids[i]))
        for position in range(layer.offsets[i], layer.offsets[i + 1]):
            chance = close_chance if position < layer.close_end[i] else other_chance
            j = layer.targets[position]
            if uniform(at(base, uint64(layer.ids[j]))) < chance:
                if count < telling.size:
                    telling[count] = index
                    listener[count] = j
                count += 1
    return count
