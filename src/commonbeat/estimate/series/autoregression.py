"""A regression whose errors carry over from one period to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize_scalar

from commonbeat.estimate.series.fit import SeriesFit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STRONGEST_CORRELATION = 0.99
TRIED = np.linspace(-STRONGEST_CORRELATION, STRONGEST_CORRELATION, 41)


def fit_autoregression(outcome: Floats, regressors: Floats) -> SeriesFit:
    """Generalised least squares with first-order autoregressive errors, their correlation by restricted likelihood.

    y_t = x_t b + e_t, e_t = r e_{t-1} + u_t. Whitened: v*_t = v_t - r v_{t-1}, v*_1 = sqrt(1 - r^2) v_1. r minimises
    (n - k) log RSS*(r) + log |X*'X*| - log(1 - r^2); Var(b) = RSS* / (n - k) (X*'X*)^-1. Restricted likelihood takes the bias out of r that
    trends and steps bring in, so that intervals keep their coverage in short series where Newey-West's do not. Cheang and Reinsel,
    Journal of the American Statistical Association 95 (2000), doi:10.1080/01621459.2000.10474278; as nlme::gls(corAR1, "REML").
    In short series this may have more than one hill: a grid of 41 correlations comes first, then a search about its best.
    Columns that single out one period (left-out periods) are allowed.
    """
    scale = np.abs(regressors).max(axis=0)
    columns = regressors / scale
    count, width = columns.shape
    best = int(_criterion(outcome, columns, TRIED).argmin())
    bounds = (TRIED[max(best - 1, 0)], TRIED[min(best + 1, len(TRIED) - 1)])

    def near(correlation: float) -> float:
        return float(_criterion(outcome, columns, np.array([correlation]))[0])

    found = minimize_scalar(near, bounds=bounds, method="bounded", options={"xatol": 1e-9})
    correlation = float(found.x)  # pyright: ignore[reportAttributeAccessIssue]
    coefficients, residuals, triangle = _whitened_fit(outcome, columns, correlation)
    root = np.linalg.inv(triangle)
    covariance = float(residuals @ residuals) / (count - width) * (root @ root.T)
    return SeriesFit(coefficients / scale, covariance / np.outer(scale, scale), residuals, count - width, correlation)


def _criterion(outcome: Floats, columns: Floats, correlations: Floats) -> Floats:
    """What r minimises, minus twice the restricted log likelihood up to a constant, for each correlation [g]."""
    table = np.column_stack([columns, outcome])
    count, width = columns.shape
    whitened = np.repeat(table[None], len(correlations), axis=0)
    whitened[:, 1:] -= correlations[:, None, None] * table[:-1]
    whitened[:, 0] *= np.sqrt(1 - correlations**2)[:, None]
    diagonal = np.abs(np.diagonal(np.linalg.qr(whitened, mode="r"), axis1=1, axis2=2))
    logs = np.log(np.maximum(diagonal, np.sqrt(np.finfo(float).tiny)))
    return 2 * (count - width) * logs[:, -1] + 2 * logs[:, :-1].sum(axis=1) - np.log1p(-(correlations**2))


def _whitened_fit(outcome: Floats, columns: Floats, correlation: float) -> tuple[Floats, Floats, NDArray]:
    """Coefficients, residuals and the triangle of the QR decomposition after whitening with `correlation`."""
    table = np.column_stack([columns, outcome])
    whitened = table.copy()
    whitened[1:] -= correlation * table[:-1]
    whitened[0] *= np.sqrt(1 - correlation**2)
    orthogonal, triangle = np.linalg.qr(whitened[:, :-1])
    projected = orthogonal.T @ whitened[:, -1]
    coefficients = np.linalg.solve(triangle, projected).astype(np.float64)
    return coefficients, whitened[:, -1] - orthogonal @ projected, triangle
