"""How strongly something unmeasured would have to push both treatment and outcome to explain an effect away."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.arms import comparable_weights, control_sd
from commonbeat.estimate.attrition.influence import clustered_error
from commonbeat.estimate.effects import primary_effect

if TYPE_CHECKING:
    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.trial import Trial

RATIO_PER_SD = 0.91  # Chinn's logit of a standardised difference, halved on the way to a risk ratio (VanderWeele 2017)
RANDOMISED = "Where treatment was drawn by lot, only what came after the draw (who answered) can act like this."
APPROXIMATE = (
    "The risk ratio is read off the standardised difference, exp(0.91 d): rough, and for roughly normal outcomes only."
)


def e_value(ratio: float) -> float:
    """The E-value of a risk ratio: R + sqrt(R (R - 1)) with R the ratio or its inverse, whichever is above 1.

    Both associations (of the unmeasured thing with treatment, and with the outcome), as risk ratios and beyond what was measured, must be at
    least this strong to move the ratio to 1 (VanderWeele & Ding 2017, doi 10.7326/M16-2607). ratio: above 0.
    """
    far = max(ratio, 1 / ratio)
    return far + math.sqrt(far * (far - 1))


def ratio_of_difference(difference: float, std_error: float, *, half_width: float) -> tuple[float, float, float]:
    """A standardised difference (in SD) as risk ratio with its ends: exp(0.91 d) and exp(0.91 (d -+ half_width * se))."""
    ends = (difference, difference - half_width * std_error, difference + half_width * std_error)
    ratio, low, high = (math.exp(RATIO_PER_SD * value) for value in ends)
    return ratio, low, high


def nearer_end(low: float, high: float) -> float:
    """The end of a risk ratio's interval that is nearer to 1; 1 where the interval holds it."""
    return low if low > 1 else high if high < 1 else 1.0


def risk_ratio(trial: Trial) -> tuple[float, float, float] | None:
    """The ratio of the arms' shares of a 0/1 outcome among those who answered, with its interval; None where a share is 0, 1 or not known.

    The logarithm's error is summed by cluster: each row's part is w (y - p_a) / (W_a p_a), with opposite signs in the two arms.
    """
    answered = ~np.isnan(trial.outcome)
    outcome = np.where(answered, trial.outcome, 0.0)
    weight = comparable_weights(trial) * answered
    influence, logs = np.zeros_like(outcome), []
    for arm, sign in ((0.0, -1.0), (1.0, 1.0)):
        own = np.where(trial.treatment == arm, weight, 0.0)
        if not own.any():
            return None
        own = own / own.sum()
        share = float(own @ outcome)
        if not 0 < share < 1:
            return None
        influence += sign * own * (outcome - share) / share
        logs.append(math.log(share))
    error, df = clustered_error(trial.answered(), influence[answered])
    half = float(stats.t.isf(trial.level / 2, df)) * error
    log_ratio = logs[1] - logs[0]
    return math.exp(log_ratio), math.exp(log_ratio - half), math.exp(log_ratio + half)


def e_values(trial: Trial) -> tuple[Estimate, ...]:
    """Two rows, of the estimate and of the interval's end nearer to no effect (1: the interval holds it); () where neither can be had.

    A 0/1 outcome goes by its risk ratio; any other by the pre-declared effect in SDs of the control arm.
    """
    effect = primary_effect(trial)
    known = trial.outcome[~np.isnan(trial.outcome)]
    if set(np.unique(known)) <= {0.0, 1.0}:
        ratios, how, warnings = risk_ratio(trial), "risk ratio", (RANDOMISED,)
    else:
        spread = control_sd(trial)
        ratios, how, warnings = None, "standardised difference", (RANDOMISED, APPROXIMATE)
        if effect.estimate is not None and effect.ci_low is not None and spread > 0:
            half = (effect.estimate - effect.ci_low) / spread
            ratios = ratio_of_difference(effect.estimate / spread, half, half_width=1.0)
    if ratios is None:
        return ()
    ratio, low, high = ratios
    nothing = {"std_error": None, "df": None, "ci_low": None, "ci_high": None, "p_value": None}
    rows = (
        ("E-value of the estimate", ratio, f"E-value of the {how}; risk ratio {ratio:.3g}"),
        (
            "E-value of the interval's nearer end",
            nearer_end(low, high),
            f"E-value of the {how}; interval of the risk ratio {low:.3g} to {high:.3g}",
        ),
    )
    return tuple(
        replace(
            effect,
            estimand=f"{name}: {trial.outcome_name}",
            estimate=e_value(value),
            method=method,
            warnings=warnings,
            **nothing,
        )
        for name, value, method in rows
    )
