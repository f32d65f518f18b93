"""A file as rows of texts, before anybody knows which of them are names; its blank rows left out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLANKS = " \t\r\n\u00a0\u2007\u2009\u202f\ufeff"


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Rows of texts, headers among them: frame [rows, columns] of String, stripped, null where empty, and no row all null.

    row_numbers [rows]: where each stands in the file, from 1. warnings: what was found while it was read. exact: the same cells as floats,
    null where a cell holds none, from a file whose numbers have more digits than their texts show. sheet: of a workbook, the one that was read.
    elsewhere: a sentence on its other sheets.
    """

    frame: pl.DataFrame
    row_numbers: NDArray[np.int64]
    warnings: tuple[str, ...] = ()
    exact: pl.DataFrame | None = None
    sheet: str | None = None
    elsewhere: str = ""

    def head(self, row: int) -> tuple[str, ...]:
        """The texts of one of the first rows, '' where empty or beyond the end."""
        if row >= self.frame.height:
            return ("",) * self.frame.width
        return tuple(text or "" for text in self.frame.row(row))

    def below(self, rows: int) -> Grid:
        """The grid without its first rows."""
        exact = None if self.exact is None else self.exact[rows:]
        return replace(self, frame=self.frame[rows:], row_numbers=self.row_numbers[rows:], exact=exact)


def grid_of(
    frame: pl.DataFrame,
    row_numbers: NDArray[np.int64],
    warnings: tuple[str, ...] = (),
    exact: pl.DataFrame | None = None,
) -> Grid:
    """The grid with stripped texts, without the columns and rows that hold nothing."""
    frame = frame.with_columns(pl.all().str.strip_chars(BLANKS).replace("", None))
    frame = frame.select([column for column in frame.iter_columns() if column.null_count() < len(column)])
    if frame.width == 0:
        return Grid(frame, row_numbers[:0], warnings)
    filled = frame.select(pl.any_horizontal(pl.all().is_not_null()).alias("filled"))["filled"].to_numpy()
    if exact is not None:
        exact = exact.select(frame.columns).filter(pl.Series(filled))
    return Grid(frame.filter(pl.Series(filled)), row_numbers[filled], warnings, exact)


def blank_rows_sentence(grid: Grid) -> tuple[str, ...]:
    """A sentence when rows between others were blank, with the first of them."""
    numbers = grid.row_numbers
    if len(numbers) < 2:
        return ()
    gaps = numbers[1:] - numbers[:-1] - 1
    blank = int(gaps.sum())
    if blank == 0:
        return ()
    first = int(numbers[(gaps > 0).argmax()]) + 1
    are = "row between others was" if blank == 1 else "rows between others were"
    return (f"{blank:,} blank {are} left out, the first at row {first}",)
