"""How consistently items measure one thing: Cronbach's alpha, McDonald's omega, item-rest correlations.

All of them are functions of the items' covariances, so an answer that is missing costs only the pairs that it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SMALLEST_UNIQUENESS = 0.005  # the share of an item's variance that stays its own; below it the model has broken down
FEWEST_ITEMS_OF_A_FACTOR = 3


def pairwise_covariance(items: Floats) -> Floats:
    """Covariances [k, k] of items [n, k], each pair over the people who answered both (divisor: those people minus one).

    A pair that fewer than two people answered is nan.
    """
    known = ~np.isnan(items)
    centres = np.nansum(items, axis=0) / np.maximum(known.sum(axis=0), 1)  # near the means: fewer digits cancel
    filled = np.where(known, items - centres, 0.0)
    both = known.T.astype(float) @ known
    sums = filled.T @ known  # [j, l]: the sum of item j over those who answered l too
    products = filled.T @ filled
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = (products - sums * sums.T / both) / (both - 1)
    covariance[both < 2] = np.nan
    return covariance


def cronbach_alpha(covariance: Floats) -> float:
    """Cronbach's alpha; nan for one item.

        alpha = k / (k - 1) (1 - sum of variances / sum of all covariances)

    Source: Cronbach (1951), Psychometrika 16, doi:10.1007/BF02310555.
    """
    count = len(covariance)
    total = covariance.sum()
    if count < 2 or not total > 0:
        return float("nan")
    return float(count / (count - 1) * (1 - np.trace(covariance) / total))


def alpha_interval(alpha: float, people: int, items: int, level: float = 0.05) -> tuple[float, float]:
    """The interval of alpha when answers are normal and items equally good: (1 - alpha_true) / (1 - alpha) is F distributed.

    Source: Feldt (1965), Psychometrika 30, doi:10.1007/BF02289499. Returns nan where alpha is nan or fewer than three answered.
    """
    if np.isnan(alpha) or people < 3 or items < 2:
        return float("nan"), float("nan")
    above, below = people - 1, (people - 1) * (items - 1)
    low = 1 - (1 - alpha) * stats.f.isf(level / 2, above, below)
    high = 1 - (1 - alpha) * stats.f.ppf(level / 2, above, below)
    return float(low), float(high)


def item_rest_correlations(covariance: Floats) -> Floats:
    """For each item its correlation with the sum of the others; nan for one item."""
    variances = np.diag(covariance)
    with_rest = covariance.sum(axis=1) - variances
    rest = covariance.sum() - 2 * covariance.sum(axis=1) + variances
    with np.errstate(divide="ignore", invalid="ignore"):
        return with_rest / np.sqrt(variances * rest)


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """Items as one common factor and a rest of their own: loadings [k] and uniquenesses [k] in the items' own units.

    omega: the share of the variance of the items' sum that the factor explains. improper: an item's own variance reached its lower bound.
    """

    loadings: Floats
    uniquenesses: Floats
    omega: float
    improper: bool


def fit_one_factor(covariance: Floats) -> OneFactor | None:
    """The maximum-likelihood one-factor model and omega total, or None below three items or without a proper correlation matrix.

        Sigma = l l' + diag(u),   omega = (sum l)**2 / ((sum l)**2 + sum u)

    The model's own variance is the denominator, not the observed one; without fit errors both are the same. The likelihood is concentrated
    over the uniquenesses (Jöreskog 1967, Psychometrika 32, doi:10.1007/BF02289658) and the sign is the one in which the loadings' sum is positive.
    Source of omega: McDonald (1999), Test Theory: A Unified Treatment, chapter 6.
    """
    scale = np.sqrt(np.diag(covariance))
    if len(scale) < FEWEST_ITEMS_OF_A_FACTOR or not np.all(scale > 0):
        return None
    correlation = covariance / np.outer(scale, scale)
    if not np.all(np.isfinite(correlation)) or np.linalg.eigvalsh(correlation)[0] < 1e-10:
        return None
    start = np.log(np.clip(1 / np.diag(np.linalg.inv(correlation)), 2 * SMALLEST_UNIQUENESS, 0.95))
    bounds = [(np.log(SMALLEST_UNIQUENESS), 0.0)] * len(scale)
    settings = {"maxiter": 2_000, "ftol": 1e-16, "gtol": 1e-11}
    best = optimize.minimize(
        _misfit, start, args=(correlation,), jac=True, bounds=bounds, method="L-BFGS-B", options=settings
    )
    own = np.exp(best.x)
    loadings = _loadings(own, correlation)
    common = (loadings @ scale) ** 2
    omega = common / (common + own @ scale**2)
    return OneFactor(loadings * scale, own * scale**2, float(omega), bool(np.any(own < 1.01 * SMALLEST_UNIQUENESS)))


def _loadings(own: Floats, correlation: Floats) -> Floats:
    """The best loadings for these uniquenesses: the first eigenvector of the correlations over them."""
    root = np.sqrt(own)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loadings = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0))
    return loadings if loadings.sum() >= 0 else -loadings


def _misfit(log_own: Floats, correlation: Floats) -> tuple[float, Floats]:
    """Twice the negative log likelihood per person, up to a constant, and its slopes in the logarithms of the uniquenesses."""
    own = np.exp(log_own)
    root = np.sqrt(own)
    values = np.linalg.eigvalsh(correlation / np.outer(root, root))
    rest = values[:-1]
    loadings = _loadings(own, correlation)
    residual = np.outer(loadings, loadings) + np.diag(own) - correlation
    return float(np.sum(rest - np.log(rest))), np.diag(residual) / own
