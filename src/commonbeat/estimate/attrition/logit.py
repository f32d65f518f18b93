"""A logit of who answered, with what is needed to carry its uncertainty onwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg, special

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.trial import Floats

MOST_STEPS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Logit:
    """coefficients [p]; probability [n]; regressors [n, p]; scores [n, p]: each row's part in the likelihood's slope; information [p, p]."""

    coefficients: Floats
    probability: Floats
    regressors: Floats
    scores: Floats
    information: Floats

    def among(self, asked: NDArray[np.bool_]) -> Logit:
        """The same for all rows, of which only the `asked` were fitted; the others answer for certain and say nothing of the coefficients."""
        if asked.all():
            return self
        regressors, scores = (np.zeros((asked.size, each.shape[1])) for each in (self.regressors, self.scores))
        regressors[asked], scores[asked] = self.regressors, self.scores
        probability = np.ones(asked.size)
        probability[asked] = self.probability
        return Logit(self.coefficients, probability, regressors, scores, self.information)


def fit_logit(answered: Floats, regressors: Floats, weights: Floats) -> Logit | None:
    """The weighted maximum-likelihood logit by Newton's method, or None where it has no finite maximum (separation).

    answered [n]: 0.0 or 1.0; regressors [n, p] of full column rank, a constant among them; weights [n], 0 or above.
    p = 1 / (1 + exp(-x b)); score = w (s - p) x; information = sum of w p (1 - p) x x'.
    """
    coefficients = np.zeros(regressors.shape[1])
    for _ in range(MOST_STEPS):
        probability = special.expit(regressors @ coefficients)
        scores = regressors * (weights * (answered - probability))[:, None]
        information = regressors.T @ (regressors * (weights * probability * (1 - probability))[:, None])
        try:
            step = linalg.solve(information, scores.sum(axis=0), assume_a="pos")
        except (linalg.LinAlgError, linalg.LinAlgWarning):
            return None
        if not np.all(np.isfinite(step)) or np.abs(regressors @ coefficients).max() > 30:
            return None
        coefficients = coefficients + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-12 * max(1.0, np.abs(coefficients).max()):
            return Logit(coefficients, probability, regressors, scores, information)
    return None
