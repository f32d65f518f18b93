"""What a job can be: the long commands of the workbench, each called as the command line calls it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from commonbeat.web.jobs.folder import WorkOrder
    from commonbeat.workflows.narrator import Narrator

Work = Callable[["WorkOrder", Path, "Narrator"], Path]
SCENARIO, TARGETS = "scenario.toml", "targets.csv"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job: its title, what its progress counts, and the work itself.

    work: takes the order, the job's folder and a narrator, and hands back where the result stands.
    """

    name: str
    title: str
    counted: str
    work: Work


def simulate(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """The run stands in order.out, with its report and the two pages for printing."""
    from commonbeat.results.run_folder import open_run
    from commonbeat.workflows.report import write_report
    from commonbeat.workflows.simulate import run_scenario

    if Path(order.out).exists():  # a worker that was ended while it wrote the report left the run whole
        run, forms = open_run(order.out), ("page", "print")
    else:
        run, forms = (
            run_scenario(folder / SCENARIO, out=order.out, workers=order.workers, narrator=narrator),
            ("print",),
        )
    write_report(run, forms)
    return run.folder


def sensitivity(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """The study of what would change the scenario's headlines stands in order.out."""
    from commonbeat.workflows.sensitivity import study_sensitivity

    effort = {name: order.arguments[name] for name in ("trajectories", "rows") if name in order.arguments}
    scenario = folder / SCENARIO
    return study_sensitivity(scenario, out=order.out, workers=order.workers, narrator=narrator, **effort).folder


def fit(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """The posterior of the scenario's parameters, given the targets in the job's folder, stands in order.out."""
    from commonbeat.workflows.fit import USUAL_CHECKS, USUAL_DRAWS, fit_targets

    given = order.arguments
    return fit_targets(
        folder / SCENARIO,
        folder / TARGETS,
        out=order.out,
        draws=given.get("draws", USUAL_DRAWS),
        checks=given.get("checks", USUAL_CHECKS),
        workers=order.workers,
        narrator=narrator,
    ).folder


KINDS: Final = {
    each.name: each
    for each in (
        Kind("simulate", "The simulation", "draws", simulate),
        Kind("sensitivity", "The study of what would change the headlines", "steps", sensitivity),
        Kind("fit", "The fit", "runs", fit),
    )
}
