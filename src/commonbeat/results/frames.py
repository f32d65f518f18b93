"""Plain columns from the engine become tables of the schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from commonbeat.results.check import as_in_schema

if TYPE_CHECKING:
    from collections.abc import Mapping


def frames_of_draw(draw: int, tables: Mapping[str, Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    """One checked DataFrame per table of a draw.

    A column is a NumPy array, a sequence, or one value for all rows; `draw` may be left out. Raises
    RunFolderError with everything that does not fit the schema.
    """
    return as_in_schema({name: _frame({"draw": draw, **columns}) for name, columns in tables.items()})


def _frame(columns: Mapping[str, Any]) -> pl.DataFrame:
    lengths = {np.size(values) for values in columns.values() if not _is_one(values)}
    if len(lengths) > 1:
        shown = {name: np.size(values) for name, values in columns.items() if not _is_one(values)}
        raise ValueError(f"columns of one table differ in length: {shown}")
    rows = lengths.pop() if lengths else 1
    return pl.DataFrame([_series(name, values, rows) for name, values in columns.items()])


def _is_one(values: object) -> bool:
    return isinstance(values, str) or np.ndim(values) == 0  # type: ignore[arg-type]


def _series(name: str, values: Any, rows: int) -> pl.Series:
    if _is_one(values):
        value = values.item() if isinstance(values, np.generic) else values
        return pl.Series(name, [value]).new_from_index(0, rows)
    if isinstance(values, np.ndarray) and values.dtype.kind in "OSU":
        return pl.Series(name, values.tolist(), dtype=pl.String if not len(values) else None)
    return pl.Series(name, values)
