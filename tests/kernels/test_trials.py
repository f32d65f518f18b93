"""Simulated trials' sums against regressors laid out in full."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.kernels.trials import count_units, trial_moments


def slow_trial_moments(outcome, treatment, controls, weight, cluster, products, moments) -> None:
    row = np.column_stack([np.ones(len(outcome)), treatment, controls, controls * treatment[:, None]])
    for at in range(products.shape[1]):
        own = (cluster == at) & ~np.isnan(outcome)
        for power in range(len(products)):
            products[power, at] += row[own].T @ np.diag(weight[own] ** power) @ row[own]
        for power in range(len(moments)):
            moments[power, at] += row[own].T @ (weight[own] ** power * outcome[own])


def slow_count_units(outcome, treatment, block, cluster, seen, counts) -> None:
    unit = cluster if len(cluster) else np.arange(outcome.shape[1])
    for trial in range(len(outcome)):
        known = ~np.isnan(outcome[trial])
        found = {
            (2 * at + int(arm), each)
            for at, arm, each in zip(block[known], treatment[trial][known], unit[known], strict=True)
        }
        for cell, _ in found:
            counts[trial, cell] += 1


@pytest.mark.parametrize("controls", [0, 2])
@pytest.mark.parametrize("powers", [(1, 1), (3, 2)])
def test_sums_of_a_trial(controls, powers) -> None:
    luck = np.random.default_rng(5)
    outcome = luck.normal(size=50)
    outcome[::9] = np.nan
    treatment, weight = luck.integers(0, 2, 50).astype(float), luck.exponential(size=50)
    known, cluster = luck.normal(size=(50, controls)), luck.integers(0, 5, 50)
    results = []
    for work in (trial_moments, slow_trial_moments):
        columns = 2 + 2 * controls
        products, moments = np.zeros((powers[0], 5, columns, columns)), np.zeros((powers[1], 5, columns))
        work(outcome, treatment, known, weight, cluster, products, moments)
        results.append((products, moments))
    for mine, twin in zip(*results, strict=True):
        np.testing.assert_allclose(mine, twin, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("clusters", [0, 7])
def test_units_of_trials(clusters) -> None:
    luck = np.random.default_rng(6)
    outcome = luck.normal(size=(4, 40))
    outcome[luck.random((4, 40)) < 0.3] = np.nan
    treatment = luck.integers(0, 2, (4, 40)).astype(float)
    block = luck.integers(0, 3, 40)
    cluster = luck.integers(0, clusters, 40) if clusters else np.empty(0, np.int64)
    results = []
    for work in (count_units, slow_count_units):
        counts = np.zeros((4, 6), np.int64)
        work(outcome, treatment, block, cluster, np.zeros((6, max(clusters, 1)), np.uint8), counts)
        results.append(counts)
    np.testing.assert_array_equal(*results)
