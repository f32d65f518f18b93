"""Standard errors from influence functions, summed within clusters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial

FEW_CLUSTERS = 40
FEW = "Fewer than 40 clusters: this standard error has no small-sample correction beyond its degrees of freedom, and may be too small."


def clustered_error(trial: Trial, influence: Floats) -> tuple[float, float]:
    """The standard error and degrees of freedom of an estimate whose error is the sum of `influence` [n] over everybody assigned.

    se^2 = sum over units of (sum of influence within the unit)^2, where units are clusters, or people where there are none. Rows of arm a
    are first stretched by sqrt(U_a / (U_a - 1)), U_a being the units with somebody in that arm: without clusters and weights this makes
    the difference in means' own unbiased variance. df = units - 2.
    """
    people = trial.treatment.shape[0]
    unit = np.arange(people) if trial.cluster is None else np.unique(trial.cluster, return_inverse=True)[1]
    stretched = influence.copy()
    for arm in (0.0, 1.0):
        rows = trial.treatment == arm
        units = np.unique(unit[rows]).size
        stretched[rows] *= math.sqrt(units / (units - 1)) if units > 1 else math.nan
    sums = np.bincount(unit, stretched)
    return math.sqrt(float(sums @ sums)), float(max(sums.size - 2, 1))


def cluster_count(trial: Trial) -> int | None:
    """How many clusters the trial has; None without clusters."""
    return None if trial.cluster is None else int(np.unique(trial.cluster).size)


def few_clusters(trial: Trial) -> tuple[str, ...]:
    """The warning about few clusters, where it is due."""
    count = cluster_count(trial)
    return (FEW,) if count is not None and count < FEW_CLUSTERS else ()
