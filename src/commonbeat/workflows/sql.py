"""Questions in SQL to a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


def ask(folder: str | Path, question: str) -> pl.DataFrame:
    """The rows that answer one SELECT over the tables of the run in `folder`; nothing is changed."""
    from commonbeat.results.run_folder import open_run

    return open_run(folder).sql(question)
