"""The check by real runs, and the scores on which everything is measured."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from commonbeat.fit.posterior.bank import Bank
from commonbeat.fit.posterior.check import check
from commonbeat.fit.posterior.emulator import fit_emulators
from commonbeat.fit.posterior.scores import prior_scores
from tests.fit.posterior.toys import bank, prior, statistics


def checked(simulated: np.ndarray, observed: float, error: float):
    runs = Bank(prior().names, np.zeros((len(simulated), 1)), simulated[:, None], np.arange(len(simulated)))
    return check(statistics(observed, error=error), [None], runs, np.zeros((len(simulated), 1)))[0]


def test_replicates_hold_the_error_of_observation() -> None:
    found = checked(np.full(200, 2.0), 2.5, 0.4)
    assert (found.low, found.median, found.high) == (2.0, 2.0, 2.0)
    assert found.replicate_low == pytest.approx(2 + 0.4 * norm.ppf(0.05), abs=0.02)
    assert found.replicate_high == pytest.approx(2 + 0.4 * norm.ppf(0.95), abs=0.02)
    assert found.tail == pytest.approx(2 * norm.sf(1.25), abs=0.01)
    assert not found.surprising


def test_what_the_model_hardly_gives_is_surprising() -> None:
    assert checked(np.linspace(-1, 1, 60), 4.0, 0.3).surprising
    assert checked(np.linspace(-1, 1, 60), 1.01, 0.0).surprising
    assert not checked(np.linspace(-1, 1, 60), 0.5, 0.0).surprising


def test_few_runs_never_say_impossible() -> None:
    assert checked(np.zeros(8), 100.0, 0.1).tail > 0.1


def test_no_run_with_a_value_is_no_answer() -> None:
    found = checked(np.full(5, np.nan), 1.0, 0.1)
    assert found.draws == 0
    assert math.isnan(found.tail)
    assert not found.surprising


def test_luck_is_parted_from_the_emulators_error() -> None:
    """Half of the rows repeat parameters; all that the emulator misses is luck."""
    made = bank(lambda a, _b, _c: a[:, None], rows=120, noise=0.0)
    twice = made.joined(made)
    luck = np.random.default_rng(1).normal(scale=0.5, size=twice.results.shape)
    rows = Bank(made.names, twice.values, twice.results + luck, np.tile(np.arange(120), 2))
    emulator = fit_emulators(prior().of(rows.values), rows)[0]
    assert emulator is not None
    assert emulator.luck is not None
    assert emulator.luck > 0.8
    assert 0.6 < emulator.explained < 0.95


def test_scores_are_standard_normal_and_ties_stand_in_their_middle() -> None:
    values = np.random.default_rng(2).lognormal(size=(20_000, 1))
    values = np.hstack([values, np.minimum(values, 1.0)])
    found = prior_scores(("free", "capped"), values)
    assert found.scores[:, 0].mean() == pytest.approx(0, abs=0.02)
    assert found.scores[:, 0].std() == pytest.approx(1, abs=0.02)
    assert found.scores[values[:, 1] == 1.0, 1] == pytest.approx(norm.ppf(0.75), abs=0.02)
    assert found.of(values[:50]) == pytest.approx(found.scores[:50])
