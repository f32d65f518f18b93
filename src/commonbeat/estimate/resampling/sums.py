"""A trial's outcome, made ready for redrawn assignments: sums per unit of what is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.kernels.permuted import BETWEEN, PLAIN, WITHIN, permuted_means, permuted_wedge

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.resampling.reassignment import Labels, Reassignment
    from commonbeat.estimate.trial import Trial

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class UnitSums:
    """Sums over a unit's people: size of weight, total of weight * outcome, pull of weight * observed treatment.

    The outcome is measured from the observed effect `centre` in treated people and from the mean, which keeps rounding small. Arrays are
    [units], or [units, periods] in a stepped wedge. spread: where the variance comes from (see kernels.permuted).
    """

    centre: float
    size: Floats
    total: Floats
    pull: Floats
    spread: int

    def statistics(self, plan: Reassignment, labels: Labels) -> Floats:
        """The five numbers [R, 5] of each assignment."""
        out = np.empty((len(labels), 5))
        if plan.period is not None:
            permuted_wedge(labels, self.size, self.total, self.pull, out)
            return out
        blocks = len(plan.starts) - 1
        permuted_means(labels, self.size, self.total, self.pull, plan.block_of_unit, blocks, self.spread, out)
        return out


def sum_units(trial: Trial, plan: Reassignment) -> UnitSums:
    """The sums of those who answered; covariates and baseline are first taken out of outcome and treatment by least squares.

    Taking them out of the outcome without looking at treatment keeps the test exact (Rosenbaum 2002, doi 10.1214/ss/1042727942); taking
    them out of the tested treatment too makes the estimate the regression's own coefficient.
    """
    asked = ~np.isnan(trial.outcome)
    weight = np.where(asked, 1.0 if trial.weight is None else trial.weight, 0.0)
    outcome = np.where(asked, trial.outcome, 0.0)
    treatment = trial.treatment.astype(float)
    within = plan.block_of_unit[plan.unit] if plan.period is None else plan.period
    known = known_before(trial)
    if known.shape[1]:
        outcome, treatment = _taken_out(np.column_stack([outcome, treatment]), known, weight, within)
    centre = _slope(outcome, treatment, weight, within)
    outcome = outcome - centre * treatment
    outcome = outcome - np.average(outcome, weights=weight) if weight.any() else outcome
    size, total, pull = (_summed(plan, weight * each) for each in (np.ones_like(outcome), outcome, treatment))
    return UnitSums(centre, size, total, pull, WITHIN if plan.period is not None else _spread(plan, size))


def add_up(codes: NDArray[np.int64], values: Floats, length: int = 0) -> Floats:
    """The sum of values for each code from 0 up, at least `length` of them."""
    return np.asarray(np.bincount(codes, values, length), np.float64)


def known_before(trial: Trial) -> Floats:
    """Covariates and baseline [n, k]; a missing baseline becomes the mean, with a column that says so."""
    columns = [trial.covariates] if trial.covariates.shape[0] else []
    if trial.baseline is not None:
        missing = np.isnan(trial.baseline)
        mean = trial.baseline[~missing].mean() if not missing.all() else 0.0
        columns.append(np.where(missing, mean, trial.baseline)[:, None])
        if missing.any():
            columns.append(missing.astype(float)[:, None])
    return np.concatenate(columns, axis=1) if columns else np.empty((len(trial.outcome), 0))


def _centred(values: Floats, weight: Floats, within: NDArray[np.int64]) -> Floats:
    """The columns less their weighted mean in the same block or period."""
    people = add_up(within, weight)
    means = np.stack([add_up(within, weight * column) for column in values.T])
    means /= np.where(people > 0, people, 1.0)
    return values - means[:, within].T


def _taken_out(values: Floats, known: Floats, weight: Floats, within: NDArray[np.int64]) -> Floats:
    """The columns of `values` less what `known` explains of them within blocks or periods [columns, n]."""
    root = np.sqrt(weight)[:, None]
    centred, explained_by = _centred(values, weight, within), _centred(known, weight, within)
    scale = np.sqrt((weight[:, None] * explained_by**2).sum(axis=0))
    explained_by = explained_by[:, scale > 1e-10 * max(float(scale.max()), 1e-300)]
    coefficients = np.linalg.lstsq(root * explained_by, root * centred, rcond=1e-10)[0]
    return (centred - explained_by @ coefficients).T


def _slope(outcome: Floats, treatment: Floats, weight: Floats, within: NDArray[np.int64]) -> float:
    centred = _centred(np.column_stack([outcome, treatment]), weight, within)
    varies = float((weight * centred[:, 1]) @ centred[:, 1])
    return float((weight * centred[:, 0]) @ centred[:, 1]) / varies if varies > 0 else 0.0


def _summed(plan: Reassignment, values: Floats) -> Floats:
    units = len(plan.labels)
    if plan.period is None:
        return add_up(plan.unit, values, units)
    return add_up(plan.unit * plan.periods + plan.period, values, units * plan.periods).reshape(units, -1)


def _spread(plan: Reassignment, size: Floats) -> int:
    """Units of an arm where each arm of each block has two; else blocks where there are two; else nowhere."""
    block, answering = plan.block_of_unit, size > 0
    blocks = len(plan.starts) - 1
    cells = np.bincount(block[answering] * 2 + (plan.labels[answering] > 0), minlength=2 * blocks).reshape(-1, 2)
    used = cells[(cells > 0).all(axis=1)]
    if (used >= 2).all():
        return WITHIN
    return BETWEEN if len(used) >= 2 else PLAIN
