"""Weights that are never negative and sum to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import nnls

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """The weights w [donors] with w >= 0 and sum w = 1 that minimise sum_t (target_t - sum_j w_j donors_jt)^2; target [t], donors [donors, t].

    As the weights sum to one, the misfit is A w with columns a_j = donor_j - target. Minimising |A u|^2 + (1 - sum u)^2 over u >= 0 and
    dividing u by its sum gives the same w: for u = s w the best s leaves |Aw|^2 / (1 + |Aw|^2), which grows with |Aw|^2. So plain
    non-negative least squares solves it exactly (Lawson and Hanson 1974), without a penalty that would have to be large. A is first divided by
    its own size, so that the row of ones neither drowns nor rules. With more donors than periods the solution is one of many.
    """
    misfit = (donors - target).T
    size = float(np.sqrt((misfit**2).sum(axis=0).mean()))
    if size == 0:
        return np.full(len(donors), 1 / len(donors))
    table = np.vstack([misfit / size, np.ones(len(donors))])
    goal = np.zeros(len(table))
    goal[-1] = 1.0
    found, _ = nnls(table, goal, maxiter=50 * table.shape[1] + 100)
    return found / found.sum()
