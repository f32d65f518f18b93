"""Tipping values on functions with a known root, with intervals that hold it as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.results.measures.tipping import SURE, tipping

ROOT = 0.3


def made(seed: int, many: int, noise: float = 0.7) -> tuple[np.ndarray, np.ndarray]:
    """Draws whose result is as likely above zero as below where the parameter is at the root; with a heavy tail."""
    random = np.random.default_rng(seed)
    values, tail = random.normal(size=many), np.exp(random.normal(size=many))
    return values, (values - ROOT + noise * random.normal(size=many)) * tail


@pytest.mark.parametrize("shape", [lambda x: x, np.exp, lambda x: 1 / (1 + np.exp(-x))])
def test_the_root_is_found_whatever_the_shape_of_the_prior(shape) -> None:
    values, results = made(1, 2000)
    found = tipping(shape(values), results)
    assert found.value == pytest.approx(shape(ROOT), rel=0.2)
    assert found.low < found.value < found.high
    assert found.at_low < 0 < found.at_high
    assert found.parameter_low < found.value < found.parameter_high
    assert found.is_known


def test_a_falling_result_turns_at_the_same_value() -> None:
    values, results = made(2, 1000)
    rising, falling = tipping(values, results), tipping(values, -results)
    assert falling.value == pytest.approx(rising.value)
    assert falling.at_low == pytest.approx(-rising.at_low)


@pytest.mark.parametrize("many", [40, 250])
def test_intervals_hold_the_root_about_nine_times_in_ten(many: int) -> None:
    found = [tipping(*made(seed, many)) for seed in range(60)]
    known = [each for each in found if each.is_known]
    held = sum(each.low <= ROOT <= each.high for each in known)
    assert len(known) > 50
    assert 0.78 * len(known) <= held <= len(known)


def test_a_result_that_never_passes_zero_has_no_tipping_value() -> None:
    values = np.random.default_rng(3).random(300)
    found = tipping(values, 2 + values)
    assert found.value is None
    assert found.low is None
    assert found.crossed == 0
    assert found.at_low == pytest.approx(2.05, abs=0.03)
    assert found.at_high == pytest.approx(2.95, abs=0.03)


def test_a_root_that_the_draws_hardly_show_is_said_to_be_uncertain() -> None:
    random = np.random.default_rng(4)
    values = random.normal(size=60)
    found = tipping(values, 0.1 * values + random.normal(size=60))
    assert not found.is_known or found.crossed >= SURE
    assert found.crossed < 1


def test_a_parameter_that_does_nothing_rarely_seems_to_turn_a_result_about_zero() -> None:
    found = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        found.append(tipping(random.normal(size=256), random.normal(size=256)))
    assert np.mean([each.value is not None for each in found]) > 0.8, "a curve that wanders about zero passes it"
    assert np.mean([each.is_known for each in found]) < 0.35


def test_a_cluster_counts_once_however_often_it_is_repeated() -> None:
    values, results = made(5, 40)
    once = tipping(values, results)
    often = tipping(np.repeat(values, 4), np.repeat(results, 4), np.repeat(np.arange(40), 4))
    assert often.value == pytest.approx(once.value, abs=0.05)
    assert often.high - often.low == pytest.approx(once.high - once.low, rel=0.3)


def test_results_that_are_all_the_same_turn_nowhere() -> None:
    found = tipping(np.arange(20.0), np.zeros(20))
    assert found.value is None
    assert found.at_low == found.at_high == 0
