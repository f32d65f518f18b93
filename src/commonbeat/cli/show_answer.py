"""The answer to a question in SQL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commonbeat.cli.output import console, print_json, table

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS_SHOWN = 200


def show_answer(answer: pl.DataFrame, *, as_json: bool) -> None:
    """The rows stand on standard output: all of them as JSON, the first MOST_ROWS_SHOWN as a table."""
    if as_json:
        print_json(answer.to_dicts())
        return
    numeric = {name for name, kind in answer.schema.items() if kind.is_numeric()}
    shown = table(*(f">{name}" if name in numeric else name for name in answer.columns))
    for row in answer.head(MOST_ROWS_SHOWN).iter_rows():
        shown.add_row(*(_cell(value) for value in row))
    console().print(shown)
    if answer.height > MOST_ROWS_SHOWN:
        sys.stderr.write(f"{MOST_ROWS_SHOWN} of {answer.height} rows are shown; --json gives them all.\n")


def _cell(value: object) -> str:
    from rich.markup import escape

    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else escape(str(value))
