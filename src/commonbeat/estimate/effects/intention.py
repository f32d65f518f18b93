"""The effect of being assigned, whatever was received: by difference in means, and adjusted for what was known before."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.adjusted import adjusted_difference
from commonbeat.estimate.effects.cautions import cautions
from commonbeat.estimate.effects.columns import known_before
from commonbeat.estimate.effects.difference import Difference, difference_in_means
from commonbeat.estimate.effects.units import comparable, count_clusters
from commonbeat.estimate.row import Estimate, student_estimate

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Trial


def intention_to_treat(trial: Trial) -> tuple[Estimate, ...]:
    """The effect of assignment: the pre-declared row first, then the others.

    With covariates or a baseline the first row is adjusted for them (and blocks) as Lin (2013) does, and the second is the difference in
    means, by blocks where there are blocks. Which comes first depends on what was declared, never on an outcome. Rows without an outcome
    are left out, and so are blocks with answers of one arm only, which a warning says. An arm without answers gives no estimate; an
    arm of a single unit gives one without an interval. An outcome that is the same for everybody gives none.
    """
    used, left_out = comparable(trial)
    left_out = (*left_out, *silent_clusters(trial))
    estimand = f"intention to treat: {trial.outcome_name}"
    reason = nothing_to_compare(used)
    if reason:
        return (not_estimated(used, estimand, (*left_out, *reason)),)
    plain = difference_in_means(used)
    controls = known_before(used)
    found = [plain]
    extra = list(left_out)
    if controls.columns.size and math.isfinite(plain.contrast.std_error):
        adjusted = adjusted_difference(used, controls)
        if isinstance(adjusted, Difference):
            found = [adjusted, plain]
        else:
            extra.append(adjusted)
    elif controls.warnings:
        extra.extend(controls.warnings)
    return tuple(_row(used, estimand, each, tuple(extra)) for each in found)


def primary_effect(trial: Trial) -> Estimate:
    """The one estimate that answers the study's question: the first row of `intention_to_treat`."""
    return intention_to_treat(trial)[0]


def nothing_to_compare(trial: Trial) -> tuple[str, ...]:
    """Why there is no effect to estimate: an arm in which nobody is left, or an outcome that is the same for everybody."""
    arms = ((trial.control_name, 0), (trial.treated_name, 1))
    empty = [name for name, arm in arms if not (trial.treatment == arm).any()]
    if empty:
        return (f"No answers to compare in: {', '.join(empty)}.",)
    return ("Everybody who answered has the same outcome.",) if np.ptp(trial.outcome) == 0 else ()


def silent_clusters(trial: Trial) -> tuple[str, ...]:
    """A sentence on clusters that were assigned and in which nobody answered."""
    if trial.cluster is None:
        return ()
    assigned, heard = (count_clusters(each) or 0 for each in (trial, trial.answered()))
    if heard == assigned:
        return ()
    words = "have no answers at all: if that is due to their arm, those left are no longer alike"
    return (f"{assigned - heard} of {assigned} clusters assigned ({trial.cluster_name}) {words}.",)


def not_estimated(trial: Trial, estimand: str, warnings: tuple[str, ...]) -> Estimate:
    """A row that says why it holds no figure."""
    clusters, n = count_clusters(trial), len(trial.outcome)
    return Estimate(estimand, None, None, None, None, None, None, n, clusters, "not estimated", warnings)


def _row(trial: Trial, estimand: str, found: Difference, extra: tuple[str, ...]) -> Estimate:
    estimate, std_error, df = found.contrast
    weighted = "" if trial.weight is None else ", weighted"
    row = student_estimate(
        estimand,
        estimate,
        std_error,
        df,
        level=trial.level,
        n=len(trial.outcome),
        clusters=count_clusters(trial),
        method=found.method + weighted,
        warnings=(*extra, *found.warnings, *cautions(trial, df)),
    )
    return row if math.isfinite(std_error) else replace(row, std_error=None, df=None)
