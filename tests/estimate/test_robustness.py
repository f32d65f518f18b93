"""What would change a result: published E-values, tipping points that tip, and people and clusters planted to carry it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.effects.units import comparable
from commonbeat.estimate.robustness import (
    breakdown_point,
    e_value,
    e_values,
    leave_one_cluster_out,
    people_who_carry,
)
from commonbeat.estimate.robustness.breakdown import missing_shares, shared_error, tipping_difference
from commonbeat.estimate.robustness.e_value import nearer_end, ratio_of_difference, risk_ratio
from commonbeat.estimate.robustness.leave_out import row_influence
from commonbeat.estimate.trial import Trial


def made(people: int = 300, *, effect: float = 0.6, missing: float = 0.15) -> Trial:
    luck = np.random.default_rng(31)
    z = np.arange(people) % 2.0
    x = luck.normal(size=people)
    y = effect * z + x + luck.normal(size=people)
    y[luck.random(people) < missing] = np.nan
    return Trial(y, z, covariates=x[:, None], covariate_names=("x",), outcome_name="trust")


def test_published_e_values() -> None:
    """The worked example of VanderWeele and Ding (2017): 3.9 (1.8 to 8.7) gives 7.26 and 3.00; and its mirror below 1."""
    assert round(e_value(3.9), 2) == 7.26
    assert round(e_value(nearer_end(1.8, 8.7)), 2) == 3.0
    assert e_value(1 / 3.9) == pytest.approx(e_value(3.9))
    assert e_value(nearer_end(0.8, 1.3)) == 1.0
    ratio, low, high = ratio_of_difference(0.5, 0.1, half_width=1.96)
    assert (ratio, low, high) == pytest.approx(np.exp([0.455, 0.455 - 0.17836, 0.455 + 0.17836]))


def test_an_e_value_explains_the_ratio_away() -> None:
    """The largest bias of two associations of strength E is E^2 / (2 E - 1), which is the ratio itself."""
    for ratio in (1.1, 2.0, 7.0):
        strength = e_value(ratio)
        assert strength**2 / (2 * strength - 1) == pytest.approx(ratio)


def test_e_values_of_trials() -> None:
    trial = made()
    effect = primary_effect(trial)
    spread = np.nanstd(trial.outcome[trial.treatment == 0], ddof=1)
    estimate, end = e_values(trial)
    assert estimate.estimate == pytest.approx(e_value(np.exp(0.91 * effect.estimate / spread)))
    assert end.estimate == pytest.approx(e_value(np.exp(0.91 * effect.ci_low / spread)))
    nothing = e_values(made(effect=0.0))[1]
    assert nothing.estimate == 1.0


def test_a_yes_or_no_outcome_goes_by_its_risk_ratio() -> None:
    y = np.array([1.0] * 30 + [0.0] * 70 + [1.0] * 60 + [0.0] * 40)
    trial = Trial(y, np.repeat([0.0, 1.0], 100))
    ratio, low, high = risk_ratio(trial)
    # the delta method's error of a log ratio, with n - 1 as variances have, and Welch's df
    parts = np.array([0.7 / 0.3, 0.4 / 0.6]) / 99
    half = stats.t.isf(0.025, parts.sum() ** 2 / (parts**2 / 99).sum()) * np.sqrt(parts.sum())
    assert (ratio, np.log(high / low)) == pytest.approx((2.0, 2 * half), rel=1e-9)
    assert e_values(trial)[0].estimate == pytest.approx(2 + np.sqrt(2))
    assert risk_ratio(Trial(np.repeat([0.0, 1.0], 50), np.repeat([0.0, 1.0], 50))) is None
    assert e_values(Trial(np.repeat([0.0, 1.0], 50), np.repeat([0.0, 1.0], 50))) == ()


def test_at_the_tipping_point_the_interval_touches_zero() -> None:
    """The missing are given their arm's mean less (treated) or more (control) the found difference: the effect falls to its own reach."""
    trial = replace(made(4000), covariates=np.empty((0, 0)), covariate_names=())
    row, in_sd = breakdown_point(trial)
    effect, delta = primary_effect(trial), row.estimate
    filled = trial.outcome.copy()
    for arm, turn in ((0.0, 1.0), (1.0, -1.0)):
        own = trial.treatment == arm
        filled[own & np.isnan(filled)] = np.nanmean(trial.outcome[own]) + turn * delta
    moved = filled[trial.treatment == 1].mean() - filled[trial.treatment == 0].mean()
    missing, missing_error = missing_shares(trial)
    error = np.hypot(effect.std_error, delta * missing_error)
    assert moved == pytest.approx(1.9606 * error, rel=1e-4)
    assert moved == pytest.approx(effect.estimate - missing * delta)
    assert in_sd.estimate == pytest.approx(delta / np.nanstd(trial.outcome[trial.treatment == 0], ddof=1))
    assert breakdown_point(replace(trial, outcome=-trial.outcome))[0].estimate == pytest.approx(delta)


