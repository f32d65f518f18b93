"""The effect on those who did what they were assigned to: two-stage least squares, and an interval that holds when take-up is weak."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DataFileError
from commonbeat.estimate.effects.anderson_rubin import anderson_rubin
from commonbeat.estimate.effects.cautions import cautions
from commonbeat.estimate.effects.columns import Controls, block_columns, independent_count, known_before
from commonbeat.estimate.effects.difference import ENDINGS, covariance_kind, passed_through
from commonbeat.estimate.effects.intention import not_estimated, nothing_to_compare
from commonbeat.estimate.effects.units import comparable, count_clusters, unit_counts
from commonbeat.estimate.linear import fit_two_stage, prepare_regression
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from commonbeat.estimate.linear import Regression, TwoStageFit
    from commonbeat.estimate.linear.fit import Kind
    from commonbeat.estimate.trial import Floats, Trial

WEAK_FIRST_STAGE = 10.0  # the rule of thumb of Staiger and Stock (1997), Econometrica 65: 557
NO_TAKE_UP = 1e-6  # a share
EXACT = 1e-10  # a standard error below this share of its estimate is rounding


def complier_effect(trial: Trial) -> tuple[Estimate, ...]:
    """Three rows: two-stage least squares; its Anderson-Rubin interval; the first stage. None without `complied`.

    The outcome on what was received, instrumented by assignment; covariates, baseline and blocks enter both stages as they are. It is the effect on
    compliers if assignment works only through receiving and nobody does the opposite of what they were assigned to: Angrist, Imbens and Rubin (1996),
    JASA 91: 444. With blocks it weighs them by size, balance and take-up.
    """
    if trial.complied is None:
        return ()
    used, left_out = comparable(trial.rows(~np.isnan(trial.complied)))
    estimand = f"complier effect: {trial.outcome_name}"
    reason = nothing_to_compare(used)
    if not reason and unit_counts(used).sum(axis=0).min() < 2:
        reason = ("An arm has a single unit.",)
    if reason:
        return (not_estimated(used, estimand, (*left_out, *reason)),)
    dropped = int((np.isnan(trial.complied) & ~np.isnan(trial.outcome)).sum())
    unknown = (f"{dropped} people of whom it is not known what they received are left out.",) if dropped else ()
    return _rows(used, estimand, (*left_out, *unknown))


def _rows(trial: Trial, estimand: str, left_out: tuple[str, ...]) -> tuple[Estimate, ...]:
    received = np.asarray(trial.complied)
    controls = _affordable(trial, known_before(trial))
    others = np.column_stack([np.ones(len(received)), controls.columns, block_columns(trial.block, len(received))])
    kind = covariance_kind(trial, 1 + others.shape[1])
    said = f"{_controls(trial, controls.names)}, {ENDINGS[kind]}{'' if trial.weight is None else ', weighted'}"
    first = _first_stage(trial, received, others, said)
    warnings = (*left_out, *controls.warnings, *_take_up(trial, received, first))
    if np.ptp(received) == 0 or first.estimate is None or abs(first.estimate) < NO_TAKE_UP:
        reason = "Assignment did not change what was received: there are no compliers to speak of."
        return not_estimated(trial, estimand, (*warnings, reason)), first
    try:
        stages = _stages(trial, received, others, kind)
    except DataFileError:
        reason = "Assignment moves nothing in what was received that the controls do not tell already."
        return not_estimated(trial, estimand, (*warnings, reason)), first
    estimate, std_error, df = stages.second.of("received")
    shared = {"level": trial.level, "n": len(received), "clusters": count_clusters(trial)}
    warnings = (*warnings, *passed_through(stages.second), *cautions(trial, df))
    main = student_estimate(
        estimand, estimate, std_error, df, method=f"two-stage least squares{said}", warnings=warnings, **shared
    )
    return main, _anderson_rubin(trial, received, others, main, said), first


def _stages(trial: Trial, received: Floats, others: Floats, kind: Kind) -> TwoStageFit:
    return fit_two_stage(
        trial.outcome,
        np.column_stack([received, others]),
        np.column_stack([trial.treatment, others]),
        weights=trial.weight,
        clusters=trial.cluster,
        names=("received", *(f"other {at}" for at in range(others.shape[1]))),
        kind=kind,
    )


def _first_stage(trial: Trial, received: Floats, others: Floats, said: str) -> Estimate:
    """The share that received it because of assignment, with its F (the square of its t) in the method's words."""
    regression = _prepared(trial, others)
    estimate, std_error, df = regression.fit(received).of("x1")
    strength = _strength(estimate, std_error)
    return student_estimate(
        "take-up: share who received it because they were assigned to it",
        estimate,
        std_error,
        df,
        level=trial.level,
        n=len(received),
        clusters=count_clusters(trial),
        method=f"first stage{said}, F {f'= {strength:.1f}' if math.isfinite(strength) else 'without bound'}",
    )


