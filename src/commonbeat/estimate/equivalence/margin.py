"""Two one-sided tests against a margin, and each of them alone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from scipy import stats

from commonbeat.estimate.arms import control_sd
from commonbeat.estimate.effects import primary_effect

if TYPE_CHECKING:
    from commonbeat.estimate.design import Equivalence
    from commonbeat.estimate.row import Estimate
    from commonbeat.estimate.trial import Trial

Question = Literal["equivalent", "no worse", "no better"]
Favourable = Literal["higher", "lower"]
Side = Literal["above", "below", "within"]
WORDS = {"within": "effect within ±{margin}", "above": "effect above -{margin}", "below": "effect below {margin}"}
TESTS = {"within": "two one-sided tests", "above": "one-sided test", "below": "one-sided test"}
NO_CONTROL_SD = "The SD of the control arm is not known: a margin in SDs cannot be tested."
SD_AS_KNOWN = "The margin is in SDs of the control arm; the test takes that SD as known."


def margin_test(trial: Trial, equivalence: Equivalence, favourable: Favourable = "higher") -> Estimate:
    """The trial's pre-declared effect against the declared margin, in the outcome's unit.

    A margin in SDs is turned into the outcome's unit by the SD of the control arm. favourable: which values of the outcome are better for people;
    where lower ones are, "no worse" asks whether the effect stays below the margin. The method says which way was taken.
    """
    effect = primary_effect(trial)
    in_sd = equivalence.unit == "SD"
    scale = control_sd(trial) if in_sd else 1.0
    if not scale > 0:
        return replace(effect, estimand=f"effect against a margin: {trial.outcome_name}", p_value=None).with_warnings(
            NO_CONTROL_SD
        )
    margin = equivalence.margin * scale
    shown = f"{equivalence.margin:g} SD ({margin:.3g})" if in_sd else f"{margin:g}"
    row = margin_test_of(effect, margin, equivalence.question, favourable, level=trial.level, shown=shown)
    return row.with_warnings(SD_AS_KNOWN) if in_sd else row


def side_of(question: Question, favourable: Favourable) -> Side:
    """Where the effect must lie for a yes: no worse is above -margin where higher is better, and below the margin where lower is."""
    if question == "equivalent":
        return "within"
    return "above" if (question == "no worse") == (favourable == "higher") else "below"


def margin_test_of(
    effect: Estimate,
    margin: float,
    question: Question,
    favourable: Favourable = "higher",
    *,
    level: float,
    shown: str = "",
) -> Estimate:
    """An estimate's test against a margin (in its own unit, above 0): small p values say that the answer to the question is yes.

    t_low = (estimate + margin) / se and t_high = (estimate - margin) / se on the estimate's own degrees of freedom. To lie above: p = P(T > t_low).
    To lie below: p = P(T < t_high). Within: the larger of the two (Schuirmann 1987, doi 10.1007/BF01068419). The interval covers
    1 - 2 level: the question is answered with yes at `level` exactly when the interval (for one-sided questions its one end) lies inside the margin.

    An estimate without a standard error, or with none above 0, has no test: p_value None.
    """
    outcome = effect.estimand.split(": ", 1)[-1]
    side = side_of(question, favourable)
    estimand = f"{WORDS[side].format(margin=shown or f'{margin:g}')}: {outcome}"
    turned = "" if side == "within" else f" of {question}, {favourable} being better"
    method = f"{TESTS[side]}{turned}; {effect.method}; interval of {100 * (1 - 2 * level):g} %"
    if effect.estimate is None or not effect.std_error or not math.isfinite(effect.std_error):
        return replace(effect, estimand=estimand, method=method, ci_low=None, ci_high=None, p_value=None)
    df = math.inf if effect.df is None else effect.df
    above = float(stats.t.sf((effect.estimate + margin) / effect.std_error, df))
    below = float(stats.t.cdf((effect.estimate - margin) / effect.std_error, df))
    half = float(stats.t.isf(level, df)) * effect.std_error
    return replace(
        effect,
        estimand=estimand,
        ci_low=effect.estimate - half,
        ci_high=effect.estimate + half,
        p_value={"within": max(above, below), "above": above, "below": below}[side],
        method=method,
    )
