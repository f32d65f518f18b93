"""Who hears of what happened to somebody: one coin per event, teller and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint64

from commonbeat.kernels.memory import prefetch
from commonbeat.luck import at, threshold, toss

if TYPE_CHECKING:
    from numpy.typing import NDArray

# How many tellers ahead memory is asked for where their ties stand, for the ties, and for the ids behind them: the time
# of a year's telling goes to waiting for memory.
BOUNDS_AHEAD, TIES_AHEAD, IDS_AHEAD = 12, 6, 3
LINE = np.uint64(16)  # ties in a cache line
ONE = np.uint64(1)
FULL = -1


class Layer(NamedTuple):
    """Ties of one kind: row i has its close ties in targets[offsets[i]:close_end[i]], the others up to the next."""

    offsets: NDArray[np.int64]
    close_end: NDArray[np.int64]
    targets: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _fetch_ahead(layer: Layer, hashed_ids: NDArray[np.uint64], person: NDArray[np.int32], index: int) -> None:
    """What the next tellers need is on its way from memory: where their ties stand, the ties, the ids behind them."""
    if index + BOUNDS_AHEAD < person.size:
        teller = uint64(person[index + BOUNDS_AHEAD])
        prefetch(layer.offsets, teller)
        prefetch(layer.close_end, teller)
    if index + TIES_AHEAD < person.size:
        teller = uint64(person[index + TIES_AHEAD])
        position, end = uint64(layer.offsets[teller]), uint64(layer.offsets[teller + ONE])
        while position < end:
            prefetch(layer.targets, position)
            position += LINE
    if index + IDS_AHEAD < person.size:
        teller = uint64(person[index + IDS_AHEAD])
        position, end = uint64(layer.offsets[teller]), uint64(layer.offsets[teller + ONE])
        while position < end:
            prefetch(hashed_ids, layer.targets[position])
            position += ONE


@njit(cache=True, nogil=True)
def _tell_along(
    targets: NDArray[np.int32],
    bounds: tuple[int, int],
    base: np.uint64,
    hashed_ids: NDArray[np.uint64],
    below: np.uint64,
    index: int,
    telling: NDArray[np.int64],
    listener: NDArray[np.int32],
    count: np.uint64,
) -> np.uint64:
    """The listeners within the bounds stand behind the first `count`; returns the new count.

    Every tie is written and only a hit is kept, because a branch on luck is guessed wrong half of the time.
    """
    position, end = uint64(bounds[0]), uint64(bounds[1])
    while position < end:
        j = targets[position]
        telling[count] = index
        listener[count] = j
        count += uint64(toss(base, hashed_ids[uint64(j)]) >> uint64(11) < below)
        position += ONE
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
    listener); `hashed_ids` are the ids' parts of that address. Returns FULL when there is too little room, which is
    asked for with all ties of a teller to spare.
    """
    count = uint64(0)
    below_close, below_other = threshold(chances[0]), threshold(chances[1])
    for index in range(person.size):
        i = person[index]
        base = toss(at(key, uint64(event[index])), hashed_ids[i])
        for layer in layers:
            _fetch_ahead(layer, hashed_ids, person, index)
            close, other = (layer.offsets[i], layer.close_end[i]), (layer.close_end[i], layer.offsets[i + 1])
            if count + uint64(layer.offsets[i + 1] - layer.offsets[i]) > uint64(telling.size):
                return FULL
            count = _tell_along(layer.targets, close, base, hashed_ids, below_close, index, telling, listener, count)
            count = _tell_along(layer.targets, other, base, hashed_ids, below_other, index, telling, listener, count)
    return np.int64(count)
