"""Labels shuffled within blocks: an assignment drawn again, as often as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit, uint64

from commonbeat.luck import at, uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit("void(uint64, int64, int64[::1], int64[::1], int16[::1], int16[:, ::1])", cache=True, nogil=True)
def reassign(
    key: Any,
    first: int,
    members: NDArray[Any],
    starts: NDArray[Any],
    labels: NDArray[Any],
    drawn: NDArray[Any],
) -> None:
    """Row r of `drawn` [R, units] holds `labels` [units] in a new order within every block: draw number `first + r` under `key`.

    members [units]: the units, block after block; starts [blocks + 1]: where each block begins among them. Every order is equally
    likely (Fisher-Yates, one hash a unit). A draw depends on its number only, so parts of the work may be done in any order.
    """
    for row in range(drawn.shape[0]):
        draw = at(key, uint64(first + row))
        for unit in range(len(labels)):
            drawn[row, unit] = labels[unit]
        for block in range(len(starts) - 1):
            begin = starts[block]
            for place in range(starts[block + 1] - 1, begin, -1):
                chosen = begin + np.int64(uniform(at(draw, uint64(place))) * (place - begin + 1))
                here, there = members[place], members[chosen]
                kept = drawn[row, here]
                drawn[row, here] = drawn[row, there]
                drawn[row, there] = kept
