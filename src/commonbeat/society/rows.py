"""Rows of ties are turned round, sorted and made mutual, by way of the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.csr import join_rows, transpose
from commonbeat.society.ties import Friends, Ties, no_ties

if TYPE_CHECKING:
    from numpy.typing import NDArray


def turned(ties: Ties, columns: int) -> Ties:
    """The same ties from the other end, each row ascending."""
    offsets, targets = np.empty(columns + 1, np.int64), np.empty(len(ties.targets), np.int32)
    transpose(ties.offsets, ties.targets, offsets, targets)
    return Ties(offsets, targets)


def mutual(first: Ties, picks: Ties, household: NDArray[np.integer]) -> Friends:
    """Rows that hold `first` and then the picks of either end, without repetitions and household members."""
    back = turned(picks, len(first))
    forth = turned(back, len(first))
    return _joined(first, back, forth, household)


def ascending(picks: Ties) -> Ties:
    """The same rows in ascending order, without repetitions and without oneself."""
    rows = len(picks)
    forth = turned(turned(picks, rows), rows)
    joined = _joined(no_ties(rows), forth, no_ties(rows), np.full(rows, -1, np.int32))
    return Ties(joined.offsets, joined.targets)


def _joined(first: Ties, left: Ties, right: Ties, household: NDArray[np.integer]) -> Friends:
    rows = len(first)
    offsets, first_end = np.empty(rows + 1, np.int64), np.empty(rows, np.int64)
    joined = np.empty(len(first.targets) + len(left.targets) + len(right.targets), np.int32)
    filled = join_rows(
        first.offsets,
        first.targets,
        left.offsets,
        left.targets,
        right.offsets,
        right.targets,
        household,
        offsets,
        first_end,
        joined,
    )
    return Friends(offsets, joined[:filled], first_end)
