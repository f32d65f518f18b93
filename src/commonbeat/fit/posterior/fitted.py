"""A fit from beginning to end: bank, emulators, posterior, a second bank where it is needed, and the check by real runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.errors import FailureError
from commonbeat.evidence.priors import draw_table
from commonbeat.fit.posterior.bank import (
    CHECK_WAVE,
    SECOND_WAVE,
    Bank,
    BankItem,
    BankStore,
    BankTask,
    bank_scenario,
    derived_seed,
    fill_bank,
    plan_bank,
)
from commonbeat.fit.posterior.check import OFTEN, Checked, check
from commonbeat.fit.posterior.emulator import fit_emulators
from commonbeat.fit.posterior.learnt import Learnt, Trade, learnt, trades
from commonbeat.fit.posterior.posterior import (
    FIRST_SAMPLES,
    LEAST_SAMPLES,
    Posterior,
    resampled,
    usable,
    weighed,
)
from commonbeat.fit.posterior.scores import prior_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from commonbeat.fit.posterior.emulator import Array, Emulator
    from commonbeat.fit.posterior.posterior import Sampler
    from commonbeat.fit.posterior.statistics import Statistics
    from commonbeat.fit.posterior.target import Targets
    from commonbeat.scenario import Scenario

KEPT_ROWS = 2000  # of the posterior, in the priors file


@dataclass(frozen=True, eq=False)
class FitOrder:
    """What is to be fitted: the scenario in its society, the targets and their statistics, and how many runs that may take."""

    scenario: Scenario
    society: str
    targets: Targets
    statistics: Statistics
    draws: int
    checks: int
    bands: Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Emulated:
    """How one statistic was emulated, in plain figures; errors are shares of its variance over the prior, on the emulator's scale."""

    label: str
    surface: str
    logarithmic: bool
    inputs: tuple[str, ...]
    explained: float
    luck_share: float | None
    used: bool


@dataclass(frozen=True, eq=False)
class Fitted:
    """The result: a sample of the posterior, and everything that a reader needs to judge it.

    rows [R, P], weights [R]: the sample. learnt: every parameter. told: sentences on repairs, silent and unused targets, and doubts.
    """

    order: FitOrder
    names: tuple[str, ...]
    rows: Array
    weights: Array
    learnt: tuple[Learnt, ...]
    trades: tuple[Trade, ...]
    emulated: tuple[Emulated, ...]
    checked: tuple[Checked, ...]
    unused: tuple[str, ...]
    doubts: tuple[str, ...]
    effective: float
    screened: int
    bank: Bank
    second_bank: bool

    @property
    def informed(self) -> tuple[Learnt, ...]:
        """The parameters of which something was learnt."""
        return tuple(each for each in self.learnt if each.informed)


class Teller:
    """Who is told how the fit goes on: sentences, and rows that are safe."""

    def __init__(self, says: Callable[[str], None], progress: Callable[[int, int], None], total: int) -> None:
        """says: takes a sentence. progress: takes (safe, total) rows."""
        self.says, self._progress, self.total, self._before = says, progress, total, 0

    def rows(self, safe: int) -> None:
        """So many rows of the present wave are safe."""
        self._progress(min(self._before + safe, self.total), self.total)

    def wave_is_over(self, rows: int) -> None:
        """The next wave is counted on top."""
        self._before += rows


