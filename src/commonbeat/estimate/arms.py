"""What an arm looked like: weights, mean and SD of the outcome among those who answered."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial


def row_weights(trial: Trial) -> Floats:
    """The trial's weights [n]; ones where it has none."""
    return np.ones(trial.treatment.shape[0]) if trial.weight is None else trial.weight


def comparable_weights(trial: Trial) -> Floats:
    """Weights [n] under which plain arm means estimate the means that would be seen with everybody in that arm.

    Where shares of treatment vary over blocks, each row counts by the inverse of its arm's share in its block (times its survey
    weight); a block with one arm only cannot be compared and gets weight 0. Shares are by people's weight, over everybody assigned.
    """
    weight = row_weights(trial)
    if trial.block is None:
        return weight
    size = int(trial.block.max()) + 1
    everybody = np.bincount(trial.block, weight, size)
    treated = np.bincount(trial.block, weight * trial.treatment, size)
    share = np.divide(treated, everybody, out=np.zeros(size), where=everybody > 0)[trial.block]
    own = np.where(trial.treatment == 1, share, 1 - share)
    compared = (share > 0) & (share < 1)
    return np.divide(weight, own, out=np.zeros_like(weight), where=compared)


def arm_mean(trial: Trial, arm: float) -> float:
    """The weighted mean of the outcome among those of an arm (0.0 or 1.0) who answered; nan where nobody did."""
    used = (trial.treatment == arm) & ~np.isnan(trial.outcome)
    weight = row_weights(trial)[used]
    return float(np.average(trial.outcome[used], weights=weight)) if weight.sum() > 0 else math.nan


def control_sd(trial: Trial) -> float:
    """The weighted SD of the outcome among controls who answered, n - 1 in the denominator; nan below two of them."""
    used = (trial.treatment == 0) & ~np.isnan(trial.outcome)
    people = int(used.sum())
    if people < 2:
        return math.nan
    weight, outcome = row_weights(trial)[used], trial.outcome[used]
    variance = np.average((outcome - np.average(outcome, weights=weight)) ** 2, weights=weight)
    return math.sqrt(float(variance) * people / (people - 1))


def asked_of(trial: Trial, outcome: Floats, name: str) -> Trial:
    """The same draw of arms, asked about another outcome [n] and without covariates or baseline."""
    nothing = np.empty((0, 0))
    return replace(trial, outcome=outcome, outcome_name=name, covariates=nothing, covariate_names=(), baseline=None)
