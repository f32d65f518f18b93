"""Who hears of what happened to somebody: one coin per event, teller and listener."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from numba import njit, uint64

from commonbeat.kernels.memory import prefetch
from commonbeat.luck import at, threshold, toss

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TIES_AHEAD = 16  # ids are fetched so many ties before their coin is tossed,
ROWS_AHEAD = 3  # the ties of a teller so many tellers before their turn,
BOUNDS_AHEAD = 6  # and where they stand before that: the year's time goes to waiting for memory
LINE = 16  # ties in a cache line
LINES = 10  # the first of a row; most rows have no more


class Layer(NamedTuple):
    """Ties of one kind: row i has its close ties in targets[offsets[i]:close_end[i]], the others up to the next."""

    offsets: NDArray[np.int64]
    close_end: NDArray[np.int64]
    targets: NDArray[np.int32]


@njit(cache=True, nogil=True)
def _fetch_ahead(layer: Layer, person: NDArray[np.int32], index: int) -> None:
    """What the next tellers need is on its way from memory."""
    if index + BOUNDS_AHEAD < person.size:
        prefetch(layer.offsets, person[index + BOUNDS_AHEAD])
        prefetch(layer.close_end, person[index + BOUNDS_AHEAD])
    if index + ROWS_AHEAD < person.size:
        start = layer.offsets[person[index + ROWS_AHEAD]]
        for line in range(LINES):
            prefetch(layer.targets, start + line * LINE)


@njit(cache=True, nogil=True)
def _tell_along(
    targets: NDArray[np.int32],
    start: int,
    end: int,
    base: np.uint64,
    hashed_ids: NDArray[np.uint64],
    chance: float,
    index: int,
    telling: NDArray[np.int64],
    listener: NDArray[np.int32],
    count: int,
) -> int:
    """The listeners among targets[start:end] stand behind the first `count`; returns the new count."""
    below = threshold(chance)
    for position in range(start, end):
        if position + TIES_AHEAD < targets.size:
            prefetch(hashed_ids, targets[position + TIES_AHEAD])
        j = targets[position]
        if toss(base, hashed_ids[j]) >> uint64(11) < below:
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
            _fetch_ahead(layer, person, index)
            bounds = layer.offsets[i], layer.close_end[i], layer.offsets[i + 1]
            heard = base, hashed_ids
            count = _tell_along(
                layer.targets, bounds[0], bounds[1], *heard, chances[0], index, telling, listener, count
            )
            count = _tell_along(
                layer.targets, bounds[1], bounds[2], *heard, chances[1], index, telling, listener, count
            )
    return count
