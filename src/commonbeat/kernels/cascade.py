"""One independent cascade over compressed rows of ties, at the pace of memory.

What the time goes to, and what is done about it: a row of ties somewhere in memory per person reached (asked for
before it is needed, first where it begins, then the row itself); a coin per tie (one mix of 64 bits and a comparison
of whole numbers); and a branch per coin that nobody can foresee (there is none: every target is written to the end of
the queue, and stays there only if the end moves on).
"""

# pyright: reportArgumentType=false, reportCallIssue=false, reportReturnType=false
# Numba's arithmetic of unsigned numbers is not what type checkers know of NumPy's.
from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import njit, uint32, uint64

from commonbeat.kernels.memory import prefetch
from commonbeat.luck import at, mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Everything here is unsigned on purpose: Numba reads a negative index as counting from the end, and to find out
# whether an index is negative costs as much as the coin.
_ZERO, _ONE = np.uint64(0), np.uint64(1)
_WORD, _IN_WORD = np.uint64(6), np.uint64(63)
_STEP = np.uint64(0x9E3779B97F4A7C15)  # the odd step of SplitMix64
_TO_53_BITS = np.uint64(11)
_OFFSETS_AHEAD, _TARGETS_AHEAD = np.uint64(16), np.uint64(8)
_SPARSE = 8  # walking the reached beats wiping all words below one person in eight words


class Rows(NamedTuple):
    """Directed ties and everybody's address in luck."""

    offsets: NDArray[np.int64]  # (people + 1,)
    targets: NDArray[np.uint32]  # (ties,), each below the number of people
    target_names: NDArray[np.unsignedinteger]  # (ties,), the address of each target; may be `targets` itself
    names: NDArray[np.uint64]  # (people,), the address of each row; or empty where each row is its own address


class Workspace(NamedTuple):
    """What a cascade writes into; one per thread."""

    seen: NDArray[np.uint64]  # a bit per person, all zero before and after
    queue: NDArray[
        np.uint32
    ]  # (people + the longest row,): a row's lucky targets are written before we know which are new
    ends: NDArray[np.uint32]  # (people + 1,)


@njit(cache=True, nogil=True)
def coin(source: np.uint64, name: np.uint64) -> np.uint64:
    """53 random bits of a tie: entry `name` of the SplitMix64 stream that belongs to the source.

    `source` is `at(key, name of the source)`, worked out once per row. The tie carries where the coin is below the
    limit, which is to say `uniform(bits) < chance`, without turning bits into floats.
    """
    return mix(source + name * _STEP) >> _TO_53_BITS


@njit(cache=True, nogil=True)
def cascade(rows: Rows, key: np.uint64, limit: np.uint64, seeds: NDArray, workspace: Workspace) -> tuple[int, int]:
    """`queue` begins with everybody reached, step by step; returned are how many they are and in how many steps.

    Each person reached tries each tie once, which carries where its coin is below `limit` (uint64: chance times
    2**53, rounded up). `ends[s]` is how many are reached after step s; step 0 is the seeds (uint32, all different).
    """
    offsets, targets, target_names, names = rows
    seen, queue, ends = workspace
    reached = _begin(seeds, seen, queue)
    head, step, step_end = _ZERO, _ZERO, _ZERO
    while head < reached:
        if head == step_end:
            ends[step] = uint32(reached)
            step_end = reached
            step += _ONE
        if head + _OFFSETS_AHEAD < reached:
            prefetch(offsets, queue[head + _OFFSETS_AHEAD])
        if head + _TARGETS_AHEAD < reached:
            soon = uint64(queue[head + _TARGETS_AHEAD])
            prefetch(targets, offsets[soon])
            prefetch(targets, offsets[soon + _ONE])
        person = uint64(queue[head])
        head += _ONE
        source = at(key, names[person] if len(names) > 0 else person)
        lucky_end, tie, row_end = reached, uint64(offsets[person]), uint64(offsets[person + _ONE])
        while tie < row_end:
            queue[lucky_end] = targets[tie]
            lucky_end += uint64(coin(source, uint64(target_names[tie])) < limit)
            tie += _ONE
        lucky = reached
        while lucky < lucky_end:
            target = uint64(queue[lucky])
            word, place = target >> _WORD, target & _IN_WORD
            before = seen[word]
            seen[word] = before | (_ONE << place)
            queue[reached] = uint32(target)
            reached += _ONE & ~(before >> place)
            lucky += _ONE
    _forget(seen, queue, reached)
    return np.int64(reached), np.int64(step)


@njit(cache=True, nogil=True)
def _begin(seeds: NDArray, seen: NDArray, queue: NDArray) -> np.uint64:
    """The seeds are seen and stand in the queue; how many they are is returned."""
    reached = _ZERO
    for seed in seeds:
        target = uint64(seed)
        queue[reached] = seed
        seen[target >> _WORD] |= _ONE << (target & _IN_WORD)
        reached += _ONE
    return reached


@njit(cache=True, nogil=True)
def _forget(seen: NDArray, queue: NDArray, reached: np.uint64) -> None:
    """Nobody is seen any more; a cascade of five people must not pay for a million."""
    if reached * uint64(_SPARSE) < uint64(len(seen)):
        for place in range(reached):
            seen[uint64(queue[place]) >> _WORD] = _ZERO
    else:
        seen[:] = _ZERO
