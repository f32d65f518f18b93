"""The schema in words: a codebook for people and view definitions for anyone with SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commonbeat.results.schema import BY_NAME, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from commonbeat.results.columns import Column, Table


def codebook() -> str:
    """Markdown with one section per table and one line per column: name, type, unit, meaning."""
    return "\n".join(_section(table) for table in TABLES)


def views(names: Iterable[str]) -> str:
    """SQL for DuckDB that makes one documented view per table, run from inside the run folder."""
    head = "-- Run from inside this folder, for instance: duckdb -init views.sql\n"
    return head + "\n".join(_view(BY_NAME[name]) for name in names)


def _section(table: Table) -> str:
    optional = f" ({table.optional})" if table.optional else ""
    lines = [
        f"## {table.name}",
        "",
        f"{_sentence(table.meaning)}{optional} One row is named by: {', '.join(f'`{name}`' for name in table.key)}.",
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{column.name}` | {column.type.__name__} | {column.unit or 'none'} | {_meaning(column)} |"
        for column in table.columns
    ]
    return "\n".join([*lines, ""])


def _meaning(column: Column) -> str:
    words = f" Known: {', '.join(column.known)}." if column.known else ""
    missing = f" Absent: {column.missing}." if column.missing else ""
    return f"{_sentence(column.meaning)}{words}{missing}"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _view(table: Table) -> str:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    file = quoted(f"tables/{table.name}.parquet")
    lines = [
        f"CREATE OR REPLACE VIEW {table.name} AS FROM read_parquet({file});",
        f"COMMENT ON VIEW {table.name} IS {quoted(_sentence(table.meaning))};",
    ]
    lines += [
        f'COMMENT ON COLUMN {table.name}."{column.name}" IS '
        f"{quoted(_meaning(column) + (f' Unit: {column.unit}.' if column.unit else ''))};"
        for column in table.columns
    ]
    return "\n".join([*lines, ""])
