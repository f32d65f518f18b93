"""The difference between arms, adjusted for what was known before treatment."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.columns import (
    TREATMENT,
    additive,
    block_columns,
    independent_count,
    interacted,
)
from commonbeat.estimate.effects.difference import (
    CROSSED,
    ENDINGS,
    Difference,
    covariance_kind,
    difference_in_means,
    passed_through,
    regress,
)
from commonbeat.estimate.effects.pairs import adjusted_pairs
from commonbeat.estimate.effects.units import layout, unit_counts
from commonbeat.estimate.linear import Contrast

if TYPE_CHECKING:
    from commonbeat.estimate.effects.columns import Controls
    from commonbeat.estimate.linear import LinearFit
    from commonbeat.estimate.trial import Trial

# The smaller arm needs this many units for each column fitted to it, or controls are not interacted.
UNITS_PER_COLUMN = 2
FEW_UNITS = "Too few units to let the controls work differently in each arm: they enter without interactions."
COMMON_SLOPES = "Too few units to let the controls work differently in each arm: they enter with the same slopes in all {}s and both arms."


def adjusted_difference(trial: Trial, controls: Controls) -> Difference | str:
    """The adjusted difference, or a sentence on why there is none.

    Lin's regression (controls and blocks centred and interacted with treatment) where the smaller arm has units enough, and each arm of each
    block two; else controls with common slopes, the blocks still weighing by their size; differences within pairs where blocks are pairs.
    The choice reads the design and the counts, no outcome.
    """
    arranged = layout(trial)
    said = f"adjusted for {', '.join(controls.names)}"
    counts = unit_counts(trial)
    if arranged == "pairs":
        if len(counts) < independent_count(controls.columns) + 3:
            return f"Not {said}: too few pairs."
        contrast = adjusted_pairs(trial, controls.columns)
        return Difference(contrast, f"matched pairs {said}, HC2, Satterthwaite", controls.warnings)
    columns = np.column_stack([controls.columns, block_columns(trial.block, len(trial.outcome))])
    fitted = independent_count(columns) + 1
    enough = counts.sum(axis=0).min() >= UNITS_PER_COLUMN * fitted and covariance_kind(trial, 2 * fitted) != "stata"
    if arranged in {"none", "blocks"} and enough:
        fit = regress(trial, interacted(trial.treatment, columns, trial.weight))
        method = f"Lin-{said}{_with_blocks(trial)}, {ENDINGS[fit.kind]}"
        return Difference(fit.of(TREATMENT), method, (*controls.warnings, *passed_through(fit)))
    if counts.sum() < fitted + 3:
        return f"Not {said}: too few units for {fitted} columns."
    fit = regress(trial, additive(trial.treatment, columns))
    if arranged in {"single", "blocks"}:
        return _with_common_slopes(trial, controls, fit, int(counts.sum()) - len(counts) - 1)
    warning = CROSSED.format(trial.block_word) if arranged == "crossed" else FEW_UNITS
    method = f"{said}{_with_blocks(trial)} without interactions, {ENDINGS[fit.kind]}"
    return Difference(fit.of(TREATMENT), method, (*controls.warnings, warning, *passed_through(fit)))


def _with_common_slopes(trial: Trial, controls: Controls, fit: LinearFit, free: int) -> Difference:
    """The blocks' differences, weighted by size, in what the controls leave of the outcome: y - x b, b from the regression with block constants.

    Any slopes fixed beforehand would leave the estimate unbiased; that these are fitted is counted by free / (free - columns) on the
    variance, free being the units less blocks and treatment.
    """
    slopes = np.zeros(controls.columns.shape[1])
    for at in range(len(slopes)):
        if f"control {at + 1}" in fit.names:
            slopes[at] = fit.of(f"control {at + 1}").estimate
    left = free - int(np.count_nonzero(slopes))
    plain = difference_in_means(replace(trial, outcome=trial.outcome - controls.columns @ slopes))
    estimate, std_error, df = plain.contrast
    contrast = Contrast(estimate, std_error * math.sqrt(free / left), min(df, float(left)))
    method = f"{plain.method.partition(',')[0]} adjusted for {', '.join(controls.names)} with common slopes{''.join(plain.method.partition(',')[1:])}"
    return Difference(contrast, method, (*controls.warnings, COMMON_SLOPES.format(trial.block_word), *plain.warnings))


def _with_blocks(trial: Trial) -> str:
    return "" if trial.block is None else f" and {trial.block_word}s"
