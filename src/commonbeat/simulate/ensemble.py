"""Draws of the parameters and of luck, run on worker processes and handed to a sink as they finish.

Draw d has parameter set d and luck set d, but for the last ones: they repeat the first parameter sets with new
luck, so that the spread of a result can be parted into what the parameters do and what luck does.

A draw depends on (scenario, seed, d) alone, so neither the number of workers nor the order in which they finish
changes anything, and an interrupted run goes on with the draws that are missing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

import numpy as np

from commonbeat.evidence import draw_parameters
from commonbeat.simulate.arms import run_arms
from commonbeat.simulate.columns import exposures_of, tables_of
from commonbeat.simulate.quality import drawn_qualities
from commonbeat.simulate.workers import run_on_workers
from commonbeat.simulate.world import Workplace, World, luck_seed
from commonbeat.society import open_society

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from commonbeat.evidence.sample import ParameterSample
    from commonbeat.scenario import Scenario

FIRST_REPEATS_AT = 6  # with fewer draws there is nothing to part
DRAWS_PER_REPEAT = 6  # 48 draws: 40 parameter sets, 8 of them with a second luck


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """Which parameters and which luck a draw has."""

    draw: int
    parameter_set: int
    luck_set: int


@dataclass(frozen=True, eq=False)
class DrawResult:
    """One finished draw: plain columns by table name."""

    draw: int
    tables: Mapping[str, Mapping[str, NDArray]]


class Sink(Protocol):
    """Whoever takes finished draws, in any order."""

    def __call__(self, result: DrawResult) -> None:
        """The result is safe with the sink when this returns."""


@dataclass(frozen=True, eq=False)
class Task:
    """What a worker needs to know once; small, since the society is opened from the cache by its name."""

    scenario: Scenario
    society: str
    cache: str | None
    with_exposures: str = ""  # "exposures" writes who saw each clip through whom
    bands: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    sample: ParameterSample | None = None  # rows that stand in place of priors; what it lacks is drawn from its prior


def plan_draws(draws: int) -> list[DrawPlan]:
    """The plan of a run with that many draws; the last sixth repeats the first parameter sets with new luck."""
    repeats = draws // DRAWS_PER_REPEAT if draws >= FIRST_REPEATS_AT else 0
    sets = draws - repeats
    return [DrawPlan(draw, draw if draw < sets else draw - sets, draw) for draw in range(draws)]


def run_draw(workplace: Workplace, task: Task, plan: DrawPlan) -> DrawResult:
    """All arms of one draw have run."""
    began = time.perf_counter()
    scenario = task.scenario
    parameters = draw_parameters(scenario.seed, plan.parameter_set, bands=dict(task.bands))
    if task.sample is not None:
        parameters |= task.sample.pick(scenario.seed, plan.parameter_set)
    parameters |= drawn_qualities(scenario, scenario.seed, plan.parameter_set)
    seed = luck_seed(scenario.seed, plan.luck_set)
    world = World(workplace, scenario, parameters, seed)
    arms = run_arms(world, follow_twins=1 if plan.draw == 0 else 0)
    tables = tables_of(arms, plan.draw)
    if task.with_exposures:
        tables["exposures"] = exposures_of(arms, plan.draw)
    tables["parameters"] = _parameter_columns(parameters, plan.draw)
    tables["draws"] = {
        "draw": np.array([plan.draw], np.int32),
        "parameter_set": np.array([plan.parameter_set], np.int32),
        "luck_seed": np.array([str(seed)], np.str_),
        "seconds": np.array([time.perf_counter() - began]),
    }
    return DrawResult(plan.draw, tables)


def _parameter_columns(parameters: Mapping[str, float], draw: int) -> dict[str, NDArray]:
    return {
        "draw": np.full(len(parameters), draw, np.int32),
        "parameter": np.array(list(parameters), np.str_),
        "value": np.array(list(parameters.values()), np.float64),
    }


def _open_workplace(task: Task) -> tuple[Workplace, Task]:
    return Workplace(open_society(task.society, cache=task.cache)), task


def _run_planned(place: tuple[Workplace, Task], plan: DrawPlan) -> DrawResult:
    return run_draw(*place, plan)


def run_ensemble(
    task: Task, plans: Iterable[DrawPlan], sink: Sink, *, workers: int, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Every planned draw is with the sink; `progress` was told after each.

    Ctrl-C reaches the caller as KeyboardInterrupt after the draws that are under way have been given up; what the sink has
    is whole.
    """

    def keep(plan: DrawPlan, result: DrawResult) -> None:
        sink(result)
        progress(plan.draw)

    run_on_workers(partial(_open_workplace, task), _run_planned, plans, keep, workers=workers)
