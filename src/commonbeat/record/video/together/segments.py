"""Segments of two tracks moved against each other: the same length at every shift, so that all are alike under chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Measure = Callable[[NDArray[np.complex128], NDArray[np.complex128]], NDArray[np.float64]]

# Each track gives a segment of half its length that slides over the rest; on long tracks sliding a minute is enough.
SLIDES_SHARE, LONGEST_SLIDE_S, MOST_SHIFTS = 0.25, 60.0, 301
# Samples held at once, so that memory does not grow with the track.
MOST_AT_ONCE: Final = 1_000_000
# A shifted pair that knows much less together than the pair itself would be a noisier pair.
LEAST_KNOWN: Final = 2 / 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Where segments begin: length samples long, from `middle`; moves (m,) in samples: one back by it, the other ahead.

    Moves are `step` samples apart and symmetric about none.
    """

    length: int
    middle: int
    step: int
    moves: tuple[int, ...]

    @property
    def own(self) -> int:
        """The place of the move that is none."""
        return self.moves.index(0)


def layout(samples: int, rate: float) -> Layout:
    """The layout for two tracks of so many samples: a middle half, and moves on a grid symmetric about none."""
    slide = min(int(SLIDES_SHARE * samples), round(LONGEST_SLIDE_S * rate))
    step = max(1, -(-2 * slide // (MOST_SHIFTS - 1)))
    ahead = np.arange(0, slide + 1, step)
    moves = np.concatenate([-ahead[:0:-1], ahead])
    return Layout(samples - 2 * slide, slide, step, tuple(int(each) for each in moves))


def shifted(
    first: NDArray[np.complex128], second: NDArray[np.complex128], where: Layout, measure: Measure
) -> NDArray[np.float64]:
    """The measure at every move, (m,): the first's segment goes back in time by it and the second's ahead by it.

    Where two tracks are independent and each is stationary, the row of values is stationary too, so that the value at no
    move is as likely as any other to be the highest, however alike the two tempos are. NaN where too little is known.
    """
    known = np.isfinite(first) & np.isfinite(second)
    least = max(2.0, LEAST_KNOWN * np.count_nonzero(known[where.middle : where.middle + where.length]))
    one, two = (np.lib.stride_tricks.sliding_window_view(each, where.length) for each in (first, second))
    moves = np.array(where.moves)
    values = np.full(len(moves), np.nan)
    at_once = max(1, MOST_AT_ONCE // where.length)
    for start in range(0, len(moves), at_once):
        some = moves[start : start + at_once]
        ones, twos = one[where.middle - some], two[where.middle + some]
        both = np.isfinite(ones) & np.isfinite(twos)
        found = measure(np.where(both, ones, 0), np.where(both, twos, 0))
        values[start : start + at_once] = np.where(both.sum(axis=1) >= least, found, np.nan)
    return values
