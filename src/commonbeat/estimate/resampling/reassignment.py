"""The declared assignment as something that can be drawn again, or listed in full."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.kernels.reassign import reassign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Labels = NDArray[np.int16]

CELLS_AT_ONCE = 8_000_000  # labels held at a time: 16 MB


@dataclass(frozen=True, slots=True, eq=False)
class Reassignment:
    """Who is assigned as one unit, what each unit got, and within what units change places.

    unit [n]: each row's unit. labels [units]: the arm (0 or 1), or in a stepped wedge the first treated period. members [units] and
    starts [blocks + 1]: units block after block. period [n] and periods: stepped wedge only, else None and 0. A draw gives the labels a
    new order within every block, so each block keeps its number of treated units. People who did not answer are drawn too.
    """

    kind: str
    unit: NDArray[np.int64]
    labels: Labels
    members: NDArray[np.int64]
    starts: NDArray[np.int64]
    period: NDArray[np.int64] | None = None
    periods: int = 0

    @property
    def block_of_unit(self) -> NDArray[np.int64]:
        """Each unit's block [units]."""
        block = np.empty(len(self.labels), np.int64)
        block[self.members] = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return block

    def count(self) -> int:
        """How many different assignments there are: the product over blocks of units! / product of (units with a label)!."""
        total = 1
        for members in np.split(self.members, self.starts[1:-1]):
            _, repeats = np.unique(self.labels[members], return_counts=True)
            total *= math.factorial(len(members)) // math.prod(math.factorial(int(each)) for each in repeats)
        return total

    def draw(self, seed: int, first: int, draws: int) -> Labels:
        """Labels [draws, units] of the draws number `first` and following under this seed."""
        drawn = np.empty((draws, len(self.labels)), np.int16)
        key = luck.address(seed, luck.REASSIGN)
        reassign(key, first, self.members, self.starts, np.ascontiguousarray(self.labels), drawn)
        return drawn

    def every(self) -> Labels:
        """All different assignments [count, units]; ask `count` first."""
        listed = self.labels[None, :]
        for members in np.split(self.members, self.starts[1:-1]):
            here = _orders(self.labels[members])
            listed = np.repeat(listed, len(here), axis=0)
            listed[:, members] = np.tile(here, (len(listed) // len(here), 1))
        return np.ascontiguousarray(listed)

    def chunks(self, permutations: int, seed: int) -> Iterator[Labels]:
        """The assignments to compare with, a few million labels at a time: all, when there are no more than `permutations`."""
        if self.is_listed(permutations):
            yield self.every()
            return
        at_once = max(1, CELLS_AT_ONCE // len(self.labels))
        for first in range(0, permutations, at_once):
            yield self.draw(seed, first, min(at_once, permutations - first))

    def is_listed(self, permutations: int) -> bool:
        """Whether every assignment is used, so that p values are exact."""
        return self.count() <= permutations

    def said(self, permutations: int) -> str:
        """Words for a method: how many assignments, and whether they are all."""
        if self.is_listed(permutations):
            return f"all {self.count():,} assignments"
        return f"{permutations:,} draws"

    def treatment(self, labels: Labels) -> NDArray[np.bool_]:
        """Who is treated, row by row of the data, under each assignment [R, n]."""
        if self.period is None:
            return labels[:, self.unit] > 0
        return self.period[None, :] >= labels[:, self.unit]


def _orders(labels: Labels) -> Labels:
    """The different orders of a block's labels [orders, units]: places for the first label, then for the second, and so on."""
    values, repeats = np.unique(labels, return_counts=True)
    listed = np.full((1, len(labels)), -1, np.int16)
    for value, repeat in zip(values[:-1], repeats[:-1], strict=True):
        free = len(labels) - int((listed[0] >= 0).sum())
        chosen = np.array(list(combinations(range(free), int(repeat))), np.int64).reshape(-1, int(repeat))
        open_places = np.nonzero(listed < 0)[1].reshape(len(listed), free)
        places = open_places[:, chosen].reshape(-1, int(repeat))
        listed = np.repeat(listed, len(chosen), axis=0)
        np.put_along_axis(listed, places, value, axis=1)
    listed[listed < 0] = values[-1]
    return listed
