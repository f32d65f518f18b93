"""R as a referee: scripts beside this file, run anew each time on the data that a test made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import polars as pl

FOLDER = Path(__file__).parent


def run_r(script: str, **tables: pl.DataFrame) -> Any:
    """What tests/r/SCRIPT.R prints as JSON, given each table as NAME.csv (all 17 digits) in its working folder.

    Scripts begin with `suppressPackageStartupMessages` and end with `cat(jsonlite::toJSON(result, digits = NA, auto_unbox = TRUE))`.
    Where Rscript is missing the test is skipped and says so; in CI it fails.
    """
    command = shutil.which("Rscript")
    if command is None:
        message = f"Rscript is missing: tests/r/{script}.R was not compared"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with TemporaryDirectory() as folder:
        for name, table in tables.items():
            table.write_csv(Path(folder) / f"{name}.csv", float_precision=None)
        outcome = subprocess.run(
            [command, "--vanilla", FOLDER / f"{script}.R"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)
