"""Lin's regression in many trials at once: by clusters, by rows, or, with nothing to adjust for, by two means."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.linear.clustered import adjust_unweighted, adjust_weighted
from commonbeat.estimate.linear.rows import adjust_rows
from commonbeat.kernels.trials import trial_moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.trial import Codes, Floats

    Part = tuple[Floats, Floats, Floats]

SMALLEST_EIGENVALUE = (
    1e-6  # of the columns' correlations, below which a trial is left to the slower, more careful single fit
)


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """Trials as arrays: outcome [T, n], nan where not answered; treatment [T, n]; controls [1 or T, n, k]; weight (mean 1), cluster [n] or None."""

    outcome: Floats
    treatment: Floats
    controls: Floats
    weight: Floats | None
    cluster: Codes | None

    @property
    def clusters(self) -> int:
        """How many there are; 0 without clusters."""
        return 0 if self.cluster is None else int(self.cluster.max()) + 1

    @property
    def weights(self) -> Floats:
        """The weight, or ones."""
        return np.ones(self.outcome.shape[1]) if self.weight is None else self.weight

    def some(self, rows: slice) -> Many:
        """These trials of them."""
        controls = self.controls[rows] if len(self.controls) > 1 else self.controls
        return replace(self, outcome=self.outcome[rows], treatment=self.treatment[rows], controls=controls)


def by_clusters(many: Many) -> Part:
    """Estimate, CR2 standard error and df [T]; nan where columns are dependent.

    Everything is worked out from sums within clusters of x x', x y, x = [1, z, controls, z controls]: centring and making orthonormal turn
    the sums, not the rows, and the residuals' sums are those of y less those of the fit.
    """
    products, moments = _sums(many)
    bread = products[:, min(1, products.shape[1] - 1)].sum(axis=1)
    centre = _centring(bread, many.controls.shape[2])
    fits, turn = _orthonormal(np.swapaxes(centre, 1, 2) @ bread @ centre)
    whole = (centre @ turn)[:, None, None]
    products = np.swapaxes(whole, -1, -2) @ products @ whole
    moments = np.swapaxes(whole, -1, -2) @ moments[..., None]
    inside = moments[:, -1].sum(axis=1)[:, None, None]
    rest = moments - products[:, : moments.shape[1]] @ inside
    if many.weight is None:
        adjustment = adjust_unweighted(products[:, 0])
    else:
        adjustment = adjust_weighted(products, products[:, 2].sum(axis=1))
    stacked = np.concatenate(list(np.swapaxes(rest, 0, 1)), axis=2)
    contrast = turn[:, 1]
    scores = (contrast[:, None, None] @ (adjustment.score @ stacked))[..., 0, 0]
    estimate = (contrast[:, None] @ inside[:, 0, 0])[:, 0, 0]
    return _figures(fits, estimate, (scores**2).sum(axis=1), *adjustment.working_moments(contrast))


def by_rows(many: Many) -> Part:
    """Estimate, HC2 standard error and df [T]; nan where columns are dependent."""
    answered = ~np.isnan(many.outcome)
    root = np.sqrt(many.weights)
    mass = answered * many.weights
    total = np.maximum(mass.sum(axis=1), np.finfo(float).tiny)
    outcome = np.where(answered, many.outcome, 0.0)
    outcome = np.where(answered, outcome - ((outcome * mass).sum(axis=1) / total)[:, None], 0.0)
    controls = np.broadcast_to(many.controls, (*outcome.shape, many.controls.shape[2]))
    centred = controls - (mass[:, None] @ controls) / total[:, None, None]
    arm = many.treatment[:, :, None]
    rows = np.concatenate([np.ones_like(arm), arm, centred, centred * arm], axis=2) * (answered * root)[:, :, None]
    fits, turn = _orthonormal(np.swapaxes(rows, 1, 2) @ rows)
    adjustment = adjust_rows(rows @ turn, many.weight)
    scaled = (outcome * root)[:, :, None]
    inside = np.swapaxes(adjustment.rows, 1, 2) @ scaled
    contrast = turn[:, 1]
    along = (adjustment.rows @ contrast[:, :, None])[..., 0]
    scores = along * adjustment.enlarge * (scaled - adjustment.rows @ inside)[..., 0]
    estimate = (contrast[:, None] @ inside)[:, 0, 0]
    return _figures(fits, estimate, (scores**2).sum(axis=1), *adjustment.working_moments(contrast))


def by_welch(many: Many) -> Part:
    """Difference of two means, its standard error and Welch's df [T]; nan where an arm has fewer than two answers."""
    answered = ~np.isnan(many.outcome)
    outcome = np.where(answered, many.outcome, 0.0)
    means, parts, free = [], [], []
    with np.errstate(invalid="ignore", divide="ignore"):
        for arm in (answered * many.treatment, answered * (1 - many.treatment)):
            count = arm.sum(axis=1)
            mean = (arm * outcome).sum(axis=1) / count
            spread = (arm * (outcome - mean[:, None]) ** 2).sum(axis=1)
            means.append(np.where(count > 1, mean, np.nan))
            parts.append(spread / (count - 1) / count)
            free.append(count - 1)
        variance = parts[0] + parts[1]
        df = variance**2 / (parts[0] ** 2 / free[0] + parts[1] ** 2 / free[1])
    return means[0] - means[1], np.sqrt(variance), df


