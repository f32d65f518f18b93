"""The estimator of many trials is the regression of `estimate`, and sums per unit stand for answers one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from commonbeat.estimate.effects import batch_effects
from commonbeat.estimate.linear import fit_linear
from commonbeat.estimate.power.assumption import assume
from commonbeat.estimate.power.batch import estimate_batch
from commonbeat.estimate.power.closed import power_at
from commonbeat.estimate.power.curve import curve_sizes, most_trials, simulated_point
from commonbeat.estimate.power.search import smallest_effect
from commonbeat.estimate.power.sequential import confidence, settled
from commonbeat.estimate.power.smallest import share_by_effect, smallest_simulated
from commonbeat.estimate.power.trials import rejected, simulate
from tests.estimate.power_designs import asked, planned


@pytest.mark.parametrize(("sizes", "blocks"), [("clusters", 1), ("clusters", 4), ("people", 1), ("people", 5)])
def test_one_trial_is_the_regression_with_cr2(sizes: str, blocks: int) -> None:
    luck = np.random.default_rng(3)
    units = 20
    people = luck.integers(1, 12, units) if sizes == "clusters" else np.ones(units, np.int64)
    block = np.sort(np.arange(units) % blocks)
    treated = np.concatenate([luck.permutation(np.arange((block == b).sum()) % 2 == 0) for b in range(blocks)])
    unit = np.repeat(np.arange(units), people)
    y = luck.standard_normal(len(unit)) + luck.standard_normal(units)[unit]
    sums = np.bincount(unit, weights=y)[None, :]
    found = estimate_batch(sums, people[None, :].astype(float), treated[None, :], block, blocks)
    dummies = [(block[unit] == b).astype(float) for b in range(1, blocks)]
    columns = np.column_stack([np.ones(len(unit)), treated[unit].astype(float), *dummies])
    fit = fit_linear(y, columns, clusters=unit if sizes == "clusters" else None)
    vector = np.eye(columns.shape[1])[1]
    estimate, error, df = fit.contrast(vector)
    assert found.estimate[0] == pytest.approx(estimate, abs=1e-10)
    assert found.std_error[0] == pytest.approx(error, rel=1e-9)
    if sizes == "clusters":
        assert found.df[0] == pytest.approx(df, rel=1e-9)


def test_clustered_trials_are_those_of_the_batch_estimator() -> None:
    luck = np.random.default_rng(4)
    unit = np.repeat(np.arange(14), luck.integers(2, 9, 14))
    treated = luck.permutation(np.arange(14) % 2 == 0)
    answers = luck.standard_normal((6, len(unit)))
    sums = np.stack([np.bincount(unit, weights=row) for row in answers])
    counts = np.broadcast_to(np.bincount(unit).astype(float), sums.shape)
    own = estimate_batch(sums, counts, np.broadcast_to(treated, sums.shape), np.zeros(14, np.int64), 1)
    other = batch_effects(answers, treated[unit].astype(float), unit)
    assert own.estimate == pytest.approx(other.estimate, rel=1e-9)
    assert own.std_error == pytest.approx(other.std_error, rel=1e-9)
    assert own.df == pytest.approx(other.df, rel=1e-8)


def test_sums_per_unit_have_the_law_of_answers_one_by_one() -> None:
    """The slow twin: every answer drawn, lost, adjusted and regressed by itself."""
    design = planned(
        "clusters = 16\ncluster_size = 6\nicc = 0.2",
        arm="effect = 0.8\ntake_up = 0.6",
        more="[[waves]]\ndelay_days = 0\nattrition = 0.3\n[measure]\nreliability = 0.7\nbaseline_correlation = 0.5",
    )
    question, luck = asked(design), np.random.default_rng(8)
    quick = simulate(question, 0.8, luck, 4000)
    slow = np.array([one_by_one(luck) for _ in range(1200)])
    error = math.sqrt(slow.var() / len(slow) + quick.estimate.var() / 4000)
    assert abs(slow.mean() - quick.estimate.mean()) < 3.3 * error
    assert slow.std() == pytest.approx(quick.estimate.std(), rel=0.08)
    assert np.mean(quick.std_error**2) == pytest.approx(quick.estimate.var(), rel=0.1)


def one_by_one(luck: np.random.Generator) -> float:
    unit = np.repeat(np.arange(16), 6)
    treated = luck.permutation(np.arange(16) % 2 == 0)[unit].astype(float)

    def answers() -> np.ndarray:
        return math.sqrt(0.2) * luck.standard_normal(16)[unit] + math.sqrt(0.8) * luck.standard_normal(len(unit))

    before = answers()
    reached = treated * (luck.random(len(unit)) < 0.6)
    after = 0.5 * before + math.sqrt(0.75) * answers() + 0.8 * math.sqrt(0.7) * reached
    kept = luck.random(len(unit)) < 0.7
    columns = np.column_stack([np.ones(len(unit)), treated, before])[kept]
    return float(np.linalg.lstsq(columns, after[kept], rcond=None)[0][1])


def test_stopping_early_errs_no_oftener_than_it_says() -> None:
    luck = np.random.default_rng(1)
    wrong = 0
    for _ in range(300):
        seen = luck.random(1000) < 0.8
        wrong += any(settled(seen[:looks], 0.8, 0.05) for looks in range(50, 1001, 50))
    assert wrong / 300 <= 0.05


def test_an_answer_that_is_clear_is_found_soon() -> None:
    luck = np.random.default_rng(2)
    assert settled(luck.random(200) < 0.95, 0.8, 0.01) == "above"
    assert settled(luck.random(200) < 0.6, 0.8, 0.01) == "below"
    assert settled(np.zeros(0), 0.8, 0.01) == ""


def test_intervals_hold_the_truth_whenever_one_stops() -> None:
    luck = np.random.default_rng(6)
    held = 0
    for _ in range(80):
        seen = luck.random(600) < 0.7
        held += all(low <= 0.7 <= high for low, high in (confidence(seen[:n]) for n in (100, 300, 600)))
    assert held / 80 >= 0.95
    assert confidence(np.ones(50))[1] == 1.0


def test_points_stop_early_only_where_they_are_clear() -> None:
    design = planned("people = 506", arm="effect = 0.25", more="[simulation]\ntrials = 2000")
    faded = assume(design).uncertain
    close = simulated_point(design, design.treated[0], 0, 506, 0.25, faded)
    clear = simulated_point(design, design.treated[0], 0, 2024, 0.25, faded)
    assert (close.trials, close.side) == (2000, "")
    assert clear.trials < 600
    assert clear.side == "above"
    for point in (close, clear):
        assert point.low <= point.closed <= point.high
        assert point.error == pytest.approx(
            math.sqrt(point.simulated * (1 - point.simulated) / point.trials), abs=0.002
        )
    assert simulated_point(design, design.treated[0], 0, 506, 0.25, faded) == close


def test_very_large_samples_are_simulated_less_often() -> None:
    design = planned("people = 400000")
    assert most_trials(design, 400_000) == 100
    assert most_trials(design, 500) == 2000


def test_the_curve_holds_the_planned_size() -> None:
    assert 506 in curve_sizes(planned("people = 506"))
    own = planned("clusters = 30\ncluster_size = 4", more="[simulation]\nsizes = [10, 90]")
    assert curve_sizes(own) == (10, 30, 90)


def test_several_arms_each_have_their_share() -> None:
    arm = 'effect = 0.3\nshare = 2.0\n[[arms]]\nname = "clip"\neffect = 0.1'
    design = planned("people = 400", arm=arm)
    first, second = (asked_of(design, place) for place in (0, 1))
    assert first.layout.units == 300
    assert second.layout.units == 200
    assert first.layout.treated.sum() == 200
    assert power_at(first, 0.3) > power_at(second, 0.1)


def asked_of(design, place: int):
    from commonbeat.estimate.power.comparison import compare

    return compare(design, design.treated[place], 0, design.planned_size, assume(design).uncertain)


@pytest.mark.parametrize(
    ("sample", "arm", "more"),
    [
        ("people = 200", "effect = 0.3\ntake_up = 0.5", ""),
        (
            "clusters = 24\ncluster_size = 10\nicc = 0.05\ncluster_size_cv = 0.5",
            "effect = 0.3",
            "[measure]\nbaseline_correlation = 0.5",
        ),
    ],
)
def test_the_smallest_effect_in_simulated_trials_is_that_of_the_formula(sample: str, arm: str, more: str) -> None:
    question = asked(planned(sample, arm=arm, more=f"[[waves]]\ndelay_days = 3\nattrition = 0.2\n{more}"))
    formula = smallest_effect(question, 0.8)
    found = smallest_simulated(question, 0.8, np.random.SeedSequence(3), formula)
    assert 0 < found.error < 0.1 * formula
    assert abs(found.effect - formula) < 3.3 * found.error


def test_three_passes_tell_the_share_at_any_effect() -> None:
    question = asked(planned("clusters = 12\ncluster_size = 8\nicc = 0.1", arm="effect = 0.3\ntake_up = 0.6"))
    seed = np.random.SeedSequence(4)
    share = share_by_effect(question, 0.5, seed, 400)
    for effect in (0.3, 0.9, -0.7):
        luck = np.random.Generator(np.random.Philox(seed))
        assert share(effect) == rejected(simulate(question, effect, luck, 400), question.level).mean()
