"""How different the people who did not answer would have to be for the result to fall."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.arms import control_sd, row_weights
from commonbeat.estimate.attrition.rates import response_rates
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.effects.units import comparable
from commonbeat.estimate.linear import fit_linear
from commonbeat.estimate.robustness.leave_out import row_influence
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Trial

HOLDS_ZERO = "The interval holds zero already: nothing has to differ."
NEVER = "No difference within the range of the answers given would bring the interval to zero."
SAME_SIDE = "Reckoned for the worst case: the two arms' missing people differ in opposite directions."


def breakdown_point(trial: Trial) -> tuple[Estimate, ...]:
    """Rows: the difference at which the interval touches zero, in the outcome's unit and in SDs of controls; () when all answered.

    Say that in each arm those who did not answer differ from those who did by delta on average, to the effect's harm in both arms: lower
    where it is highest, higher where it is lowest. The effect among all assigned is then tau - (m_0 + m_1) delta with m_a the arms' shares
    without an answer (a pattern-mixture tipping point: Little 1994, doi 10.1093/biomet/81.3.471; NRC 2010, doi 10.17226/12955). See
    `tipping_difference` for the equation that delta solves. A third row is the yardstick: by how many SDs those who did not answer differed at baseline.
    """
    if not np.isnan(trial.outcome).any():
        return ()
    effect = primary_effect(trial)
    missing, missing_error = missing_shares(trial)
    shared = shared_error(trial, effect, missing_error)
    nothing = {"std_error": None, "df": None, "ci_low": None, "ci_high": None, "p_value": None}
    row = replace(
        effect,
        estimand=f"breakdown point: {trial.outcome_name}",
        estimate=None,
        method=f"tipping point of {effect.method}",
        **nothing,
    )
    if effect.estimate is None or effect.ci_low is None or not effect.std_error:
        return (row,)
    quantile = float(stats.t.isf(trial.level / 2, math.inf if effect.df is None else effect.df))
    delta = tipping_difference(effect.estimate, effect.std_error, missing, missing_error, quantile, covariance=shared)
    row = replace(row, estimate=delta).with_warnings(SAME_SIDE, *_remarks(trial, delta))
    spread = control_sd(trial)
    if not spread > 0:
        return (row, *baseline_yardstick(trial))
    scaled = None if delta is None else delta / spread
    in_sd = replace(row, estimand=f"{row.estimand}, in SD of {trial.control_name}", estimate=scaled)
    return (row, in_sd, *baseline_yardstick(trial))


def tipping_difference(
    estimate: float, std_error: float, missing: float, missing_error: float, quantile: float, *, covariance: float = 0.0
) -> float | None:
    """The smallest delta >= 0 at which (|tau| - M delta)^2 = t^2 (se^2 - 2 delta cov + delta^2 se_M^2), the shrunk effect still on its side.

    M = m_0 + m_1, se_M its error, cov its covariance with |tau|: 0 when people are independent (residuals of answers say nothing of
    shares). 0 when the interval holds zero at delta = 0; None when no delta does it, as when nobody is missing.
    """
    reach = quantile * std_error
    if abs(estimate) <= reach:
        return 0.0
    square = missing**2 - (quantile * missing_error) ** 2
    slope = abs(estimate) * missing - quantile**2 * covariance
    rest = estimate**2 - reach**2
    # the smaller root of square d^2 - 2 slope d + rest = 0, in the form without cancellation
    inside = slope**2 - square * rest
    if missing <= 0 or inside < 0 or slope + math.sqrt(inside) <= 0:
        return None
    return rest / (slope + math.sqrt(inside))


def missing_shares(trial: Trial) -> tuple[float, float]:
    """The sum of both arms' shares without an answer, and its standard error."""
    control, treated, _ = response_rates(trial)
    shares = [1 - (row.estimate or 0.0) for row in (control, treated)]
    return sum(shares), math.hypot(*(row.std_error or 0.0 for row in (control, treated)))


def shared_error(trial: Trial, effect: Estimate, missing_error: float) -> float:
    """The covariance of |tau| with the sum of missing shares, by clusters; 0 without clusters.

    Correlation of the two influence functions summed by cluster, times the two standard errors.
    """
    if trial.cluster is None or not missing_error > 0:
        return 0.0
    used, _ = comparable(replace(trial, person=np.arange(trial.outcome.size)))
    if used.person is None:
        return 0.0
    moved = np.zeros(trial.outcome.size)
    moved[used.person] = math.copysign(1.0, effect.estimate or 0.0) * row_influence(used)
    weight, silent = row_weights(trial), np.isnan(trial.outcome)
    shares = np.zeros(trial.outcome.size)
    for arm in (0.0, 1.0):
        own = np.where(trial.treatment == arm, weight, 0.0)
        own = own / own.sum()
        shares += own * (silent - own @ silent)
    place = np.unique(trial.cluster, return_inverse=True)[1]
    first, second = np.bincount(place, moved), np.bincount(place, shares)
    correlation = float(first @ second / math.sqrt((first @ first) * (second @ second)))
    return correlation * (effect.std_error or 0.0) * missing_error


def baseline_yardstick(trial: Trial) -> tuple[Estimate, ...]:
    """One row: at baseline, those who later did not answer minus those who did, in SDs of all controls; () without a baseline."""
    if trial.baseline is None:
        return ()
    known = ~np.isnan(trial.baseline)
    silent = np.isnan(trial.outcome).astype(float)[known]
    spread = control_sd(replace(trial, outcome=trial.baseline))
    if not spread > 0 or not 0 < silent.sum() < silent.size:
        return ()
    clusters = None if trial.cluster is None else trial.cluster[known]
    weights = None if trial.weight is None else trial.weight[known]
    regressors = np.column_stack([silent, np.ones_like(silent)])
    fit = fit_linear(
        trial.baseline[known] / spread, regressors, weights=weights, clusters=clusters, names=("silent", "constant")
    )
    estimate, error, df = fit.contrast(np.array([1.0, 0.0]))
    return (
        student_estimate(
            f"baseline of those who did not answer minus those who did, in SD: {trial.outcome_name}",
            estimate,
            error,
            df,
            level=trial.level,
            n=int(known.sum()),
            clusters=None if clusters is None else int(np.unique(clusters).size),
            method=f"difference in means, {'HC2' if clusters is None else 'CR2'}, Satterthwaite",
        ),
    )


def _remarks(trial: Trial, delta: float | None) -> tuple[str, ...]:
    if delta == 0:
        return (HOLDS_ZERO,)
    known = trial.outcome[~np.isnan(trial.outcome)]
    return (NEVER,) if delta is None or delta > np.ptp(known) else ()
