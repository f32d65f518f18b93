"""Which of the columns said to be measured before treatment can have been: their gaps must be alike in the arms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.arms import asked_of
from commonbeat.estimate.effects import primary_effect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.prepare.covariates import Covariates
    from commonbeat.estimate.trial import Trial

UNLIKELY = 0.01  # a chance below which gaps are taken as due to the treatment


def known_alike(trial: Trial, covariates: Covariates, inside: NDArray[np.bool_]) -> tuple[Trial, tuple[str, ...]]:
    """The trial with those covariates, and the baseline, whose gaps are alike in the arms, and sentences on gaps.

    trial: as assigned, with its baseline, without covariates. inside: its rows among all rows. What is missing more often in one arm, by more than
    chance explains at 1 % (as the effect is tested: blocks and clusters counted), or is unknown for a whole arm, cannot be a measure from before
    treatment: adjusting for it would move the effect. It is left out. Other gaps were filled: White and Thompson (2005), Stat. Med. 24: 993.
    """
    said: list[str] = []
    if trial.baseline is not None:
        gap = np.isnan(trial.baseline)
        reason = _unlike(trial, gap, trial.baseline_name)
        said += [reason] if reason else []
        trial = replace(trial, baseline=None) if reason else trial
    kept: list[int] = []
    for source in covariates.sources:
        gap = source.missing[inside]
        reason = _unlike(trial, gap, source.name)
        if reason:
            said.append(reason)
            continue
        kept.extend(source.columns)
        if gap.any():
            said.append(f"{source.name} is missing for {int(gap.sum())} of {gap.size} people, {source.filled_with}")
    names = tuple(covariates.names[at] for at in kept)
    return replace(trial, covariates=covariates.values[inside][:, kept], covariate_names=names), tuple(said)


def _unlike(trial: Trial, gap: NDArray[np.bool_], name: str) -> str:
    """Why the column with these gaps is left out; empty where it is kept."""
    arms = [(trial.treatment == arm, label) for arm, label in ((0.0, trial.control_name), (1.0, trial.treated_name))]
    unknown = [label for rows, label in arms if rows.any() and gap[rows].all()]
    if unknown:
        return f"{name} is not known for anybody in {' and '.join(unknown)}: it is left out"
    if not gap.any():
        return ""
    p_value = primary_effect(asked_of(trial, gap.astype(np.float64), name)).p_value
    if p_value is None or p_value >= UNLIKELY:
        return ""
    counts = " and ".join(f"{int(gap[rows].sum())} of {int(rows.sum())} people in {label}" for rows, label in arms)
    return f"{name} is missing for {counts}, more unlike than chance explains: it was not measured before treatment for all, and is left out"
