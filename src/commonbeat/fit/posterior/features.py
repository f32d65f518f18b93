"""Which parameters a statistic depends on, and the terms of a second-order surface in their normal scores."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MOST_PARAMETERS = 8
MOST_PROPOSED = 16
LEVEL = 0.01  # over all parameters together


def chosen_parameters(scores: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[int, ...]:
    """The columns of `scores` [rows, P] on which `values` [rows] depend most, the strongest first; () when none shows.

    A lasso over every score and its square (scikit-learn's LassoCV, five folds) proposes; a parameter's weight is the root of the sum of
    its two squared coefficients. Of the proposed ones those stay whose two terms the others cannot replace, by an F test at
    LEVEL over all P parameters: a lasso also lets in what fits noise, and a target would then seem to inform what it never touches.
    """
    from sklearn.linear_model import LassoCV

    spread = values.std()
    if spread == 0:
        return ()
    linear, square = standard(scores), standard(scores**2)
    with quiet():
        found = LassoCV(cv=5, alphas=40, max_iter=5000).fit(
            np.hstack([linear, square]), (values - values.mean()) / spread
        )
    count = scores.shape[1]
    weight = np.hypot(found.coef_[:count], found.coef_[count:])
    if weight.sum() == 0:
        return ()
    order = [int(place) for place in np.argsort(-weight, kind="stable") if weight[place] > 0][:MOST_PROPOSED]
    doubts = _p_values(linear, square, values, order)
    kept = [place for place, doubt in zip(order, doubts, strict=True) if doubt < LEVEL / count]
    return tuple(kept[:MOST_PARAMETERS])


def _p_values(
    linear: NDArray[np.float64], square: NDArray[np.float64], values: NDArray[np.float64], order: list[int]
) -> list[float]:
    """For each of these parameters, the F test of its two terms given those of the others."""
    from scipy.stats import f

    def unexplained(places: list[int]) -> float:
        columns = np.column_stack([np.ones(len(values)), linear[:, places], square[:, places]])
        return float(np.sum((values - columns @ np.linalg.lstsq(columns, values, rcond=None)[0]) ** 2))

    free = len(values) - 1 - 2 * len(order)
    whole = unexplained(order)
    worse = [unexplained([other for other in order if other != place]) - whole for place in order]
    return [float(f.sf(more / 2 / (whole / free), 2, free)) if whole > 0 else 0.0 for more in worse]


def standard(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns with mean 0 and SD 1; a column that never changes becomes 0."""
    spread = columns.std(axis=0)
    return (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def surface(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every score, every square less 1, and every product of two: [rows, K (K + 3) / 2]."""
    count = scores.shape[1]
    first, second = np.triu_indices(count)
    products = scores[:, first] * scores[:, second]
    products[:, first == second] -= 1.0
    return np.hstack([scores, products])


@contextmanager
def quiet() -> Iterator[None]:
    """Inside the block, a search that ends before it has converged says nothing: cross-validation judges what came of it."""
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
