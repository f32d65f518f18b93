"""A scenario becomes a run: read, fitted to its society, simulated draw by draw, saved whole, and reported."""

from __future__ import annotations

import os
import shlex
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import FailureError, InputError, InterruptedRunError, Mistake, WriteError
from commonbeat.record import Consent, Encounter
from commonbeat.scenario import SHIPPED, parse_scenario, scenario_text, shipped_text, with_settings
from commonbeat.workflows.fitting import fit
from commonbeat.workflows.kernel_cache import opened, prepare_kernel_cache
from commonbeat.workflows.narrator import Silence
from commonbeat.workflows.recorded_events import remember_made, resolve_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from commonbeat.evidence.sample import ParameterSample
    from commonbeat.results.draw_store import DrawStore
    from commonbeat.results.run_folder import Run
    from commonbeat.scenario import Scenario
    from commonbeat.society import Society
    from commonbeat.workflows.narrator import Narrator

MOST_WORKERS_UNASKED = 8  # each holds about half a gigabyte of people
NOBODY_REAL = Consent.not_needed("nobody in a simulation is real")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be run: the scenario's text, the scenario it means, and where the run goes."""

    text: str
    scenario: Scenario
    source: str
    folder: Path
    sample: ParameterSample | None = None
    consents: tuple[Consent, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def partial(self) -> Path:
        """Where finished draws wait until the run is whole."""
        return self.folder.with_name(f"{self.folder.name}.partial")


def run_scenario(
    scenario: str | Path,
    *,
    out: str | Path,
    settings: Mapping[str, int] | None = None,
    workers: int | None = None,
    provenance: str = "",
    priors: str | Path | None = None,
    narrator: Narrator | None = None,
) -> Run:
    """The run of `scenario` stands in the folder `out`, with its report, and is handed back open.

    scenario: path of a TOML file or the name of a shipped one. settings: top-level numbers (`draws`, `seed`) that
    replace the file's and are saved with the run. provenance: "exposures" to keep who saw each clip through whom.
    priors: a CSV file of parameters and weights, as a fit leaves it, from which parameters are drawn in place of their priors.
    Raises ScenarioError, SocietyError, RunFolderError (exit 2) before anything is run, InterruptedRunError after
    Ctrl-C with the finished draws kept, WriteError when the disk refuses.
    """
    prepare_kernel_cache()
    from commonbeat.results.disk import refuse_existing
    from commonbeat.results.run_folder import write_run
    from commonbeat.workflows.society_tables import society_tables

    narrator = narrator or Silence()
    order = with_sample(place_order(scenario, Path(out), settings or {}), priors)
    workers = check_workers(workers, order.scenario.draws)
    refuse_existing(order.folder)
    with remember_made(order.consents, order.folder, order.partial):
        narrator.says(
            f"Opening the society '{order.scenario.society}' (built the first time, then taken from the cache)"
        )
        name = society_of(order)
        society = opened(name, narrator)
        for line in [*fit(order.scenario, society), *describe(order.scenario), *order.notes, *about_sample(order)]:
            narrator.says(line)
        store = fill_store(order, name, society, workers, provenance, narrator)
        tables = store.collect(range(order.scenario.draws)) | society_tables(society)
        run = write_run(order.folder, scenario_text=order.text, manifest=manifest_of(order, society), tables=tables)
        store.discard()
        narrator.says(f"The run stands in {run.folder}; writing its report")
        report_on(run)
        return run


def report_on(run: Run) -> None:
    """The report stands in the run's folder, or FailureError says that the run is whole without it."""
    from commonbeat.workflows.report import write_report

    try:
        write_report(run)
    except (WriteError, OSError) as error:
        way_on = (
            f"The run is whole in {run.folder}; make the report with: commonbeat report {shlex.quote(str(run.folder))}"
        )
        raise FailureError(f"{error}\n{way_on}") from error


def place_order(scenario: str | Path, out: Path, settings: Mapping[str, int]) -> Order:
    """The scenario is read, its records are resolved, it is changed by `settings` and checked; nothing else has happened."""
    name = str(scenario)
    text = shipped_text(name) if name in SHIPPED and not Path(name).is_file() else scenario_text(scenario)
    source = f"{name}.toml" if name in SHIPPED else name
    resolved = resolve_records(text, source=source)
    text = with_settings(resolved.text, settings, source=source) if settings else resolved.text
    return Order(text, parse_scenario(text, source=source), source, out, None, resolved.consents, resolved.notes)


def with_sample(order: Order, priors: str | Path | None) -> Order:
    """The order with the sample of parameters in the file, if there is one. Raises LedgerError when the file cannot be used."""
    if priors is None:
        return order
    from commonbeat.evidence.sample import read_sample
    from commonbeat.workflows.ledger_hash import ledger_hash

    if order.scenario.priors:
        rule = f"cannot stand beside the scenario's bands on {', '.join(order.scenario.priors)}"
        way_out = "Take out [priors]: the sample says already where the parameters lie."
        raise InputError("The run cannot start:", [Mistake("priors", str(priors), rule, way_out)])
    return replace(order, sample=read_sample(priors, ledger=ledger_hash()))


def about_sample(order: Order) -> list[str]:
    """A line on where the parameters come from, when they do not come from their priors alone."""
    if order.sample is None:
        return []
    given = f"{len(order.sample.names)} parameters are drawn from {len(order.sample.weights)} rows of the priors file"
    if not order.sample.fitted_to:
        return [f"{given}; no fit stands beside it, so what it rests on is not known"]
    return [f"{given}, fitted to: {'; '.join(order.sample.fitted_to)}"]


def check_workers(workers: int | None, draws: int) -> int:
    """How many processes work: as asked, or one per core."""
    if workers is not None and workers < 1:
        raise InputError("The run cannot start:", [Mistake("workers", workers, "is below 1", "Leave it out.")])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(workers or min(cores, MOST_WORKERS_UNASKED), draws)


def society_of(order: Order) -> str:
    """The society as workers open it: the name of a shipped one, or a path, looked for beside the scenario first.

    A shipped name always means the shipped society; a folder of that name is written as a path: "./small".
    """
    from commonbeat.society.opening import SHIPPED as SOCIETIES

    if order.scenario.society in SOCIETIES:
        return order.scenario.society
    beside = Path(order.source).parent / order.scenario.society
    return str(beside.resolve()) if Path(order.source).is_file() and beside.is_dir() else order.scenario.society


def describe(scenario: Scenario) -> list[str]:
    """One line per encounter that some arm holds, as it would stand in the record."""
    lines = {}
    for arm in scenario.arms:
        for occurrence in arm.occurrences(scenario.days):
            if occurrence.encounter and occurrence.encounter not in lines:
                setting = scenario.encounters[occurrence.encounter]
                record = Encounter.from_scenario(setting, occurrence, consent=NOBODY_REAL)
                lines[occurrence.encounter] = record.summary()
    return list(lines.values())


def fingerprint(order: Order, society: Society, provenance: str) -> dict[str, Any]:
    """Everything on which a draw depends, so that only the same run is taken up again."""
    from importlib.metadata import version

    from commonbeat.workflows.ledger_hash import ledger_hash

    return {
        "scenario": order.scenario.model_dump(mode="json"),
        "society": society.content_hash,
        "ledger": ledger_hash(),
        "version": version("commonbeat"),
        "provenance": provenance,
        **({} if order.sample is None else {"priors": order.sample.sha256}),
    }


def fill_store(
    order: Order, society_name: str, society: Society, workers: int, provenance: str, narrator: Narrator
) -> DrawStore:
    """Every draw of the order is in the store; those that were there already are not run again."""
    from commonbeat.results.draw_store import DrawStore
    from commonbeat.simulate.ensemble import Task, plan_draws, run_ensemble

    draws = order.scenario.draws
    store = DrawStore(order.partial, fingerprint(order, society, provenance))
    missing = set(store.missing(draws))
    if len(missing) < draws:
        narrator.says(f"{draws - len(missing)} of {draws} draws were finished before; going on with the rest")
    bands = {name: (band.from_quantile, band.to_quantile) for name, band in order.scenario.priors.items()}
    task = Task(order.scenario, society_name, None, with_exposures=provenance, bands=bands, sample=order.sample)
    safe = draws - len(missing)

    def told(_: int) -> None:
        nonlocal safe
        safe += 1
        narrator.progress(safe, draws)

    narrator.progress(safe, draws)
    plans = [plan for plan in plan_draws(draws) if plan.draw in missing]
    with finished_draws_kept(order, store):
        if plans:
            run_ensemble(
                task, plans, lambda result: store.keep(result.draw, result.tables), workers=workers, progress=told
            )
    return store


@contextmanager
def finished_draws_kept(order: Order, store: DrawStore) -> Iterator[None]:
    """Whatever stops the block, the user is told how many draws are kept and how to go on."""
    from concurrent.futures.process import BrokenProcessPool

    def kept() -> str:
        if not (finished := len(store.finished())):
            return "No draw was finished, and nothing is kept."
        draws = f"{finished} of {order.scenario.draws} draws are kept in {order.partial}"
        return f"{draws}; the same command goes on from them."

    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRunError(f"Stopped. {kept()}") from None
    except BrokenProcessPool as error:
        cause = "A worker was ended from outside, as happens when memory runs out. Fewer --workers need less of it."
        raise FailureError(f"{cause} {kept()}") from error
    except WriteError as error:
        raise WriteError(f"{error} {kept()}") from error
    finally:
        if not store.finished():
            store.discard()


def manifest_of(order: Order, society: Society) -> dict[str, Any]:
    """What the run folder's manifest says about this order."""
    from commonbeat.workflows.ledger_hash import ledger_hash

    scenario = order.scenario
    return {
        "title": scenario.title,
        "seed": scenario.seed,
        "draws": scenario.draws,
        "days": scenario.days,
        "reference": scenario.reference,
        "checkpoints": list(scenario.checkpoints),
        "society": scenario.society,
        "society_hash": society.content_hash,
        "parameter_ledger_hash": ledger_hash(),
        "arms": [{"name": arm.name, "title": arm.title, "note": arm.note} for arm in scenario.arms],
        **({} if order.sample is None else {"priors": order.sample.about()}),
    }
