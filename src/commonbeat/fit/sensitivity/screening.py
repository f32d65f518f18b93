"""Screening: which parameters move any headline at all (Morris 1991; Campolongo, Cariboni & Saltelli 2007).

    mu* = mean over trajectories of |change of the headline / step, as a share of the way from the 5 % to the 95 % point|

A parameter is kept when its mu* is at least a tenth of the largest of some headline. mu* is in the headline's own unit, and no share of
anything, so it decides only who gets an index of their own; what is screened out stays at random and is counted together. Each
parameter moves alone, whatever goes with it in the evidence: what the model does not read moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat import luck
from commonbeat.fit.sensitivity.design import LEVELS, screening_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.fit.sensitivity.design import Piece
    from commonbeat.fit.sensitivity.inputs import Inputs

LEAST = 0.1  # of the largest mu* of a headline
MOST_KEPT = 16  # each costs a point of every row


@dataclass(frozen=True, slots=True)
class Screened:
    """One parameter in the screening of one headline: mu*, its 90 % half-width, the mean and the spread of the changes."""

    headline: str
    parameter: str
    mu_star: float
    half_width: float
    mu: float
    sigma: float
    kept: bool


def screen(
    inputs: Inputs, pieces: Sequence[Piece], effects: Sequence[NDArray[np.float64]], keys: Sequence[str], seed: int
) -> tuple[tuple[str, ...], tuple[Screened, ...]]:
    """(all parameters, the strongest first; every parameter's screening for every headline)."""
    from SALib.analyze import morris

    problem, points = screening_problem(inputs), np.vstack([piece.points for piece in pieces])
    found = []
    for column in range(len(keys)):
        changes = np.concatenate([each[:, column] for each in effects])
        own = int(luck.keys(seed, luck.DRAWN_AGAIN, column) >> np.uint64(33))
        found.append(morris.analyze(dict(problem), points, changes, conf_level=0.9, num_levels=LEVELS, seed=own))
    strength = np.stack([_relative(np.asarray(each["mu_star"], float)) for each in found]).max(axis=0)
    order = np.argsort(-strength, kind="stable")
    kept = {inputs.names[place] for place in order[:MOST_KEPT] if strength[place] >= LEAST}
    rows = [
        Screened(
            key,
            name,
            float(each["mu_star"][place]),
            float(each["mu_star_conf"][place]),
            float(each["mu"][place]),
            float(each["sigma"][place]),
            name in kept,
        )
        for key, each in zip(keys, found, strict=True)
        for place, name in enumerate(inputs.names)
    ]
    return tuple(inputs.names[place] for place in order), tuple(rows)


def _relative(strength: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = strength.max()
    return strength / largest if largest > 0 else np.zeros_like(strength)
