"""What attrition methods promise: coverage, clusters, weights, ties, and the ends where nothing can be said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from commonbeat.estimate.attrition import (
    balance_of_answered,
    imbens_manski,
    lee_bounds,
    response_rates,
    response_weighted_effects,
    response_weights,
)
from commonbeat.estimate.attrition.lee import compute_lee_bounds
from commonbeat.estimate.attrition.response import weighted_difference
from commonbeat.estimate.row import NO_VARIATION
from commonbeat.estimate.trial import Trial


def drawn(luck: np.random.Generator, people: int = 400, *, spread: float = 0.0) -> Trial:
    """An effect of .3; those with high x answer more often, the treated too; `spread` is the SD between 40 groups drawn whole."""
    group = np.arange(people) % 40
    z = (luck.permutation(40) < 20)[group].astype(float) if spread else luck.permutation(group % 2).astype(float)
    x = luck.normal(size=people)
    y = 0.3 * z + x + spread * luck.normal(size=40)[group] + luck.normal(size=people)
    y[luck.random(people) > 1 / (1 + np.exp(-1 - 0.8 * x - 0.7 * z))] = np.nan
    cluster = group if spread else None
    return Trial(y, z, cluster=cluster, covariates=x[:, None], covariate_names=("x",))


def test_trimming_by_hand() -> None:
    y = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5, np.nan, np.nan, np.nan, np.nan, np.nan])
    bounds = compute_lee_bounds(Trial(y, np.repeat([1.0, 0.0], 10)))
    assert bounds is not None
    assert (bounds.low, bounds.high) == pytest.approx((3 - 3, 8 - 3))  # half of the treated are cut off at either end
    assert (bounds.trimmed_share, bounds.trimmed_arm) == (0.5, "treated")
    turned = compute_lee_bounds(Trial(y, np.repeat([0.0, 1.0], 10)))
    assert turned is not None
    assert (turned.low, turned.high) == pytest.approx((-5, 0))  # to the last digits, which differ by processor
    assert turned.trimmed_arm == "control"
    assert (turned.low_error, turned.high_error) == pytest.approx((bounds.high_error, bounds.low_error))


def test_a_weight_of_two_is_two_people() -> None:
    luck = np.random.default_rng(5)
    trial = drawn(luck, 200)
    twice = luck.integers(1, 3, 200)
    weighted = compute_lee_bounds(replace(trial, weight=twice.astype(float)))
    copied = compute_lee_bounds(trial.rows(np.repeat(np.arange(200), twice)))  # pyright: ignore[reportArgumentType]
    assert weighted is not None
    assert copied is not None
    assert (weighted.low, weighted.high) == pytest.approx((copied.low, copied.high))


def test_blocks_with_other_shares_do_not_bias_the_bounds() -> None:
    """Among many treated in block 1 the outcome is higher; everybody answers alike, so the bounds must stand near 0."""
    luck = np.random.default_rng(6)
    block = np.repeat([0, 1], 20_000)
    z = (luck.random(40_000) < np.where(block == 1, 0.8, 0.2)).astype(float)
    y = 3.0 * block + luck.normal(size=40_000)
    y[luck.random(40_000) < 0.1] = np.nan
    bare = compute_lee_bounds(Trial(y, z))
    blocked = compute_lee_bounds(Trial(y, z, block=block))
    assert bare is not None
    assert blocked is not None
    assert bare.low > 1.5
    assert abs(blocked.low) < 0.1
    assert abs(blocked.high) < 0.1


@pytest.mark.parametrize("spread", [0.0, 0.7])
def test_errors_of_bounds_and_weights_are_those_of_a_bootstrap(spread: float) -> None:
    """People, or whole groups, drawn anew within arms: the influence functions' errors are right to the bootstrap's own noise."""
    luck = np.random.default_rng(7)
    trial = drawn(luck, 1200, spread=spread)
    unit = np.arange(1200) if trial.cluster is None else trial.cluster
    arm = np.array([trial.treatment[unit == each][0] for each in range(unit.max() + 1)])
    rows = [np.flatnonzero(unit == each) for each in range(unit.max() + 1)]
    found = []
    for _ in range(400):
        chosen = np.concatenate([luck.choice(np.flatnonzero(arm == each), (arm == each).sum()) for each in (0, 1)])
        again = trial.rows(np.concatenate([rows[each] for each in chosen]))
        bounds, weights = compute_lee_bounds(again), response_weights(again)
        assert bounds is not None
        assert weights is not None
        found.append((bounds.low, bounds.high, weighted_difference(again, weights)[0]))
    bounds, weights = compute_lee_bounds(trial), response_weights(trial)
    assert bounds is not None
    assert weights is not None
    told = [bounds.low_error, bounds.high_error, weighted_difference(trial, weights)[1]]
    assert told == pytest.approx(np.std(found, axis=0, ddof=1), rel=0.12)


def test_intervals_cover_as_often_as_they_say() -> None:
    luck = np.random.default_rng(8)
    bounds = weights = naive = 0
    for _ in range(300):
        trial = drawn(luck)
        _, _, both = lee_bounds(trial)
        row, _ = response_weighted_effects(trial)
        assert both.ci_low is not None
        assert both.ci_high is not None
        assert row.ci_low is not None
        assert row.ci_high is not None
        bounds += both.ci_low <= 0.3 <= both.ci_high
        weights += row.ci_low <= 0.3 <= row.ci_high
        naive += np.nanmean(trial.outcome[trial.treatment == 1]) - np.nanmean(trial.outcome[trial.treatment == 0]) < 0.3
    assert bounds >= 0.95 * 300
    assert 0.925 <= weights / 300 <= 0.975
    assert naive / 300 > 0.6  # those who answered alone are off: the weights have something to mend


def test_the_interval_around_bounds_runs_between_its_two_limits() -> None:
    assert imbens_manski(1.0, 1.0, 0.5, 0.5) == pytest.approx((1 - 1.959964 * 0.5, 1 + 1.959964 * 0.5), abs=1e-6)
    assert imbens_manski(0.0, 50.0, 1.0, 1.0) == pytest.approx((-1.644854, 51.644854), abs=1e-6)
    assert imbens_manski(0.0, 1.0, 0.0, 0.0) == (0.0, 1.0)


def test_nothing_is_bounded_when_all_answered_or_an_arm_did_not() -> None:
    trial = drawn(np.random.default_rng(9), 100)
    assert lee_bounds(replace(trial, outcome=np.zeros(100))) == ()
    assert response_weighted_effects(replace(trial, outcome=np.zeros(100))) == ()
    silent = replace(trial, outcome=np.where(trial.treatment == 1, np.nan, 1.0))
    (row,) = lee_bounds(silent)
    assert row.estimate is None
    assert "Nobody answered" in row.warnings[0]
    (row,) = response_weighted_effects(silent)
    assert row.estimate is None
    assert "exactly" in row.warnings[0]


def test_predictors_with_gaps_and_copies_do_no_harm() -> None:
    trial = drawn(np.random.default_rng(10), 500)
    x = trial.covariates[:, 0].copy()
    x[:20] = np.nan
    predictors = np.column_stack([x, x, np.full(500, 7.0)])
    once, twice = (response_weighted_effects(trial, each)[0] for each in (predictors[:, :1], predictors))
    assert twice.estimate == pytest.approx(once.estimate)
    assert twice.std_error == pytest.approx(once.std_error)


def test_rates_say_when_many_or_unequally_many_are_missing() -> None:
    trial = drawn(np.random.default_rng(11), 2000)
    *_, gap = response_rates(trial)
    assert gap.p_value is not None
    assert gap.p_value < 0.05
    assert len(gap.warnings) == 2
    *_, none = response_rates(replace(trial, outcome=np.zeros(2000)))
    assert (none.estimate, none.p_value, none.warnings) == (0.0, None, ())


@pytest.mark.parametrize("alone", [3, 4, 6])
def test_one_person_alone_in_a_block_is_no_difference_beyond_doubt(alone: int) -> None:
    """The variance of that block's arm is lent by others who all answered, so it is 0 but for rounding; the difference is not certain."""
    arm = np.concatenate([np.tile([1.0, 0.0], alone), np.tile([1.0, 1.0, 0.0, 0.0], 7)])
    block = np.concatenate([np.repeat(np.arange(alone), 2), alone + np.repeat(np.arange(7), 4)])
    y = np.random.default_rng(2).normal(size=len(arm))
    y[0] = np.nan
    control, treated, gap = response_rates(Trial(y, arm, block=block))
    assert (treated.estimate, control.estimate) == pytest.approx((1 - 1 / (alone + 14), 1))
    assert gap.estimate is not None
    assert gap.estimate < -0.01
    assert (gap.ci_low, gap.ci_high, gap.p_value) == (None, None, None)
    assert not any("more than chance" in each for each in gap.warnings)
    assert NO_VARIATION in gap.warnings


