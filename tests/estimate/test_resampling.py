"""Randomisation inference: intervals, ties, missing answers, families of outcomes, and what cannot be drawn."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from commonbeat.errors import DesignError
from commonbeat.estimate.design import Assignment
from commonbeat.estimate.resampling import (
    plan_reassignment,
    randomisation_inference,
    romano_wolf,
    trials_by_group,
    wild_cluster_bootstrap,
)
from commonbeat.estimate.resampling.sums import UnitSums
from commonbeat.estimate.trial import Trial

COMPLETE = Assignment(kind="complete", permutations=999)


def trial_of(n: int, seed: int, effect: float = 0.3) -> Trial:
    random = np.random.default_rng(seed)
    treatment = random.permutation(np.arange(n) % 2).astype(float)
    return Trial(random.normal(size=n) + effect * treatment, treatment)


def moved(trial: Trial, by: float) -> Trial:
    return replace(trial, outcome=trial.outcome - by * trial.treatment)


@pytest.mark.parametrize("rows", [12, 60])
def test_the_interval_ends_where_the_test_begins_to_reject(rows):
    trial = trial_of(rows, 3)
    found = randomisation_inference(trial, COMPLETE, seed=5)
    assert found.ci_low < found.estimate < found.ci_high
    width = found.ci_high - found.ci_low
    for end, inward in ((found.ci_low, 1), (found.ci_high, -1)):
        inside = randomisation_inference(moved(trial, end + inward * 1e-6 * width), COMPLETE, seed=5)
        outside = randomisation_inference(moved(trial, end - inward * 1e-6 * width), COMPLETE, seed=5)
        assert outside.p_value <= 0.05 < inside.p_value


def test_moving_the_outcome_moves_the_interval_and_seeds_are_kept():
    trial = trial_of(80, 4)
    found = randomisation_inference(trial, COMPLETE, seed=5)
    again = randomisation_inference(moved(trial, 0.7), COMPLETE, seed=5)
    assert found == randomisation_inference(trial, COMPLETE, seed=5)
    assert again.ci_low == pytest.approx(found.ci_low - 0.7, abs=1e-9)
    assert again.ci_high == pytest.approx(found.ci_high - 0.7, abs=1e-9)
    assert randomisation_inference(trial, COMPLETE, seed=6).p_value != found.p_value


def test_estimate_and_error_are_those_of_welch():
    trial = trial_of(50, 9)
    treated, control = trial.outcome[trial.treatment == 1], trial.outcome[trial.treatment == 0]
    found = randomisation_inference(trial, COMPLETE, seed=1)
    assert found.estimate == pytest.approx(treated.mean() - control.mean())
    assert found.std_error == pytest.approx(np.sqrt(treated.var(ddof=1) / 25 + control.var(ddof=1) / 25))


def test_covariates_give_the_regressions_coefficient_and_a_narrower_interval():
    random = np.random.default_rng(2)
    plain = trial_of(120, 7)
    age = random.normal(size=120)
    plain = replace(plain, outcome=plain.outcome + 2 * age)
    adjusted = replace(plain, covariates=age[:, None], covariate_names=("age",))
    found = randomisation_inference(adjusted, COMPLETE, seed=1)
    columns = np.column_stack([plain.treatment, np.ones(120), age])
    assert found.estimate == pytest.approx(np.linalg.lstsq(columns, plain.outcome, rcond=None)[0][0])
    wide = randomisation_inference(plain, COMPLETE, seed=1)
    assert found.ci_high - found.ci_low < 0.6 * (wide.ci_high - wide.ci_low)
    assert found.method.endswith("adjusted for age")


def test_those_who_did_not_answer_are_drawn_too():
    outcome = np.array([3.1, np.nan, 2.0, 5.5, 1.0, 4.2, np.nan, 0.3])
    treatment = np.array([1.0, 1, 0, 1, 0, 1, 0, 0])
    asked = ~np.isnan(outcome)

    def squared(arm):
        means, spread = [], 0.0
        for each in (1, 0):
            values = outcome[asked & (arm == each)]
            if len(values) == 0:
                return np.inf
            means.append(values.mean())
            spread += values.var(ddof=1) / len(values) if len(values) > 1 else 0.0
        return (means[0] - means[1]) ** 2 / spread

    arms = set(permutations(treatment.tolist()))
    extreme = [squared(np.array(arm)) >= squared(treatment) * (1 - 1e-9) for arm in arms]
    found = randomisation_inference(Trial(outcome, treatment), COMPLETE, seed=1)
    assert len(arms) == 70
    assert found.p_value == pytest.approx(np.mean(extreme))
    assert found.n == 6


def test_drawn_p_values_come_close_to_listed_ones():
    trial = trial_of(14, 6, effect=0.8)
    listed = randomisation_inference(trial, Assignment(kind="complete", permutations=10_000), seed=1)
    drawn = randomisation_inference(trial, Assignment(kind="complete", permutations=3_000), seed=1)
    assert "all 3,432 assignments" in listed.method
    assert drawn.p_value == pytest.approx(listed.p_value, abs=4 * np.sqrt(listed.p_value / 3_000))


def test_pairs_and_a_single_treated_unit_say_what_they_rest_on():
    trial = trial_of(20, 8)
    pairs = replace(trial, treatment=np.tile([0.0, 1.0], 10), block=np.repeat(np.arange(10), 2))
    found = randomisation_inference(pairs, Assignment(kind="blocked", permutations=2_000), seed=1)
    differences = trial.outcome[1::2] - trial.outcome[::2]
    assert found.estimate == pytest.approx(differences.mean())
    assert found.std_error == pytest.approx(differences.std(ddof=1) / np.sqrt(10))
    assert "differences between blocks" in found.warnings[0]
    one = replace(trial, treatment=np.eye(20)[3])
    found = randomisation_inference(one, COMPLETE, seed=1)
    assert found.std_error is None
    others = [trial.outcome[i] - np.delete(trial.outcome, i).mean() for i in range(20)]
    assert found.p_value == pytest.approx(np.mean(np.abs(others) >= abs(others[3]) - 1e-12))
    assert any("smallest p value" in each for each in found.warnings)


def test_what_cannot_be_drawn_is_told_at_once():
    trial = trial_of(12, 1)
    with pytest.raises(DesignError, match="needs the clusters") as told:
        randomisation_inference(trial, Assignment(kind="blocked clustered"), seed=1)
    assert len(told.value.mistakes) == 2
    clustered = replace(trial, cluster=np.repeat(np.arange(6), 2), block=np.tile([0, 1], 6))
    with pytest.raises(DesignError, match="more than one block") as told:
        randomisation_inference(clustered, Assignment(kind="blocked clustered"), seed=1)
    assert "treatment varies within 'cluster'" in str(told.value)
    wedge = Assignment(kind="stepped wedge")
    with pytest.raises(DesignError, match="period of each row"):
        randomisation_inference(clustered, wedge, seed=1)
    period = np.tile([0, 1], 6)
    with pytest.raises(DesignError, match="crosses over once"):
        randomisation_inference(replace(clustered, treatment=1.0 - period), wedge, seed=1, period=period)
    silent = np.where(trial.treatment == 1, np.nan, trial.outcome)
    with pytest.raises(DesignError, match="nobody answered in one arm"):
        randomisation_inference(replace(trial, outcome=silent), COMPLETE, seed=1)


def test_declaring_people_where_clusters_were_drawn_is_warned_about():
    cluster = np.repeat(np.arange(6), 2)
    trial = replace(trial_of(12, 1), treatment=(cluster % 2).astype(float), cluster=cluster)
    assert "declare it clustered" in randomisation_inference(trial, COMPLETE, seed=1).warnings[0]


def test_in_a_wedge_blocks_hold_clusters_and_periods_are_no_blocks():
    random = np.random.default_rng(5)
    cluster, period = np.repeat(np.arange(8), 12), np.tile(np.repeat([2, 0, 1], 4), 8)
    treatment = (period >= 1 + np.arange(8)[cluster] % 2).astype(float)
    trial = Trial(random.normal(size=96) + 0.3 * treatment, treatment, cluster=cluster)
    wedge = Assignment(kind="stepped wedge")
    alone = randomisation_inference(trial, wedge, seed=1, period=period)
    named = np.array([1, 2, 0])[period]  # the same parts under other codes
    assert randomisation_inference(replace(trial, block=named), wedge, seed=1, period=period) == alone
    assert "all 70 assignments" in alone.method
    halves = replace(trial, block=(cluster > 3).astype(np.int64))
    assert "all 36 assignments" in randomisation_inference(halves, wedge, seed=1, period=period).method
    assert (alone.clusters, "same in every period" in alone.warnings[0]) == (8, True)


def step_down_plainly(squares: np.ndarray) -> list[float]:
    """Row 0 is the observed world; one hypothesis after the other, with a fresh maximum each time."""
    observed, left = squares[0], list(range(squares.shape[1]))
    found, before = {}, 0.0
    while left:
        best = max(left, key=lambda each: observed[each])
        share = np.mean([max(row[each] for each in left) >= observed[best] * (1 - 1e-9) for row in squares])
        before = max(before, float(share))
        found[best] = before
        left.remove(best)
    return [found[each] for each in range(squares.shape[1])]


def test_romano_wolf_equals_the_plain_twin():
    random = np.random.default_rng(12)
    trial = trial_of(60, 5)
    shared = random.normal(size=60)
    outcomes = [random.normal(size=60) + shared + effect * trial.treatment for effect in (0.9, 0.0, 0.6, 0.1)]
    outcomes[2][::7] = np.nan
    trials = [replace(trial, outcome=outcome, outcome_name=f"outcome {k}") for k, outcome in enumerate(outcomes)]
    found = romano_wolf(trials, COMPLETE, seed=4)
    plan = plan_reassignment(trial, "complete")
    labels = np.concatenate([plan.labels[None, :], plan.draw(4, 0, 999)])
    squares = np.empty((1000, 4))
    for row, arm in enumerate(labels):
        for k, outcome in enumerate(outcomes):
            treated, control = (outcome[(arm == each) & ~np.isnan(outcome)] for each in (1, 0))
            spread = treated.var(ddof=1) / len(treated) + control.var(ddof=1) / len(control)
            squares[row, k] = (treated.mean() - control.mean()) ** 2 / spread
    assert [row.p_value for row in found] == pytest.approx(step_down_plainly(squares))
    assert [row.estimand for row in found][3] == "intention to treat: outcome 3"
    reach = np.sqrt(np.sort(squares[1:].max(axis=1))[949])
    assert found[0].ci_high - found[0].estimate == pytest.approx(reach * found[0].std_error)


def test_a_family_of_one_is_randomisation_inference():
    trial = trial_of(40, 5)
    alone = romano_wolf([trial], COMPLETE, seed=4)[0]
    assert alone.p_value == randomisation_inference(trial, COMPLETE, seed=4).p_value
    assert romano_wolf([], COMPLETE, seed=4) == ()


def test_groups_are_a_family_and_small_ones_are_not_shown():
    group = np.repeat([0, 1, 2], [30, 25, 5])
    trial = replace(trial_of(60, 5), group=group, group_names=("Black", "White", "other"), outcome_name="trust")
    found = romano_wolf(trials_by_group(trial, "race"), COMPLETE, seed=4)
    assert [row.estimand.split(", ")[1] for row in found] == ["race = Black", "race = White", "race = other"]
    assert found[2].estimate is None
    assert "fewer than 10" in found[2].warnings[0]
    assert "Romano-Wolf over 2" in found[0].method
    with pytest.raises(DesignError, match="another treatment"):
        romano_wolf([trial, replace(trial, treatment=1 - trial.treatment)], COMPLETE, seed=4)


@pytest.mark.parametrize(("nulls", "effects"), [(5, ()), (3, (1.2, 0.9))])
def test_false_findings_in_a_family_are_rare(nulls, effects):
    random = np.random.default_rng(20)
    false = plain = 0
    for number in range(300):
        trial = trial_of(40, 1000 + number, effect=0.0)
        shared = random.normal(size=40)
        outcomes = [0.7 * shared + random.normal(size=40) for _ in range(nulls)]
        outcomes += [random.normal(size=40) + effect * trial.treatment for effect in effects]
        family = [replace(trial, outcome=outcome) for outcome in outcomes]
        assignment = Assignment(kind="complete", permutations=199)
        false += any(row.p_value <= 0.05 for row in romano_wolf(family, assignment, seed=number)[:nulls])
        plain += any(romano_wolf([each], assignment, seed=number)[0].p_value <= 0.05 for each in family[:nulls])
    assert 0.01 < false / 300 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert plain / 300 > 0.10  # what would happen without the adjustment


def test_the_wild_bootstrap_with_few_clusters_uses_webb_and_many_are_drawn():
    random = np.random.default_rng(3)
    for clusters, words in ((5, "all 7,776 Webb's weights"), (12, "all 4,096 signs"), (30, "9,999 draws of signs")):
        cluster = np.repeat(np.arange(clusters), 6)
        trial = Trial(random.normal(size=len(cluster)), (cluster % 2).astype(float), cluster=cluster)
        found = wild_cluster_bootstrap(trial, seed=1)
        assert found.method.endswith(words)
        assert found.ci_low < found.estimate < found.ci_high
        inside = wild_cluster_bootstrap(moved(trial, found.ci_low + 1e-6), seed=1)
        outside = wild_cluster_bootstrap(moved(trial, found.ci_low - 1e-6), seed=1)
        assert outside.p_value <= 0.05 < inside.p_value
        assert bool(found.warnings) == (clusters == 5)


def test_the_wild_bootstrap_needs_clusters_and_a_treatment():
    trial = trial_of(20, 1)
    with pytest.raises(DesignError, match="cluster"):
        wild_cluster_bootstrap(trial, seed=1)
    cluster = np.repeat(np.arange(10), 2)
    decided = replace(trial, cluster=cluster, treatment=(cluster % 2).astype(float), block=cluster % 2)
    with pytest.raises(DesignError, match="does not vary"):
        wild_cluster_bootstrap(decided, seed=1)


def test_draws_are_reckoned_many_at_once(monkeypatch):
    reckoned, alone = [], UnitSums.statistics

    def counted(self, plan, labels):
        reckoned.append(len(labels))
        return alone(self, plan, labels)

    monkeypatch.setattr(UnitSums, "statistics", counted)
    randomisation_inference(trial_of(2_000, 1), Assignment(kind="complete"), seed=1)
    assert sum(reckoned) > 1_000
    assert len(reckoned) < sum(reckoned) / 20  # the interval is read off them, and nothing is drawn once more for it
