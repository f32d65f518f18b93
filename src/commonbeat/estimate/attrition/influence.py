"""Standard errors from influence functions, summed within clusters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.arms import row_weights

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial

FEW_CLUSTERS = 20
FEW = "Fewer than 20 clusters: this standard error rests on large-sample reasoning, and its interval may be too short."


def clustered_error(trial: Trial, influence: Floats) -> tuple[float, float]:
    """The standard error and degrees of freedom of an estimate whose error is the sum of `influence` [n] over everybody assigned.

    se^2 = sum over units of (sum of influence within the unit)^2, where units are clusters, or people where there are none. Rows of arm a
    in unit u are first stretched by 1 / sqrt(1 - s), s being the unit's share of the arm's weight: for a plain mean this is CR2
    (without clusters, the variance over n - 1). df are Welch's, v^2 / sum over arms of v_a^2 / (1 / sum of s^2 - 1), with v_a the arm's own part:
    clusters of unequal size count as fewer; never more than units - 1, for units that have people in both arms.
    """
    unit = np.arange(influence.size) if trial.cluster is None else np.unique(trial.cluster, return_inverse=True)[1]
    weight, units = row_weights(trial), int(unit.max()) + 1
    sums, parts, slack = np.zeros(units), 0.0, 0.0
    for arm in (0.0, 1.0):
        rows = trial.treatment == arm
        share = np.bincount(unit, np.where(rows, weight, 0.0), units)
        share /= share.sum()
        if share.max() >= 1:
            return math.nan, 0.0
        own = np.bincount(unit, np.where(rows, influence, 0.0), units) / np.sqrt(1 - share)
        variance = float(own @ own)
        sums, parts = sums + own, parts + variance
        slack += variance**2 / (1 / float(share @ share) - 1)
    df = parts**2 / slack if slack > 0 else 0.0
    return math.sqrt(float(sums @ sums)), min(df, units - 1.0)


def cluster_count(trial: Trial) -> int | None:
    """How many clusters the trial has; None without clusters."""
    return None if trial.cluster is None else int(np.unique(trial.cluster).size)


def few_clusters(trial: Trial) -> tuple[str, ...]:
    """The warning about few clusters, where it is due."""
    count = cluster_count(trial)
    return (FEW,) if count is not None and count < FEW_CLUSTERS else ()
