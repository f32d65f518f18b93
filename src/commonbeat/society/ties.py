"""Who is tied to whom: compressed rows (CSR), int64 offsets and int32 targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Ties:
    """Row i is tied to `targets[offsets[i]:offsets[i + 1]]`; `offsets` has one entry more than there are rows.

    Whatever integers come in, `offsets` is int64 and `targets` is int32, both contiguous.
    """

    offsets: NDArray[np.integer]
    targets: NDArray[np.integer]

    def __post_init__(self) -> None:
        object.__setattr__(self, "offsets", np.ascontiguousarray(self.offsets, dtype=np.int64))
        object.__setattr__(self, "targets", np.ascontiguousarray(self.targets, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, index: int) -> NDArray[np.integer]:
        """The targets of one row."""
        return self.targets[self.offsets[index] : self.offsets[index + 1]]

    @property
    def degrees(self) -> NDArray[np.integer]:
        """How many targets each row has."""
        return np.diff(self.offsets)


@dataclass(frozen=True, eq=False)
class Friends(Ties):
    """Friends of each row: core ties `targets[offsets[i]:core_end[i]]`, then acquaintances up to `offsets[i + 1]`.

    Symmetric within each layer; nobody is tied to themselves, to one person twice, or to their own household.
    """

    core_end: NDArray[np.integer]

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "core_end", np.ascontiguousarray(self.core_end, dtype=np.int64))

    @property
    def core_degrees(self) -> NDArray[np.integer]:
        """How many core ties each row has."""
        return self.core_end - self.offsets[:-1]

    @property
    def core(self) -> Ties:
        """The core ties alone, as rows of their own."""
        lengths = self.core_degrees
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        inside = np.arange(offsets[-1]) + np.repeat(self.offsets[:-1] - offsets[:-1], lengths)
        return Ties(offsets, self.targets[inside])


def group_rows(row: NDArray[np.integer], targets: NDArray[np.integer], rows: int) -> Ties:
    """Ties from parallel lists: `row[k]` is tied to `targets[k]`; within a row the order of the lists is kept."""
    order = np.argsort(row, kind="stable")
    offsets = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows))))
    return Ties(offsets, np.asarray(targets)[order])


def no_ties(rows: int) -> Ties:
    """As many rows, all of them empty."""
    return Ties(np.zeros(rows + 1, np.int64), np.zeros(0, np.int32))
