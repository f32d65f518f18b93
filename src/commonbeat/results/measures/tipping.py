"""Where a result changes its sign as one parameter goes through its prior, all others left to chance.

The conditional median of the result is a curve in the parameter's normal score z (the score of its rank among the draws),

    median(result | z) = a + b z + c v + d v^2,    v = Phi(z) - 1/2          c and d only where draws are many

so that what is straight in the parameter of a normal or of a flat prior is straight here, fitted by least absolute deviations (Koenker & Bassett 1978), smoothed within a hundredth of the typical size. The median and not the mean, because
the figure that a report leads with is the middle draw and because a clip's reach has a heavy tail. Where the curve passes zero, the
answer is as likely to be above zero as below: that is the tipping value. Intervals hold 90 % and come from drawing whole clusters of
draws again (a row of a design, a set of parameters).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MANY_DRAWS = 100  # distinct values from which bends of the curve can be told
RESAMPLES = 120
EDGE = float(ndtri(0.99))  # beyond it a value counts as outside the prior
END = float(ndtri(0.95))
SURE = 0.95  # of the draws-again must cross the same way for the crossing to have two ends
_STEPS, _STEPS_AGAIN = 40, 30
_SMOOTH = 0.01
_GRID = np.linspace(-EDGE, EDGE, 467)
_SEED = 20_17  # any fixed number: the same draws must always give the same interval


@dataclass(frozen=True, slots=True)
class Tipping:
    """The value at which the middle of the result passes zero, and the middle at the 5 % and the 95 % point of the parameter.

    value: None where there is no such value between the parameter's 1 % and 99 % points. low, high: its 90 % interval; None where fewer
    than SURE of the draws-again pass zero the same way. crossed: the share of these that do. level, level_low, level_high: the same three values
    as quantiles of the parameter. at_low, at_high: the middle result at the ends, each with its 90 % interval.
    """

    value: float | None
    low: float | None
    high: float | None
    crossed: float
    level: float | None
    level_low: float | None
    level_high: float | None
    parameter_low: float
    parameter_high: float
    at_low: float
    at_low_interval: tuple[float, float]
    at_high: float
    at_high_interval: tuple[float, float]

    @property
    def is_known(self) -> bool:
        """Whether the value stands even when the draws are drawn again."""
        return self.value is not None and self.low is not None


def tipping(values: ArrayLike, results: ArrayLike, cluster: ArrayLike | None = None) -> Tipping:
    """The tipping value of a parameter whose values gave these results, draw by draw; `cluster` names draws that belong together."""
    x, y = np.asarray(values, float), np.asarray(results, float)
    _, rows = np.unique(np.arange(len(x)) if cluster is None else np.asarray(cluster), return_inverse=True)
    scores = ndtri((rankdata(x) - 0.5) / len(x))
    bends = len(np.unique(x)) >= MANY_DRAWS
    curves = _median_curves(_terms(scores, bends=bends), y, _multiplicities(rows))
    order = np.argsort(scores, kind="stable")
    grid = _GRID[(scores.min() <= _GRID) & (scores.max() >= _GRID)]
    crossings = _crossings(curves @ _terms(grid, bends=bends).T, grid)
    low_x, high_x = np.interp([-END, END], scores[order], x[order])
    ends = curves @ _terms(np.array([-END, END]), bends=bends).T
    (low_from, high_from), (low_to, high_to) = np.quantile(ends[1:], [0.05, 0.95], axis=0).tolist()
    at, crossed = _interval(crossings)
    value, low, high = (None if each is None else float(np.interp(each, scores[order], x[order])) for each in at)
    level, level_low, level_high = (None if each is None else float(ndtr(each)) for each in at)
    return Tipping(
        value=value,
        low=low,
        high=high,
        crossed=crossed,
        level=level,
        level_low=level_low,
        level_high=level_high,
        parameter_low=float(low_x),
        parameter_high=float(high_x),
        at_low=float(ends[0, 0]),
        at_low_interval=(low_from, low_to),
        at_high=float(ends[0, 1]),
        at_high_interval=(high_from, high_to),
    )


def _interval(crossings: NDArray[np.float64]) -> tuple[tuple[float | None, ...], float]:
    """((crossing, low, high), share of the draws-again that cross): ends only where the crossing is there and nearly all cross."""
    first, again = float(crossings[0]), crossings[1:]
    crossed = float(np.mean(~np.isnan(again)))
    if np.isnan(first):
        return (None, None, None), crossed
    if crossed < SURE:
        return (first, None, None), crossed
    low, high = np.nanquantile(again, [0.05, 0.95]).tolist()
    return (first, low, high), crossed


def _terms(scores: NDArray[np.float64], *, bends: bool) -> NDArray[np.float64]:
    """(scores, terms): 1 and z, and with bends the level and its square."""
    straight = [np.ones_like(scores), scores]
    level = ndtr(scores) - 0.5
    return np.stack([*straight, level, level**2] if bends else straight, axis=1)


def _multiplicities(rows: NDArray[np.integer]) -> NDArray[np.float64]:
    """(1 + resamples, draws): how often each draw counts; once in the first row, as its cluster is drawn again in the others."""
    clusters = int(rows.max()) + 1
    picks = np.random.default_rng(_SEED).integers(clusters, size=(RESAMPLES, clusters))
    counts = np.stack([np.bincount(pick, minlength=clusters) for pick in picks])
    return np.vstack([np.ones(len(rows)), counts[:, rows]]).astype(np.float64)


def _median_curves(
    design: NDArray[np.float64], y: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(1 + resamples, terms): the coefficients that minimise sum of counts * sqrt(residual^2 + smooth^2)."""
    size = float(np.median(np.abs(y - np.median(y)))) or float(np.abs(y).mean()) or 1.0
    first, weights = _least_deviations(design, y / size, counts[:1], counts[:1], _STEPS)
    # The others begin where the first has ended, which is near.
    again, _ = _least_deviations(design, y / size, counts[1:], counts[1:] * weights, _STEPS_AGAIN)
    return np.vstack([first, again]) * size