def _sums(many: Many) -> tuple[Floats, Floats]:
    trials, columns = len(many.outcome), 2 + 2 * many.controls.shape[2]
    powers = (1, 1) if many.weight is None else (3, 2)
    products = np.zeros((trials, powers[0], many.clusters, columns, columns))
    moments = np.zeros((trials, powers[1], many.clusters, columns))
    weight = many.weights
    cluster = np.zeros(many.outcome.shape[1], np.int64) if many.cluster is None else many.cluster
    answered = ~np.isnan(many.outcome)
    middle = np.where(answered, many.outcome, 0.0).sum(axis=1) / np.maximum(answered.sum(axis=1), 1)
    outcome = many.outcome - middle[:, None]
    for at in range(trials):
        controls = np.ascontiguousarray(many.controls[at if len(many.controls) > 1 else 0])
        trial_moments(outcome[at], many.treatment[at], controls, weight, cluster, products[at], moments[at])
    return products, moments


def _centring(bread: Floats, controls: int) -> Floats:
    """The matrix [T, p, p] that takes the (weighted) means out of the controls, plain and times treatment."""
    centre = np.tile(np.eye(bread.shape[-1]), (len(bread), 1, 1))
    means = bread[:, 0, 2 : 2 + controls] / np.maximum(bread[:, 0, 0], np.finfo(float).tiny)[:, None]
    centre[:, 0, 2 : 2 + controls] = -means
    centre[:, 1, 2 + controls :] = -means
    return centre


def _orthonormal(products: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Which columns are independent, and the matrix [T, p, p] that makes them orthonormal (0 where they are not)."""
    size = np.sqrt(np.einsum("tpp->tp", products))
    size = np.where(size > 0, size, 1.0)
    products = products / size[:, :, None] / size[:, None, :]
    fits = np.linalg.eigvalsh(products)[:, 0] > SMALLEST_EIGENVALUE
    products = np.where(fits[:, None, None], products, np.eye(products.shape[1]))
    turn = np.swapaxes(np.linalg.inv(np.linalg.cholesky(products)), 1, 2) / size[:, :, None]
    return fits, np.where(fits[:, None, None], turn, 0.0)


def _figures(fits: NDArray[np.bool_], estimate: Floats, variance: Floats, trace: Floats, norm: Floats) -> Part:
    df = trace**2 / np.where(norm > 0, norm, np.nan)
    return np.where(fits, estimate, np.nan), np.where(fits, np.sqrt(variance), np.nan), np.where(fits, df, np.nan)
