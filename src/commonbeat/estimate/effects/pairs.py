"""Blocks with one unit of each arm: only the pairs' differences can vary."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.units import renumbered
from commonbeat.estimate.linear import Contrast, fit_linear

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial


def paired_difference(trial: Trial) -> Contrast:
    """The pairs' differences, weighted by their people (weights), with the variance between pairs and pairs - 1 degrees of freedom.

    V = B / ((B - 1) N**2) * sum (N_b d_b - N d / B)**2: Imai, King and Nall (2009), Stat. Sci. 24: 29, also for pairs of clusters.
    """
    mass, (difference,) = differences(trial, trial.outcome[:, None])
    estimate = float(mass @ difference / mass.sum())
    count = len(mass)
    if count < 2:
        return Contrast(estimate, math.nan, 0.0)
    spread = float(((mass * difference - mass.sum() * estimate / count) ** 2).sum())
    return Contrast(estimate, math.sqrt(count / (count - 1) * spread) / float(mass.sum()), float(count - 1))


def adjusted_pairs(trial: Trial, controls: Floats) -> Contrast:
    """The pairs' differences regressed on the differences of their controls: the constant, with HC2.

    Fogarty (2018), JRSS B 80: 1035. Pairs weigh by their people where these differ.
    """
    mass, (outcome, *moved) = differences(trial, np.column_stack([trial.outcome, controls]))
    columns = np.column_stack([np.ones(len(mass)), *moved])
    weights = None if np.ptp(mass) == 0 else mass
    return fit_linear(outcome, columns, weights=weights, names=("constant", *map(str, range(len(moved))))).of(
        "constant"
    )


def differences(trial: Trial, columns: Floats) -> tuple[Floats, list[Floats]]:
    """Each pair's people (or weight), and for each column the treated unit's (weighted) mean less the other's."""
    codes = renumbered(np.zeros(len(trial.outcome), np.int64) if trial.block is None else trial.block)
    weight = np.ones(len(codes)) if trial.weight is None else trial.weight / trial.weight.mean()
    arms = [weight * (trial.treatment == arm) for arm in (1, 0)]
    means = [[np.bincount(codes, own * each) / np.bincount(codes, own) for each in columns.T] for own in arms]
    return np.bincount(codes, weight).astype(np.float64), [
        treated - control for treated, control in zip(*means, strict=True)
    ]
