"""Effects at their edges: who is left out, what is warned of, and whether simulated trials are covered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from commonbeat.estimate.effects import batch_effects, complier_effect, intention_to_treat, primary_effect
from commonbeat.estimate.trial import Trial


def people(rows: int = 120, seed: int = 21) -> Trial:
    luck = np.random.default_rng(seed)
    treatment = luck.permuted(np.arange(rows) % 2).astype(float)
    return Trial(luck.normal(size=rows) + treatment, treatment, outcome_name="trust")


def said(row, *words: str) -> bool:
    return any(all(word in warning for word in words) for warning in row.warnings)


def test_a_plain_trial_is_welchs_t_test() -> None:
    trial = people()
    row = primary_effect(trial)
    test = stats.ttest_ind(trial.outcome[trial.treatment > 0], trial.outcome[trial.treatment == 0], equal_var=False)
    interval = test.confidence_interval(0.95)
    assert (row.p_value, row.ci_low, row.ci_high) == pytest.approx((test.pvalue, interval.low, interval.high))
    assert row.estimand == "intention to treat: trust"
    assert row.warnings == ()


def test_who_did_not_answer_is_left_out() -> None:
    trial = people()
    gaps = trial.outcome.copy()
    gaps[:20] = np.nan
    assert primary_effect(replace(trial, outcome=gaps)) == primary_effect(trial.rows(np.arange(120) >= 20))
    assert primary_effect(replace(trial, outcome=gaps)).n == 100


def test_blocks_of_one_arm_are_left_out_and_counted() -> None:
    trial = people()
    block = np.arange(120) // 20
    treatment = np.where(block == 5, 1.0, np.arange(120) % 2)
    row = primary_effect(replace(trial, treatment=treatment, block=block))
    assert row.n == 100
    assert said(row, "1 of 6 blocks", "20 people")


def test_the_adjusted_row_comes_first_whatever_it_says() -> None:
    trial = people()
    luck = np.random.default_rng(3)
    baseline = trial.outcome + luck.normal(size=120)
    baseline[:7] = np.nan
    rows = intention_to_treat(replace(trial, baseline=baseline))
    assert [row.method.split(" for ")[0] for row in rows] == ["Lin-adjusted", "difference in means, HC2, Welch"]
    assert said(rows[0], "7 baselines")
    assert rows[0].std_error < rows[1].std_error
    nobody = intention_to_treat(replace(trial, baseline=np.full(120, np.nan)))
    assert len(nobody) == 1
    assert said(nobody[0], "missing for everybody")


def test_an_empty_arm_has_no_figure_and_a_single_unit_no_interval() -> None:
    trial = people()
    none = primary_effect(trial.rows(trial.treatment > 0))
    assert none.estimate is None
    assert said(none, "control")
    one = primary_effect(
        trial.rows((trial.treatment > 0) | (np.arange(120) == np.flatnonzero(trial.treatment == 0)[0]))
    )
    assert one.estimate is not None
    assert (one.std_error, one.df, one.ci_low, one.p_value) == (None, None, None, None)
    assert said(one, "single unit")
    alone = primary_effect(replace(trial, cluster=np.zeros(120, np.int64)))
    assert alone.ci_low is None
    assert alone.clusters == 1


def test_too_few_units_for_the_controls() -> None:
    trial = people(24)
    covariates = np.random.default_rng(2).normal(size=(24, 8))
    row, _ = intention_to_treat(replace(trial, covariates=covariates))
    assert "without interactions" in row.method
    assert said(row, "Too few units")
    (plain,) = intention_to_treat(replace(trial, covariates=np.random.default_rng(2).normal(size=(24, 22))))
    assert said(plain, "Not adjusted", "too few units")


def test_weak_designs_say_so() -> None:
    trial = people()
    sizes = np.repeat(np.arange(6), [70, 10, 10, 10, 10, 10])
    row = primary_effect(replace(trial, treatment=(sizes % 2).astype(float), cluster=sizes))
    assert said(row, "Only 6 clusters")
    assert said(row, "smaller arm")
    assert said(row, "One cluster holds 58%")
    assert said(row, "degrees of freedom")
    heavy = replace(trial, weight=np.where(np.arange(120) < 5, 50.0, 1.0))
    assert said(primary_effect(heavy), "design effect")
    assert said(primary_effect(people(14)), "Only 7 people")


def test_compliance_is_described() -> None:
    trial = people(400)
    luck = np.random.default_rng(8)
    one_sided = complier_effect(replace(trial, complied=trial.treatment * (luck.random(400) < 0.6)))
    assert said(one_sided[0], "effect on the treated")
    full = complier_effect(replace(trial, complied=trial.treatment))
    assert said(full[0], "this is the effect of assignment")
    assert full[0].estimate == pytest.approx(primary_effect(trial).estimate)
    assert "without bound" in full[2].method
    none = complier_effect(replace(trial, complied=np.zeros(400)))
    assert none[0].estimate is None
    assert said(none[0], "no compliers")
    assert complier_effect(trial) == ()
    gaps = trial.treatment.copy()
    gaps[:5] = np.nan
    assert said(complier_effect(replace(trial, complied=gaps))[0], "5 people")


def test_weak_take_up_opens_the_interval() -> None:
    trial = people(200, seed=5)
    luck = np.random.default_rng(1)
    received = (luck.random(200) < 0.4 + 0.02 * trial.treatment).astype(float)
    main, bounds, first = complier_effect(replace(trial, complied=received))
    assert said(main, "Weak first stage")
    assert (bounds.ci_low, bounds.ci_high) == (None, None)
    assert said(bounds, "too weak to bound")
    assert first.ci_low < 0 < first.ci_high


def test_anderson_rubin_ends_are_where_its_test_turns() -> None:
    trial = people(300, seed=6)
    luck = np.random.default_rng(2)
    cluster = np.arange(300) // 10
    treatment = (cluster % 2).astype(float)
    received = (luck.random(300) < 0.2 + 0.5 * treatment).astype(float)
    declared = replace(trial, treatment=treatment, cluster=cluster, complied=received)
    _, bounds, _ = complier_effect(declared)
    for end in (bounds.ci_low, bounds.ci_high):
        moved = replace(declared, outcome=trial.outcome - end * received)
        assert primary_effect(moved).p_value == pytest.approx(0.05, abs=1e-9)


COVERED = (0.915, 0.98)  # 400 trials at .95: chance alone stays inside


def trials(luck, *, clustered: bool, blocked: bool, count: int = 400):
    """Outcomes and assignments of many trials with a constant effect of .4, and their clusters and blocks."""
    cluster = np.repeat(np.arange(28), luck.integers(3, 9, 28)) if clustered else np.arange(120)
    units = int(cluster.max()) + 1
    block = np.arange(units) * 4 // units if blocked else np.zeros(units, dtype=int)
    chance = np.array([0.5, 0.4, 0.6, 0.5]) if blocked else np.array([0.5])
    treatment = np.zeros((count, len(cluster)))
    for at in range(count):
        arm = np.zeros(units)
        for each in np.unique(block):
            own = np.flatnonzero(block == each)
            arm[luck.permutation(own)[: round(len(own) * chance[each])]] = 1
        treatment[at] = arm[cluster]
    place = luck.normal(size=(count, units))[:, cluster] * (0.4 if clustered else 0.0)
    known = luck.normal(size=(count, len(cluster)))
    outcome = block[cluster] + known + place + 0.4 * treatment + luck.normal(size=treatment.shape)
    return outcome, treatment, cluster if clustered else None, block[cluster] if blocked else None, known


@pytest.mark.parametrize("clustered", [False, True])
@pytest.mark.parametrize("blocked", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_intervals_cover_the_effect(clustered, blocked, weighted) -> None:
    luck = np.random.default_rng(7)
    outcome, treatment, cluster, block, known = trials(luck, clustered=clustered, blocked=blocked)
    weight = np.exp(luck.normal(scale=0.5, size=outcome.shape[1])) if weighted else None
    plain = batch_effects(outcome, treatment, cluster, weights=weight, blocks=block)
    adjusted = batch_effects(outcome, treatment, cluster, weights=weight, blocks=block, covariates=known[:, :, None])
    for found in (plain, adjusted):
        low, high = found.intervals()
        assert COVERED[0] < ((low <= 0.4) & (high >= 0.4)).mean() < COVERED[1]
    assert np.median(adjusted.std_error) < np.median(plain.std_error)


def small_and_odd(seed: int) -> Trial:
    """A trial of 2 to 39 people with gaps, and by chance clusters, blocks, weights, dependent covariates or a constant outcome."""
    luck = np.random.default_rng(seed)
    rows = int(luck.integers(2, 40))
    outcome = luck.normal(size=rows) if luck.random() < 0.8 else np.ones(rows)
    outcome[luck.random(rows) < 0.2] = np.nan
    cluster = luck.integers(0, max(1, rows // 3), rows) if luck.random() < 0.5 else None
    whole = cluster is not None and luck.random() < 0.7
    treatment = (cluster % 2 if whole else luck.integers(0, 2, rows)).astype(float)
    covariates = luck.normal(size=(rows, int(luck.integers(0, 5))))
    covariates[:, 1:2] = covariates[:, :1]
    return Trial(
        outcome,
        treatment,
        cluster,
        luck.integers(0, 4, rows) if luck.random() < 0.5 else None,
        luck.exponential(size=rows) + 0.01 if luck.random() < 0.4 else None,
        covariates if covariates.size else np.empty((0, 0)),
        complied=(luck.random(rows) < 0.2 + 0.5 * treatment).astype(float),
        baseline=np.where(luck.random(rows) < 0.3, np.nan, luck.normal(size=rows)) if luck.random() < 0.4 else None,
    )


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_odd_trials_give_rows_and_no_warnings_of_numpy(start) -> None:
    for seed in range(start, start + 100):
        trial = small_and_odd(seed)
        for row in intention_to_treat(trial) + complier_effect(trial):
            assert row.warnings or row.ci_low is not None or row.estimate == 0
            assert list(row.as_row())[:2] == ["estimand", "estimate"]


def test_where_cr2_would_take_gigabytes_a_plainer_covariance_says_so(monkeypatch) -> None:
    luck = np.random.default_rng(18)
    cluster = np.arange(120) // 5
    trial = replace(
        people(), cluster=cluster, treatment=(cluster % 2).astype(float), covariates=luck.normal(size=(120, 2))
    )
    usual = primary_effect(trial)
    monkeypatch.setattr("commonbeat.estimate.effects.difference.LARGEST_TABLE", 100)
    row = primary_effect(trial)
    assert "CR1S" in row.method
    assert row.df == 23
    assert row.std_error == pytest.approx(usual.std_error, rel=0.1)


def test_what_lins_regression_does_not_fit_is_estimated_alone() -> None:
    luck = np.random.default_rng(17)
    pair = np.arange(40) // 2
    outcomes, treatment = luck.normal(size=(3, 40)), np.arange(40) % 2 * 1.0
    found = batch_effects(outcomes, treatment, blocks=pair)
    for at in range(3):
        row = primary_effect(Trial(outcomes[at], treatment, block=pair))
        assert (found.estimate[at], found.df[at]) == pytest.approx((row.estimate, 19.0))
    outcomes[1, treatment == 1] = np.nan
    assert np.isnan(batch_effects(outcomes, treatment).estimate).tolist() == [False, True, False]
    assert np.isnan(batch_effects(outcomes, treatment, np.arange(40)).estimate).tolist() == [False, True, False]
