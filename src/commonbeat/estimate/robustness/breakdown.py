"""How different the people who did not answer would have to be for the result to fall."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.arms import control_sd
from commonbeat.estimate.attrition.rates import response_rates
from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.linear import fit_linear
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
    delta = tipping_difference(effect.estimate, effect.std_error, missing, missing_error, quantile)
    row = replace(row, estimate=delta).with_warnings(SAME_SIDE, *_remarks(trial, delta))
    spread = control_sd(trial)
    in_sd = replace(
        row,
        estimand=f"{row.estimand}, in SD of {trial.control_name}",
        estimate=None if delta is None else delta / spread,
    )
    return (row, *((in_sd,) if spread > 0 else ()), *baseline_yardstick(trial))


def tipping_difference(
    estimate: float, std_error: float, missing: float, missing_error: float, quantile: float
) -> float | None:
    """The smallest delta >= 0 at which (|tau| - M delta)^2 = t^2 (se^2 + delta^2 se_M^2), the shrunk effect still on its side.

    M = m_0 + m_1 and se_M its error; the two errors are independent when people are (answers' residuals say nothing of shares).
    0 when the interval holds zero at delta = 0; None when nobody is missing.
    """
    reach = quantile * std_error
    if abs(estimate) <= reach:
        return 0.0
    if missing <= 0:
        return None
    square = missing**2 - (quantile * missing_error) ** 2
    rest = estimate**2 - reach**2
    root = math.sqrt((estimate * missing) ** 2 - square * rest)
    # the smaller root of square d^2 - 2 |tau| M d + rest = 0, in the form without cancellation
    return rest / (abs(estimate) * missing + root)


def missing_shares(trial: Trial) -> tuple[float, float]:
    """The sum of both arms' shares without an answer, and its standard error."""
    control, treated, _ = response_rates(trial)
    shares = [1 - (row.estimate or 0.0) for row in (control, treated)]
    return sum(shares), math.hypot(*(row.std_error or 0.0 for row in (control, treated)))


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
