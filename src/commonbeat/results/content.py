"""A hash of what tables say, whatever file format, compression or machine carried them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from commonbeat.results.schema import NO_CONTENT

if TYPE_CHECKING:
    from collections.abc import Mapping


def content_hash(tables: Mapping[str, pl.DataFrame]) -> str:
    """64 hexadecimal digits that are equal when, and only when, the tables hold the same values in the same rows.

    Table order does not count; column order, row order and types do. What tells of the work and not of its
    outcome (`schema.NO_CONTENT`) is left out, so runs on one and on seven workers must agree.
    """
    return joint_hash({name: table_hash(name, table) for name, table in tables.items()})


def joint_hash(hashes: Mapping[str, str]) -> str:
    """The hash of a whole run from the hashes of its tables."""
    return hashlib.sha256("".join(f"{name}={hashes[name]};" for name in sorted(hashes)).encode()).hexdigest()


def table_hash(name: str, table: pl.DataFrame) -> str:
    """The same for one table; `name` tells which of its columns are content."""
    digest = hashlib.sha256(f"rows={table.height};".encode())
    for column in table.iter_columns():
        if (name, column.name) not in NO_CONTENT:
            _add_column(digest, column)
    return digest.hexdigest()


def _add_column(digest: hashlib._Hash, column: pl.Series) -> None:
    kind = pl.String if column.dtype in (pl.Categorical, pl.Enum) else column.dtype
    digest.update(f"{column.name}:{kind};".encode())
    absent = column.is_null().to_numpy()
    digest.update(np.packbits(absent).tobytes())
    if kind == pl.String:
        # Each word once, sorted, then its number per row: rows are many and words are few.
        text = column.cast(pl.String).fill_null("")
        words = text.unique().sort()
        digest.update(json.dumps(words.to_list()).encode())
        digest.update(text.cast(pl.Enum(words)).to_physical().to_numpy().astype("<u4").tobytes())
        return
    numbers = column.fill_null(0).to_numpy()
    if numbers.dtype.kind == "f":
        # One zero and one not-a-number, so that 0.0 and -0.0, which are equal, hash alike.
        numbers = np.where(np.isnan(numbers), np.nan, numbers) + 0.0
    digest.update(np.ascontiguousarray(numbers.astype(numbers.dtype.newbyteorder("<"))).tobytes())
