"""Synthetic control: weights against other solvers and a constructed truth, placebos, and what cannot be built."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from commonbeat.errors import DataFileError
from commonbeat.estimate.series import PlaceSeries, simplex_weights, synthetic_control
from commonbeat.estimate.series.gaps import donor_gaps, exact_interval, place_gap


def make_places(seed: int, *, places: int = 24, periods: int = 40, start: int = 30, effect: float = 0.0) -> PlaceSeries:
    """Exchangeable places with common factors; one of them gets an effect."""
    luck = np.random.default_rng(seed)
    factors = luck.normal(size=(3, periods)).cumsum(axis=1)
    outcome = luck.dirichlet(np.ones(3), places) @ factors * 2 + luck.normal(scale=0.5, size=(places, periods))
    outcome[3, start:] += effect
    names = tuple(f"place {at}" for at in range(places))
    return PlaceSeries(outcome, names, tuple(f"{at}" for at in range(periods)), 3, start, outcome_name="complaints")


def project(target: np.ndarray, donors: np.ndarray) -> np.ndarray:
    """Another way to the same weights: accelerated projected gradient on the simplex, to convergence."""
    gram, cross = donors @ donors.T, donors @ target
    step = 1 / np.linalg.eigvalsh(gram)[-1]
    weights = ahead = np.full(len(donors), 1 / len(donors))
    momentum = 1.0
    for _ in range(200_000):
        moved = ahead - step * (gram @ ahead - cross)
        ordered = np.sort(moved)[::-1]
        excess = (np.cumsum(ordered) - 1) / np.arange(1, len(ordered) + 1)
        last = np.flatnonzero(ordered > excess)[-1]
        new = np.maximum(moved - excess[last], 0)
        after = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = new + (momentum - 1) / after * (new - weights)
        if np.abs(new - weights).max() < 1e-14:
            return new
        weights, momentum = new, after
    return weights


@pytest.mark.parametrize(("donors", "periods", "scale"), [(8, 30, 1.0), (15, 60, 1e5), (20, 40, 1e-4), (3, 200, 10.0)])
def test_weights_agree_with_two_other_solvers(donors: int, periods: int, scale: float) -> None:
    luck = np.random.default_rng(donors)
    table = scale * (5 + luck.normal(size=(donors, periods)).cumsum(axis=1))
    target = scale * (5 + luck.normal(size=periods).cumsum())
    weights = simplex_weights(target, table)
    assert weights.sum() == pytest.approx(1, abs=1e-12)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights, project(target / scale, table / scale), atol=1e-6)

    def misfit(w: np.ndarray) -> float:
        return float((((target - w @ table) / scale) ** 2).sum())

    rules = ({"type": "eq", "fun": lambda w: w.sum() - 1},)
    start = np.full(donors, 1 / donors)
    slow = minimize(
        misfit, start, bounds=[(0, 1)] * donors, constraints=rules, options={"ftol": 1e-14, "maxiter": 2_000}
    )
    assert misfit(weights) <= slow.fun * (1 + 1e-6)


def test_weights_recover_a_constructed_mix() -> None:
    luck = np.random.default_rng(1)
    donors = luck.normal(size=(12, 50)) + 100
    truth = np.zeros(12)
    truth[[2, 5, 9]] = (0.5, 0.3, 0.2)
    np.testing.assert_allclose(simplex_weights(truth @ donors, donors), truth, atol=1e-8)
    # a target beyond every donor takes the nearest one alone
    flat = np.arange(1.0, 5.0)[:, None] * np.ones((4, 6))
    np.testing.assert_allclose(simplex_weights(np.full(6, 9.0), flat), [0, 0, 0, 1], atol=1e-12)
    np.testing.assert_allclose(simplex_weights(np.full(6, 2.0), np.full((4, 6), 2.0)), 0.25)


def test_a_known_effect_is_found_and_its_interval_holds_it() -> None:
    result = synthetic_control(make_places(2, effect=4.0))
    gap = result.mean_gap
    assert gap.estimate == pytest.approx(4.0, abs=0.6)
    assert gap.ci_low < 4.0 < gap.ci_high
    assert gap.p_value == pytest.approx(1 / 24)
    assert result.ratio.estimate == pytest.approx(result.rmspe_after / result.rmspe_before)
    assert sum(weight for _, weight in result.weights) == pytest.approx(1)
    assert result.in_time.p_value > 0.05
    assert len(result.without_donor) == len(result.weights)
    assert result.curves[0].observed[35] - result.curves[0].expected[35] == pytest.approx(result.curves[1].estimate[35])


def test_the_interval_is_what_the_test_does_not_reject() -> None:
    series = make_places(4, effect=3.0)
    own = place_gap(series, 3, series.start)
    ratios = np.array([gap.ratio for gap in donor_gaps(series, series.start)])
    low, high = exact_interval(own, ratios, 0.1)

    def p_value(effect: float) -> float:
        without = series.outcome.copy()
        without[3, series.start :] -= effect
        return synthetic_control(replace(series, outcome=without)).mean_gap.p_value

    for end, outside in ((low, low - 1e-6), (high, high + 1e-6)):
        assert p_value(end + np.sign(end - outside) * 1e-6) > 0.1
        assert p_value(outside) <= 0.1


def test_one_donor_that_carries_the_finding_is_named() -> None:
    series = make_places(5, places=24, effect=0.0)
    outcome = series.outcome.copy()
    outcome[3] = outcome[7]  # a twin, which moves away after the start for a reason of its own
    outcome[7, 30:] -= 12.0
    outcome[3] += np.random.default_rng(1).normal(scale=0.2, size=40)
    result = synthetic_control(replace(series, outcome=outcome))
    assert result.weights[0][0] == "place 7"
    assert result.mean_gap.p_value < 0.05
    carried = next(row for row in result.without_donor if row.estimand.endswith("without place 7"))
    assert abs(carried.estimate) < abs(result.mean_gap.estimate) / 2
    assert any("place 7" in warning for warning in carried.warnings)


def test_what_weakens_it_is_said() -> None:
    few = synthetic_control(make_places(1, places=8, effect=3.0))
    assert few.mean_gap.ci_low is None
    assert any("p cannot fall below 0.12" in warning for warning in few.warnings)
    many = synthetic_control(make_places(1, places=40, start=12))
    assert any("many other weights fit as well" in warning for warning in many.warnings)
    series = make_places(1)
    outcome = series.outcome.copy()
    outcome[3] += 50
    assert any("poor twin" in w for w in synthetic_control(replace(series, outcome=outcome)).warnings)


def test_all_mistakes_at_once() -> None:
    outcome = np.arange(12.0).reshape(2, 6)
    outcome[1, 4] = np.nan
    with pytest.raises(DataFileError) as caught:
        synthetic_control(PlaceSeries(outcome, ("place 0", "place 1"), tuple("abcdef"), 5, 2))
    told = str(caught.value)
    for words in ("'place 1' misses 1 of 6", "other places", "is not a place", "3 before and 1 after"):
        assert words in told


def test_the_placebo_test_keeps_its_size() -> None:
    trials = 200
    small = [synthetic_control(make_places(900 + seed, places=20, periods=24, start=16)) for seed in range(trials)]
    rejected = np.mean([result.mean_gap.p_value <= 0.1 for result in small])
    held = np.mean(
        [
            result.mean_gap.ci_low is not None and result.mean_gap.ci_low <= 0 <= result.mean_gap.ci_high
            for result in small
        ]
    )
    assert 0.05 <= rejected <= 0.16
    assert 0.91 <= held <= 1.0


def test_when_no_constant_effect_fits_the_missing_interval_is_explained() -> None:
    series = make_places(2)
    outcome = series.outcome.copy()
    outcome[3, 30:] += np.tile([20.0, -20.0], 5)
    result = synthetic_control(replace(series, outcome=outcome))
    assert result.mean_gap.ci_low is None
    assert any("No constant effect fits" in warning for warning in result.mean_gap.warnings)
    steady = synthetic_control(make_places(2, effect=4.0))
    assert not any("No constant effect" in warning for warning in steady.warnings)


def test_a_p_value_at_the_level_is_a_finding_that_one_donor_may_carry() -> None:
    series = make_places(5, places=20)  # 19 donors: p cannot fall below .05
    outcome = series.outcome.copy()
    outcome[3] = outcome[7] + np.random.default_rng(1).normal(scale=0.2, size=40)
    outcome[7, 30:] -= 12.0
    result = synthetic_control(replace(series, outcome=outcome))
    assert result.mean_gap.p_value == 0.05
    assert not result.mean_gap.ci_low <= 0 <= result.mean_gap.ci_high
    carried = next(row for row in result.without_donor if row.estimand.endswith("without place 7"))
    assert carried.p_value > 0.05
    assert "The finding hangs on place 7." in carried.warnings
