"""Compressed rows of ties: turned round, joined, and looked into for triangles.

Rows are `targets[offsets[i]:offsets[i + 1]]`, int64 offsets and int32 targets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit("void(int64[::1], int32[::1], int64[::1], int32[::1])", cache=True, nogil=True)
def transpose(
    offsets: NDArray[Any], targets: NDArray[Any], turned_offsets: NDArray[Any], turned_targets: NDArray[Any]
) -> None:
    """Every tie i -> j stands as j -> i in the turned rows, and each turned row ascends.

    Counting sort in three passes, O(rows + ties). `turned_offsets` has one entry more than there are columns.
    Turning twice therefore sorts every row without a comparison.
    """
    columns = len(turned_offsets) - 1
    turned_offsets[:] = 0
    for tie in range(len(targets)):
        turned_offsets[targets[tie] + 1] += 1
    for column in range(columns):
        turned_offsets[column + 1] += turned_offsets[column]
    # The offsets serve as cursors while the rows fill, which shifts them by one row; the last loop shifts them back.
    for row in range(len(offsets) - 1):
        for tie in range(offsets[row], offsets[row + 1]):
            column = targets[tie]
            turned_targets[turned_offsets[column]] = row
            turned_offsets[column] += 1
    for column in range(columns, 0, -1):
        turned_offsets[column] = turned_offsets[column - 1]
    turned_offsets[0] = 0


@njit(
    "int64(int64[::1], int32[::1], int64[::1], int32[::1], int64[::1], int32[::1], int32[::1],"
    " int64[::1], int64[::1], int32[::1])",
    cache=True,
    nogil=True,
)
def join_rows(
    first_offsets: NDArray[Any],
    first: NDArray[Any],
    left_offsets: NDArray[Any],
    left: NDArray[Any],
    right_offsets: NDArray[Any],
    right: NDArray[Any],
    household: NDArray[Any],
    offsets: NDArray[Any],
    first_end: NDArray[Any],
    joined: NDArray[Any],
) -> int:
    """Each joined row is its `first` row, then the union of `left` and `right`; the number of ties is returned.

    All rows given ascend. From the union fall: repetitions, the row itself, members of the row's household (where it
    is not -1), and whoever stands in `first`. `first_end[i]` is where the first part of row i ends.
    """
    filled = 0
    for row in range(len(offsets) - 1):
        offsets[row] = filled
        for tie in range(first_offsets[row], first_offsets[row + 1]):
            joined[filled] = first[tie]
            filled += 1
        first_end[row] = filled
        kept = first_offsets[row]
        one, one_end = left_offsets[row], left_offsets[row + 1]
        two, two_end = right_offsets[row], right_offsets[row + 1]
        last = -1
        while one < one_end or two < two_end:
            if two >= two_end or (one < one_end and left[one] <= right[two]):
                target = left[one]
                one += 1
            else:
                target = right[two]
                two += 1
            if target == last:
                continue
            last = target
            if target == row or (household[row] >= 0 and household[row] == household[target]):
                continue
            while kept < first_offsets[row + 1] and first[kept] < target:
                kept += 1
            if kept < first_offsets[row + 1] and first[kept] == target:
                continue
            joined[filled] = target
            filled += 1
    offsets[len(offsets) - 1] = filled
    return filled


@njit("void(int64[::1], int64[::1], int32[::1], int64[::1], uint8[::1], int64[::1])", cache=True, nogil=True)
def count_triangles(
    starts: NDArray[Any],
    ends: NDArray[Any],
    targets: NDArray[Any],
    rows: NDArray[Any],
    stamp: NDArray[Any],
    closed: NDArray,
) -> None:
    """`closed[k]` is how many ordered pairs of neighbours of `rows[k]` are neighbours of each other.

    Row i is `targets[starts[i]:ends[i]]`; the ties are symmetric. `stamp` is a zeroed byte per person, zero afterwards.
    """
    for place in range(len(rows)):
        row = rows[place]
        for tie in range(starts[row], ends[row]):
            stamp[targets[tie]] = 1
        found = 0
        for tie in range(starts[row], ends[row]):
            neighbour = targets[tie]
            for step in range(starts[neighbour], ends[neighbour]):
                found += stamp[targets[step]]
        closed[place] = found
        for tie in range(starts[row], ends[row]):
            stamp[targets[tie]] = 0
