"""The sums within clusters against sums that a person can read."""

from __future__ import annotations

import numpy as np
import pytest

from commonbeat.kernels.moments import cluster_moments


def slow_cluster_moments(design, weight, response, cluster, products, moments) -> None:
    for at in range(products.shape[1]):
        rows = cluster == at
        for power in range(len(products)):
            products[power, at] += design[rows].T @ np.diag(weight[rows] ** power) @ design[rows]
        for power in range(len(moments)):
            moments[power, at] += design[rows].T @ np.diag(weight[rows] ** power) @ response[rows]


@pytest.mark.parametrize(("powers", "responses"), [((3, 2), 2), ((1, 1), 1), ((3, 2), 0)])
def test_the_kernel_is_its_twin(powers, responses) -> None:
    luck = np.random.default_rng(4)
    design, weight = luck.normal(size=(60, 3)), luck.exponential(size=60)
    response, cluster = luck.normal(size=(60, responses)), luck.integers(0, 6, 60)
    cluster[cluster == 4] = 5  # nobody in one of them
    results = []
    for work in (cluster_moments, slow_cluster_moments):
        products, moments = np.zeros((powers[0], 6, 3, 3)), np.zeros((powers[1], 6, 3, responses))
        work(design, weight, response, cluster, products, moments)
        results.append((products, moments))
    for mine, twin in zip(*results, strict=True):
        np.testing.assert_allclose(mine, twin, rtol=1e-12, atol=1e-13)
    assert not results[0][0][:, 4].any()
