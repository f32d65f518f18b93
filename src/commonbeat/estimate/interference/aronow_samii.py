"""Estimates and conservative variances under interference, from how likely each exposure was.

Aronow & Samii 2017, Annals of Applied Statistics 11(4), doi 10.1214/16-AOAS1005. With I_i(d) whether person i met condition d, p_i(d) its
probability over assignments, p_ij(d, e) that i met d and j met e, and y_i the outcome:

    Horvitz-Thompson mean  = (1/N) sum_i I_i y_i / p_i          unbiased
    Hajek mean             = (sum_i I_i y_i / p_i) / (sum_i I_i / p_i)
    V(d)   = sum_i I_i (1 - p_i) (y_i/p_i)^2 + sum_{i != j, p_ij > 0} I_i I_j (p_ij - p_i p_j)/p_ij * y_i/p_i * y_j/p_j
             + sum_{i != j, p_ij = 0} (I_i y_i^2/p_i + I_j y_j^2/p_j)/2
    C(d,e) = sum_{p_ij(d,e) > 0} I_i(d) I_j(e) (p_ij - p_i p_j)/p_ij * y_i/p_i * y_j/p_j
             - sum_{p_ij(d,e) = 0} (I_i(d) y_i^2/p_i + I_j(e) y_j^2/p_j)/2
    Var(difference) <= (V(d) + V(e) - 2 C(d, e)) / N^2          in expectation

Hajek's variance puts y_i - mean in the place of y_i.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ROWS, _COLUMNS = 512, 4_096  # people a tile: the tile of joint probabilities and its two operands stay below 100 MB


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """What everybody was exposed to: observed [n], and in worlds [R, n] that are equally likely, the observed one among them.

    chance [conditions, n]: how likely each person was to meet each condition.
    """

    observed: NDArray[np.uint8]
    drawn: NDArray[np.uint8]
    chance: Floats

    @classmethod
    def of(cls, observed: NDArray[np.uint8], drawn: NDArray[np.uint8], conditions: int) -> Worlds:
        """The worlds with their chances."""
        return cls(observed, drawn, np.stack([(drawn == each).mean(axis=0) for each in range(conditions)]))

    def among(self, people: NDArray[np.bool_]) -> Worlds:
        """The same worlds for some of the people."""
        return Worlds(self.observed[people], np.ascontiguousarray(self.drawn[:, people]), self.chance[:, people])


def differences(
    worlds: Worlds, outcome: Floats, weight: Floats, condition: int, against: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The difference between two conditions and its conservative variance: Hajek's, then Horvitz and Thompson's.

    outcome, weight [n]: complete; weights have mean 1 and multiply a person's outcome.
    """
    hajek_means, hajek_values, totals = [], [], []
    for each in (condition, against):
        met = worlds.observed == each
        share = weight[met] / worlds.chance[each, met]
        hajek_means.append(float((share * outcome[met]).sum() / share.sum()))
        hajek_values.append(weight * (outcome - hajek_means[-1]))
        totals.append(float((share * outcome[met]).sum() / len(outcome)))
    first = np.stack([hajek_values[0], weight * outcome])
    second = np.stack([hajek_values[1], weight * outcome])
    variances = difference_variances(worlds, first, second, condition, against)
    return (
        (hajek_means[0] - hajek_means[1], float(variances[0])),
        (totals[0] - totals[1], float(variances[1])),
    )


def difference_variances(worlds: Worlds, first: Floats, second: Floats, condition: int, against: int) -> Floats:
    """(V(d) + V(e) - 2 C(d, e)) / N^2 [k], for k sets of values [k, n] in each of the two conditions."""
    total = _variances(worlds, first, condition) + _variances(worlds, second, against)
    total -= 2.0 * _covariances(worlds, first, second, condition, against)
    return total / len(worlds.observed) ** 2


def _variances(worlds: Worlds, values: Floats, condition: int) -> Floats:
    met = worlds.observed == condition
    chance = worlds.chance[condition, met]
    quadratic, never = _pairs(worlds, values, values, condition, condition)
    return quadratic + (values[:, met] ** 2 * ((1.0 - chance) / chance**2 + never / chance)).sum(axis=1)


def _covariances(worlds: Worlds, first: Floats, second: Floats, condition: int, against: int) -> Floats:
    bound, _ = _pairs(worlds, first, second, condition, against)
    for values, each, other in ((first, condition, against), (second, against, condition)):
        met = worlds.observed == each
        _, never = _pairs(worlds, values, values, each, other)
        bound = bound - (values[:, met] ** 2 * never / worlds.chance[each, met]).sum(axis=1) / 2.0
    return bound


def _pairs(worlds: Worlds, first: Floats, second: Floats, condition: int, against: int) -> tuple[Floats, Floats]:
    """The double sums [k] over pairs that were both seen, and for each person seen in `condition` the number of impossible partners.

    A person is no partner of their own where both conditions are the same. Tiles of people keep memory small.
    """
    met, other = np.flatnonzero(worlds.observed == condition), worlds.observed == against
    chance, partner = worlds.chance[condition], worlds.chance[against]
    seen = np.where(other, second / np.where(partner > 0, partner, 1.0), 0.0)
    quadratic, never = np.zeros(len(first)), np.zeros(len(met))
    for start in range(0, len(met), _ROWS):
        rows = met[start : start + _ROWS]
        left = (worlds.drawn[:, rows] == condition).T.astype(np.float32)
        for begin in range(0, len(other), _COLUMNS):
            columns = np.arange(begin, min(begin + _COLUMNS, len(other)))
            # Counts of worlds are whole numbers, which float32 holds exactly up to 2**24 of them.
            joint = (left @ (worlds.drawn[:, columns] == against).astype(np.float32)).astype(float) / len(worlds.drawn)
            if condition == against:
                joint[rows[:, None] == columns[None, :]] = np.nan
            never[start : start + len(rows)] += (joint == 0).sum(axis=1)
            joint[~(joint > 0)] = np.inf  # leaves a factor of 1, put right below
            factor = 1.0 - chance[rows, None] * partner[None, columns] / joint
            factor[np.isinf(joint)] = 0.0
            quadratic += np.einsum(
                "ki,ij,kj->k", first[:, rows] / chance[rows], factor, seen[:, columns], optimize=True
            )
    return quadratic, never
