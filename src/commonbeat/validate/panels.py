"""The two regressions between which a panel's question is decided: across persons, and within them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


def across_persons(answer: Floats, met: Flags, asked: Flags) -> float:
    """The coefficient of having met it in the regression of all answers on it and a dummy for each wave; nan if nobody or everybody did.

    answer, met, asked: [people, waves]; only the answers that were asked are used.
    """
    waves = np.broadcast_to(np.arange(answer.shape[1]), answer.shape)[asked]
    return _slope(_less_means(answer[asked], waves), _less_means(met[asked].astype(np.float64), waves))


def within_persons(answer: Floats, met: Flags, asked: Flags) -> float:
    """The same with a dummy for each person beside those for the waves (fixed effects); nan if nobody changed."""
    person, wave = np.nonzero(asked)
    y, x = answer[asked], met[asked].astype(np.float64)
    # Where a person misses a wave the two sets of means are not orthogonal, so they are taken out in turn until nothing moves.
    for _ in range(1 if asked.all() else 200):
        y, x = (_less_means(_less_means(column, person), wave) for column in (y, x))
    return _slope(y, x)


def _less_means(values: Floats, of: NDArray[np.int64]) -> Floats:
    count = np.maximum(1, np.bincount(of))
    return values - (np.bincount(of, weights=values) / count)[of]


def _slope(y: Floats, x: Floats) -> float:
    total = float(x @ x)
    return float(x @ y) / total if total > 1e-12 else math.nan
