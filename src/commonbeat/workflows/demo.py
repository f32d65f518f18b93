"""The demo: the shipped dance-off, run and reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.workflows.simulate import run_scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from commonbeat.results.run_folder import Run
    from commonbeat.workflows.narrator import Narrator

DEMO = "dance-off"


def run_demo(
    out: str | Path | None = None,
    *,
    settings: Mapping[str, int] | None = None,
    workers: int | None = None,
    narrator: Narrator | None = None,
) -> Run:
    """The dance-off in Minneapolis has been run; `out`, or the first free folder under runs/, holds it."""
    folder = free_folder(Path("runs") / DEMO) if out is None else Path(out)
    return run_scenario(DEMO, out=folder, settings=settings, workers=workers, narrator=narrator)


def free_folder(base: Path) -> Path:
    """`base`, or base-2, base-3 and so on: the first that does not stand yet, be it begun or not."""
    number, folder = 1, base
    while folder.exists():
        number += 1
        folder = base.with_name(f"{base.name}-{number}")
    return folder
