"""Banks of a simulator that is one line long, so that the posterior is known."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from commonbeat.evidence.priors import draw_table
from commonbeat.fit.posterior.bank import Bank
from commonbeat.fit.posterior.scores import PriorScores, prior_scores
from commonbeat.fit.posterior.statistics import Statistic, Statistics

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
