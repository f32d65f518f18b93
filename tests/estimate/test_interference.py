"""Exposure through ties: every assignment of a small network listed, and intervals over many larger ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from commonbeat.errors import DesignError
from commonbeat.estimate.interference import directed_ties, exposed_controls, exposure_effects, mutual_ties
from commonbeat.estimate.interference.aronow_samii import Worlds, differences
from commonbeat.estimate.interference.ties import BOTH, CONTROL, DIRECT, INDIRECT, exposures
from commonbeat.estimate.resampling import plan_reassignment
from commonbeat.estimate.trial import Trial

PEOPLE, TREATED = 9, 3
SOURCE = np.array([0, 1, 2, 3, 4, 5, 6, 7, 0])
TARGET = np.array([1, 2, 3, 4, 5, 6, 7, 8, 8])
RING = mutual_ties(PEOPLE, SOURCE, TARGET)


def every_arm() -> np.ndarray:
    arms = [np.isin(np.arange(PEOPLE), chosen) for chosen in combinations(range(PEOPLE), TREATED)]
    return np.array(arms)


def plainly(arm, source, target, person) -> int:
    """The condition of one person by walking through the ties."""
    reached = any(arm[a] for a, b in zip(source, target, strict=True) if b == person and a != person)
    return 2 * int(arm[person]) + int(reached)


def test_conditions_equal_a_walk_through_the_ties():
    random = np.random.default_rng(2)
    source, target = random.integers(0, 12, 30), random.integers(0, 12, 30)
    arms = random.random((20, 12)) < 0.3
    directed = exposures(arms, directed_ties(12, source, target))
    mutual = exposures(arms, mutual_ties(12, source, target))
    for row, arm in enumerate(arms):
        assert directed[row].tolist() == [plainly(arm, source, target, person) for person in range(12)]
        both = np.concatenate([source, target]), np.concatenate([target, source])
        assert mutual[row].tolist() == [plainly(arm, *both, person) for person in range(12)]


def variance_plainly(drawn, observed, value, condition, against) -> float:
    """Aronow and Samii's three estimators with loops over all pairs of people."""
    n = len(observed)
    chance = {each: (drawn == each).mean(axis=0) for each in (condition, against)}
    met = {each: observed == each for each in (condition, against)}

    def joint(i, first, j, second):
        return ((drawn[:, i] == first) & (drawn[:, j] == second)).mean()

    total = 0.0
    for each in (condition, against):
        p = chance[each]
        for i in range(n):
            total += met[each][i] * (1 - p[i]) * (value[i] / p[i]) ** 2
            for j in range(n):
                if i == j:
                    continue
                pair = joint(i, each, j, each)
                if pair > 0 and met[each][i] and met[each][j]:
                    total += (pair - p[i] * p[j]) / pair * value[i] / p[i] * value[j] / p[j]
                elif pair == 0:
                    total += met[each][i] * value[i] ** 2 / (2 * p[i]) + met[each][j] * value[j] ** 2 / (2 * p[j])
    p, q = chance[condition], chance[against]
    for i in range(n):
        for j in range(n):
            pair = joint(i, condition, j, against)
            if pair > 0 and met[condition][i] and met[against][j]:
                total -= 2 * (pair - p[i] * q[j]) / pair * value[i] / p[i] * value[j] / q[j]
            elif pair == 0:
                total += met[condition][i] * value[i] ** 2 / p[i] + met[against][j] * value[j] ** 2 / q[j]
    return total / n**2


def world_means(condition: int) -> tuple[np.ndarray, float, np.ndarray, np.ndarray]:
    """Estimates and variances of every assignment of the ring, and the true difference from control."""
    random = np.random.default_rng(6)
    potential = random.normal(2, 1, (4, PEOPLE))
    drawn = exposures(every_arm(), RING)
    estimates, variances, plain = [], [], []
    for observed in drawn:
        outcome = potential[observed, np.arange(PEOPLE)]
        worlds = Worlds.of(observed, drawn, 4)
        with np.errstate(invalid="ignore"):
            _, (estimate, variance) = differences(worlds, outcome, np.ones(PEOPLE), condition, CONTROL)
        estimates.append(estimate)
        variances.append(variance)
        plain.append(variance_plainly(drawn, observed, outcome, condition, CONTROL))
    truth = float((potential[condition] - potential[CONTROL]).mean())
    return np.array(estimates), truth, np.array(variances), np.array(plain)


@pytest.mark.parametrize("condition", [INDIRECT, DIRECT])
@pytest.mark.filterwarnings("ignore:invalid value encountered in scalar divide")
def test_over_all_assignments_horvitz_thompson_is_unbiased_and_its_variance_conservative(condition):
    estimates, truth, variances, plain = world_means(condition)
    assert len(estimates) == 84
    assert estimates.mean() == pytest.approx(truth, abs=1e-10)
    assert variances == pytest.approx(plain, abs=1e-9)
    assert variances.mean() > estimates.var()


