"""What is left of a mediated effect when something unmeasured moves mediator and outcome together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.linear import Contrast
from commonbeat.estimate.mediation.paths import product_intervals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.mediation.data import MediationData
    from commonbeat.estimate.mediation.paths import Paths

    Floats = NDArray[np.float64]

CORRELATIONS = tuple(np.round(np.linspace(-0.95, 0.95, 191), 2))


@dataclass(frozen=True, slots=True)
class Confounding:
    """The mediated effect if the errors of mediator and outcome have this correlation: estimate and interval."""

    correlation: float
    mediated: float
    low: float
    high: float

    @property
    def seen(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


def sensitivity_curve(rows: MediationData, paths: Paths) -> tuple[Confounding, ...]:
    """The mediated effect at every correlation r of e2 and e3 from -.95 to .95.

    b(r) = s1 / s2 (q - r sqrt((1 - q^2) / (1 - r^2))), q = corr(e1, e2), s1, s2 the SDs of e1, e2: at r = 0 least squares, at r = q
    nothing. Mediated: a b(r). Standard errors of b(r) by the delta method on var(e1), var(e2), cov(e1, e2), with clusters' influences
    summed; intervals from draws of the product. Imai, Keele and Yamamoto, Statistical Science 25 (2010), doi:10.1214/10-STS321, theorem 4.
    """
    moments, covariance = residual_moments(rows, paths)
    first, df = paths.to_mediator, paths.to_outcome.df
    seconds = []
    for correlation in CORRELATIONS:
        value, slope = coefficient_at(moments, float(correlation))
        seconds.append(Contrast(value, float(np.sqrt(slope @ covariance @ slope)), df))
    _, (lows, highs) = product_intervals(first, seconds, rows)
    return tuple(
        Confounding(float(correlation), first.estimate * second.estimate, float(low), float(high))
        for correlation, second, low, high in zip(CORRELATIONS, seconds, lows, highs, strict=True)
    )


def coefficient_at(moments: Floats, correlation: float) -> tuple[float, Floats]:
    """b(r) and its slope [3] in the moments var(e1), var(e2), cov(e1, e2).

    With v1, v2, c: b(r) = c / v2 - k sqrt(v1 v2 - c^2) / v2, k = r / sqrt(1 - r^2), which is the same formula.
    """
    v1, v2, c = moments
    k = correlation / np.sqrt(1 - correlation**2)
    root = np.sqrt(max(v1 * v2 - c**2, np.finfo(float).tiny))
    value = (c - k * root) / v2
    slope = np.array([-k / (2 * root), -value / v2 - k * v1 / (2 * root * v2), (1 + k * c / root) / v2])
    return float(value), slope


def residual_moments(rows: MediationData, paths: Paths) -> tuple[Floats, Floats]:
    """var(e1), var(e2), cov(e1, e2) and the covariance [3, 3] of these estimates; weighted, clusters summed."""
    e1, e2 = paths.whole.residuals, paths.first.residuals
    weight = np.ones(len(e1)) if rows.weight is None else rows.weight
    share = weight / weight.sum()
    products = np.stack([e1 * e1, e2 * e2, e1 * e2], axis=1)
    moments = share @ products
    influence = share[:, None] * (products - moments)
    if rows.cluster is not None:
        _, code = np.unique(rows.cluster, return_inverse=True)
        sums = np.zeros((int(code.max()) + 1, 3))
        np.add.at(sums, code, influence)
        influence = sums
    count = len(influence)
    return moments, influence.T @ influence * count / (count - 1)
