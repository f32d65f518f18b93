"""Draws of the parameters and of luck, run on worker processes and handed to a sink as they finish.

Draw d has parameter set d and luck set d, but for the last ones: they repeat the first parameter sets with new
luck, so that the spread of a result can be parted into what the parameters do and what luck does.

A draw depends on (scenario, seed, d) alone, so neither the number of workers nor the order in which they finish
changes anything, and an interrupted run goes on with the draws that are missing.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from commonbeat.evidence import draw_parameters
from commonbeat.simulate.arms import run_arms
from commonbeat.simulate.columns import exposures_of, tables_of
from commonbeat.simulate.world import Workplace, World, luck_seed
from commonbeat.society import open_society

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from multiprocessing.context import BaseContext

    from numpy.typing import NDArray

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


_WORKER: dict[str, object] = {}


def _start_worker(task: Task) -> None:
    # Ctrl-C reaches every process of a terminal; the one in charge decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _open_workplace(task)


def _open_workplace(task: Task) -> None:
    _WORKER["task"] = task
    _WORKER["workplace"] = Workplace(open_society(task.society, cache=task.cache))


def _work(plan: DrawPlan) -> DrawResult:
    return run_draw(_WORKER["workplace"], _WORKER["task"], plan)  # pyright: ignore[reportArgumentType]


def run_ensemble(
    task: Task, plans: Iterable[DrawPlan], sink: Sink, *, workers: int, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Every planned draw is with the sink; `progress` was told after each.

    With one worker the draws run in this process. Ctrl-C reaches the caller as KeyboardInterrupt after the draws that
    are under way have been given up; what the sink has is whole.
    """
    waiting = list(plans)
    if workers <= 1:
        _open_workplace(task)
        for plan in waiting:
            sink(_work(plan))
            progress(plan.draw)
        return
    pool = ProcessPoolExecutor(
        min(workers, len(waiting)), mp_context=_clean_processes(), initializer=_start_worker, initargs=(task,)
    )
    try:
        _drain(pool, waiting, sink, progress)
    except BaseException:
        _give_up(pool)
        raise
    pool.shutdown()


def _clean_processes() -> BaseContext:
    """Workers that start from a process without threads: a copy of this one might inherit a lock that is held."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _drain(pool: ProcessPoolExecutor, plans: list[DrawPlan], sink: Sink, progress: Callable[[int], None]) -> None:
    running = {pool.submit(_work, plan) for plan in plans}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            result = future.result()
            sink(result)
            progress(result.draw)


def _give_up(pool: ProcessPoolExecutor) -> None:
    """Nothing more is started and the workers end now: their draws are repeated when the run goes on."""
    # The pool has no public way to stop at once.
    processes, results = list((pool._processes or {}).values()), pool._result_queue  # noqa: SLF001
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    # A worker may have ended in the middle of a message: with this end closed, who waits for the rest meets the end.
    results._writer.close()  # noqa: SLF001  # pyright: ignore[reportAttributeAccessIssue]
