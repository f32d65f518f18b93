"""HC2: each row's residual enlarged by what the fit took from it, and degrees of freedom of the variance it gives.

MacKinnon and White (1985), J. Econometrics 29: 305; Bell and McCaffrey (2002); Imbens and Kolesar (2016), Rev. Econ. Stat. 98: 701.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats

FULLY_FITTED = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class RowAdjustment:
    """rows [n, p]: orthonormal, times the root of the weight. enlarge [n]: 1 / root(1 - leverage), 0 where the fit passes through the row.

    With weights the working variance of a row is proportional to 1 / weight, which is what HC2 is unbiased for in R's sandwich and estimatr.
    """

    rows: Floats
    enlarge: Floats
    leverage: Floats

    def working_moments(self, contrast: Floats) -> tuple[Floats, Floats]:
        """Trace and squared norm of the scores' working covariance along the contrast; df = trace**2 / norm**2.

        P_ij = a_i (1(i = j) - x_i'x_j) a_j with a_i = enlarge_i x_i'c; the squares sum to sum a**4 (1 - 2 leverage) + |X' diag(a**2) X|**2.
        """
        squared = (self.enlarge * (self.rows @ contrast)) ** 2
        trace = squared @ (1 - self.leverage)
        spread = self.rows.T @ (self.rows * squared[:, None])
        return trace, squared**2 @ (1 - 2 * self.leverage) + (spread**2).sum()


def adjust_rows(rows: Floats) -> RowAdjustment:
    """The HC2 adjustment of every row, from its leverage: the sum of squares of an orthonormal row."""
    leverage = np.einsum("np,np->n", rows, rows)
    left = 1 - leverage
    empty = left < FULLY_FITTED
    return RowAdjustment(rows, np.where(empty, 0.0, 1 / np.sqrt(np.where(empty, 1.0, left))), leverage)
