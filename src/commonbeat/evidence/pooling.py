"""Pooling effects with a spread between studies, and the prior for the next place.

    d_j ~ Normal(mu, SE_j**2 + tau**2)          tau ~ half-normal(spread)          mu ~ Normal(0, 1)

tau is summed over on a grid by its marginal likelihood; given tau, mu is normal in closed form. What comes out is
a mixture of normals. A city is not the mean of the studies but another draw from among them, so its prior is
Normal(mu, tau**2): wider than the mean's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.evidence.estimates import load_estimates
from commonbeat.evidence.shapes import mixture_of_normals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.evidence.estimates import Reading
    from commonbeat.evidence.shapes import Quantile

MEAN_PRIOR_SD = 1.0  # latent SDs: no contact or clip has moved a mean by more than this
SHARED_CONTROL_CORRELATION = 0.5  # arms of equal size against one control share half of their error variance
GRID = 80


@dataclass(frozen=True, slots=True)
class Pooled:
    """The posterior of a pooled effect, as a mixture over the grid of between-study SDs (latent SD)."""

    between_sd: NDArray[np.float64]
    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    sds: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Posterior mean of the average effect."""
        return float(self.weights @ self.means)

    @property
    def sd(self) -> float:
        """Posterior SD of the average effect."""
        return float(np.sqrt(self.weights @ (self.sds**2 + self.means**2) - self.mean**2))

    def average(self) -> Quantile:
        """The quantile function of the average effect of the studies."""
        return mixture_of_normals(self.means, self.sds, self.weights)

    def next_place(self) -> Quantile:
        """The quantile function of the effect in a place that was not among the studies."""
        return mixture_of_normals(self.means, np.hypot(self.sds, self.between_sd), self.weights)


def pool(effects: Sequence[float], covariance: NDArray[np.float64], spread: float) -> Pooled:
    """The pooled effect of studies with this error covariance [J, J]; spread 0 fixes tau at 0."""
    d = np.asarray(effects, dtype=np.float64)
    taus = np.linspace(0.0, 4.0 * spread, GRID) if spread > 0 else np.zeros(1)
    log_weight, means, sds = (np.empty(taus.size) for _ in range(3))
    for i, tau in enumerate(taus):
        total = covariance + tau**2 * np.eye(d.size)
        solved = np.linalg.solve(total, np.column_stack([np.ones(d.size), d]))
        precision = solved[:, 0].sum() + MEAN_PRIOR_SD**-2
        means[i], sds[i] = d @ solved[:, 0] / precision, precision**-0.5
        fit = d @ solved[:, 1] - means[i] ** 2 * precision
        log_weight[i] = -0.5 * (fit + np.linalg.slogdet(total)[1] + np.log(precision))
        log_weight[i] -= 0.5 * (tau / spread) ** 2 if spread > 0 else 0.0
    weights = np.exp(log_weight - log_weight.max())
    return Pooled(taus, weights / weights.sum(), means, sds)


def error_covariance(readings: Sequence[Reading], transport_sd: Mapping[str, float]) -> NDArray[np.float64]:
    """The covariance of the readings' errors in latent SDs: own error, shared control, shared transport.

    Readings of another outcome than the parameter's share one unknown offset per outcome with the SD that
    `transport_sd` gives (it has no entry for the parameter's own outcome).
    """
    se = np.array([reading.latent_se for reading in readings])
    covariance = np.diag(se**2)
    for i, one in enumerate(readings):
        for j, other in enumerate(readings):
            if i != j and one.control_group and one.control_group == other.control_group:
                covariance[i, j] += SHARED_CONTROL_CORRELATION * se[i] * se[j]
            if one.outcome == other.outcome:
                covariance[i, j] += transport_sd.get(one.outcome, 0.0) ** 2
    return covariance


def pool_readings(
    readings: Sequence[Reading], *, spread: float, transport_sd: Mapping[str, float] | None = None
) -> Pooled:
    """The pooled effect of readings taken at the moment itself, in latent SDs."""
    covariance = error_covariance(readings, transport_sd or {})
    return pool([reading.latent_effect for reading in readings], covariance, spread)


def pool_cards(
    ids: Iterable[str],
    leave_out: Collection[str] = (),
    *,
    spread: float = 0.15,
    transport_sd: Mapping[str, float] | None = None,
) -> Pooled:
    """The pooled effect of every effect reading that rests on one of these cards and on none that is left out.

    Raises ValueError if nothing is left: a caller falls back to the distribution without cards.
    """
    wanted, gone = set(ids), set(leave_out)
    readings = [
        reading
        for reading in load_estimates()
        if reading.kind in ("effect", "null_with_n") and wanted & set(reading.cards) and gone.isdisjoint(reading.cards)
    ]
    if not readings:
        message = f"no reading is left of the cards {', '.join(sorted(wanted))}"
        raise ValueError(message)
    return pool_readings(readings, spread=spread, transport_sd=transport_sd)
