"""Bounds on the effect among those who would answer in either arm."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, stats

from commonbeat.estimate.arms import comparable_weights
from commonbeat.estimate.attrition.influence import cluster_count, clustered_error, few_clusters
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Floats, Trial

MONOTONE = "Lee bounds assume that treatment changed answering in one direction only, for everybody."
DIRECTION = "The arms' rates of answering hardly differ: which arm should be trimmed is uncertain, and the standard errors of the bounds are rough."
NOBODY = "Nobody answered in one arm: there are no bounds."


@dataclass(frozen=True, slots=True)
class LeeBounds:
    """Lowest and highest effect, their standard errors, df (the smaller of two), and the share of answers trimmed from `trimmed_arm`."""

    low: float
    high: float
    low_error: float
    high_error: float
    df: float
    trimmed_share: float
    trimmed_arm: str
    rate_gap: float
    rate_gap_error: float


def lee_bounds(trial: Trial) -> tuple[Estimate, ...]:
    """Three rows: the lowest effect, the highest, and the interval that covers the true effect between them; () when all answered.

    The effect is that among people who would have answered in either arm. The arm with the higher rate of answering, q_high, holds
    others besides; a share p = (q_high - q_low) / q_high of its answers is cut off at the top for one bound and at the bottom for the
    other (Lee 2009, doi 10.1111/j.1467-937X.2009.00536.x). A person at the cut counts in part, so ties do no harm.
    Rows are weighted by `comparable_weights`. The third row's interval is Imbens and Manski's (2004, doi 10.1111/j.1468-0262.2004.00555.x).
    """
    if not np.isnan(trial.outcome).any():
        return ()
    bounds = compute_lee_bounds(trial)
    people, clusters = int((~np.isnan(trial.outcome)).sum()), cluster_count(trial)
    shared = {"n": people, "clusters": clusters}
    name = f"effect among those who would always answer: {trial.outcome_name}"
    if bounds is None:
        return (Estimate(name, None, None, None, None, None, None, people, clusters, "Lee bounds", (NOBODY,)),)
    uncertain = abs(bounds.rate_gap) < 2 * bounds.rate_gap_error
    warnings = (MONOTONE, *((DIRECTION,) if uncertain else ()), *few_clusters(trial))
    trimmed = f"{100 * bounds.trimmed_share:.1f} % of the answers of the arm '{bounds.trimmed_arm}' trimmed"
    low, high = (
        student_estimate(
            f"{name}, {end} bound", value, error, bounds.df, level=trial.level, method=f"Lee bound, {trimmed}", **shared
        )
        for end, value, error in (("lowest", bounds.low, bounds.low_error), ("highest", bounds.high, bounds.high_error))
    )
    ends = imbens_manski(bounds.low, bounds.high, bounds.low_error, bounds.high_error, df=bounds.df, level=trial.level)
    both = Estimate(
        name, None, None, bounds.df, *ends, None, method=f"Lee bounds, Imbens-Manski interval, {trimmed}", **shared
    )
    return tuple(replace(row, p_value=None).with_warnings(*warnings) for row in (low, high, both))


def compute_lee_bounds(trial: Trial) -> LeeBounds | None:
    """The bounds and their standard errors; None where nobody answered in an arm.

    With N_a the weight assigned to arm a, R_a that of its answers, q_a = R_a / N_a, kappa = q_low / q_high, xi the cut and mu the mean of what
    is kept (upper end), the mean's influence is [xi + (y - xi)+ / kappa - mu] w / R over the arm's answers, plus (xi - mu) times that of
    log kappa; the other arm's is its mean's. Squared and summed this is Lee's asymptotic variance; summed by cluster first, its clustered form.
    """
    answered = ~np.isnan(trial.outcome)
    weight = comparable_weights(trial)
    arms = [trial.treatment == arm for arm in (0.0, 1.0)]
    assigned = [weight[rows].sum() for rows in arms]
    replied = [weight[rows & answered].sum() for rows in arms]
    if min(replied) <= 0:
        return None
    rates = [got / all_ for got, all_ in zip(replied, assigned, strict=True)]
    wide = int(rates[1] >= rates[0])
    narrow, sign = 1 - wide, (1.0 if wide else -1.0)
    kept = rates[narrow] / rates[wide]
    rate_parts = [
        np.where(rows, weight * (answered - rate) / all_, 0.0)
        for rows, rate, all_ in zip(arms, rates, assigned, strict=True)
    ]
    log_kept = rate_parts[narrow] / rates[narrow] - rate_parts[wide] / rates[wide]
    outcome = np.where(answered, trial.outcome, 0.0)
    used = [np.where(rows & answered, weight, 0.0) / got for rows, got in zip(arms, replied, strict=True)]
    other = float(used[narrow] @ outcome)
    other_influence = used[narrow] * (outcome - other)
    found = {}
    for side in ("upper", "lower"):
        mean, tail, cut = kept_end(outcome, used[wide], kept, side)
        influence = used[wide] * (tail - mean) + (cut - mean) * log_kept
        found[side] = (sign * (mean - other), *clustered_error(trial, influence - other_influence))
    low, high = sorted(found.values())
    gap_error, _ = clustered_error(trial, rate_parts[1] - rate_parts[0])
    name = (trial.control_name, trial.treated_name)[wide]
    gap = float(rates[1] - rates[0])
    return LeeBounds(low[0], high[0], low[1], high[1], min(low[2], high[2]), float(1 - kept), name, gap, gap_error)


def kept_end(outcome: Floats, weight: Floats, kept: float, side: str) -> tuple[float, Floats, float]:
    """The mean of the upper or lower share `kept` of a weighted distribution, the tail's terms [n], and the value at the cut.

    weight [n] sums to 1 and is 0 for rows outside. Terms: cut + (y - cut)+ / kept for the upper end, cut - (cut - y)+ / kept for the lower;
    their weighted mean is the mean kept.
    """
    turn = 1.0 if side == "upper" else -1.0
    value = turn * outcome
    inside = np.flatnonzero(weight > 0)
    order = inside[np.argsort(-value[inside], kind="stable")]
    from_top = np.cumsum(weight[order])
    cut = value[order[min(int(np.searchsorted(from_top, kept - 1e-12)), order.size - 1)]]
    tail = cut + np.maximum(value - cut, 0.0) / kept
    return turn * float(weight @ tail), turn * tail, turn * float(cut)


def imbens_manski(
    low: float, high: float, low_error: float, high_error: float, *, df: float = math.inf, level: float = 0.05
) -> tuple[float, float]:
    """The interval that covers the true value, wherever between two estimated bounds it lies, with probability 1 - level.

    [low - c se_low, high + c se_high], where F(c + (high - low) / max(se)) - F(-c) = 1 - level and F is Student's t on df (inf: the normal).
    c runs from the two-sided quantile when the bounds meet to the one-sided when they are far apart.
    """
    widest = max(low_error, high_error)
    if not widest > 0:
        return low, high
    apart = (high - low) / widest
    one_sided, two_sided = float(stats.t.isf(level, df)), float(stats.t.isf(level / 2, df))

    def excess(c: float) -> float:
        return float(stats.t.cdf(c + apart, df) - stats.t.cdf(-c, df)) - (1 - level)

    c = one_sided
    if excess(one_sided) < 0:
        c = optimize.root_scalar(excess, bracket=(one_sided, two_sided + 1e-9), xtol=1e-14).root
    return low - c * low_error, high + c * high_error