def fit(
    order: FitOrder,
    store: BankStore,
    *,
    workers: int,
    says: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Fitted:
    """The targets have been fitted. Rows that the store has are not run again; Ctrl-C passes, with what is finished in the store.

    Raises FailureError when no target can weigh anything.
    """
    seed = order.scenario.seed
    names, sampler, table = _prior(order)
    task = BankTask(bank_scenario(order.scenario, order.statistics), order.society, names, order.statistics.statistics)
    teller = Teller(says, progress, order.draws + order.checks)
    bank = fill_bank(task, plan_bank(seed, order.draws, table), store, workers=workers, progress=teller.rows)
    teller.wave_is_over(order.draws)
    says("Emulating the simulator, and weighing draws of the prior")
    posterior, emulators = _posterior_of(order, names, sampler, bank, workers)
    second = posterior.is_thin
    if second:
        says(f"The posterior is worth {posterior.effective:.0f} draws only: a second bank is run where it lies")
        items = _items_from(posterior, SECOND_WAVE, order.draws // 2, seed)
        teller.total += len(items)
        bank = bank.joined(fill_bank(task, items, store, workers=workers, progress=teller.rows))
        teller.wave_is_over(len(items))
        posterior, emulators = _posterior_of(order, names, sampler, bank, workers)
    says("Running the simulator at the posterior, to check it")
    items = _items_from(posterior, CHECK_WAVE, order.checks, seed)
    runs = fill_bank(task, items, store, workers=workers, progress=teller.rows)
    checked = check(order.statistics, emulators, runs, posterior.prior.of(runs.values))
    return gathered(order, posterior, emulators, bank, checked, second=second)


def _prior(order: FitOrder) -> tuple[tuple[str, ...], Sampler, Callable[[int, np.ndarray], Array]]:
    """Names, a sampler of the prior by number, and the table of any draws under any seed."""
    own = derived_seed(order.scenario.seed, luck.FIT_PRIOR)

    def table(seed: int, draws: np.ndarray) -> Array:
        return draw_table(seed, draws, bands=order.bands)[1]

    def sampler(first: int, count: int) -> Array:
        return table(own, np.arange(first, first + count))

    return draw_table(own, np.arange(1), bands=order.bands)[0], sampler, table


def _posterior_of(
    order: FitOrder, names: tuple[str, ...], sampler: Sampler, bank: Bank, workers: int
) -> tuple[Posterior, tuple[Emulator | None, ...]]:
    """The posterior that this bank gives, and the emulators by statistic, None for those that do not weigh."""
    scores = prior_scores(names, sampler(0, FIRST_SAMPLES)).of(bank.values)
    emulators = fit_emulators(scores, bank, workers=workers)
    statistics, used, unused = usable(order.statistics, emulators)
    if not used:
        raise FailureError("No target can be used:\n" + "\n".join(f"  {each}" for each in unused))
    posterior = weighed(names, sampler, order.scenario.seed, statistics, used, unused)
    return posterior, tuple(each if each in used else None for each in emulators)


def _items_from(posterior: Posterior, wave: str, rows: int, seed: int) -> list[BankItem]:
    """Rows of the posterior to be run; a draw that weighs much is run several times, each with its own luck."""
    u = float(luck.uniforms(seed, luck.FIT_CHECK, rows))
    places, shares = resampled(posterior.weights, rows, u)
    often = np.repeat(places, np.rint(shares * rows).astype(int))
    values = posterior.prior.values
    return [
        BankItem(wave, number, int(place), tuple(values[place].tolist())) for number, place in enumerate(often.tolist())
    ]


def gathered(
    order: FitOrder,
    posterior: Posterior,
    emulators: tuple[Emulator | None, ...],
    bank: Bank,
    checked: tuple[Checked, ...],
    *,
    second: bool,
) -> Fitted:
    """The parts as one result. emulators: by statistic, None for those that did not weigh. checked: by statistic."""
    u = float(luck.uniforms(order.scenario.seed, luck.FIT_CHECK, KEPT_ROWS))
    places, weights = resampled(posterior.weights, KEPT_ROWS, u)
    names = posterior.prior.names
    return Fitted(
        order,
        names,
        posterior.prior.values[places],
        weights,
        learnt(posterior),
        trades(posterior),
        tuple(
            Emulated(
                label,
                each.surface,
                each.scale.width != float("inf"),
                tuple(names[k] for k in each.inputs),
                each.explained,
                each.luck,
                used=True,
            )
            if each is not None
            else Emulated(label, "none", logarithmic=False, inputs=(), explained=0.0, luck_share=None, used=False)
            for label, each in zip(order.statistics.labels, emulators, strict=True)
        ),
        checked,
        posterior.unused,
        _doubts(order.statistics.overlaps, posterior, checked),
        posterior.effective,
        posterior.screened,
        bank,
        second,
    )


def _doubts(overlaps: tuple[str, ...], posterior: Posterior, checked: tuple[Checked, ...]) -> tuple[str, ...]:
    """What a reader must know before trusting the result, targets that contradict the model first."""
    found = [f"{each}." for each in posterior.contradictions]
    if posterior.is_thin:
        found.append(
            f"The posterior hangs on few draws: it is worth {posterior.effective:.0f}, fewer than {LEAST_SAMPLES:.0f}. Its "
            "intervals are rough. The targets may contradict each other or the model: see the check."
        )
    found += [
        f"{each.label}: at the posterior the emulator misses the simulator by {each.missed:.1f} times its stated error."
        for each in checked
        if each.missed > OFTEN
    ]
    found += [
        f"{each.label}: the fitted model hardly gives what was observed (tail probability {each.tail:.2f})."
        for each in checked
        if each.surprising
    ]
    return (*found, *overlaps)
