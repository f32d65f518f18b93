"""From a grid of texts to typed columns with names, whichever program wrote it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import polars as pl

from commonbeat.datafile import headers as header
from commonbeat.datafile.column_types import narrowed, typed
from commonbeat.datafile.grid import blank_rows_sentence
from commonbeat.datafile.qualtrics import tell_qualtrics
from commonbeat.datafile.reading import Reading, without_rows
from commonbeat.datafile.redcap import tell_redcap
from commonbeat.datafile.remark import Remark
from commonbeat.errors import DataFileError

if TYPE_CHECKING:
    from commonbeat.datafile.grid import Grid


def table_of(grid: Grid, file: str, *, ambiguous: str) -> Reading:
    """The grid's rows below its headers as typed columns.

    ambiguous: how "1,234" is read where no column tells. Raises DataFileError when the names cannot serve or no row stands below them.
    """
    if grid.frame.is_empty():
        raise DataFileError(f"{file} is empty: it holds neither names nor rows.")
    headers = header.read_headers(grid, file)
    below = grid.below(headers.rows)
    if below.frame.is_empty():
        which = file if grid.sheet is None else f"The sheet '{grid.sheet}' of {file}"
        raise DataFileError(f"{which} {without_rows(grid.frame.width)} {grid.elsewhere}".rstrip())
    frame, learnt, commas = typed(
        below.frame.rename(dict(zip(below.frame.columns, headers.names, strict=True))), ambiguous=ambiguous
    )
    if below.exact is not None:
        frame = exactly(frame, below.exact)
    texts = {
        name: plain_text(text) for name, text in zip(headers.names, headers.texts, strict=True) if text and text != name
    }
    remarks = [Remark(each) for each in (*grid.warnings, *headers.warnings, *blank_rows_sentence(grid))] + learnt
    reading = Reading(
        frame, below.row_numbers, commas=commas, column_labels=texts, remarks=remarks, elsewhere=grid.elsewhere
    )
    if headers.program == header.QUALTRICS:
        tell_qualtrics(reading)
    elif headers.program in {header.REDCAP, header.REDCAP_LABELS}:
        tell_redcap(reading)
    return reading


def plain_text(text: str) -> str:
    """A question's text on one line, without the marks of a web page."""
    return " ".join(html.unescape(re.sub(r"<[^>]{1,200}>", " ", text)).split())


def exactly(frame: pl.DataFrame, exact: pl.DataFrame) -> pl.DataFrame:
    """The frame with all digits of its numbers: where a cell of a numeric column was a number, that number itself."""
    pairs = zip(frame.iter_columns(), exact.iter_columns(), strict=True)
    return pl.DataFrame([_exactly(column, digits) for column, digits in pairs])


def _exactly(column: pl.Series, digits: pl.Series) -> pl.Series:
    if not column.dtype.is_numeric():
        return column
    known = digits.is_not_null().to_numpy()
    numbers = column.cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
    numbers[known] = digits.to_numpy()[known]
    return narrowed(pl.Series(column.name, numbers))
