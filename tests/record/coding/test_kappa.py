"""Kappas equal two other packages and the published examples; their intervals equal formulas written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa as other_fleiss

from commonbeat.record.coding.alpha import value_counts
from commonbeat.record.coding.kappa import cohen_kappa, cross_table, fleiss_kappa

FLEISS_1971 = """0 0 0 0 14
0 2 6 4 2
0 0 3 5 6
0 3 9 2 0
2 2 8 1 1
7 7 0 0 0
3 2 6 3 0
2 5 3 2 2
6 5 2 1 0
0 2 2 3 7"""


def test_the_example_of_fleiss_and_the_one_of_1971():
    counts = np.array([[int(cell) for cell in line.split()] for line in FLEISS_1971.splitlines()], dtype=float)
    assert fleiss_kappa(counts).value == pytest.approx(0.210, abs=5e-4)
    assert fleiss_kappa(PATIENTS).value == pytest.approx(0.430, abs=5e-4)


# Fleiss (1971), table 1: thirty patients, six psychiatrists, five diagnoses.
PATIENTS = np.array(
    [
        [0, 0, 0, 6, 0], [0, 3, 0, 0, 3], [0, 1, 4, 0, 1], [0, 0, 0, 0, 6], [0, 3, 0, 3, 0], [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2], [2, 0, 3, 1, 0], [2, 0, 0, 4, 0], [0, 0, 0, 0, 6], [1, 0, 0, 5, 0], [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0], [1, 0, 0, 5, 0], [0, 2, 0, 3, 1], [0, 0, 5, 0, 1], [3, 0, 0, 1, 2], [5, 1, 0, 0, 0],
        [0, 2, 0, 4, 0], [1, 0, 2, 0, 3], [0, 0, 0, 0, 6], [0, 1, 0, 5, 0], [0, 2, 0, 1, 3], [2, 0, 0, 4, 0],
        [1, 0, 0, 4, 1], [0, 5, 0, 1, 0], [4, 0, 0, 0, 2], [0, 2, 0, 4, 0], [1, 0, 5, 0, 0], [0, 0, 0, 0, 6],
    ],
    dtype=float,
)  # fmt: skip


pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=60)


@settings(max_examples=200, deadline=None)
@given(pairs=pairs, weights=st.sampled_from(["none", "linear", "quadratic"]))
def test_cohen_equals_sklearn(pairs, weights):
    first, second = np.array(pairs, dtype=np.int64).T
    found = cohen_kappa(cross_table(first, second, 4), weights)
    if len({*first.tolist(), *second.tolist()}) == 1:
        assert math.isnan(found.value)
        return
    other = None if weights == "none" else weights
    expected = cohen_kappa_score(first, second, labels=[0, 1, 2, 3], weights=other)
    if math.isnan(expected):
        assert math.isnan(found.value)
    else:
        assert found.value == pytest.approx(expected, abs=1e-9)
        if (first == second).all():
            assert math.isnan(found.low)
            assert math.isnan(found.high)
            return
        assert -1 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1


def test_cohens_standard_error_is_that_of_1969():
    table = np.array([[53.0, 5, 2], [11, 14, 5], [1, 6, 3]])
    found = cohen_kappa(table)
    shares, total = table / table.sum(), table.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    observed, expected = np.trace(shares), rows @ columns
    kappa = (observed - expected) / (1 - expected)
    first = sum(shares[i, i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in range(3))
    second = (1 - kappa) ** 2 * sum(
        shares[i, j] * (columns[i] + rows[j]) ** 2 for i in range(3) for j in range(3) if i != j
    )
    variance = (first + second - (kappa - expected * (1 - kappa)) ** 2) / ((1 - expected) ** 2 * total)
    assert found.value == pytest.approx(kappa, abs=1e-12)
    assert (found.high - found.low) / 2 == pytest.approx(1.959964 * math.sqrt(variance), rel=1e-6)


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_the_standard_error_is_near_the_spread_of_many_samples(weights):
    luck = np.random.default_rng(2)
    shares = np.array([[0.3, 0.05, 0.02], [0.06, 0.2, 0.05], [0.02, 0.05, 0.25]])
    drawn = luck.multinomial(300, shares.reshape(-1), size=400).reshape(-1, 3, 3).astype(float)
    found = [cohen_kappa(table, weights) for table in drawn]
    error = np.mean([(each.high - each.low) / 2 / 1.959964 for each in found])
    assert error == pytest.approx(np.std([each.value for each in found]), rel=0.12)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=2, max_size=30))
def test_fleiss_equals_statsmodels(rows):
    counts = value_counts(np.array(rows, dtype=np.int64), 3)
    found = fleiss_kappa(counts)
    if (counts.sum(axis=0) > 0).sum() < 2:
        assert math.isnan(found.value)
    else:
        assert found.value == pytest.approx(other_fleiss(counts, method="fleiss"), abs=1e-9)


def test_fleiss_leaves_units_with_fewer_codes_out_and_says_so():
    full = np.array([[0, 0, 0], [1, 1, 0], [1, 1, 1], [0, 1, 0]])
    partly = np.array([*full, [1, 0, -1], [1, -1, -1]])
    assert fleiss_kappa(value_counts(partly, 2)) == fleiss_kappa(value_counts(full, 2))
    assert fleiss_kappa(value_counts(partly, 2)).units == 4


def test_missing_codes_are_in_no_table():
    table = cross_table(np.array([0, 1, -1, 1]), np.array([0, 0, 1, -1]), 2)
    assert table.tolist() == [[1, 0], [1, 0]]
    assert math.isnan(cohen_kappa(np.zeros((2, 2))).value)
    assert math.isnan(fleiss_kappa(np.zeros((3, 2))).value)