def test_the_error_of_a_tipped_effect_is_that_of_a_bootstrap() -> None:
    luck = np.random.default_rng(32)
    trial = replace(made(600), covariates=np.empty((0, 0)), covariate_names=())
    effect, delta = primary_effect(trial), 1.5
    _, missing_error = missing_shares(trial)
    found = []
    for _ in range(1000):
        arms = [luck.choice(trial.outcome[trial.treatment == arm], 300) for arm in (0.0, 1.0)]
        means = [np.nanmean(arm) + turn * delta * np.isnan(arm).mean() for arm, turn in zip(arms, (1, -1), strict=True)]
        found.append(means[1] - means[0])
    assert np.hypot(effect.std_error, delta * missing_error) == pytest.approx(np.std(found, ddof=1), rel=0.08)


def test_tipping_differences_at_their_ends() -> None:
    assert tipping_difference(0.1, 0.1, 0.3, 0.01, 1.96) == 0.0
    assert tipping_difference(1.0, 0.1, 0.0, 0.0, 1.96) is None
    assert tipping_difference(1.0, 0.1, 0.5, 0.0, 1.96) == pytest.approx((1 - 0.196) / 0.5)
    found = tipping_difference(1.0, 0.1, 0.02, 0.02, 1.96)  # a share so rough that the quadratic opens downwards
    assert (1 - 0.02 * found) ** 2 == pytest.approx(1.96**2 * (0.1**2 + found**2 * 0.02**2))
    assert breakdown_point(made(missing=0.0)) == ()
    assert "holds zero already" in breakdown_point(made(effect=0.0))[0].warnings[-1]
    rarely = breakdown_point(made(2000, effect=3.0, missing=0.01))[0]
    assert "within the range" in rarely.warnings[-1]


def test_clusters_share_their_luck_in_answers_and_answering() -> None:
    """Clusters with low answers answer less: the tipped effect's error, covariance and all, is that of a bootstrap of clusters."""
    luck = np.random.default_rng(38)
    cluster = np.repeat(np.arange(60), 20)
    common = luck.normal(size=60)
    z = (cluster % 2).astype(float)
    y = 2.0 * z + common[cluster] + luck.normal(size=1200)
    y[luck.random(1200) > 1 / (1 + np.exp(-1 - common[cluster]))] = np.nan
    trial = Trial(y, z, cluster=cluster)
    effect, delta = primary_effect(trial), 1.0
    missing, missing_error = missing_shares(trial)
    shared = shared_error(trial, effect, missing_error)
    found = []
    for _ in range(600):
        chosen = [luck.choice(np.arange(arm, 60, 2), 30) for arm in (0, 1)]
        arms = [y.reshape(60, 20)[each].ravel() for each in chosen]
        means = [np.nanmean(arm) + turn * delta * np.isnan(arm).mean() for arm, turn in zip(arms, (1, -1), strict=True)]
        found.append(means[1] - means[0])
    told = np.sqrt(effect.std_error**2 - 2 * delta * shared + (delta * missing_error) ** 2)
    assert told == pytest.approx(np.std(found, ddof=1), rel=0.1)
    tipped = tipping_difference(effect.estimate, effect.std_error, missing, missing_error, 2.0, covariance=shared)
    variance = effect.std_error**2 - 2 * tipped * shared + (tipped * missing_error) ** 2
    assert effect.estimate - missing * tipped == pytest.approx(2 * np.sqrt(variance))


