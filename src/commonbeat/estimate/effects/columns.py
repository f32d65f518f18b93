"""Regressors of a trial: treatment, what was known before it, and blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.effects.units import renumbered
from commonbeat.estimate.linear.basis import independent_columns

if TYPE_CHECKING:
    from commonbeat.estimate.trial import Codes, Floats, Trial

TREATMENT = "treatment"


@dataclass(frozen=True, slots=True, eq=False)
class Controls:
    """Columns [n, k] known before treatment, their names, and sentences on what was done to them."""

    columns: Floats
    names: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def known_before(trial: Trial) -> Controls:
    """Baseline and covariates; a missing baseline becomes the mean of the others and a column says so.

    Filling in before treatment is known biases nothing in a randomised trial: White and Thompson (2005), Stat. Med. 24: 993.
    """
    parts: list[Floats] = []
    names: list[str] = []
    warnings: list[str] = []
    if trial.baseline is not None:
        missing = np.isnan(trial.baseline)
        if missing.all():
            warnings.append("The baseline is missing for everybody who answered: it is left out.")
        else:
            parts.append(np.where(missing, np.nanmean(trial.baseline), trial.baseline))
            names.append("baseline")
        if missing.any() and not missing.all():
            parts.append(missing.astype(np.float64))
            names.append("baseline missing")
            warnings.append(
                f"{int(missing.sum())} baselines are missing: the mean stands in, with a column that says so."
            )
    if trial.covariates.size:
        parts.extend(trial.covariates.T)
        names.extend(trial.covariate_names or tuple(f"covariate {at + 1}" for at in range(trial.covariates.shape[1])))
    columns = np.column_stack(parts) if parts else np.empty((len(trial.outcome), 0))
    return Controls(columns, tuple(names), tuple(warnings))


def block_columns(block: Codes | None, n: int) -> Floats:
    """0/1 columns of all blocks but the first, [n, blocks - 1]; none without blocks."""
    if block is None:
        return np.empty((n, 0))
    codes = renumbered(block)
    return (codes[:, None] == np.arange(1, codes.max(initial=0) + 1)).astype(np.float64)


def interacted(treatment: Floats, controls: Floats, weight: Floats | None) -> Floats:
    """Constant, treatment, controls less their (weighted) mean, and these times treatment: Lin (2013), Ann. Appl. Stat. 7: 295.

    The treatment's coefficient is then the mean effect over everybody, whatever the share treated at each value of the controls.
    """
    centred = controls - np.average(controls, axis=0, weights=weight)
    return np.column_stack([np.ones(len(treatment)), treatment, centred, centred * treatment[:, None]])


def additive(treatment: Floats, controls: Floats) -> Floats:
    """Constant, treatment and controls."""
    return np.column_stack([np.ones(len(treatment)), treatment, controls - controls.mean(axis=0)])


def labels(columns: Floats) -> tuple[str, ...]:
    """Names for the regressors of `interacted` and `additive`; the second column is the treatment."""
    return ("constant", TREATMENT, *(f"control {at}" for at in range(1, columns.shape[1] - 1)))


def independent_count(columns: Floats) -> int:
    """How many of the columns say something new beside a constant."""
    if not columns.size:
        return 0
    triangle = np.asarray(np.linalg.qr(columns - columns.mean(axis=0), mode="r"))
    return int(independent_columns(triangle).sum())