def test_balance_is_in_sds_and_by_holm() -> None:
    trial = drawn(np.random.default_rng(12), 2000)
    scaled = replace(trial, baseline=100 * trial.covariates[:, 0])
    baseline, covariate = balance_of_answered(scaled)
    assert baseline.estimate == pytest.approx(covariate.estimate)
    alone = balance_of_answered(trial)[0]
    assert covariate.p_value == pytest.approx(min(1, 2 * alone.p_value))
    assert "Holm over 2" in covariate.method


def test_clustered_shares_have_clustered_errors() -> None:
    trial = drawn(np.random.default_rng(13), 800, spread=1.0)
    control, treated, gap = response_rates(trial)
    assert (control.clusters, treated.clusters, gap.clusters) == (20, 20, 40)
    assert "CR2" in control.method
    row = response_weighted_effects(trial)[0]
    assert 25 < row.df <= 38  # Welch's: two arms of 20 groups, which do not vary alike


def test_unequal_groups_are_counted_as_fewer() -> None:
    """Twelve groups of 5 to 60: intervals by weights for answering cover as they should, though the groups' sizes differ twelvefold."""
    luck = np.random.default_rng(14)
    covered = 0
    for _ in range(300):
        size = luck.integers(5, 60, 12)
        group = np.repeat(np.arange(12), size)
        z = (luck.permutation(12) < 6)[group].astype(float)
        x = luck.normal(size=group.size)
        y = 0.3 * z + x + 0.5 * luck.normal(size=12)[group] + luck.normal(size=group.size)
        y[luck.random(group.size) > 1 / (1 + np.exp(-1 - 0.8 * x - 0.7 * z))] = np.nan
        trial = Trial(y, z, cluster=group, covariates=x[:, None])
        weights = response_weights(trial)
        assert weights is not None
        estimate, error, df = weighted_difference(trial, weights)
        assert df < 10
        covered += abs(estimate - 0.3) <= stats.t.isf(0.025, df) * error
    assert covered / 300 >= 0.92