def network(people: int, seed: int):
    """Friends on a ring of steps one and two, and a third of a handful of far ties."""
    random = np.random.default_rng(seed)
    own = np.arange(people)
    far = random.integers(0, people, (2, people // 3))
    return mutual_ties(people, np.concatenate([own, far[0]]), np.concatenate([(own + 1) % people, far[1]]))


def simulated(people: int, seed: int, effects: tuple[float, float, float], ties) -> Trial:
    random = np.random.default_rng(seed)
    treatment = random.permutation(np.arange(people) % 4 == 0).astype(float)
    met = exposures(treatment[None, :] > 0, ties)[0]
    outcome = random.normal(3, 1, people) + np.array([0.0, *effects])[met]
    return Trial(outcome, treatment, outcome_name="trust")


def test_intervals_cover_what_each_exposure_does():
    ties, effects = network(150, 1), (0.4, 0.7, 1.0)
    covered, seen = np.zeros((3, 2)), 0
    for seed in range(60):
        trial = simulated(150, seed, effects, ties)
        plan = plan_reassignment(trial, "complete")
        found = exposure_effects(trial, ties, plan, seed=seed, permutations=400).rows
        if len(found) < 6:
            continue
        seen += 1
        for number, row in enumerate(found):
            if row.ci_low is None:
                assert "fell below zero" in row.warnings[-1]
                assert number % 2 == 1  # Horvitz-Thompson only
                continue
            covered[number // 2, number % 2] += row.ci_low <= effects[number // 2] <= row.ci_high
    assert seen > 50
    assert (covered[:, 0] / seen >= 0.90).all()
    assert (covered[:, 1] / seen >= 0.78).all()


def test_the_account_says_who_was_exposed_and_who_could_not_be():
    ties = mutual_ties(400, np.arange(300), np.arange(300) + 1)
    trial = simulated(400, 3, (0.5, 0.5, 0.5), ties)
    plan = plan_reassignment(trial, "complete")
    account = exposure_effects(trial, ties, plan, seed=1, permutations=500)
    controls = trial.treatment == 0
    met = exposures(trial.treatment[None, :] > 0, ties)[0]
    reached = int(((met == INDIRECT) & controls).sum())
    assert account.warnings[0].startswith(f"{reached} of 300 controls")
    assert account.warnings[1].startswith("99 of 400 people have no tie")
    assert [each.people for each in account.conditions] == [int((met == each).sum()) for each in range(4)]
    first = account.rows[0]
    assert first.estimand == "exposure effect: trust, indirect against control"
    assert (first.method, account.rows[1].method) == (
        "Hajek, Aronow-Samii, 500 draws",
        "Horvitz-Thompson, Aronow-Samii, 500 draws",
    )
    assert "99 of 400 people are left out" in first.warnings[0]
    assert first.n == 301
    assert account == exposure_effects(trial, ties, plan, seed=1, permutations=500)


def test_rare_conditions_and_missing_ties_are_not_shown():
    trial = simulated(60, 3, (0.0, 0.0, 0.0), network(60, 1))
    empty = mutual_ties(60, np.empty(0, np.int64), np.empty(0, np.int64))
    account = exposure_effects(trial, empty, plan_reassignment(trial, "complete"), seed=1, permutations=300)
    assert exposed_controls(trial.treatment, empty) is None
    assert [row.estimate is None for row in account.rows] == [True, False, False, True]
    assert account.rows[1].estimate == pytest.approx(
        trial.outcome[trial.treatment == 1].mean() - trial.outcome[trial.treatment == 0].mean(), abs=0.05
    )
    assert account.conditions[BOTH].people == 0


def test_weights_clusters_and_silence_are_taken_along():
    ties = network(120, 2)
    random = np.random.default_rng(4)
    cluster = np.repeat(np.arange(40), 3)
    arms = random.permutation(np.arange(40) % 3 == 0).astype(float)
    trial = Trial(random.normal(size=120), arms[cluster], cluster=cluster, weight=np.full(120, 2.5))
    silent = replace(trial, outcome=np.where(np.arange(120) % 10 == 0, np.nan, trial.outcome))
    plan = plan_reassignment(silent, "clustered")
    weighted = exposure_effects(silent, ties, plan, seed=1, permutations=300).rows
    plain = exposure_effects(replace(silent, weight=None), ties, plan, seed=1, permutations=300).rows
    assert [row.estimate for row in weighted] == pytest.approx([row.estimate for row in plain])
    assert (weighted[0].clusters, weighted[0].n <= 108) == (40, True)


def test_ties_of_other_people_and_wedges_are_refused():
    trial = simulated(60, 3, (0.0, 0.0, 0.0), network(60, 1))
    plan = plan_reassignment(trial, "complete")
    with pytest.raises(DesignError, match="one row for each person"):
        exposure_effects(trial, network(61, 1), plan, seed=1)
    cluster, period = np.repeat(np.arange(6), 10), np.tile(np.arange(2), 30)
    stepped = replace(trial, cluster=cluster, treatment=((period == 1) & (cluster < 3)).astype(float))
    wedge = plan_reassignment(stepped, "stepped wedge", period=period)
    with pytest.raises(DesignError, match="cross over"):
        exposure_effects(stepped, network(60, 1), wedge, seed=1)
