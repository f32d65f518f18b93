"""Who answered: shares by arm, and whether those who did are still alike."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.arms import asked_of, control_sd
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.groups.holm import holm
from commonbeat.estimate.linear import fit_linear
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial

MANY_MISSING = "More than a fifth of the people assigned did not answer."
WEIGHED_BY_BLOCK = "The difference compares within {0}s; the two arms' shares do not, so that theirs is another."
ROUNDING = 0.0005
UNEQUAL = "The arms differ in how many answered by more than chance explains."


def response_rates(trial: Trial) -> tuple[Estimate, ...]:
    """Three rows: the share who answered in the control arm, in the treated arm, and their difference (treated minus control).

    A share's interval is Wilson's (1927) without clusters and weights, else Student's t on a CR2 error. The difference is estimated as an
    effect is, blocks and clusters counted, without covariates.
    """
    answered = (~np.isnan(trial.outcome)).astype(float)
    name = f"share who answered: {trial.outcome_name}"
    rows = [
        arm_rate(trial, answered, arm, f"{name}, {label}")
        for arm, label in ((0.0, trial.control_name), (1.0, trial.treated_name))
    ]
    gap = primary_effect(asked_of(trial, answered, trial.outcome_name))
    if answered.min() == answered.max():
        nothing = (None, None, None, None, None, gap.n, gap.clusters, "difference in shares")
        gap = Estimate(gap.estimand, 0.0, *nothing)
    unequal = gap.p_value is not None and gap.p_value < trial.level
    apart = (rows[1].estimate or 0.0) - (rows[0].estimate or 0.0)
    otherwise = trial.block is not None and gap.estimate is not None and abs(gap.estimate - apart) > ROUNDING
    gap = gap.with_warnings(WEIGHED_BY_BLOCK.format(trial.block_word)) if otherwise else gap
    warnings = (*((MANY_MISSING,) if answered.mean() < 0.8 else ()), *((UNEQUAL,) if unequal else ()))
    gap = replace(gap, estimand=f"{name}, {trial.treated_name} minus {trial.control_name}")
    return (*rows, gap.with_warnings(*warnings))


def arm_rate(trial: Trial, answered: Floats, arm: float, estimand: str) -> Estimate:
    """The share of an arm's people who answered."""
    rows = trial.treatment == arm
    people = int(rows.sum())
    if trial.cluster is None and trial.weight is None:
        share = float(answered[rows].mean())
        ends = wilson_interval(int(answered[rows].sum()), people, trial.level)
        error = math.sqrt(share * (1 - share) / people)
        return Estimate(estimand, share, error, math.inf, *ends, None, people, None, "share, Wilson interval")
    clusters = None if trial.cluster is None else trial.cluster[rows]
    weights = None if trial.weight is None else trial.weight[rows]
    count = None if clusters is None else int(np.unique(clusters).size)
    kind = "HC2" if clusters is None else "CR2"
    method = f"share, {kind}, Satterthwaite"
    if answered[rows].min() == answered[rows].max() or count == 1:
        return Estimate(estimand, float(answered[rows].mean()), None, None, None, None, None, people, count, method)
    fit = fit_linear(answered[rows], np.ones((people, 1)), weights=weights, clusters=clusters, names=("share",))
    share, error, df = fit.contrast(np.ones(1))
    row = student_estimate(estimand, share, error, df, level=trial.level, n=people, clusters=count, method=method)
    return replace(row, p_value=None)


def wilson_interval(successes: int, trials: int, level: float = 0.05) -> tuple[float, float]:
    """Wilson's interval of a share: all p with |p_hat - p| <= z sqrt(p (1 - p) / n) (1927, doi 10.1080/01621459.1927.10502953)."""
    z = float(stats.norm.isf(level / 2))
    share = successes / trials
    centre = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    # at none and all the ends are 0 and 1 by the equation; rounding must not hide it
    return 0.0 if successes == 0 else centre - half, 1.0 if successes == trials else centre + half


def balance_of_answered(trial: Trial) -> tuple[Estimate, ...]:
    """One row per baseline and covariate: treated minus control among those who answered, in SDs of all controls assigned.

    The p values are Holm's over all rows, so that one chance difference among many is not taken for selection. A column that does not
    vary among controls is left out.
    """
    answered = ~np.isnan(trial.outcome)
    columns = dict(zip(trial.covariate_names, trial.covariates.T, strict=True)) if trial.covariates.size else {}
    if trial.baseline is not None:
        columns = {f"baseline of {trial.outcome_name}": trial.baseline, **columns}
    rows = []
    for name, column in columns.items():
        spread = control_sd(asked_of(trial, column, name))
        known = column[answered & ~np.isnan(column)]
        if not spread > 0 or not known.size or np.ptp(known) == 0:
            continue
        row = primary_effect(asked_of(trial, column / spread, name).rows(answered))
        rows.append(replace(row, estimand=f"balance among those who answered, in SD: {name}"))
    adjusted = holm([row.p_value for row in rows])
    ending = f"; p by Holm over {len(rows)}" if len(rows) > 1 else ""
    return tuple(
        replace(row, p_value=p_value, method=f"{row.method}{ending}")
        for row, p_value in zip(rows, adjusted, strict=True)
    )
