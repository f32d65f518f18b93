"""Who hears of what happened to somebody: one coin per event, teller and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from numba import njit, uint64

from commonbeat.kernels.memory import prefetch
from commonbeat.luck import at, toss, uniform

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREFETCH_AHEAD = 16


class Layer(NamedTuple):
    """Ties of one kind: row i has its close ties in targets[offsets[i]:close_end[i]], the others up to the next."""

    offsets: NDArray[np.int64]
    close_end: NDArray[np.int64]
    targets: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _tell_along(
    layer: Layer,
    i: int,
    base: np.uint64,
    hashed_ids: NDArray[np.uint64],
    chances: tuple[float, float],
    index: int,
    telling: NDArray[np.int64],
    listener: NDArray[np.int32],
    count: int,
) -> int:
    """The listeners of row i along one layer stand behind the first `count`; returns the new count."""
    for position in range(layer.offsets[i], layer.offsets[i + 1]):
        if position + PREFETCH_AHEAD < layer.targets.size:
            prefetch(hashed_ids, layer.targets[position + PREFETCH_AHEAD])
        chance = chances[0] if position < layer.close_end[i] else chances[1]
        j = layer.targets[position]
        if uniform(toss(base, hashed_ids[j])) < chance:
            if count < telling.size:
                telling[count] = index
                listener[count] = j
            count += 1
    return count


@njit(cache=True, nogil=True)
def tell(
    person: NDArray[np.int32],
    event: NDArray[np.int64],
    layers: tuple[Layer, ...],
    hashed_ids: NDArray[np.uint64],
    key: np.uint64,
    chances: tuple[float, float],
    telling: NDArray[np.int64],
    listener: NDArray[np.int32],
) -> int:
    """`telling` and `listener` hold (index into `person`, row of who hears it), index by index; returns how many.

    `chances` are those of close and of other ties. The coin belongs to (event, id of the teller, id of the
    listener); `hashed_ids` are the ids' parts of that address. A return above the room that `telling` has says how
    much room is needed; what did not fit is not written.
    """
    count = 0
    for index in range(person.size):
        i = person[index]
        base = toss(at(key, uint64(event[index])), hashed_ids[i])
        for layer in layers:
            count = _tell_along(layer, i, base, hashed_ids, chances, index, telling, listener, count)
    return count
