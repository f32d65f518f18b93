"""A column as codes from 0 with a name for each: arms, groups, blocks, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from commonbeat.datafile.numeric_column import answers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.datafile.data_file import DataFile


class CategoryColumn(NamedTuple):
    """codes [rows]: from 0 in the order of first appearance, -1 where nothing was answered. values: what stands in the file. names: words for it."""

    codes: NDArray[np.int64]
    values: tuple[object, ...]
    names: tuple[str, ...]


def category_column(datafile: DataFile, column: str, *, missing: Sequence[object] = ()) -> CategoryColumn:
    """The column's categories in the order in which they first appear; a value's name is its label, where it has one.

    missing: values that mean no answer. Two codes with one label stay two categories, the second named with its code.
    """
    values = answers(datafile, column, missing)
    known = values.drop_nulls().unique(maintain_order=True)
    found = known.to_list()
    places = pl.DataFrame({"value": known, "place": np.arange(len(found), dtype=np.int64)})
    codes = pl.DataFrame({"value": values}).join(places, on="value", how="left", maintain_order="left")["place"]
    names: list[str] = []
    for value in found:
        name = datafile.label(column, value)
        names.append(f"{name} ({value})" if name in names else name)
    return CategoryColumn(codes.fill_null(-1).to_numpy().copy(), tuple(found), tuple(names))
