"""A scenario becomes a study of what its headlines hang on: screened, shared out, saved whole, and told on a page."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commonbeat.errors import FailureError, InputError, InterruptedRunError, Mistakes, WriteError
from commonbeat.workflows.fitting import fit
from commonbeat.workflows.kernel_cache import opened, prepare_kernel_cache
from commonbeat.workflows.ledger_hash import ledger_hash
from commonbeat.workflows.narrator import Silence
from commonbeat.workflows.recorded_events import remember_made
from commonbeat.workflows.simulate import (
    MOST_WORKERS_UNASKED,
    Order,
    about_sample,
    check_workers,
    place_order,
    society_of,
    with_sample,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from commonbeat.fit.sensitivity.headline import Headline
    from commonbeat.fit.sensitivity.study import Effort, Progress, Study
    from commonbeat.report.opening import Asked
    from commonbeat.scenario import Scenario
    from commonbeat.society import Society
    from commonbeat.workflows.narrator import Narrator

KEPT = "kept.json"
FEWEST_TRAJECTORIES, FEWEST_ROWS = 4, 8


@dataclass(frozen=True, slots=True)
class SensitivityResult:
    """The study, and the folder in which it stands."""

    study: Study
    title: str
    folder: Path


def study_sensitivity(
    scenario: str | Path,
    *,
    out: str | Path,
    trajectories: int | None = None,
    rows: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    priors: str | Path | None = None,
    narrator: Narrator | None = None,
) -> SensitivityResult:
    """What the headlines of `scenario` hang on stands in the folder `out`: tables, a document, a page.

    scenario: path of a TOML file or the name of a shipped one. trajectories, rows: the effort; left out, the usual. seed: replaces the
    scenario's. priors: a CSV file of parameters and weights, as a fit leaves it, that stands in place of the priors. Raises ScenarioError, SocietyError, InputError, RunFolderError (exit 2) before any work; InterruptedRunError after
    Ctrl-C with everything finished kept beside the folder; WriteError when the disk refuses.
    """
    prepare_kernel_cache()
    from commonbeat.fit.sensitivity.study import Progress, study
    from commonbeat.fit.sensitivity.work import Job
    from commonbeat.results.disk import refuse_existing
    from commonbeat.workflows.sensitivity_files import save

    narrator = narrator or Silence()
    effort = check_effort(trajectories, rows)
    order = with_sample(place_order(scenario, Path(out), {} if seed is None else {"seed": seed}), priors)
    workers = check_workers(workers, MOST_WORKERS_UNASKED if workers is None else workers)
    refuse_existing(order.folder)
    with remember_made(order.consents, order.folder, order.partial):
        name = society_of(order)
        narrator.says(
            f"Opening the society '{order.scenario.society}' (built the first time, then taken from the cache)"
        )
        society = opened(name, narrator)
        for line in [
            *fit(order.scenario, society),
            *order.notes,
            *held_qualities(order.scenario),
            *about_sample(order),
        ]:
            narrator.says(line)
        bands = {key: (band.from_quantile, band.to_quantile) for key, band in order.scenario.priors.items()}
        job = Job(order.scenario, name, headlines_of(order, society), bands, order.sample)
        progress = Progress(heard=narrator.progress)
        mark = fingerprint(order, society)
        take_up(progress, order.partial, mark, narrator)
        progress.keep = lambda: keep(progress, order.partial, mark)
        with kept_on_failure(progress, order.partial):
            found = study(job, effort, order.scenario.seed, progress, workers=workers)
        folder = save(found, order, society)
        shutil.rmtree(order.partial, ignore_errors=True)
        return SensitivityResult(found, order.scenario.title, folder)


def held_qualities(scenario: Scenario) -> list[str]:
    """A line for each encounter whose quality is uncertain, which this study does not vary."""
    return [
        f"The quality of {name} is held at {setting.quality.middle}: runs draw it from {setting.quality.low} to {setting.quality.high}"
        for name, setting in scenario.encounters.items()
        if setting.quality is not None
    ]


def check_effort(trajectories: int | None, rows: int | None) -> Effort:
    """The effort that was asked for; InputError lists what it cannot be."""
    from commonbeat.fit.sensitivity.study import Effort

    usual, mistakes = Effort(), Mistakes()
    effort = Effort(usual.trajectories if trajectories is None else trajectories, usual.rows if rows is None else rows)
    if effort.trajectories < FEWEST_TRAJECTORIES:
        rule = f"is below {FEWEST_TRAJECTORIES}"
        mistakes.add("--trajectories", effort.trajectories, rule, "Leave it out, or take more.")
    if effort.rows < FEWEST_ROWS or effort.rows & (effort.rows - 1):
        rule = f"is not a power of two from {FEWEST_ROWS} on"
        mistakes.add("--rows", effort.rows, rule, "Take for example 64, 128 or 256.")
    mistakes.raise_if_any(InputError, "The study cannot start:")
    return effort


def headlines_of(order: Order, society: Society) -> tuple[Headline, ...]:
    """The questions of the report's opening, as figures that can be asked for point by point."""
    from commonbeat.fit.sensitivity.headline import Headline
    from commonbeat.report.arms import tell
    from commonbeat.report.opening import questions
    from commonbeat.report.reading import starting_trust, worst_off_first
    from commonbeat.simulate.frame import ALL_RESIDENTS, Frame
    from commonbeat.workflows.society_tables import account_table

    scenario, frame = order.scenario, Frame(society)
    held = {name for name, weight in zip(frame.reporting, frame.reporting_weight[:, 0], strict=True) if weight > 0}
    group = worst_off_first({*held, ALL_RESIDENTS}, starting_trust(account_table(society)))[0]
    telling = tell(order.text, [arm.name for arm in scenario.arms], scenario.days)
    return tuple(
        Headline(each.question, each.arm.name, each.group, _day_of(each, order), claim=each.claim)
        for each in questions(telling, group)
    )


