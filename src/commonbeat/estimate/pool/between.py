"""How much the true effects of studies differ, given regressors X (a column of ones where there are none).

y_i ~ Normal(x_i beta, v_i + tau^2),   W = diag(1 / (v_i + tau^2)),   P = W - W X (X'WX)^-1 X'W,   Q(tau^2) = y'Py

DL      tau^2 = max(0, (Q(0) - (k - p)) / tr P(0))                              DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2
REML    the tau^2 >= 0 of the highest restricted likelihood, where  tr P = y'PPy   Viechtbauer 2005, doi:10.3102/10769986030003261
Q-profile interval   {tau^2: chi2_{a/2} <= Q(tau^2) <= chi2_{1-a/2}}, k - p df     Viechtbauer 2007, doi:10.1002/sim.2514
I^2 = tau^2 / (tau^2 + s^2), H^2 = (tau^2 + s^2) / s^2,  s^2 = (k - p) / tr P(0)   Higgins & Thompson 2002, doi:10.1002/sim.1186
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import optimize, stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Method = Literal["common", "DL", "REML"]
ROUNDING = 1e-26  # a residual square below this share of y'Wy is rounding: the effects are alike
CELLS = 2e6  # of a table of weights that are worked out at once
GRID = 80  # places where the restricted likelihood is looked at before its highest one is refined


@dataclass(frozen=True, slots=True)
class Fit:
    """Weighted least squares at one tau^2: coefficients [p], (X'WX)^-1 [p, p], Q = y'Py, trace of P, y'PPy, log likelihood."""

    coefficients: Floats
    bread: Floats
    q: float
    trace: float
    score_term: float
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How the studies differ. tau: SD of the true effects, in the effects' unit; tau_low, tau_high: its Q-profile interval.

    q, df, p_value: Cochran's test that tau is 0. i2: the share of the variance between estimates that is not sampling error, 0 to 1; h2: that
    variance over the sampling error alone. None where a single study says nothing.
    """

    method: Method
    q: float
    df: int
    p_value: float | None
    tau: float | None
    tau_low: float | None
    tau_high: float | None
    i2: float | None
    i2_low: float | None
    i2_high: float | None
    h2: float | None
    h2_low: float | None
    h2_high: float | None

    @property
    def tau2(self) -> float:
        """The variance of the true effects; 0 where it is unknown."""
        return 0.0 if self.tau is None else self.tau**2


def fit_at(tau2: float, y: Floats, v: Floats, x: Floats) -> Fit:
    """The weighted fit with total variances v + tau^2; y, v [k], x [k, p] of full rank."""
    w = 1.0 / (v + tau2)
    root = np.sqrt(w)
    q, r = np.linalg.qr(x * root[:, None])
    scaled = y * root
    inverse = np.linalg.inv(r)
    coefficients = inverse @ (q.T @ scaled)
    residual = scaled - q @ (q.T @ scaled)
    if residual @ residual <= ROUNDING * (scaled @ scaled):
        residual = np.zeros_like(residual)
    # P = W^1/2 (I - QQ') W^1/2, so tr P and y'PPy need the rows of Q and the residual only.
    leverage = np.sum(q**2, axis=1)
    square = float(residual @ residual)
    log_det = 2.0 * float(np.sum(np.log(np.abs(np.diag(r)))))
    return Fit(
        coefficients,
        inverse @ inverse.T,
        square,
        float(w @ (1.0 - leverage)),
        float(w @ residual**2),
        -0.5 * (float(-np.sum(np.log(w))) + log_det + square),
    )


def tau2_of(method: Method, y: Floats, v: Floats, x: Floats) -> float:
    """The estimated between-study variance; 0 for the common-effect method and where no degree of freedom is left."""
    k, p = x.shape
    if method == "common" or k <= p:
        return 0.0
    at_zero = fit_at(0.0, y, v, x)
    moments = max(0.0, (at_zero.q - (k - p)) / at_zero.trace)
    return moments if method == "DL" else _restricted(y, v, x)


def _restricted(y: Floats, v: Floats, x: Floats) -> float:
    """The highest point of the restricted likelihood: a grid first, because it may have more than one hill."""
    scale = float(np.var(y - x @ np.linalg.lstsq(x, y, rcond=None)[0])) + float(np.mean(v))
    grid = np.r_[0.0, np.geomspace(1e-8 * scale, 1e2 * scale, GRID)]
    best = int(np.argmax(_heights(grid, y, v, x)))

    def score(tau2: float) -> float:
        fit = fit_at(tau2, y, v, x)
        return fit.score_term - fit.trace

    if best == 0:
        return 0.0 if score(0.0) <= 0 else _root(score, 0.0, grid[1])
    low, high = grid[best - 1], grid[min(best + 1, GRID)]
    return _root(score, low, high)


def _heights(grid: Floats, y: Floats, v: Floats, x: Floats) -> Floats:
    """The restricted log likelihood at each place of the grid [g], many at once: close enough to see which hill is highest."""
    at_once = max(1, int(CELLS // y.size))
    found = []
    for start in range(0, grid.size, at_once):
        w = 1.0 / (v + grid[start : start + at_once, None])
        cross = np.einsum("gk,kp,kq->gpq", w, x, x)
        slopes = np.linalg.solve(cross, (w * y @ x)[..., None])[..., 0]
        square = np.sum(w * (y - slopes @ x.T) ** 2, axis=1)
        found.append(-0.5 * (np.linalg.slogdet(cross)[1] + square - np.sum(np.log(w), axis=1)))
    return np.concatenate(found)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function crosses 0 between low and high; the nearer end where it does not."""
    if function(low) <= 0:
        return float(low)
    if function(high) >= 0:
        return float(high)
    crossing: Any = optimize.brentq(function, low, high, xtol=1e-300, rtol=np.float64(1e-13), maxiter=500)
    return float(crossing)


def q_profile(y: Floats, v: Floats, x: Floats, level: float) -> tuple[float, float] | None:
    """The interval for tau^2 from Q's distribution; (0, 0) where even tau 0 leaves too little variation, None without a df."""
    k, p = x.shape
    if k <= p:
        return None
    quantiles = (stats.chi2.isf(level / 2, k - p), stats.chi2.ppf(level / 2, k - p))
    low, high = (_crossing(y, v, x, float(quantile)) for quantile in quantiles)
    return low, high


def _crossing(y: Floats, v: Floats, x: Floats, target: float) -> float:
    """The tau^2 at which Q, which falls with it, has come down to the target; 0 where it starts below."""

    def excess(tau2: float) -> float:
        return fit_at(tau2, y, v, x).q - target

    if excess(0.0) <= 0:
        return 0.0
    high = float(np.mean(v))
    while excess(high) > 0:
        high *= 4.0
        if not math.isfinite(high):
            return math.inf
    return _root(excess, 0.0, high)


def heterogeneity(method: Method, y: Floats, v: Floats, x: Floats, *, level: float = 0.05) -> Heterogeneity:
    """Tau by the method, Q, I^2 and H^2 with the intervals that the Q-profile gives; y, v [k], x [k, p].

    For the common-effect method tau is not estimated, and I^2 and H^2 come from Q: max(0, (Q - df) / Q) and Q / df.
    """
    k, p = x.shape
    at_zero = fit_at(0.0, y, v, x)
    df = k - p
    if df < 1:
        return Heterogeneity(method, at_zero.q, 0, None, None, None, None, None, None, None, None, None, None)
    typical = df / at_zero.trace
    p_value = float(stats.chi2.sf(at_zero.q, df))
    if method == "common":
        i2 = max(0.0, (at_zero.q - df) / at_zero.q) if at_zero.q > 0 else 0.0
        return Heterogeneity(
            method, at_zero.q, df, p_value, None, None, None, i2, None, None, at_zero.q / df, None, None
        )
    found = (tau2_of(method, y, v, x), *(q_profile(y, v, x, level) or (math.nan, math.nan)))
    tau = [math.sqrt(tau2) for tau2 in found]
    i2s = [tau2 / (tau2 + typical) if math.isfinite(tau2) else 1.0 for tau2 in found]
    h2s = [1.0 + tau2 / typical for tau2 in found]
    return Heterogeneity(method, at_zero.q, df, p_value, *tau, *i2s, *h2s)
