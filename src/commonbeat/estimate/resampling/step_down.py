"""Several outcomes or groups of one study: p values that stand although many were looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError, Mistakes
from commonbeat.estimate.resampling.planning import assignment_warnings, plan_reassignment
from commonbeat.estimate.resampling.randomisation import redraw_curve
from commonbeat.estimate.resampling.sums import sum_units
from commonbeat.estimate.row import Estimate
from commonbeat.estimate.trial import SMALLEST_CELL, Trial
from commonbeat.kernels.permuted import PLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from commonbeat.estimate.design import Assignment
    from commonbeat.estimate.resampling.null_curve import NullCurve
    from commonbeat.estimate.resampling.reassignment import Reassignment
    from commonbeat.estimate.trial import Codes

    Floats = NDArray[np.float64]


def romano_wolf(
    trials: Sequence[Trial], assignment: Assignment, *, seed: int, period: Codes | None = None
) -> tuple[Estimate, ...]:
    """One estimate for each trial, in their order, with step-down p values over the whole family.

    All trials hold the same people in the same rows under the same treatment; an outcome that was not asked of somebody is nan, so
    groups are trials in which everybody else's outcome is nan (`trials_by_group`). Every redrawn assignment serves all of them, which keeps
    how they hang together. With |t| ordered from large to small, the k-th p value is (1 + #{max of |t*| over the k-th and later >= |t_k|})
    / (1 + R), and no smaller than the one before (Romano & Wolf 2005, doi 10.1198/016214504000000539 and 2016,
    doi 10.1016/j.spl.2016.02.012; Westfall & Young 1993). The chance of one or more false findings is then at most the level. Intervals hold
    together: estimate +- c * SE, c the (1 - level) quantile of the largest |t*| (single step), so they are wider than the p values
    suggest. Trials with fewer than ten answers are outside the family and show no figure.
    Raises DesignError when rows or treatments differ.
    """
    _check_rows(trials)
    plan = plan_reassignment(trials[0], assignment.kind, period=period) if trials else None
    shown = [trial for trial in trials if _answers(trial) >= SMALLEST_CELL]
    if plan is None or not shown:
        return tuple(_hidden(trial) for trial in trials)
    curves = [redraw_curve(plan, sum_units(trial, plan), assignment.permutations, seed) for trial in shown]
    adjusted, reach = step_down(curves, shown[0].level)
    method = (
        f"randomisation inference, {plan.kind}, {plan.said(assignment.permutations)}, "
        f"Romano-Wolf over {len(shown)}, intervals hold together"
    )
    found = iter(zip(curves, adjusted, strict=True))
    return tuple(
        _row(trial, plan, *next(found), reach, method) if _answers(trial) >= SMALLEST_CELL else _hidden(trial)
        for trial in trials
    )


def step_down(curves: Sequence[NullCurve], level: float) -> tuple[list[float], float]:
    """Adjusted p values in the order of the curves, and the |t| that the largest of all exceeds with chance `level`.

    Statistics are those of no effect on anybody. Redrawn worlds [R] stand in the same order in every curve.
    """
    pairs = [curve.squares(0.0) for curve in curves]
    observed = np.array([pair[0] for pair in pairs])
    redrawn = np.stack([pair[1] for pair in pairs])
    order = np.argsort(-observed, kind="stable")
    # The largest over the k-th and all later hypotheses, for every k at once.
    largest = np.maximum.accumulate(redrawn[order][::-1], axis=0)[::-1]
    extreme = (largest >= observed[order][:, None] * (1.0 - 1e-9)).sum(axis=1)
    worlds = redrawn.shape[1]
    share = extreme / worlds if curves[0].listed else (1 + extreme) / (1 + worlds)
    adjusted = np.empty(len(curves))
    adjusted[order] = np.maximum.accumulate(share)
    rank = int(np.ceil((1.0 - level) * (worlds + (0 if curves[0].listed else 1)))) - 1
    ordered = np.sort(largest[0])
    reach = float(np.sqrt(ordered[rank])) if rank < worlds else float("inf")
    return [float(each) for each in adjusted], reach


def trials_by_group(trial: Trial, group_column: str) -> tuple[Trial, ...]:
    """One trial for each group, all with the same rows: the outcome of everybody outside the group is nan."""
    if trial.group is None:
        return ()
    return tuple(
        replace(
            trial,
            outcome=np.where(trial.group == code, trial.outcome, np.nan),
            outcome_name=f"{trial.outcome_name}, {group_column} = {name}",
        )
        for code, name in enumerate(trial.group_names)
    )


def _check_rows(trials: Sequence[Trial]) -> None:
    mistakes = Mistakes()
    for trial in trials[1:]:
        if not np.array_equal(trial.treatment, trials[0].treatment):
            rule = "has other rows or another treatment than the first of the family"
            mistakes.add(trial.outcome_name, None, rule, "Keep all rows, with nan where nothing was answered.")
    mistakes.raise_if_any(DesignError, "A family of hypotheses needs one assignment:")


def _answers(trial: Trial) -> int:
    return int(np.count_nonzero(~np.isnan(trial.outcome)))


def _row(trial: Trial, plan: Reassignment, curve: NullCurve, p_value: float, reach: float, method: str) -> Estimate:
    std_error = None if sum_units(trial, plan).spread == PLAIN else curve.std_error
    half = reach * std_error if std_error is not None and np.isfinite(reach) else None
    grouped = "cluster" in plan.kind or plan.period is not None
    return Estimate(
        estimand=f"intention to treat: {trial.outcome_name}",
        estimate=curve.estimate,
        std_error=std_error,
        df=None,
        ci_low=None if half is None else curve.estimate - half,
        ci_high=None if half is None else curve.estimate + half,
        p_value=p_value,
        n=_answers(trial),
        clusters=len(np.unique(plan.unit[~np.isnan(trial.outcome)])) if grouped else None,
        method=method,
        warnings=assignment_warnings(trial, plan),
    )


def _hidden(trial: Trial) -> Estimate:
    return Estimate(
        estimand=f"intention to treat: {trial.outcome_name}",
        estimate=None,
        std_error=None,
        df=None,
        ci_low=None,
        ci_high=None,
        p_value=None,
        n=_answers(trial),
        clusters=None,
        method="not shown",
        warnings=(f"fewer than {SMALLEST_CELL} people answered: not shown",),
    )
