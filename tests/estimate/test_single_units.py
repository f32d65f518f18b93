"""Blocks with a single unit in an arm: the estimand stays, the missing variance is lent, and intervals cover."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from commonbeat.estimate.effects import intention_to_treat, primary_effect
from commonbeat.estimate.effects.units import layout
from commonbeat.estimate.groups import group_differences
from commonbeat.estimate.robustness import leave_one_cluster_out
from commonbeat.estimate.trial import Trial

LENT = "other units of that arm"
BETWEEN = "between their differences"


def in_blocks(sizes: list[int], treated: list[int], seed: int = 1, slope: float = 0.0) -> Trial:
    """People in blocks of these sizes; the effect is slope times the block's size."""
    luck = np.random.default_rng(seed)
    block = np.repeat(np.arange(len(sizes)), sizes)
    arm = np.concatenate(
        [luck.permutation(np.arange(size) < count) for size, count in zip(sizes, treated, strict=True)]
    )
    effect = slope * np.array(sizes)[block] * arm
    return Trial(
        luck.normal(size=len(sizes))[block] + effect + luck.normal(size=len(block)), arm.astype(float), block=block
    )


def said(row, words: str) -> bool:
    return any(words in each for each in row.warnings)


def test_one_missing_answer_does_not_change_the_estimand() -> None:
    trial = in_blocks([4, 4, 6, 40, 60, 80], [2, 2, 3, 2, 2, 2])
    outcome = np.where(np.asarray(trial.block) > 2, 2.0, 0.0) * trial.treatment
    gone = np.flatnonzero((trial.block == 0) & (trial.treatment == 1))[0]
    fewer = outcome.copy()
    fewer[gone] = np.nan
    noise = np.random.default_rng(2).normal(scale=0.01, size=len(outcome))
    whole, short = (primary_effect(replace(trial, outcome=each + noise)) for each in (outcome, fewer))
    assert whole.estimate == pytest.approx(2 * 180 / 194, abs=0.05)
    assert short.estimate == pytest.approx(2 * 180 / 193, abs=0.05)
    assert short.method.startswith("block-weighted")
    assert said(short, "1 of 6 blocks")
    assert said(short, LENT)


def test_variances_lent_by_the_arm_as_written_out() -> None:
    trial = in_blocks([5, 6, 6, 3, 4], [2, 3, 3, 1, 1])
    share, variance, lent = [], 0.0, {arm: [] for arm in (0, 1)}
    cells = {(b, a): trial.outcome[(trial.block == b) & (trial.treatment == a)] for b in range(5) for a in (0, 1)}
    for (_, arm), values in cells.items():
        if len(values) > 1:
            lent[arm].append((values.var(ddof=1), len(values) - 1))
    share = np.bincount(np.asarray(trial.block)) / len(trial.outcome)
    for (block, arm), values in cells.items():
        own = values.var(ddof=1) if len(values) > 1 else sum(v * d for v, d in lent[arm]) / sum(d for _, d in lent[arm])
        variance += share[block] ** 2 * own / len(values)
    row = primary_effect(trial)
    assert said(row, LENT)
    difference = [cells[b, 1].mean() - cells[b, 0].mean() for b in range(5)]
    assert row.estimate == pytest.approx(share @ difference)
    assert row.std_error == pytest.approx(np.sqrt(variance))


def test_the_variance_between_blocks_is_unbiased_whatever_the_blocks_variances() -> None:
    """Over signs of each difference's error: V has the mean of the true variance sum s**2 sigma**2."""
    trial = in_blocks([2, 3, 4, 5], [1, 1, 1, 1])
    share = np.array([2, 3, 4, 5]) / 14
    sigma = np.array([0.3, 2.0, 1.0, 0.5])
    found = []
    for number in range(16):
        sign = 1 - 2 * np.array([number >> at & 1 for at in range(4)])
        outcome = trial.treatment * (sign * sigma)[trial.block]
        row = primary_effect(replace(trial, outcome=outcome))
        assert said(row, BETWEEN)
        found.append((row.std_error or 0.0) ** 2)
    assert np.mean(found) == pytest.approx((share**2 * sigma**2).sum())


