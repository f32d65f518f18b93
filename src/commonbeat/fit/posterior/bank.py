"""The bank: draws of parameters and luck, each run through the simulator, with what it gives for every statistic.

A row depends on (scenario, targets' questions, seed, its parameters, its luck) alone. Rows are kept as they finish, so that a fit that
was stopped goes on from them. As in a run, the last sixth of the bank repeats parameters with new luck, which parts luck from the rest.
"""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.fit.posterior.predict import predicted
from commonbeat.fit.posterior.statistics import days_asked
from commonbeat.fit.posterior.target import CITY
from commonbeat.results.disk import write_whole
from commonbeat.simulate.arms import run_arms
from commonbeat.simulate.ensemble import plan_draws
from commonbeat.simulate.workers import run_on_workers
from commonbeat.simulate.world import Workplace, World
from commonbeat.society import open_society

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from commonbeat.fit.posterior.statistics import Statistic, Statistics
    from commonbeat.scenario import Scenario

PRIOR_WAVE, SECOND_WAVE, CHECK_WAVE = "bank", "second", "check"
_WAVES = (PRIOR_WAVE, SECOND_WAVE, CHECK_WAVE)


@dataclass(frozen=True, slots=True)
class BankItem:
    """One row to be run: its wave and number, the set that its parameters are, and their values in the order of `names`."""

    wave: str
    number: int
    parameter_set: int
    values: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Bank:
    """Finished rows: values [rows, P] of the parameters, results [rows, T] (nan where there is none), parameter sets [rows]."""

    names: tuple[str, ...]
    values: NDArray[np.float64]
    results: NDArray[np.float64]
    parameter_set: NDArray[np.int64]

    def joined(self, other: Bank) -> Bank:
        """The rows of both; the other's parameter sets stay apart from this one's."""
        sets = other.parameter_set + int(self.parameter_set.max(initial=-1)) + 1
        return Bank(
            self.names,
            np.concatenate([self.values, other.values]),
            np.concatenate([self.results, other.results]),
            np.concatenate([self.parameter_set, sets]),
        )


@dataclass(frozen=True, eq=False)
class BankTask:
    """What a worker needs to know once."""

    scenario: Scenario
    society: str
    names: tuple[str, ...]
    statistics: tuple[Statistic, ...]


def bank_scenario(scenario: Scenario, statistics: Statistics) -> Scenario:
    """The part of the scenario that the statistics ask about: their arms, the reference, and the days up to the last one."""
    terms = [term for each in statistics.statistics for term in each.terms]
    asked = {term.arm for term in terms} | {scenario.reference}
    rings = {term.day for term in terms if term.what == "effect" and term.ring != CITY}
    update = {
        "arms": tuple(arm for arm in scenario.arms if arm.name in asked),
        "days": days_asked(scenario, statistics.statistics),
        "checkpoints": tuple(sorted(rings)),
    }
    return scenario.model_copy(update=update)


def plan_bank(seed: int, draws: int, table: Callable[[int, NDArray[np.int64]], NDArray[np.float64]]) -> list[BankItem]:
    """The items of a bank from the prior; `table(seed, draws)` gives the values of the parameters."""
    plans = plan_draws(draws)
    sets = sorted({plan.parameter_set for plan in plans})
    values = table(derived_seed(seed, luck.FIT_BANK), np.array(sets))
    return [
        BankItem(PRIOR_WAVE, plan.draw, plan.parameter_set, tuple(values[plan.parameter_set].tolist()))
        for plan in plans
    ]


def derived_seed(seed: int, decision: int, *parts: int) -> int:
    """A seed of its own for one part of the fit, so that it shares no draw with a run of the same scenario."""
    return int(luck.keys(seed, decision, *parts) >> np.uint64(1))


def run_item(workplace: Workplace, task: BankTask, item: BankItem) -> list[float]:
    """What one row gives for each statistic."""
    seed = derived_seed(task.scenario.seed, luck.FIT_LUCK, _WAVES.index(item.wave), item.number)
    parameters = dict(zip(task.names, item.values, strict=True))
    arms = run_arms(World(workplace, task.scenario, parameters, seed), follow_twins=0)
    return predicted(arms, task.statistics).tolist()


def _prepare(task: BankTask) -> tuple[Workplace, BankTask]:
    return Workplace(open_society(task.society)), task


def _work(place: tuple[Workplace, BankTask], item: BankItem) -> list[float]:
    return run_item(*place, item)


class BankStore:
    """Rows on disk, each whole, for one fit that is under way."""

    def __init__(self, folder: Path) -> None:
        """The folder stands, or will when the first row is kept."""
        self.folder = folder

    def _path(self, item: BankItem) -> Path:
        return self.folder / f"{item.wave}-{item.number:06d}.json"

    def keep(self, item: BankItem, results: list[float]) -> None:
        """The row is on disk; WriteError when the disk refuses."""
        self.folder.mkdir(parents=True, exist_ok=True)
        plain = [each if math.isfinite(each) else None for each in results]
        write_whole(self._path(item), json.dumps({"values": item.values, "results": plain}).encode())

    def found(self, item: BankItem) -> list[float] | None:
        """The results of the item if it was run before with the same parameters, else None."""
        try:
            row = json.loads(self._path(item).read_bytes())
            same = tuple(row["values"]) == item.values
            return [math.nan if each is None else float(each) for each in row["results"]] if same else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def discard(self) -> None:
        """The rows are gone, and the folder with them unless something else is in it."""
        with contextlib.suppress(OSError):
            for wave in _WAVES:
                for path in self.folder.glob(f"{wave}-*.json"):
                    path.unlink()
            self.folder.rmdir()


def fill_bank(
    task: BankTask, items: Sequence[BankItem], store: BankStore, *, workers: int, progress: Callable[[int], None]
) -> Bank:
    """All items, those that were kept before taken from the store; `progress` was told how many are safe after each."""
    rows: dict[BankItem, list[float]] = {item: row for item in items if (row := store.found(item)) is not None}
    progress(len(rows))

    def keep(item: BankItem, results: list[float]) -> None:
        store.keep(item, results)
        rows[item] = results
        progress(len(rows))

    missing = [item for item in items if item not in rows]
    run_on_workers(partial(_prepare, task), _work, missing, keep, workers=workers)
    return Bank(
        task.names,
        np.array([item.values for item in items]),
        np.array([rows[item] for item in items], dtype=float).reshape(len(items), len(task.statistics)),
        np.array([item.parameter_set for item in items]),
    )
