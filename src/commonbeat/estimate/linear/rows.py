"""HC2: each row's residual enlarged by what the fit took from it, and degrees of freedom of the variance it gives.

MacKinnon and White (1985), J. Econometrics 29: 305; Bell and McCaffrey (2002); Imbens and Kolesar (2016), Rev. Econ. Stat. 98: 701.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats

FULLY_FITTED = 1e-11  # less than this of a row's variance left: the fit passes through it


@dataclass(frozen=True, slots=True, eq=False)
class RowAdjustment:
    """What HC2 does to each row; leading axes are free, so that many trials are adjusted at once.

    rows [..., n, p]: orthonormal, times the root of the weight. weight [n], or None. enlarge [..., n]: 1 / root(1 - leverage), 0 where the fit
    passes through the row. The leverage is weight * x'Mx, as in R's sandwich and estimatr.
    """

    rows: Floats
    weight: Floats | None
    enlarge: Floats

    def working_moments(self, contrast: Floats) -> tuple[Floats, Floats]:
        """Trace and squared norm of the scores' working covariance along the contrast; df = trace**2 / norm**2.

        Working errors are independent with equal variance, with weights too: survey weights say whom a person stands for, not how
        well they were measured. (Taking the variance as 1 / weight gives more df than unequal weights leave; intervals then
        cover less.) With a = enlarge * weight * x'c, P_ij = a_i a_j (1(i = j) + u_i' K u_j), u = [x, weight * x] and K as in `clustered`; without
        weights u = x and K = -1. The squares sum to sum a**4 (1 + 2 u'Ku) + tr(K T K T), T = sum a**2 u u'.
        """
        along = np.einsum("...np,...p->...n", self.rows, contrast)
        if self.weight is None:
            span, between = self.rows, -np.eye(self.rows.shape[-1])
        else:
            root = np.sqrt(self.weight)
            span = np.concatenate([self.rows / root[:, None], self.rows * root[:, None]], axis=-1)
            along = along * root
            square = np.swapaxes(self.rows, -1, -2) @ (self.rows * self.weight[:, None])
            eye = np.broadcast_to(np.eye(square.shape[-1]), square.shape)
            upper = np.concatenate([square, -eye], axis=-1)
            between = np.concatenate([upper, np.concatenate([-eye, np.zeros_like(square)], axis=-1)], axis=-2)
        squared = (self.enlarge * along) ** 2
        taken = ((span @ between) * span).sum(axis=-1)
        turned = between @ (np.swapaxes(span, -1, -2) @ (span * squared[..., None]))
        norm = (squared**2 * (1 + 2 * taken)).sum(axis=-1) + (turned * np.swapaxes(turned, -1, -2)).sum(axis=(-1, -2))
        return (squared * (1 + taken)).sum(axis=-1), norm


def adjust_rows(rows: Floats, weight: Floats | None) -> RowAdjustment:
    """The HC2 adjustment of every row, from its leverage: the sum of squares of an orthonormal row."""
    left = 1 - np.einsum("...np,...np->...n", rows, rows)
    empty = left < FULLY_FITTED
    return RowAdjustment(rows, weight, np.where(empty, 0.0, 1 / np.sqrt(np.where(empty, 1.0, left))))
