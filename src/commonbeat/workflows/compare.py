"""Two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from commonbeat.results.compare import Comparison


def compare(first: str | Path, second: str | Path) -> Comparison:
    """What two runs say differently, and what was different in them."""
    from commonbeat.results.compare import compare_runs
    from commonbeat.results.run_folder import open_run

    return compare_runs(open_run(first), open_run(second))