def _prepared(trial: Trial, others: Floats) -> Regression:
    """The regression on assignment (x1) and the others, ready for what was received and for the outcome."""
    columns = np.column_stack([trial.treatment, others])
    kind = covariance_kind(trial, columns.shape[1])
    return prepare_regression(columns, weights=trial.weight, clusters=trial.cluster, kind=kind)


def _strength(estimate: float, std_error: float) -> float:
    """The first stage's F: the square of its t; without bound where everybody did as assigned."""
    if abs(estimate) < NO_TAKE_UP:
        return 0.0
    return (estimate / std_error) ** 2 if std_error > EXACT * abs(estimate) else math.inf


def _take_up(trial: Trial, received: Floats, first: Estimate) -> tuple[str, ...]:
    """What is to be known about who received it: a weak first stage, one-sided or full compliance."""
    found = []
    if first.estimate is not None:
        strength = _strength(first.estimate, first.std_error or 0.0)
        if strength < WEAK_FIRST_STAGE:
            found.append(
                f"Weak first stage (F = {strength:.1f}, below {WEAK_FIRST_STAGE:.0f}): two-stage least squares leans towards the plain "
                "comparison and its interval is too short; read the Anderson-Rubin interval."
            )
        if first.estimate < 0:
            found.append(
                "Those assigned to it received it less often: the arms may have been named the wrong way round."
            )
    control, treated = received[trial.treatment == 0], received[trial.treatment > 0]
    if (control == 0).all() and (treated == 1).all():
        found.append("Everybody received what they were assigned to: this is the effect of assignment.")
    elif (control == 0).all():
        found.append("Nobody in the control arm received it: this is the effect on the treated.")
    elif (treated == 1).all():
        found.append(
            "Everybody assigned to it received it: this is the effect on those of the control arm who went without."
        )
    return tuple(found)


def _anderson_rubin(trial: Trial, received: Floats, others: Floats, main: Estimate, said: str) -> Estimate:
    """The two-stage estimate with the interval of effects that the assignment does not contradict."""
    regression = _prepared(trial, others)
    fits = [regression.fit(each).of("x1") for each in (trial.outcome, received, trial.outcome + received)]
    bounds = anderson_rubin(fits[0], fits[1], fits[2].std_error ** 2, trial.level)
    open_end = "Take-up is too weak to bound the effect: any large effect fits these data."
    warnings = () if bounds.low is not None or bounds.p_value is None else (open_end,)
    row = replace(
        main,
        std_error=None,
        df=fits[0].df,
        ci_low=bounds.low,
        ci_high=bounds.high,
        p_value=bounds.p_value,
        method=f"Anderson-Rubin{said}",
    )
    return row.with_warnings(*warnings)


def _affordable(trial: Trial, controls: Controls) -> Controls:
    """The controls, or none with a sentence where there are too few units for them."""
    needed = independent_count(np.column_stack([controls.columns, block_columns(trial.block, len(trial.outcome))])) + 4
    if not controls.columns.size or unit_counts(trial).sum() >= needed:
        return controls
    sentence = f"Not adjusted for {', '.join(controls.names)}: too few units."
    return Controls(np.empty((len(trial.outcome), 0)), (), (sentence,))


def _controls(trial: Trial, names: tuple[str, ...]) -> str:
    known = ", ".join([*names, *(["blocks"] if trial.block is not None else [])])
    return f" with {known}" if known else ""