def test_the_baseline_is_the_yardstick() -> None:
    trial = made()
    silent = np.isnan(trial.outcome)
    baseline = np.where(silent, -1.0, 1.0) + np.random.default_rng(33).normal(size=300)
    *_, row = breakdown_point(replace(trial, baseline=baseline))
    spread = baseline[trial.treatment == 0].std(ddof=1)
    assert row.estimate == pytest.approx((baseline[silent].mean() - baseline[~silent].mean()) / spread)


def test_one_row_moves_the_effect_by_its_influence() -> None:
    used, _ = comparable(
        replace(made(), weight=np.random.default_rng(34).uniform(0.5, 2, 300), covariates=np.empty((0, 0)))
    )
    influence = row_influence(used)
    whole = primary_effect(used).estimate
    for row in range(0, used.outcome.size, 40):
        without = primary_effect(used.rows(np.arange(used.outcome.size) != row)).estimate
        assert whole - without == pytest.approx(influence[row], rel=1e-8)


def test_planted_people_are_found_to_carry_the_result() -> None:
    luck = np.random.default_rng(35)
    z = np.arange(400) % 2.0
    y = luck.normal(size=400)
    y[1:10:2] += 60  # five treated people
    touches, turns = people_who_carry(Trial(y, z))
    assert touches.estimate <= 1  # outliers widen the interval as much as they lift the effect
    assert turns.estimate <= 8
    steady = made(400, missing=0.0)
    touches, turns = people_who_carry(steady)
    assert 5 < touches.estimate < turns.estimate
    assert "% of 400" in touches.method
    order = np.argsort(-row_influence(comparable(steady)[0]))
    keep = np.ones(400, dtype=bool)
    keep[order[: int(turns.estimate)]] = False
    assert primary_effect(steady.rows(keep)).estimate <= 0
    keep[order[int(turns.estimate) - 1]] = True
    assert primary_effect(steady.rows(keep)).estimate > 0


def test_one_cluster_that_carries_the_result_is_said() -> None:
    luck = np.random.default_rng(36)
    cluster = np.repeat(np.arange(12), 30)
    z = (cluster % 2).astype(float)
    y = luck.normal(size=360) + 0.4 * z
    trial = Trial(y, z, cluster=cluster, cluster_name="precinct")
    low, high = leave_one_cluster_out(trial)
    every = [primary_effect(trial.rows(cluster != code)).estimate for code in range(12)]
    assert (low.estimate, high.estimate) == pytest.approx((min(every), max(every)))
    assert low.estimand == "intention to treat: outcome, without one precinct, lowest"
    assert low.clusters == 11
    assert not [warning for warning in low.warnings if "touches zero" in warning]
    of_cluster = np.tile([-0.3, 0.15, 0.3, 0.75], 3)[cluster]
    weak = replace(trial, outcome=of_cluster + 0.05 * luck.normal(size=360))
    assert primary_effect(weak).ci_low > 0
    low, _ = leave_one_cluster_out(weak)
    assert low.ci_low < 0
    assert any("touches zero without one precinct" in warning for warning in low.warnings)
    assert leave_one_cluster_out(made()) == ()
    assert leave_one_cluster_out(trial.rows(cluster < 2)) == ()


def test_many_clusters_are_tried_by_influence() -> None:
    luck = np.random.default_rng(37)
    cluster = np.repeat(np.arange(260), 3)
    z = (cluster % 2).astype(float)
    y = luck.normal(size=780) + 5.0 * (cluster == 255)
    low, _ = leave_one_cluster_out(Trial(y, z, cluster=cluster))
    without = primary_effect(Trial(y, z, cluster=cluster).rows(cluster != 255))
    assert low.estimate == pytest.approx(without.estimate)
    assert "Of 260 clusters only the 200" in low.warnings[-1]