def _least_deviations(
    design: NDArray[np.float64],
    y: NDArray[np.float64],
    counts: NDArray[np.float64],
    weights: NDArray[np.float64],
    steps: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(coefficients, one weight per draw at the end) after so many rounds of weighted least squares."""
    terms = design.shape[1]
    squares = (design[:, :, None] * design[:, None, :]).reshape(len(y), -1)
    products, total = design * y[:, None], counts.sum(axis=1)
    curves, closeness = np.zeros((len(counts), terms)), np.ones_like(weights)
    for _ in range(steps):
        left = (weights @ squares).reshape(-1, terms, terms) / total[:, None, None] + 1e-9 * np.eye(terms)
        right = (weights @ products) / total[:, None]
        curves = np.linalg.solve(left, right[:, :, None])[:, :, 0]
        closeness = 1.0 / np.sqrt((y - curves @ design.T) ** 2 + _SMOOTH**2)
        weights = counts * closeness
    return curves, closeness[0]


def _crossings(heights: NDArray[np.float64], grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """The score nearest to the middle at which each curve passes zero, all of them the way the first does; NaN where none does.

    Curves that wander about zero pass it somewhere whatever the parameter does; only that they agree on the way tells a turn from noise.
    """
    ways = (np.sign(heights[:, 1:]) - np.sign(heights[:, :-1])) / 2 * (heights[:, :-1] * heights[:, 1:] < 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = grid[:-1] - heights[:, :-1] * np.diff(grid) / np.diff(heights, axis=1)
    first = np.where(ways[0] != 0, np.abs(at[0]), np.inf)
    way = ways[0, np.argmin(first)]
    alike = ways == way if way else ways != 0
    distance = np.where(alike, np.abs(at), np.inf)
    found = at[np.arange(len(heights)), np.argmin(distance, axis=1)]
    return np.where(np.isfinite(distance.min(axis=1)), found, np.nan)
