"""Banks of a simulator that is one line long, so that the posterior is known."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from commonbeat.evidence.priors import draw_table
from commonbeat.fit.posterior.bank import Bank
from commonbeat.fit.posterior.check import check
from commonbeat.fit.posterior.emulator import fit_emulators
from commonbeat.fit.posterior.fitted import FitOrder, Fitted, gathered
from commonbeat.fit.posterior.posterior import resampled, usable, weighed
from commonbeat.fit.posterior.scores import PriorScores, prior_scores
from commonbeat.fit.posterior.statistics import Statistic, Statistics
from commonbeat.fit.posterior.target import Targets
from tests.fit.posterior.towns import town

FIRST, SECOND, THIRD = "participant_dose", "bystander_share", "novelty_exponent"


@lru_cache(maxsize=1)
def prior() -> PriorScores:
    names, values = draw_table(5, np.arange(1 << 14))
    return prior_scores(names, values)


def sampler(first: int, count: int) -> np.ndarray:
    return draw_table(5, np.arange(first, first + count))[1]


def column(name: str) -> int:
    return prior().names.index(name)


def bank(function, rows: int = 240, noise: float = 0.3, seed: int = 3) -> Bank:
    """Rows from the prior; `function` takes the scores of FIRST, SECOND and THIRD and gives the results [rows, T]."""
    names, values = draw_table(77, np.arange(rows))
    z = prior().of(values)
    results = function(*(z[:, column(name)] for name in (FIRST, SECOND, THIRD)))
    luck = np.random.default_rng(seed).normal(size=results.shape)
    return Bank(names, values, results + noise * luck, np.arange(rows))


def statistics(*observed: float, error: float = 0.3) -> Statistics:
    made = tuple(Statistic(f"target {place}", "effect", "SD", value, ()) for place, value in enumerate(observed))
    return Statistics(made, np.eye(len(observed)) * error**2, ())


@lru_cache(maxsize=1)
def fitted_toy() -> Fitted:
    """A whole fit to a simulator of one line: two targets that inform, and one that contradicts the model."""
    made = bank(lambda a, b, c: np.stack([np.exp(0.6 * (a + b)), c, b], axis=1))
    asked = statistics(2.5, 0.4, 40.0, error=0.15)
    targets = Targets((), ("points were read with 26.8 points to one SD (card E090)",), "targets.csv", "0" * 64)
    order = FitOrder(town(), "small", targets, asked, len(made.values), 30, {})
    emulators = tuple(fit_emulators(prior().of(made.values), made))
    kept, used, unused = usable(asked, emulators)
    found = weighed(prior().names, sampler, 1, kept, used, unused)
    weighing = tuple(each if each in used else None for each in emulators)
    places, _ = resampled(found.weights, 30, 0.5)
    runs = Bank(made.names, found.prior.values[places], made.results[: len(places)], np.arange(len(places)))
    checked = check(asked, weighing, runs, found.prior.scores[places])
    return gathered(order, found, weighing, made, checked, second=False)
