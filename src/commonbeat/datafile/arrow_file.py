"""Parquet and Arrow files become plain columns: whole numbers, floats, truth values, dates or text."""

from __future__ import annotations

import io

import polars as pl

from commonbeat.datafile.reading import Reading, counted_from_one
from commonbeat.errors import DataFileError

WHOLE = (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32)


def read_arrow(content: bytes, name: str) -> Reading:
    """The columns of a Parquet or Arrow file, or a DataFileError when it is none."""
    read = pl.read_parquet if content[:4] == b"PAR1" else pl.read_ipc
    try:
        frame = read(io.BytesIO(content))
    except Exception as error:
        raise DataFileError(f"{name} is not a whole Parquet or Arrow file ({_short(error)}).") from error
    return Reading(frame.select([plain(column) for column in frame.iter_columns()]), counted_from_one(frame.height))


def plain(column: pl.Series) -> pl.Series:
    """The column in one of the types of a DataFile; nested ones stay as they are."""
    kind = column.dtype
    if kind in WHOLE:
        return column.cast(pl.Int64)
    if kind == pl.UInt64:
        narrow = column.cast(pl.Int64, strict=False)
        return narrow if narrow.null_count() == column.null_count() else column.cast(pl.Float64)
    if kind == pl.Float32 or kind.is_decimal():
        column = column.cast(pl.Float64)
    if column.dtype == pl.Float64:
        return column.fill_nan(None)
    if kind in (pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    if kind == pl.String:
        return column.str.strip_chars().replace("", None)
    return column


def _short(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__
