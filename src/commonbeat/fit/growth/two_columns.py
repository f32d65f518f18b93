"""Share logs of two columns without names, as cascades are published: seconds and followers, apart by blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.datafile.text_file import decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEGINNING = 20  # lines that must look like it


class TwoColumns(NamedTuple):
    """seconds, followers [rows]: as they stand. first_line: of the rows in the file. clock: days, from the line above them. counted: shares by that line."""

    seconds: NDArray[np.float64]
    followers: NDArray[np.float64]
    first_line: int
    clock: float | None
    counted: int | None


def two_columns(content: bytes) -> TwoColumns | None:
    """The rows of a file whose every line is two numbers with blanks between; None when it is of another kind.

    A first line "shares day" (how many shares, and the day with its part at which the post was made) may stand above a row that begins with 0. A
    count that is not that of the rows below, beside a whole number, is no such line but a share out of order: followers are whole.
    """
    lines = [line.split() for line in decoded(content)[0].splitlines() if line.strip()]
    if (
        len(lines) < 2
        or not all(_is_pair(line) for line in lines[:BEGINNING])
        or not all(_is_pair(line) for line in lines)
    ):
        return None
    values = np.array(lines, dtype=float)
    counts = float(values[0, 0]).is_integer() and (
        values[0, 0] == len(values) - 2 or not float(values[0, 1]).is_integer()
    )
    headed = values[1, 0] == 0 and values[0, 0] > 0 and counts
    rows = values[1:] if headed else values
    clock, counted = (float(values[0, 1]), int(values[0, 0])) if headed else (None, None)
    return TwoColumns(rows[:, 0], rows[:, 1], 2 if headed else 1, clock, counted)


def _is_pair(cells: list[str]) -> bool:
    if len(cells) != 2:
        return False
    try:
        return all(np.isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False
