"""What a job can be: the commands of the workbench that take a while, each called as the command line calls it.

Where a job leads, once it is finished and where it came from, is written as an address with the job's own words in braces:
{number}, {folder} (below the project's), {name} (the folder's last part) and whatever its arguments hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from commonbeat.web.jobs.limits import AWAITED, LONG, UPLOADED, Limits

if TYPE_CHECKING:
    from commonbeat.web.jobs.folder import WorkOrder
    from commonbeat.workflows.narrator import Narrator

Work = Callable[["WorkOrder", Path, "Narrator"], Path]
SCENARIO, TARGETS = "scenario.toml", "targets.csv"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job: its title, what its progress counts ("" for nothing), the work itself, and what it may take.

    work: takes the order, the job's folder and a narrator, and hands back where the result stands. opens: the address that opens by
    itself for whoever waits, "" where the job's own page leads on. back: an address and the words of the link to it, for what can be asked anew.
    """

    name: str
    title: str
    counted: str
    work: Work
    limits: Limits = LONG
    opens: str = ""
    back: tuple[str, str] | None = None


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


def results(order: WorkOrder, _: Path, narrator: Narrator) -> Path:
    """What the study says stands in order.out, with its report."""
    from commonbeat.storage import open_store, where_store
    from commonbeat.workflows.listen_results import listen_results

    out = Path(order.out)
    if not out.exists():  # a worker that was ended as it was about to say so left the folder whole
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_store(where_store(), create=False) as store:
            listen_results(store, order.arguments["study"], out=out, project=Path.cwd(), narrator=narrator)
    return out


def estimate(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """What changed, as the file that was dropped tells it, stands in order.out."""
    from commonbeat.web.estimate.working import estimate_dropped

    return estimate_dropped(order, folder, narrator)


def export(order: WorkOrder, folder: Path, narrator: Narrator) -> Path:
    """A file of the study's answers stands in the project's folder of exports."""
    from commonbeat.web.listen.exporting import export_answers

    return export_answers(order, folder, narrator)


OF_STUDY: Final = ("/listen/of/{study}", "Back to the study")
KINDS: Final = {
    each.name: each
    for each in (
        Kind(
            "simulate", "The simulation", "draws", simulate, back=("/simulate/new?job={number}", "Change the scenario")
        ),
        Kind("sensitivity", "The study of what would change the headlines", "steps", sensitivity),
        Kind("fit", "The fit", "runs", fit),
        Kind("results", "The report on a study", "", results, AWAITED, "/reports/open/{folder}/report.html", OF_STUDY),
        Kind(
            "estimate",
            "The estimate",
            "",
            estimate,
            UPLOADED,
            "/estimate/of/{name}",
            ("/estimate/data/{data}?job={number}", "Back to the form as you filled it in"),
        ),
        Kind("export", "The export of answers", "", export, AWAITED, "/jobs/{number}/made", OF_STUDY),
    )
}
