"""Randomisation inference: how often chance alone, drawn as the study drew, gives as large a difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError, Mistakes
from commonbeat.estimate.resampling.null_curve import NullCurve
from commonbeat.estimate.resampling.planning import assignment_warnings, plan_reassignment
from commonbeat.estimate.resampling.sums import sum_units
from commonbeat.estimate.row import Estimate
from commonbeat.kernels.permuted import BETWEEN, PLAIN

if TYPE_CHECKING:
    from commonbeat.estimate.design import Assignment
    from commonbeat.estimate.resampling.reassignment import Reassignment
    from commonbeat.estimate.resampling.sums import UnitSums
    from commonbeat.estimate.trial import Codes, Trial


def randomisation_inference(
    trial: Trial, assignment: Assignment, *, seed: int, period: Codes | None = None
) -> Estimate:
    """The effect with the p value of the sharp null of no effect on anybody, and the interval of constant effects not rejected.

    The declared assignment is drawn again `assignment.permutations` times (or listed in full where it has no more), and the studentised
    difference compared: exact for the sharp null, and asymptotically right for an average effect of zero as well (Wu & Ding 2021,
    doi 10.1080/01621459.2020.1750415; blocks and clusters: Su & Ding 2021, doi 10.1111/rssb.12468). An effect c is tested by taking c off everybody treated.
    A stepped wedge permutes which cluster crosses over when, and compares within periods (Thompson et al. 2018,
    doi 10.1002/sim.7668); `period` [n] is each row's period from 0. The people who did not answer are drawn like all others, which is
    exact when treatment changed nobody's answering. std_error is the observed statistic's own; df is None, as no t is used.
    Raises DesignError where assignment and data contradict each other.
    """
    plan = plan_reassignment(trial, assignment.kind, period=period)
    sums = sum_units(trial, plan)
    curve = redraw_curve(plan, sums, assignment.permutations, seed)
    low, high = curve.interval(trial.level)
    return Estimate(
        estimand=f"intention to treat: {trial.outcome_name}",
        estimate=curve.estimate,
        std_error=None if sums.spread == PLAIN else curve.std_error,
        df=None,
        ci_low=low,
        ci_high=high,
        p_value=curve.p_value(0.0),
        n=int(np.count_nonzero(~np.isnan(trial.outcome))),
        clusters=len(plan.labels) if "cluster" in plan.kind or plan.periods else None,
        method=f"randomisation inference, {plan.kind}, {plan.said(assignment.permutations)}{_adjusted(trial)}",
        warnings=(*assignment_warnings(trial, plan), *_warnings(plan, sums, curve, trial.level)),
    )


def redraw_curve(plan: Reassignment, sums: UnitSums, permutations: int, seed: int) -> NullCurve:
    """The statistics of the observed and the redrawn assignments, for every effect that may be tested."""
    observed = sums.statistics(plan, plan.labels[None, :])[0]
    if not (np.isfinite(observed).all() and observed[1] != 0.0):
        mistakes = Mistakes()
        mistakes.add(
            "outcome", None, "nobody answered in one arm (of every block or period)", "Check the missing values."
        )
        mistakes.raise_if_any(DesignError, "The arms cannot be compared:")
    redrawn = np.concatenate([sums.statistics(plan, labels) for labels in plan.chunks(permutations, seed)])
    return NullCurve(sums.centre, observed, redrawn, plan.is_listed(permutations))


def _adjusted(trial: Trial) -> str:
    known = [*trial.covariate_names, *(["baseline"] if trial.baseline is not None else [])]
    return f", adjusted for {', '.join(known)}" if known else ""


def _warnings(plan: Reassignment, sums: UnitSums, curve: NullCurve, level: float) -> list[str]:
    found = []
    if curve.listed and 1.0 / len(curve.redrawn) > level / 2:
        found.append(
            f"only {len(curve.redrawn):,} assignments were possible, so the smallest p value that this design can give is "
            f"about {1.0 / len(curve.redrawn):.2g} to {2.0 / len(curve.redrawn):.2g}"
        )
    if sums.spread == BETWEEN:
        found.append(
            "some block has a single unit in an arm: the statistic is studentised by the differences between blocks"
        )
    if sums.spread == PLAIN:
        found.append("an arm is a single unit: the statistic is the plain difference, which tests the sharp null only")
    if plan.period is not None:
        found.append(
            "the interval takes the effect as the same in every period and however long ago a cluster crossed over"
        )
    return found
