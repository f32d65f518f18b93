"""Simulated trials boiled down to sums within clusters, without ever laying out their regressors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(
    "void(float64[::1], float64[::1], float64[:,::1], float64[::1], int64[::1], float64[:,:,:,::1], float64[:,:,::1])",
    cache=True,
    nogil=True,
)
def trial_moments(
    outcome: NDArray[Any],
    treatment: NDArray[Any],
    controls: NDArray[Any],
    weight: NDArray[Any],
    cluster: NDArray[Any],
    products: NDArray[Any],
    moments: NDArray[Any],
) -> None:
    """Each cluster's sums of weight**k x x' and weight**k x y stand in `products[k]` and `moments[k]`, x = [1, z, controls, z controls].

    outcome [n]: rows with nan are passed over. treatment z [n], controls [n, c], weight [n], cluster [n]: codes from 0. products
    [powers, G, 2 + 2c, 2 + 2c] and moments [powers, G, 2 + 2c] come in as zeros. Only the lower triangle is summed, then mirrored.
    """
    people, count = controls.shape
    columns = 2 + 2 * count
    row = np.empty(columns)
    row[0] = 1.0
    for person in range(people):
        answer = outcome[person]
        if np.isnan(answer):
            continue
        at = cluster[person]
        arm = treatment[person]
        row[1] = arm
        for each in range(count):
            row[2 + each] = controls[person, each]
            row[2 + count + each] = arm * controls[person, each]
        factor = 1.0
        for power in range(len(products)):
            for first in range(columns):
                scaled = factor * row[first]
                if scaled == 0.0:
                    continue
                for second in range(first + 1):
                    products[power, at, first, second] += scaled * row[second]
                if power < len(moments):
                    moments[power, at, first] += scaled * answer
            factor *= weight[person]
    for power in range(len(products)):
        for at in range(products.shape[1]):
            for first in range(columns):
                for second in range(first):
                    products[power, at, second, first] = products[power, at, first, second]


@njit(
    "void(float64[:,::1], float64[:,::1], int64[::1], int64[::1], uint8[:,::1], int64[:,::1])", cache=True, nogil=True
)
def count_units(
    outcome: NDArray[Any],
    treatment: NDArray[Any],
    block: NDArray[Any],
    cluster: NDArray[Any],
    seen: NDArray[Any],
    counts: NDArray[Any],
) -> None:
    """`counts[trial, 2 block + arm]` is how many people answered there, or how many clusters have people who did.

    outcome, treatment [T, n]; block [n]: codes from 0. cluster [n]: codes from 0, or empty to count people. seen [2 blocks, G]: room to work in.
    """
    for trial in range(len(outcome)):
        seen[:] = 0
        for person in range(outcome.shape[1]):
            if np.isnan(outcome[trial, person]):
                continue
            cell = 2 * block[person] + (1 if treatment[trial, person] > 0 else 0)
            if len(cluster) == 0:
                counts[trial, cell] += 1
            elif seen[cell, cluster[person]] == 0:
                seen[cell, cluster[person]] = 1
                counts[trial, cell] += 1
