"""From a point of the unit cube to the parameters of a draw: every coordinate is a quantile, and all are independent.

A parameter that is drawn alone is its prior's quantile at its coordinate. The parts of a block are dependent, and indices of Sobol' need
independent inputs, so a block goes by a Gaussian copula (Nataf 1962; Lebrun & Dutfoy 2009, doi 10.1016/j.probengmech.2009.04.001):

    e_k = Phi^-1(u_k),    z = L e,    x_k = F_k^-1(Phi(z_k)),    L L' = the correlations of the parts' normal scores in the posterior

Margins are the posterior's own and rank correlations follow it. L is lower triangular, so a coordinate moves its part and, along the
posterior, those behind it: what the first coordinate does includes what goes with it, what the last does is its part's alone. The parts
that weigh most come first (`order`): a part that the model does not even read would otherwise be taken for a driver, because of what goes
with it. Which those are is asked beforehand with every part moved alone (`margins`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr, ndtri

from commonbeat.evidence.parameters import load_blocks, load_parameters
from commonbeat.evidence.priors import block_samples, checked, prior_quantile
from commonbeat.evidence.shapes import from_sample

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from commonbeat.evidence.sample import ParameterSample
    from commonbeat.evidence.shapes import Quantile

    Samples = dict[str, tuple[dict[str, NDArray[np.float64]], NDArray[np.float64]]]

# Quantiles are tabulated at equal steps of a normal score, as where a run draws its parameters.
_SCORES = np.linspace(-5.0, 5.0, 1001)
_LEVELS = ndtr(_SCORES)
_NO_SPREAD = 1e-9
FIT = "the fit"


@dataclass(frozen=True, eq=False)
class JointPart:
    """Some columns of the cube that are the parts of one block, and the root of their correlations."""

    name: str
    columns: NDArray[np.int64]
    root: NDArray[np.float64]


def parameter_names() -> tuple[str, ...]:
    """Every parameter that is drawn, in the ledger's order."""
    return tuple(parameter.name for parameter in load_parameters() if parameter.kind != "unknown")


class Inputs:
    """The parameters of the model as functions of independent coordinates in (0, 1)."""

    def __init__(
        self,
        bands: Mapping[str, tuple[float, float]] | None = None,
        order: Sequence[str] = (),
        sample: ParameterSample | None = None,
    ) -> None:
        """bands: name -> (from_quantile, to_quantile), as in a scenario. order: parameters, those that come first in their block.

        sample: rows that stand in place of priors, as a fit leaves them; its parameters are then one block. Raises LedgerError for bands
        that cannot be met.
        """
        _, limits = checked(frozenset(), bands or {})
        self.names = parameter_names()
        self._samples = _samples_of(limits, sample)
        place = {name: number for number, name in enumerate(order)}
        self.blocks = tuple(
            self._joint(name, sorted(parts, key=lambda part: place.get(part, len(place))), weights)
            for name, (parts, weights) in self._samples.items()
        )
        in_block = {column for block in self.blocks for column in block.columns.tolist()}
        self._low, self._high = (np.array([limits.get(n, (0.0, 1.0))[end] for n in self.names]) for end in (0, 1))
        # What the bands leave of a block is its samples; of the others a span of their own quantiles.
        self._low[sorted(in_block)], self._high[sorted(in_block)] = 0.0, 1.0
        self._tables = np.stack([self._quantile(name)(_LEVELS) for name in self.names])

    @property
    def number(self) -> int:
        """How many coordinates there are."""
        return len(self.names)

    def values(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(points, parameters): the values at these points of the cube, the parts of a block together."""
        scores = self._scores(points)
        for block in self.blocks:
            scores[:, block.columns] = scores[:, block.columns] @ block.root.T
        return self._at(scores)

    def margins(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same with every parameter by its own prior alone, so that a coordinate moves one parameter and nothing else."""
        return self._at(self._scores(points))

    def _scores(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return ndtri(np.clip(points, _LEVELS[0], _LEVELS[-1]))

    def _at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        levels = self._low + (self._high - self._low) * ndtr(scores)
        inside = self._scores(levels)
        return np.stack([np.interp(inside[:, k], _SCORES, self._tables[k]) for k in range(self.number)], axis=1)

    def _joint(self, name: str, parts: Sequence[str], weights: NDArray[np.float64]) -> JointPart:
        samples = self._samples[name][0]
        scores = np.stack([_normal_scores(samples[part], weights) for part in parts])
        centred = scores - (scores @ weights)[:, None]
        covariance = (centred * weights) @ centred.T
        # A part that does not vary goes with nothing; and parts that repeat each other leave a root all the same.
        spread = np.sqrt(np.maximum(np.diag(covariance), _NO_SPREAD))
        correlation = covariance / np.outer(spread, spread)
        np.fill_diagonal(correlation, 1.0 + _NO_SPREAD)
        root = np.linalg.cholesky(correlation)
        root /= np.sqrt((root**2).sum(axis=1, keepdims=True))
        return JointPart(name, np.array([self.names.index(part) for part in parts]), root.astype(np.float64))

    def _quantile(self, name: str) -> Quantile:
        for samples, weights in self._samples.values():
            if name in samples:
                return from_sample(samples[name], weights)
        return prior_quantile(name)


def _samples_of(limits: Mapping[str, tuple[float, float]], sample: ParameterSample | None) -> Samples:
    """The samples of each block by its name: what a fit gives first, then what it leaves of the ledger's blocks."""
    found: Samples = {}
    if sample is not None:
        found[FIT] = dict(zip(sample.names, sample.values.T, strict=True)), sample.weights
    for block in load_blocks():
        values, weights = block_samples(block.name, limits)
        left = {part: column for part, column in values.items() if sample is None or part not in sample.names}
        if left:
            found[block.name] = left, weights
    return found


def _normal_scores(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.cumsum(weights[order]) - weights[order] / 2
    return ndtri(np.clip(ranks, _LEVELS[0], _LEVELS[-1]))
