"""Sums of products within clusters: all that a cluster-robust covariance needs to know of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(
    "void(float64[:,::1], float64[::1], float64[:,::1], int64[::1], float64[:,:,:,::1], float64[:,:,:,::1])",
    cache=True,
    nogil=True,
)
def cluster_moments(
    design: NDArray[Any],
    weight: NDArray[Any],
    response: NDArray[Any],
    cluster: NDArray[Any],
    products: NDArray[Any],
    moments: NDArray[Any],
) -> None:
    """Each cluster's sums of weight**k x x' and weight**k x y' stand in `products[k]` and `moments[k]`.

    design [n, p]; weight [n]; response [n, m]; cluster [n]: codes from 0. products [powers, G, p, p], moments [powers, G, p, m]: added
    to, so they come in as zeros; how many powers of the weight are wanted is read off their first axis. One pass over the rows, so that
    a million of them need no sorting.
    """
    rows, columns = design.shape
    responses = response.shape[1]
    for row in range(rows):
        at = cluster[row]
        factor = 1.0
        for power in range(max(len(products), len(moments))):
            for first in range(columns):
                scaled = factor * design[row, first]
                if power < len(products):
                    for second in range(first + 1):
                        products[power, at, first, second] += scaled * design[row, second]
                if power < len(moments):
                    for each in range(responses):
                        moments[power, at, first, each] += scaled * response[row, each]
            factor *= weight[row]
    for power in range(len(products)):
        for at in range(products.shape[1]):
            for first in range(columns):
                for second in range(first):
                    products[power, at, second, first] = products[power, at, first, second]
