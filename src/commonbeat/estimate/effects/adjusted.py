"""The difference between arms, adjusted for what was known before treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.columns import (
    TREATMENT,
    additive,
    block_columns,
    independent_count,
    interacted,
)
from commonbeat.estimate.effects.difference import ENDINGS, UNEVEN, Difference, covariance_kind, passed_through, regress
from commonbeat.estimate.effects.pairs import adjusted_pairs
from commonbeat.estimate.effects.units import layout, unit_counts

if TYPE_CHECKING:
    from commonbeat.estimate.effects.columns import Controls
    from commonbeat.estimate.trial import Trial

# The smaller arm needs this many units for each column fitted to it, or controls are not interacted.
UNITS_PER_COLUMN = 2
FEW_UNITS = "Too few units to let the controls work differently in each arm: they enter without interactions."
FEW_UNITS_IN_BLOCKS = (
    "Too few units to let controls and blocks work differently in each arm: they enter without interactions, and blocks weigh by how "
    "much they can tell, not by their size."
)


def adjusted_difference(trial: Trial, controls: Controls) -> Difference | str:
    """The adjusted difference, or a sentence on why there is none.

    Lin's regression (controls and blocks centred and interacted with treatment) where the smaller arm has units enough; controls
    without interactions where it has not, or where blocks cannot be interacted; differences within pairs where blocks are pairs. The
    choice reads the design and the counts, no outcome.
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
    if arranged != "uneven" and enough:
        fit = regress(trial, interacted(trial.treatment, columns, trial.weight))
        method = f"Lin-{said}{_with_blocks(trial)}, {ENDINGS[fit.kind]}"
        return Difference(fit.of(TREATMENT), method, (*controls.warnings, *passed_through(fit)))
    if counts.sum() < fitted + 3:
        return f"Not {said}: too few units for {fitted} columns."
    fit = regress(trial, additive(trial.treatment, columns))
    warning = {"uneven": UNEVEN, "blocks": FEW_UNITS_IN_BLOCKS}.get(arranged, FEW_UNITS)
    method = f"{said}{_with_blocks(trial)} without interactions, {ENDINGS[fit.kind]}"
    return Difference(fit.of(TREATMENT), method, (*controls.warnings, warning, *passed_through(fit)))


def _with_blocks(trial: Trial) -> str:
    return "" if trial.block is None else " and blocks"
