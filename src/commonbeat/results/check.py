"""Tables are as the schema has them, or one error lists everything that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from commonbeat.errors import Mistakes, RunFolderError, did_you_mean
from commonbeat.results.schema import BY_NAME, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from commonbeat.results.columns import Column, Table

_SHOWN = 3  # examples per mistake: enough to find the place, few enough to read


def as_in_schema(tables: Mapping[str, pl.DataFrame], *, whole_run: Iterable[str] = ()) -> dict[str, pl.DataFrame]:
    """The tables with the schema's columns, in its order and types; `whole_run` names those that must be there.

    A float NaN becomes an absent value where the schema has a meaning for one. Raises RunFolderError with every
    mistake: unknown tables and columns, missing ones, types that do not fit, values outside their list, absent
    or infinite numbers, and rows that stand twice.
    """
    mistakes = Mistakes()
    for name in whole_run:
        if name not in tables:
            mistakes.add(
                f"tables.{name}", None, "is missing from the run", "Give the table, with no rows if it is empty."
            )
    fitted = {}
    for name, frame in tables.items():
        if name not in BY_NAME:
            mistakes.add(f"tables.{name}", name, "is not a table of a run", did_you_mean(name, BY_NAME))
            continue
        fitted[name] = _fit(BY_NAME[name], frame, mistakes)
    mistakes.raise_if_any(RunFolderError, "The tables of the run do not fit their schema:")
    return {table.name: fitted[table.name] for table in TABLES if table.name in fitted}


def required_tables() -> tuple[str, ...]:
    """The names of the tables that every run has."""
    return tuple(table.name for table in TABLES if not table.optional)


def _fit(table: Table, frame: pl.DataFrame, mistakes: Mistakes) -> pl.DataFrame:
    before = len(mistakes.found)
    for name in frame.columns:
        if name not in table.column_names:
            mistakes.add(f"{table.name}.{name}", name, "is not a column", did_you_mean(name, table.column_names))
    fitted = []
    for column in table.columns:
        if column.name not in frame.columns:
            mistakes.add(f"{table.name}.{column.name}", None, "is missing", f"Unit: {column.unit or 'none'}.")
            continue
        fitted.append(_fit_column(table.name, column, frame[column.name], mistakes))
    if len(mistakes.found) > before:
        return frame
    whole = pl.DataFrame(fitted)
    _check_key(table, whole, mistakes)
    return whole


def _check_key(table: Table, frame: pl.DataFrame, mistakes: Mistakes) -> None:
    """No two rows have the same key, or a mistake says which."""
    keys = frame.select(table.key)
    if keys.hash_rows().n_unique() == frame.height:  # distinct hashes prove distinct keys, at a third of the cost
        return
    doubled = keys.filter(pl.struct(table.key).is_duplicated())
    if doubled.height:
        mistakes.add(
            table.name,
            doubled.row(0),
            f"stands in more than one row (columns {', '.join(table.key)})",
            f"{doubled.height} rows are not alone with their key; keep one of each.",
        )


def _fit_column(table: str, column: Column, values: pl.Series, mistakes: Mistakes) -> pl.Series:
    place = f"{table}.{column.name}"
    fitted = _cast(place, column, values, mistakes)
    if fitted is None:
        return values
    if column.type == pl.Float64 and column.missing:
        fitted = fitted.fill_nan(None)
    if not column.missing and fitted.null_count():
        row = int(fitted.is_null().arg_true()[0])
        mistakes.add(f"{place}[{row}]", None, "is absent, and may not be", f"{fitted.null_count()} rows lack it.")
    if column.type == pl.Float64:
        wrong = fitted.is_finite().not_().fill_null(value=False)
        if wrong.any():
            row = int(wrong.arg_true()[0])
            mistakes.add(f"{place}[{row}]", fitted[row], "is not a finite number", f"{wrong.sum()} rows have none.")
    if column.known:
        strange = sorted(set(fitted.drop_nulls().unique()) - set(column.known))
        for word in strange[:_SHOWN]:
            mistakes.add(place, word, "is not one of its words", did_you_mean(str(word), column.known))
    return fitted


def _cast(place: str, column: Column, values: pl.Series, mistakes: Mistakes) -> pl.Series | None:
    """The values in the column's type without loss, or nothing and a mistake."""
    kind = values.dtype
    if kind == column.type:
        return values
    is_text = kind in (pl.Categorical, pl.Enum)
    fits = is_text if column.type == pl.String else kind.is_integer() or (column.type.is_float() and kind.is_float())
    if fits or kind == pl.Null:
        try:
            return values.cast(column.type)
        except pl.exceptions.PolarsError:
            mistakes.add(place, f"{values.min()} to {values.max()}", f"does not fit {column.type.__name__}")
            return None
    mistakes.add(
        place, str(kind), f"is the wrong type; the schema has {column.type.__name__}", f"It is: {column.meaning}."
    )
    return None
