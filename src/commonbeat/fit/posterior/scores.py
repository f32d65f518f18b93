"""Parameters as normal scores: a value becomes the point of the standard normal that has the same chance below it under the prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 2001  # tabulated quantiles: the outermost lie beyond 3.2 SDs


@dataclass(frozen=True, eq=False)
class PriorScores:
    """The prior as a large sample of it, and the tables that turn its values into scores.

    names [P]; values [S, P]: draws of the prior; scores [S, P]: the same as normal scores.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    scores: NDArray[np.float64]
    quantiles: NDArray[np.float64]

    def of(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The scores [rows, P] of parameter values; what lies beyond the sample stands at its end."""
        return np.stack([_scored(values[:, k], self.quantiles[:, k]) for k in range(len(self.names))], axis=1)


def prior_scores(names: tuple[str, ...], values: NDArray[np.float64]) -> PriorScores:
    """The scores of a sample of the prior, by its own quantiles."""
    quantiles = np.quantile(values, _levels(), axis=0)
    scores = np.stack([_scored(values[:, k], quantiles[:, k]) for k in range(len(names))], axis=1)
    return PriorScores(names, values, scores, quantiles)


def _levels() -> NDArray[np.float64]:
    return (np.arange(LEVELS) + 0.5) / LEVELS


def _scored(values: NDArray[np.float64], quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ties (a share that is capped at 1) get the middle of their chances."""
    low = np.searchsorted(quantiles, values, side="left")
    high = np.searchsorted(quantiles, values, side="right")
    straight = np.interp(values, quantiles, np.arange(LEVELS))
    place = np.where(high - low > 1, (low + high - 1) / 2, straight)
    return ndtri((place + 0.5) / LEVELS)
