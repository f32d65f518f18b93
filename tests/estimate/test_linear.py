"""`fit_linear` against matrices written out in full, at its edges, and in simulated trials."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from commonbeat.errors import DataFileError
from commonbeat.estimate.linear import fit_linear, fit_two_stage, prepare_regression


def written_out(outcome, columns, weight, cluster, *, hc2: bool):
    """Coefficients, standard errors and Satterthwaite df from matrices of rows by rows, as the papers define them."""
    rows = len(outcome)
    weights = np.diag(weight)
    bread = np.linalg.inv(columns.T @ weights @ columns)
    rest = np.eye(rows) - columns @ bread @ columns.T @ weights
    residuals = rest @ outcome
    scores, reaches = [], []
    for at in np.unique(cluster):
        own = cluster == at
        left = rest[own] @ rest[own].T
        if hc2:
            left = np.diag(np.diag(rest)[own])
        values, turn = np.linalg.eigh(left)
        root = turn @ np.diag([value**-0.5 if value > 1e-10 else 0.0 for value in values]) @ turn.T
        reach = root @ weights[np.ix_(own, own)] @ columns[own] @ bread
        scores.append(reach.T @ residuals[own])
        reaches.append(rest[own].T @ reach)
    std_errors = np.sqrt((np.array(scores) ** 2).sum(axis=0))
    df = []
    for at in range(columns.shape[1]):
        along = np.array([reach[:, at] for reach in reaches])
        working = along @ along.T
        df.append(np.trace(working) ** 2 / (working**2).sum())
    return bread @ columns.T @ weights @ outcome, std_errors, np.array(df)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    clusters=st.integers(3, 15),
    columns=st.integers(1, 4),
    weighted=st.booleans(),
    clustered=st.booleans(),
)
def test_the_low_rank_algebra_is_the_full_algebra(seed, clusters, columns, weighted, clustered) -> None:
    luck = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(clusters), luck.integers(1, 9, clusters))
    rows = len(cluster)
    if rows <= columns + 2:
        return
    design = np.column_stack([np.ones(rows), luck.normal(size=(rows, columns)) * 10.0 ** luck.integers(-3, 4, columns)])
    design = design[:, :columns]
    outcome = luck.normal(size=rows) + 100
    weight = luck.exponential(size=rows) + 0.05 if weighted else np.ones(rows)
    fit = fit_linear(outcome, design, weights=weight if weighted else None, clusters=cluster if clustered else None)
    theirs = written_out(outcome, design, weight, cluster if clustered else np.arange(rows), hc2=not clustered)
    np.testing.assert_allclose(fit.coefficients, theirs[0], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fit.std_errors, theirs[1], rtol=1e-7)
    np.testing.assert_allclose(fit.df, theirs[2], rtol=1e-6)


def test_only_the_ratios_of_weights_matter_and_equal_weights_are_none() -> None:
    luck = np.random.default_rng(9)
    design, outcome = np.column_stack([np.ones(50), luck.normal(size=50)]), luck.normal(size=50)
    cluster, weight = np.arange(50) % 7, luck.exponential(size=50) + 0.1
    for labels in (None, cluster):
        once, thousand = (
            fit_linear(outcome, design, weights=weight * times, clusters=labels).of("x2") for times in (1, 1000)
        )
        assert once == pytest.approx(thousand, rel=1e-10)
        equal = fit_linear(outcome, design, weights=np.full(50, 3.0), clusters=labels).of("x2")
        assert equal == pytest.approx(fit_linear(outcome, design, clusters=labels).of("x2"), rel=1e-8)


def test_clusters_of_one_give_hc2() -> None:
    luck = np.random.default_rng(10)
    design, outcome = np.column_stack([np.ones(30), luck.normal(size=30)]), luck.normal(size=30)
    single = fit_linear(outcome, design, clusters=[f"person {at}" for at in range(30)])
    assert single.of("x2") == pytest.approx(fit_linear(outcome, design).of("x2"), rel=1e-9)


def test_a_contrast_is_the_coefficient_of_turned_columns() -> None:
    luck = np.random.default_rng(11)
    first, second, outcome = luck.normal(size=(3, 60))
    cluster = np.arange(60) % 9
    fit = fit_linear(outcome, np.column_stack([np.ones(60), first, second]), clusters=cluster)
    turned = fit_linear(outcome, np.column_stack([np.ones(60), first, second - first]), clusters=cluster)
    assert fit.contrast([0, 1, 1]) == pytest.approx(turned.of("x2"), rel=1e-9)


def test_parts_that_share_nothing_add_up() -> None:
    luck = np.random.default_rng(12)
    part = np.repeat([0, 1], [30, 50])
    design = np.column_stack([part == 0, part == 1]).astype(float)
    slope = luck.normal(size=80)
    both = np.column_stack([design, design * slope[:, None]])
    outcome, cluster = luck.normal(size=80), np.arange(80) // 5
    whole = fit_linear(outcome, both, clusters=cluster)
    trace, norm = whole.working_moments([0, 0, 0.3, 0.7])
    halves = [
        fit_linear(
            outcome[part == at], np.column_stack([np.ones(rows), slope[part == at]]), clusters=cluster[part == at]
        )
        for at, rows in ((0, 30), (1, 50))
    ]
    moments = [half.working_moments([0, share]) for half, share in zip(halves, (0.3, 0.7), strict=True)]
    assert (trace, norm) == pytest.approx(tuple(np.sum(moments, axis=0)), rel=1e-9)


def test_an_ill_scaled_column_costs_no_digits() -> None:
    luck = np.random.default_rng(13)
    small = luck.normal(size=200)
    outcome = 1e6 + small + luck.normal(size=200)
    plain = fit_linear(outcome, np.column_stack([np.ones(200), small]))
    far = fit_linear(outcome, np.column_stack([np.ones(200), 1e4 + 1e-2 * small]))
    assert far.coefficients[1] / 1e2 == pytest.approx(plain.coefficients[1], rel=1e-5)
    assert far.std_errors[1] / 1e2 == pytest.approx(plain.std_errors[1], rel=1e-5)


def test_the_earlier_of_dependent_columns_stays() -> None:
    luck = np.random.default_rng(14)
    first, second, third = luck.normal(size=(3, 40))
    fit = fit_linear(
        luck.normal(size=40),
        np.column_stack([np.ones(40), first, second, first - second, np.zeros(40), third]),
        names=("constant", "first", "second", "difference", "nothing", "third"),
    )
    assert fit.names == ("constant", "first", "second", "third")
    assert fit.dropped == ("difference", "nothing")
    with pytest.raises(KeyError, match="difference"):
        fit.of("difference")


def test_one_preparation_serves_many_outcomes() -> None:
    luck = np.random.default_rng(15)
    design, outcomes, cluster = luck.normal(size=(60, 2)), luck.normal(size=(3, 60)), np.arange(60) % 8
    ready = prepare_regression(design, clusters=cluster)
    for outcome in outcomes:
        assert ready.fit(outcome).of("x1") == fit_linear(outcome, design, clusters=cluster).of("x1")


def test_all_mistakes_are_told_at_once() -> None:
    design = np.ones((5, 1))
    with pytest.raises(DataFileError) as caught:
        fit_linear(np.arange(5.0), design, weights=[1, 1, 0, 1, 1], clusters=[1] * 5, names=("a", "b"), kind="HC2")
    assert [mistake.place for mistake in caught.value.mistakes] == ["names", "weights", "clusters", "kind"]
    with pytest.raises(DataFileError, match="cannot be fitted") as caught:
        fit_linear([1.0, np.nan, 2.0], np.ones((3, 1)))
    assert caught.value.mistakes[0].value == 1
    with pytest.raises(DataFileError) as caught:
        fit_linear([1.0, 2.0], np.array([[1.0, 2.0], [1.0, 3.0]]))
    assert caught.value.mistakes[0].value == 2
    with pytest.raises(DataFileError):
        fit_linear([1.0, 2.0, 3.0], np.ones((3, 1)), kind="HC9")  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataFileError) as caught:
        fit_two_stage(np.arange(9.0), np.random.default_rng(1).normal(size=(9, 2)), np.ones((9, 1)))
    assert caught.value.mistakes[0].place == "instruments"


@pytest.mark.parametrize(("clustered", "weighted"), [(False, False), (False, True), (True, False), (True, True)])
def test_intervals_cover_in_small_samples(clustered, weighted) -> None:
    """600 data sets with a leveraged regressor and unequal weights; by chance alone coverage stays within .923 and .973."""
    luck = np.random.default_rng(16)
    covered = 0
    for _ in range(30):
        cluster = np.repeat(np.arange(12), luck.integers(2, 8, 12))
        rows = len(cluster)
        design = np.column_stack([np.ones(rows), (cluster % 3 == 0) if clustered else luck.random(rows) < 0.3])
        weight = np.exp(luck.normal(scale=0.5, size=rows)) if weighted else None
        ready = prepare_regression(design, weights=weight, clusters=cluster if clustered else None)
        for _ in range(20):
            found = ready.fit(luck.normal(size=rows) + clustered * luck.normal(size=12)[cluster]).of("x2")
            covered += abs(found.estimate) < found.std_error * stats.t.isf(0.025, found.df)
    assert 0.923 < covered / 600 < 0.98