def _day_of(asked: Asked, order: Order) -> int:
    """Rings are told on the last checkpoint, groups on the last day."""
    from commonbeat.report.opening import PRESENT

    return max(order.scenario.checkpoints) if asked.group == PRESENT else order.scenario.days


def fingerprint(order: Order, society: Society) -> str:
    """What finished pieces depend on; the design beyond its seed is no part of it, since a piece belongs to its points."""
    from importlib.metadata import version

    scenario = order.scenario.model_dump(mode="json", exclude={"draws"})
    parts = [scenario, society.content_hash, ledger_hash(), version("commonbeat")]
    if order.sample is not None:
        parts.append(order.sample.sha256)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def take_up(progress: Progress, place: Path, mark: str, narrator: Narrator) -> None:
    """What an earlier call of the same scenario and evidence has finished stands in `progress`."""
    import numpy as np

    try:
        kept = json.loads((place / KEPT).read_text(encoding="utf-8"))
        effects = {key: np.array(rows, float) for key, rows in kept["effects"].items()}
        of = kept["fingerprint"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return
    if of == mark:
        progress.effects = effects
        narrator.says(f"Going on from {len(effects)} steps that were kept")


def keep(progress: Progress, place: Path, mark: str) -> None:
    """Everything finished so far is safe beside the folder."""
    from commonbeat.results.disk import write_whole

    place.mkdir(parents=True, exist_ok=True)
    effects = {key: found.tolist() for key, found in progress.effects.items()}
    write_whole(place / KEPT, json.dumps({"fingerprint": mark, "effects": effects}).encode())


@contextmanager
def kept_on_failure(progress: Progress, place: Path) -> Iterator[None]:
    """Whatever ends the work early is told together with what is kept."""
    from concurrent.futures.process import BrokenProcessPool

    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRunError(f"Stopped. {_kept(progress, place)}") from None
    except BrokenProcessPool as error:
        cause = "A worker was ended from outside, as happens when memory runs out. Fewer --workers need less of it."
        raise FailureError(f"{cause} {_kept(progress, place)}") from error
    except WriteError as error:
        raise WriteError(f"{error} {_kept(progress, place)}") from error


def _kept(progress: Progress, place: Path) -> str:
    if not progress.effects:
        return "No step was finished, and nothing is kept."
    return f"{len(progress.effects)} steps are kept in {place}; the same command goes on from them."
