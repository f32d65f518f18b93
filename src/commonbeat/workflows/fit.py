"""Targets of a city become a posterior of the parameters: read, run, fitted, checked, saved whole, and told on a page.

(`workflows/fitting.py` is something else: whether a scenario fits its society.)
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commonbeat.errors import DataFileError, FailureError, InputError, InterruptedRunError, Mistake, RunFolderError
from commonbeat.workflows.fitting import fit as fit_society
from commonbeat.workflows.kernel_cache import opened, prepare_kernel_cache
from commonbeat.workflows.ledger_hash import ledger_hash
from commonbeat.workflows.narrator import Silence
from commonbeat.workflows.recorded_events import remember_made
from commonbeat.workflows.simulate import check_workers, place_order, society_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from commonbeat.fit.posterior import FitOrder, Fitted, Statistics, Targets
    from commonbeat.society import Society
    from commonbeat.workflows.narrator import Narrator
    from commonbeat.workflows.simulate import Order

USUAL_DRAWS, USUAL_CHECKS = 300, 48
FEWEST_DRAWS = 120  # an emulator of eight parameters from fewer runs is a guess
FEWEST_CHECKS = 20  # from fewer no tail probability can fall below 5 %, and the check could not fail
PRIORS, POSTERIOR, INFORMED, CHECK, BANK = "priors.csv", "posterior.csv", "informed.csv", "check.csv", "bank.csv"
PAGE, DOCUMENT, MANIFEST, SCENARIO, TARGETS = "fit.html", "fit.json", "manifest.json", "scenario.toml", "targets.csv"
FINGERPRINT, KEPT = "fingerprint.json", "bank"


@dataclass(frozen=True, slots=True)
class FitResult:
    """The fit and the folder that holds it."""

    fitted: Fitted
    folder: Path

    def document(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return document(self.fitted)


def template() -> str:
    """A table of targets to begin with, one row of each kind."""
    from commonbeat.fit.posterior import TEMPLATE

    return TEMPLATE


def fit_targets(
    scenario: str | Path,
    targets: str | Path,
    *,
    out: str | Path,
    draws: int = USUAL_DRAWS,
    checks: int = USUAL_CHECKS,
    seed: int | None = None,
    workers: int | None = None,
    narrator: Narrator | None = None,
) -> FitResult:
    """The parameters have been fitted to the targets, and the folder `out` holds the posterior as a priors file, with all that judges it.

    scenario: path of a TOML file or the name of a shipped one. targets: CSV file (see `template`). draws: runs from the prior, from which the
    simulator is emulated. checks: runs at the posterior. Raises ScenarioError, SocietyError, DataFileError and RunFolderError before
    anything is run, InterruptedRunError after Ctrl-C with the finished runs kept, FailureError when no target can be used.
    """
    prepare_kernel_cache()
    from commonbeat.fit.posterior import BankStore, FitOrder, fit, statistics_of
    from commonbeat.results.disk import refuse_existing

    narrator = narrator or Silence()
    order = place_order(scenario, Path(out), {} if seed is None else {"seed": seed})
    _check_numbers(draws, checks)
    workers = check_workers(workers, draws)
    refuse_existing(order.folder)
    with remember_made(order.consents, order.folder, order.partial):
        narrator.says(
            f"Opening the society '{order.scenario.society}' (built the first time, then taken from the cache)"
        )
        name = society_of(order)
        society = opened(name, narrator)
        for line in fit_society(order.scenario, society):
            narrator.says(line)
        read = _read(targets, order, society)
        statistics = statistics_of(read.targets, order.scenario)
        _refuse_silence(read, statistics)
        for line in (*read.repairs, *statistics.silent, *statistics.overlaps):
            narrator.says(line)
        bands = {name: (band.from_quantile, band.to_quantile) for name, band in order.scenario.priors.items()}
        plan = FitOrder(order.scenario, name, read, statistics, draws, checks, bands)
        _take_up(order, plan, society)
        store = BankStore(order.partial / KEPT)
        with _finished_rows_kept(order):
            fitted = fit(plan, store, workers=workers, says=narrator.says, progress=narrator.progress)
        _save(fitted, order, society, Path(targets))
        shutil.rmtree(order.partial, ignore_errors=True)
        return FitResult(fitted, order.folder)


def _check_numbers(draws: int, checks: int) -> None:
    wrong = []
    if draws < FEWEST_DRAWS:
        way_out = "From fewer runs the simulator cannot be emulated."
        wrong.append(Mistake("draws", draws, f"is below {FEWEST_DRAWS}", way_out))
    if checks < FEWEST_CHECKS:
        way_out = "From fewer runs no target can be told from what the model gives. Leave it out."
        wrong.append(Mistake("check", checks, f"is below {FEWEST_CHECKS}", way_out))
    if wrong:
        raise InputError("The fit cannot start:", wrong)


def _read(targets: str | Path, order: Order, society: Society) -> Targets:
    from commonbeat.fit.posterior import Known, asked_of, read_targets
    from commonbeat.simulate.frame import Frame

    return read_targets(targets, Known(order.scenario, asked_of(Frame(society))))


def _refuse_silence(read: Targets, statistics: Statistics) -> None:
    """Some target says something, or DataFileError says why none does."""
    if not statistics.statistics:
        raise DataFileError(
            "No target says anything of the parameters:",
            [
                Mistake(read.name, None, words, "Add a second wave, an effect, a count or a share log.")
                for words in statistics.silent
            ],
        )


def _fingerprint(plan: FitOrder, society: Society) -> dict[str, str]:
    """What a finished run depends on: the scenario, the questions of the targets, the society, the evidence, the version."""
    from importlib.metadata import version

    questions = [[asdict(term) for term in each.terms] for each in plan.statistics.statistics]
    return {
        "scenario": _hashed(plan.scenario.model_dump(mode="json")),
        "targets": _hashed(questions),
        "society": society.content_hash,
        "ledger": ledger_hash(),
        "version": version("commonbeat"),
    }


def _hashed(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _take_up(order: Order, plan: FitOrder, society: Society) -> None:
    """The folder of finished runs belongs to this fit, or RunFolderError says by what it belongs to another."""
    from commonbeat.results.disk import write_whole

    path, own = order.partial / FINGERPRINT, _fingerprint(plan, society)
    if not path.exists():
        order.partial.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(own, indent=2).encode())
        return
    try:
        then = json.loads(path.read_bytes())
    except ValueError:
        then = {}
    way_out = f"Remove {order.partial} to begin anew, or choose another --out."
    wrong = [
        Mistake(name, None, "was another when these runs were begun", way_out)
        for name, value in own.items()
        if then.get(name) != value
    ]
    if wrong:
        raise RunFolderError(f"The runs begun in {order.partial} belong to another fit:", wrong)


@contextmanager
def _finished_rows_kept(order: Order) -> Iterator[None]:
    """Whatever stops the block, the user is told how many runs are kept and how to go on."""
    from concurrent.futures.process import BrokenProcessPool

    def kept() -> str:
        count = len(list((order.partial / KEPT).glob("*.json")))
        if not count:
            shutil.rmtree(order.partial, ignore_errors=True)
            return "No run was finished, and nothing is kept."
        return f"{count} finished runs are kept in {order.partial}; the same command goes on from them."

    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedRunError(f"Stopped. {kept()}") from None
    except BrokenProcessPool as error:
        cause = "A worker was ended from outside, as happens when memory runs out. Fewer --workers need less of it."
        raise FailureError(f"{cause} {kept()}") from error


def _save(fitted: Fitted, order: Order, society: Society, targets: Path) -> None:
    """The folder stands whole."""
    from commonbeat.report.fit import render_fit
    from commonbeat.results.disk import whole_folder
    from commonbeat.results.manifest import as_json

    priors = priors_table(fitted)
    files = {
        PRIORS: priors,
        POSTERIOR: posterior_table(fitted),
        INFORMED: informed_table(fitted),
        CHECK: check_table(fitted),
        BANK: bank_table(fitted),
        DOCUMENT: json.dumps(document(fitted), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
        PAGE: render_fit(fitted),
        SCENARIO: order.text,
    }
    manifest = manifest_of(fitted, order, society, priors)
    with whole_folder(order.folder) as draft:
        for name, content in files.items():
            (draft / name).write_bytes(content.encode())
        (draft / TARGETS).write_bytes(targets.read_bytes())
        (draft / MANIFEST).write_bytes(as_json(manifest))


def manifest_of(fitted: Fitted, order: Order, society: Society, priors: str) -> dict[str, Any]:
    """What made the fit, from what, and the hash of its priors file."""
    from importlib.metadata import version

    from commonbeat.results.manifest import LIBRARIES, machine, text_hash

    plan = fitted.order
    return {
        "kind": "fit",
        "title": plan.scenario.title,
        "version": version("commonbeat"),
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": plan.scenario.seed,
        "draws": plan.draws,
        "checks": plan.checks,
        "scenario_hash": text_hash(order.text),
        "society": plan.scenario.society,
        "society_hash": society.content_hash,
        "parameter_ledger_hash": ledger_hash(),
        "targets": {"name": plan.targets.name, "sha256": plan.targets.sha256},
        "priors": {
            "sha256": text_hash(priors),
            "rows": len(fitted.weights),
            "fitted_to": [each.label for each in fitted.emulated if each.used],
        },
        "effective_samples": round(fitted.effective, 1),
        "machine": machine(),
        "libraries": {name: version(name) for name in (*LIBRARIES, "scikit-learn")},
    }


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A CSV text; figures with nine digits, what is not a number empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(each) for each in row])
    return text.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.9g}" if math.isfinite(value) else ""
    return value


def priors_table(fitted: Fitted) -> str:
    """A sample of the posterior: one column per parameter, and the weight of each row."""
    rows = [[*map(float, row), float(weight)] for row, weight in zip(fitted.rows, fitted.weights, strict=True)]
    return _csv([*fitted.names, "weight"], rows)


def posterior_table(fitted: Fitted) -> str:
    """Every parameter before and after, and which targets informed it."""
    header = ["parameter", "informed"]
    header += [f"{side}_{point}" for side in ("prior", "posterior") for point in ("mean", "low", "median", "high")]
    header += ["shrinkage", "shrinkage_error", "shift", "shift_error", "informed_by"]
    rows = [
        [
            each.parameter,
            each.informed,
            *(
                getattr(side, point)
                for side in (each.prior, each.posterior)
                for point in ("mean", "low", "median", "high")
            ),
            each.shrinkage,
            each.shrinkage_error,
            each.shift,
            each.shift_error,
            "; ".join(each.informed_by) or "stayed at its prior",
        ]
        for each in fitted.learnt
    ]
    return _csv(header, rows)


def informed_table(fitted: Fitted) -> str:
    """For each informed parameter and target: the shrinkage by that target alone, and what goes when it is left out."""
    labels = [each.label for each in fitted.emulated if each.used]
    rows = [
        [each.parameter, label, alone, lost]
        for each in fitted.informed
        for label, alone, lost in zip(labels, each.alone, each.lost, strict=True)
    ]
    return _csv(["parameter", "target", "shrinkage_alone", "shrinkage_lost_without"], rows)


def check_table(fitted: Fitted) -> str:
    """Every target beside what the simulator gives at the posterior."""
    rows = [list(asdict(each).values()) for each in fitted.checked]
    return _csv(list(asdict(fitted.checked[0])), rows)


def bank_table(fitted: Fitted) -> str:
    """Every run: its parameter set, its parameters, and what it gave for each target."""
    bank = fitted.bank
    header = ["parameter_set", *bank.names, *fitted.order.statistics.labels]
    rows = [
        [int(number), *map(float, values), *map(float, results)]
        for number, values, results in zip(bank.parameter_set, bank.values, bank.results, strict=True)
    ]
    return _csv(header, rows)


def document(fitted: Fitted) -> dict[str, Any]:
    """The fit as plain values: figures that are not finite become None."""
    plan = fitted.order
    found = {
        "title": plan.scenario.title,
        "draws": plan.draws,
        "checks": plan.checks,
        "second_bank": fitted.second_bank,
        "screened": fitted.screened,
        "effective_samples": fitted.effective,
        "doubts": fitted.doubts,
        "repairs": plan.targets.repairs,
        "silent": plan.statistics.silent,
        "unused": fitted.unused,
        "informed": [_parameter(each) for each in fitted.informed],
        "stayed_at_prior": [each.parameter for each in fitted.learnt if not each.informed],
        "trade_offs": [asdict(each) for each in fitted.trades],
        "check": [asdict(each) for each in fitted.checked],
        "emulators": [asdict(each) for each in fitted.emulated],
    }
    return _plain(found)


def _parameter(each: Any) -> Mapping[str, Any]:
    return {key: value for key, value in asdict(each).items() if key not in ("histogram", "informed", "alone", "lost")}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, float):
        return round(value, 10) if math.isfinite(value) else None
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
