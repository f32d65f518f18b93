"""Questions in SQL to the tables of a run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pyarrow.dataset

from commonbeat.errors import Mistake, QueryError, did_you_mean
from commonbeat.results.schema import BY_NAME

if TYPE_CHECKING:
    from commonbeat.results.run_folder import Run

_READING = frozenset({"SELECT", "EXPLAIN"})
_NO_TABLE = re.compile(r"Table with name \"?([^\s\"!]+)\"? does not exist")
_NO_COLUMN = re.compile(r"(?:Referenced column|does not have a column named) \"([^\"]+)\"")


def query(run: Run, text: str) -> pl.DataFrame:
    """The rows that one SELECT gives over the run's tables, each a view of the same name.

    Nothing but the run's own tables can be read and nothing can be written: before the question is asked, files,
    extensions and settings are locked away. Raises QueryError with the nearest name for a misspelt one.
    """
    with duckdb.connect(":memory:") as connection:
        # Registered rather than read by path: DuckDB then never needs the disk, so it can be shut out of it
        # wholly, and a folder whose name holds a star or a bracket is no pattern.
        for name in run.table_names:
            connection.register(name, pyarrow.dataset.dataset(run.path(name), format="parquet"))
        for setting in (
            "enable_external_access = false",
            "autoinstall_known_extensions = false",
            "autoload_known_extensions = false",
            "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
        try:
            statements = connection.extract_statements(text)
            _check_one_reading(text, [statement.type.name.removeprefix("StatementType.") for statement in statements])
            return _plain_numbers(pl.DataFrame(connection.sql(text).to_arrow_table()))
        except duckdb.Error as error:
            raise _query_error(run, text, str(error)) from error


def _plain_numbers(answer: pl.DataFrame) -> pl.DataFrame:
    """Sums of whole numbers, which DuckDB gives 38 digits, as whole numbers of 64 bits where they fit."""
    wide = [name for name, kind in answer.schema.items() if isinstance(kind, pl.Decimal) and kind.scale == 0]
    fitting = [
        name for name in wide if answer[name].cast(pl.Int64, strict=False).null_count() == answer[name].null_count()
    ]
    return answer.with_columns(pl.col(fitting).cast(pl.Int64))


def _check_one_reading(text: str, kinds: list[str]) -> None:
    if len(kinds) == 1 and kinds[0] in _READING:
        return
    found = " and ".join(kind.lower() for kind in kinds) or "nothing"
    raise QueryError(
        "The question cannot be asked:",
        [Mistake("sql", text.strip(), f"must be one SELECT, and is {found}", "A run is only read, never changed.")],
    )


def _query_error(run: Run, text: str, message: str) -> QueryError:
    first = message.splitlines()[0]
    if match := _NO_TABLE.search(message):
        table = match.group(1)
        return _refusal(table, "is not a table of this run", did_you_mean(table, run.table_names))
    if match := _NO_COLUMN.search(message):
        return _no_column(run, match.group(1), text)
    if message.startswith("Permission Error") or "disabled by configuration" in message:
        return _refusal(first, "reaches outside the run", f"Only its tables: {', '.join(run.table_names)}.")
    return _refusal(first, "is what DuckDB says", "Columns of a table: DESCRIBE SELECT * FROM draws.")


def _no_column(run: Run, column: str, text: str) -> QueryError:
    """The nearest column of the tables that the question names, and in which other tables this one is."""
    columns = {table: BY_NAME[table].column_names for table in run.table_names}
    asked = [table for table in columns if re.search(rf"\b{table}\b", text, re.IGNORECASE)] or list(columns)
    known = {name for table in asked for name in columns[table]} - {column}
    homes = [table for table in columns if column in columns[table]]
    here = f"It is a column of {', '.join(homes)}. " if homes else ""
    return _refusal(column, f"is not a column of {', '.join(asked)} there", f"{here}{did_you_mean(column, known)}")


def _refusal(value: str, rule: str, way_out: str) -> QueryError:
    return QueryError("The question cannot be answered:", [Mistake("sql", value, rule, way_out)])
