"""Least squares on a series, with standard errors for errors that hang together over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.series.fit import SeriesFit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def rule_of_thumb_lags(periods: int) -> int:
    """floor(4 (periods / 100)^(2/9)), Newey and West's own order of growth (Review of Economic Studies 61, 1994, doi:10.2307/2297912)."""
    return min(int(4 * (periods / 100) ** (2 / 9)), periods - 2)


def newey_west(outcome: Floats, regressors: Floats, lags: int) -> SeriesFit:
    """Least squares with a covariance that allows for errors related over `lags` periods.

    V = n / (n - k) (X'X)^-1 S (X'X)^-1, S = sum over lags l of w_l sum_t (s_t s_{t-l}' + s_{t-l} s_t'), s_t = x_t e_t, w_l = 1 - l /
    (lags + 1). Newey and West, Econometrica 55 (1987), doi:10.2307/1913610; as sandwich::NeweyWest(prewhite = FALSE, adjust = TRUE).
    """
    scale = np.abs(regressors).max(axis=0)
    columns = regressors / scale
    inverse = np.linalg.inv(columns.T @ columns)
    coefficients = inverse @ columns.T @ outcome
    residuals = outcome - columns @ coefficients
    scores = columns * residuals[:, None]
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        cross = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (cross + cross.T)
    count, width = columns.shape
    covariance = count / (count - width) * inverse @ middle @ inverse
    return SeriesFit(coefficients / scale, covariance / np.outer(scale, scale), residuals, count - width)
