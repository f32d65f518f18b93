"""A mediated effect against R, a known path, hidden confounding, and coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from commonbeat.errors import DataFileError
from commonbeat.estimate.mediation import MediationData, mediate
from commonbeat.estimate.mediation.paths import fit_paths
from commonbeat.estimate.mediation.sensitivity import coefficient_at, residual_moments
from tests.r import run_r


def make_people(
    seed: int, *, people: int = 600, path: float = 1.0, hidden: float = 0.0, clusters: int = 0, crossed: float = 0.0
) -> MediationData:
    """Treatment moves trust by .4, trust moves cooperation by `path`; errors of both correlated by `hidden`."""
    luck = np.random.default_rng(seed)
    cluster = np.arange(people) % clusters if clusters else None
    treatment = luck.integers(0, 2, people).astype(float) if cluster is None else (cluster % 2).astype(float)
    age = luck.normal(size=people)
    errors = luck.multivariate_normal([0, 0], [[1, hidden], [hidden, 1]], people)
    shared = 0.0 if cluster is None else luck.normal(scale=0.3, size=(clusters, 2))[cluster].T
    first, second = errors.T + shared
    mediator = 0.4 * treatment + 0.3 * age + first
    outcome = path * mediator + 0.2 * treatment + crossed * mediator * treatment - 0.2 * age + second
    return MediationData(
        treatment, mediator, outcome, age[:, None], ("age",), cluster, mediator_name="trust", outcome_name="cooperation"
    )


@pytest.mark.parametrize("clusters", [0, 30])
def test_agrees_with_r(clusters: int) -> None:
    people = make_people(3, path=0.5, hidden=0.2, clusters=clusters)
    columns = {
        "treatment": people.treatment,
        "mediator": people.mediator,
        "outcome": people.outcome,
        "age": people.covariates[:, 0],
    }
    if people.cluster is not None:
        columns["cluster"] = people.cluster
    theirs = run_r("mediation_path", people=pl.DataFrame(columns))
    result = mediate(people)
    mediated, direct, total = result.rows
    assert mediated.estimate == pytest.approx(theirs["mediated"], abs=1e-6)
    assert mediated.std_error == pytest.approx(theirs["mediated_error"], abs=1e-6)
    for row, name in ((direct, "direct"), (total, "total")):
        assert row.estimate == pytest.approx(theirs[name]["estimate"], abs=1e-6)
        assert row.std_error == pytest.approx(theirs[name]["std_error"], abs=1e-6)
        if clusters:
            assert row.df == pytest.approx(theirs[name]["df"], abs=1e-6)
    at = {point.correlation: point.mediated for point in result.confounding}
    for correlation, expected in zip(theirs["correlations"], theirs["mediated_at"], strict=True):
        assert at[correlation] == pytest.approx(expected, abs=1e-6)
    moments, _ = residual_moments(people, fit_paths(people))
    undone, _ = coefficient_at(moments, theirs["undone_at"])
    assert undone == pytest.approx(0, abs=1e-9)


def test_mediated_and_direct_add_up_to_the_total() -> None:
    result = mediate(make_people(1))
    mediated, direct, total = result.rows
    assert mediated.estimate + direct.estimate == pytest.approx(total.estimate, abs=1e-10)
    zero = next(point for point in result.confounding if point.correlation == 0)
    assert zero.mediated == pytest.approx(mediated.estimate, abs=1e-10)
    assert zero.low == pytest.approx(mediated.ci_low, abs=0.02)


def test_a_known_path_is_recovered() -> None:
    result = mediate(make_people(5, people=2_000))
    mediated, direct, _ = result.rows
    assert mediated.ci_low < 0.4 < mediated.ci_high
    assert direct.ci_low < 0.2 < direct.ci_high
    assert result.verdict == "survives"
    assert result.breakdown > 0.5
    assert result.bounds.ci_low > 0
    assert "No data can show that" in mediated.warnings[0]


def test_under_hidden_confounding_it_says_not_identified() -> None:
    result = mediate(make_people(6, people=2_000, path=0.0, hidden=0.4))
    mediated = result.rows[0]
    assert mediated.ci_low > 0  # least squares is fooled
    assert result.verdict == "not identified"
    assert result.sentence in mediated.warnings
    assert result.bounds.ci_low < 0 < result.bounds.ci_high
    # at the true correlation the sensitivity curve holds the truth, which is nothing
    truth = next(point for point in result.confounding if point.correlation == 0.4)
    assert truth.low < 0 < truth.high


def test_measured_confounding_is_taken_out_by_its_column() -> None:
    people = make_people(7, people=3_000, path=0.0)
    trait = np.random.default_rng(1).normal(size=3_000)
    moved = replace(people, mediator=people.mediator + trait, outcome=people.outcome + trait)
    assert mediate(moved).rows[0].ci_low > 0
    told = replace(moved, covariates=np.column_stack([moved.covariates, trait]), covariate_names=("age", "trait"))
    result = mediate(told)
    assert result.rows[0].ci_low < 0 < result.rows[0].ci_high
    assert result.verdict == "no path seen"


def test_a_path_that_differs_between_arms_is_shown_by_arm() -> None:
    result = mediate(make_people(8, people=2_000, path=0.5, crossed=0.5))
    control, treated = result.by_arm
    assert control.ci_low < 0.4 * 0.5 < control.ci_high
    assert treated.ci_low < 0.4 * 1.0 < treated.ci_high
    assert any("differs between the arms" in warning for warning in result.rows[0].warnings)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert mediate(make_people(2)).rows == mediate(make_people(2)).rows
    other = mediate(replace(make_people(2), seed=9)).rows[0]
    assert other.estimate == mediate(make_people(2)).rows[0].estimate
    assert other.ci_low != mediate(make_people(2)).rows[0].ci_low


def test_all_mistakes_at_once() -> None:
    people = make_people(1, people=40)
    wrong = replace(
        people,
        treatment=np.where(np.arange(40) < 35, 0.0, 1.0),
        outcome=np.ones(40),
        covariates=np.full((40, 1), np.nan),
        strongest_confounding=1.5,
    )
    with pytest.raises(DataFileError) as caught:
        mediate(wrong)
    told = str(caught.value)
    for words in ("treated arm: 5", "cooperation: 1.0 from everybody", "covariates", "strongest_confounding: 1.5"):
        assert words in told


@pytest.mark.parametrize(("path", "clusters"), [(0.5, 0), (0.0, 0), (0.5, 40)])
def test_the_interval_holds_the_truth(path: float, clusters: int) -> None:
    trials = 200
    held = 0
    for seed in range(trials):
        row = mediate(replace(make_people(seed, people=240, path=path, clusters=clusters), draws=800)).rows[0]
        held += row.ci_low <= 0.4 * path <= row.ci_high
    assert 0.91 <= held / trials <= 0.99


def test_the_curve_holds_the_truth_at_the_true_correlation() -> None:
    trials, held = 200, 0
    for seed in range(trials):
        result = mediate(replace(make_people(seed, people=300, path=0.3, hidden=0.5), draws=800))
        point = next(point for point in result.confounding if point.correlation == 0.5)
        held += point.low <= 0.12 <= point.high
    assert 0.91 <= held / trials <= 0.99
