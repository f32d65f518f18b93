"""A run that is whole, and one that was stopped, made once for all tests."""

from __future__ import annotations

from pathlib import Path

from commonbeat.errors import InterruptedRunError
from commonbeat.workflows.simulate import run_scenario
from tests.web.jobs.work import SCENARIO


class StopsAfter:
    """A narrator who presses Ctrl-C when so many draws are safe."""

    def __init__(self, draws: int) -> None:
        self.draws = draws

    def says(self, text: str) -> None:
        pass

    def progress(self, done: int, total: int) -> None:
        if done == self.draws:
            raise KeyboardInterrupt


def stopped_run(project: Path, draws: int, stop_after: int) -> Path:
    """The folder of finished draws of a run that was stopped."""
    (project / "short.toml").write_text(SCENARIO.replace("draws = 3", f"draws = {draws}"), encoding="utf-8")
    try:
        run_scenario(project / "short.toml", out=project / "runs" / "short", workers=1, narrator=StopsAfter(stop_after))
    except InterruptedRunError:
        return project / "runs" / "short.partial"
    raise AssertionError("the run was not stopped")


def whole_run(project: Path) -> Path:
    """The run, taken up again and whole, with its report."""
    return run_scenario(project / "short.toml", out=project / "runs" / "short", workers=1).folder
