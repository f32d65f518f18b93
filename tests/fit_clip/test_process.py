"""The pieces of the process, each against a slow twin or a closed form."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import poisson

from commonbeat.fit.growth import DAY, HOUR, Memory
from commonbeat.fit.growth.ages import END, WIDEST, ladder, steps_around
from commonbeat.fit.growth.counting import SMALL, poisson_count
from commonbeat.fit.growth.forecast import widened
from commonbeat.fit.growth.laplace import laplace
from commonbeat.fit.growth.memory import attention, passed_on
from commonbeat.fit.growth.variation import Variation
from tests.fit_clip.clips import TRUTH, remembered_density

MEMORY = Memory(300.0, 0.5)


def test_the_memory_is_the_integral_of_its_density_and_ends_at_one():
    for age in (10.0, 299.0, 301.0, 5_000.0):
        by_hand = quad(lambda s: float(remembered_density(MEMORY, np.array(s))), 0, age, points=[min(age, 300.0)])[0]
        assert MEMORY.remembered(np.array([age]))[0] == pytest.approx(by_hand, rel=1e-6)
    assert MEMORY.remembered(np.array([-5.0, 1e30])).tolist() == pytest.approx([0, 1], abs=1e-9)


def test_attention_is_that_of_a_slow_twin():
    random = np.random.default_rng(1)
    seconds, weights, edges = (
        np.sort(random.uniform(0, 3_000, 40)),
        random.uniform(0.2, 4, 40),
        np.array([0, 400.0, 900, 3_600]),
    )
    seconds[0] = 0
    slow = []
    for low, high in itertools.pairwise(edges):
        left = 0.0
        for second, weight in zip(seconds, weights, strict=True):
            points = np.linspace(low, high, 20_001)
            left += weight * np.mean(remembered_density(MEMORY, points - second) * (points >= second))
        slow.append(left)
    assert attention(seconds, weights, edges, MEMORY) == pytest.approx(slow, rel=2e-3)


def test_what_is_passed_on_never_goes_back_in_time_and_is_never_more_than_the_whole_memory():
    edges = np.array([3_600.0, 4_000, 5_000, 9_000, 90_000])
    shares = passed_on(edges, MEMORY)
    assert np.all(shares >= 0)
    assert np.all(np.tril(shares, -1) == 0)
    assert np.all(shares.sum(axis=1) < 1)
    origins = np.random.default_rng(2).uniform(edges[1], edges[2], 4_000)
    drawn = np.mean(MEMORY.remembered(edges[4] - origins) - MEMORY.remembered(edges[3] - origins))
    assert shares[1, 3] == pytest.approx(drawn, rel=0.02)


@pytest.mark.parametrize("mean", [0.0, 0.3, 7.0, SMALL, 41.0, 900.0])
def test_counts_are_those_of_scipy(mean):
    heights = np.random.default_rng(3).random(3_000)
    ours, theirs = poisson_count(heights, np.full(3_000, mean)), poisson.ppf(heights, mean)
    apart = np.abs(ours - np.maximum(theirs, 0))
    assert apart.max() <= (0 if mean <= SMALL else 1)
    assert apart.mean() < 0.01


def test_the_mode_is_where_the_posterior_is_highest():
    ages = np.array([600.0, 3_600, 9_000, 40_000])
    covariance, mean = TRUTH.covariance(ages), np.array([0.5, 0.0, -0.5, -1.0])
    counts, exposure = np.array([12.0, 0, 3, 250]), np.log(np.array([5.0, 2, 9, 100]))

    def loss(x):
        away = x - mean
        return float(
            (np.exp(x + exposure) - counts * (x + exposure)).sum() + 0.5 * away @ np.linalg.solve(covariance, away)
        )

    found = laplace(counts, exposure, mean, covariance)
    assert found.mode == pytest.approx(minimize(loss, mean, tol=1e-12).x, abs=1e-3)
    assert found.precision == pytest.approx(np.exp(found.mode + exposure), rel=1e-6)


def test_steps_hold_now_and_every_mark_and_are_never_wider_than_two_hours():
    edges, past = steps_around(5.3 * HOUR, END, [DAY, 2 * HOUR])
    assert edges[past] == 5.3 * HOUR
    assert DAY in edges
    assert edges[0] == 0
    assert edges[-1] == END
    assert np.all(np.diff(edges) > 0)
    assert np.diff(ladder()).max() <= WIDEST + 1e-6


def test_a_variation_survives_its_logs_and_its_covariance_is_positive():
    assert Variation.from_logs(TRUTH.logs()).level == pytest.approx(TRUTH.level)
    assert np.linalg.eigvalsh(TRUTH.covariance(np.linspace(60, END, 60))).min() > 0


def test_widening_keeps_the_median_and_what_cannot_be_less_than_nothing():
    draws = np.array([[0.0, 2, 5, 9, 100]])
    wider = widened(draws, 1.5)
    assert wider[0, 2] == pytest.approx(5)
    assert wider[0, 4] > 100
    assert wider[0, 0] == 0
    assert np.allclose(widened(draws, 1.0), draws)