def test_where_nothing_tells_the_variance_there_is_no_interval() -> None:
    trial = Trial(np.array([1.0, 2.0, 3.0, 5.0, 4.0]), np.array([0.0, 1, 0, 1, 0]), block=np.array([0, 0, 1, 1, 1]))
    assert layout(trial) == "single"
    row = primary_effect(trial)
    assert row.ci_low is not None
    assert said(row, "both arms")
    crossed = Trial(
        np.arange(6.0), np.array([0.0, 1, 0, 1, 0, 1]), cluster=np.array([0, 1, 1, 2, 0, 2]), block=np.repeat([0, 1], 3)
    )
    assert layout(crossed) == "crossed"
    assert "fixed effects" in primary_effect(crossed).method


@pytest.mark.parametrize(
    ("sizes", "treated", "slope"),
    [
        ([2, 3, 4, 8] * 6, [1] * 24, 0.3),
        ([2, 3, 4, 8] * 6, [1] * 24, 0.0),
        ([4] * 7 + [3], [2] * 7 + [1], 0.2),
        ([3, 5] * 6, [1, 2] * 6, 0.2),
    ],
)
def test_intervals_cover_the_effect_weighted_by_size(sizes, treated, slope) -> None:
    truth = slope * float(np.square(sizes).sum() / np.sum(sizes))
    rows = [primary_effect(in_blocks(sizes, treated, seed, slope)) for seed in range(300)]
    covered = np.mean([(row.ci_low or 0.0) <= truth <= (row.ci_high or 0.0) for row in rows])
    assert covered > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 300)
    if slope < 0.3:
        assert covered < 0.99
    assert np.mean([row.estimate or 0.0 for row in rows]) == pytest.approx(truth, abs=0.07)


def test_controls_take_noise_out_and_leave_the_estimand() -> None:
    trial = in_blocks([2, 3, 4, 8] * 6, [1] * 24, slope=0.3)
    known = np.random.default_rng(5).normal(size=(len(trial.outcome), 1))
    noisy = replace(trial, outcome=trial.outcome + 3 * known[:, 0], covariates=known, covariate_names=("age",))
    adjusted, plain = intention_to_treat(noisy)
    assert "common slopes" in adjusted.method
    assert adjusted.std_error is not None
    assert adjusted.std_error < 0.6 * (plain.std_error or 0.0)
    assert adjusted.estimate == pytest.approx(primary_effect(trial).estimate, abs=0.2)


def test_leaving_out_a_cluster_keeps_the_weights_of_blocks() -> None:
    luck = np.random.default_rng(4)
    cluster = np.repeat(np.arange(12), [6] * 4 + [30] * 8)
    block, arm = cluster // 4, (cluster % 2).astype(float)
    outcome = 2.0 * arm * (block > 0) + 0.01 * luck.normal(size=len(cluster))
    rows = leave_one_cluster_out(Trial(outcome, arm, cluster=cluster, block=block))
    people = np.bincount(block)
    low = 2 * (people[1:].sum() - 30) / (people.sum() - 30)
    high = 2 * people[1:].sum() / (people.sum() - 6)
    assert [row.estimate for row in rows] == pytest.approx([low, high], abs=0.02)


def test_groups_within_clusters_of_single_units_are_taken_apart() -> None:
    luck = np.random.default_rng(6)
    cluster = np.repeat(np.arange(18), 12)
    trial = Trial(
        luck.normal(size=216),
        (cluster % 3 == 0).astype(float),
        cluster=cluster,
        block=cluster // 3,
        group=np.arange(216) % 2,
        group_names=("a", "b"),
    )
    assert any("single cluster" in warning for row in group_differences(trial) for warning in row.warnings)
