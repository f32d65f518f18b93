"""Thousands of simulated trials at once, by the same algebra as a single one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.effects.adjusted import UNITS_PER_COLUMN
from commonbeat.estimate.effects.columns import block_columns
from commonbeat.estimate.effects.intention import primary_effect
from commonbeat.estimate.linear.clustered import adjust_unweighted, adjust_weighted
from commonbeat.estimate.linear.rows import adjust_rows
from commonbeat.estimate.trial import Trial
from commonbeat.kernels.moments import cluster_moments

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from commonbeat.estimate.trial import Codes, Floats

CHUNK_NUMBERS = 8_000_000  # numbers held at once by one piece of the work: 64 MB
SMALLEST_EIGENVALUE = 1e-10  # of the columns' correlations, below which they count as dependent


@dataclass(frozen=True, slots=True, eq=False)
class BatchEffects:
    """The effect in each of T trials: estimate, standard error, degrees of freedom [T]; nan where a trial gives none."""

    estimate: Floats
    std_error: Floats
    df: Floats

    def p_values(self) -> Floats:
        """Two-sided, by Student's t."""
        return 2 * stats.t.sf(np.abs(self.estimate / self.std_error), self.df)

    def intervals(self, level: float = 0.05) -> tuple[Floats, Floats]:
        """Ends of the interval that covers 1 - level."""
        half = stats.t.isf(level / 2, self.df) * self.std_error
        return self.estimate - half, self.estimate + half


def batch_effects(
    outcomes: ArrayLike,
    treatment: ArrayLike,
    clusters: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    blocks: ArrayLike | None = None,
    covariates: ArrayLike | None = None,
) -> BatchEffects:
    """The intention-to-treat effect of each trial: outcomes [T, n] under treatment [n] or [T, n] (0 and 1).

    clusters, blocks: labels [n]; weights [n]; covariates [n, k] or [T, n, k]. Outcomes may hold nan: those people are left out of that trial. The
    same estimates, standard errors and degrees of freedom as `intention_to_treat` gives one by one: Welch without anything else, else Lin's
    regression with HC2 or CR2. A trial that Lin's regression does not fit (pairs, a block with a single unit in an arm, dependent columns)
    is estimated by itself, so it costs a millisecond or more; one that has no interval gives nan.
    """
    many = _Many(
        np.atleast_2d(np.asarray(outcomes, dtype=np.float64)),
        treatment,
        clusters=clusters,
        weights=weights,
        blocks=blocks,
        covariates=covariates,
    )
    return many.effects()


class _Many:
    """The trials as arrays that broadcast: outcome and treatment [T, n], controls [1 or T, n, k], and labels as codes [n]."""

    def __init__(self, outcomes: Floats, treatment: ArrayLike, **given: ArrayLike | None) -> None:
        self.outcome = outcomes
        self.treatment = np.broadcast_to(np.asarray(treatment, dtype=np.float64), outcomes.shape)
        weights = given["weights"]
        self.weight = None if weights is None else np.asarray(weights, dtype=np.float64) / np.mean(np.asarray(weights))
        self.cluster = _codes(given["clusters"])
        self.block = _codes(given["blocks"])
        covariates = given["covariates"]
        people = outcomes.shape[1]
        found = np.empty((1, people, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
        self.covariates = found[None] if found.ndim == 2 else found
        blocks = np.broadcast_to(block_columns(self.block, people), (len(self.covariates), people, self._blocks - 1))
        self.controls = np.concatenate([self.covariates, blocks], axis=2)

    @property
    def _blocks(self) -> int:
        return 1 if self.block is None else int(self.block.max()) + 1

    def effects(self) -> BatchEffects:
        """Every trial's effect, some trials at a time so that the tables stay small."""
        columns = 2 + 2 * self.controls.shape[2]
        clusters = 0 if self.cluster is None else int(self.cluster.max()) + 1
        width = max(columns * self.outcome.shape[1], 16 * clusters * columns**2)
        count = max(1, CHUNK_NUMBERS // width)
        pieces = [self._piece(slice(start, start + count)) for start in range(0, len(self.outcome), count)]
        estimate, std_error, df = (np.concatenate(each) for each in zip(*pieces, strict=True))
        for trial in np.flatnonzero(np.isnan(estimate)):
            estimate[trial], std_error[trial], df[trial] = self._alone(int(trial))
        return BatchEffects(estimate, std_error, df)

    def _piece(self, rows: slice) -> tuple[Floats, Floats, Floats]:
        outcome, treatment = self.outcome[rows], self.treatment[rows]
        answered = ~np.isnan(outcome)
        if self.cluster is None and self.weight is None and not self.controls.shape[2]:
            return _welch(np.where(answered, outcome, 0.0), treatment, answered)
        controls = self.controls[rows] if len(self.controls) > 1 else self.controls
        weight = np.ones(outcome.shape[1]) if self.weight is None else self.weight
        design = _lin(treatment, controls, answered, weight)
        fits, turn = _orthonormal(design, weight)
        fits &= np.array([self._enough(*each) for each in zip(treatment, answered, strict=True)])
        turn = np.where(fits[:, None, None], turn, 0.0)
        design = design @ turn
        middle = np.nanmean(outcome, axis=1, keepdims=True) if answered.any(axis=1).all() else 0.0
        centred = np.where(answered, outcome - middle, 0.0)
        inside = np.einsum("tnp,tn->tp", design, centred * weight)
        residual = centred - np.einsum("tnp,tp->tn", design, inside)
        contrast = turn[:, 1]
        variance, trace, norm = self._variance(design, residual, contrast)
        with np.errstate(invalid="ignore", divide="ignore"):
            estimate = np.where(fits, np.einsum("tp,tp->t", contrast, inside), np.nan)
            return estimate, np.where(fits, np.sqrt(variance), np.nan), np.where(fits, trace**2 / norm, np.nan)

    def _variance(self, design: Floats, residual: Floats, contrast: Floats) -> tuple[Floats, Floats, Floats]:
        if self.cluster is None:
            return self._row_variance(design, residual, contrast)
        trials, _, columns = design.shape
        clusters = int(self.cluster.max()) + 1
        powers = (1, 1) if self.weight is None else (3, 2)
        products = np.zeros((trials, powers[0], clusters, columns, columns))
        moments = np.zeros((trials, powers[1], clusters, columns, 1))
        weight = np.ones(design.shape[1]) if self.weight is None else self.weight
        for at in range(trials):
            rest = np.ascontiguousarray(residual[at][:, None])
            cluster_moments(np.ascontiguousarray(design[at]), weight, rest, self.cluster, products[at], moments[at])
        adjustment = (
            adjust_unweighted(products[:, 0])
            if self.weight is None
            else adjust_weighted(products, products[:, 2].sum(axis=1))
        )
        stacked = np.concatenate(list(np.swapaxes(moments, 0, 1)), axis=2)[..., 0]
        along = np.einsum("tp,tgpr->tgr", contrast, adjustment.score)
        trace, norm = adjustment.working_moments(contrast)
        return (np.einsum("tgr,tgr->tg", along, stacked) ** 2).sum(axis=1), trace, norm

    def _row_variance(self, design: Floats, residual: Floats, contrast: Floats) -> tuple[Floats, Floats, Floats]:
        root = np.ones(design.shape[1]) if self.weight is None else np.sqrt(self.weight)
        adjustment = adjust_rows(design * root[:, None], self.weight)
        along = np.einsum("tnp,tp->tn", adjustment.rows, contrast) * adjustment.enlarge * residual * root
        return ((along**2).sum(axis=1), *adjustment.working_moments(contrast))

    def _enough(self, treatment: Floats, answered: NDArray[np.bool_]) -> bool:
        """Whether `intention_to_treat` would choose Lin's regression: two units in every block and arm, and units for the columns."""
        block = np.zeros(len(answered), dtype=np.int64) if self.block is None else self.block
        cell = (2 * block + (treatment > 0))[answered]
        if self.cluster is None:
            counts = np.bincount(cell, minlength=2 * self._blocks)
        else:
            present = np.zeros((2 * self._blocks, int(self.cluster.max()) + 1), dtype=bool)
            present[cell, self.cluster[answered]] = True
            counts = present.sum(axis=1)
        smaller = counts.reshape(-1, 2).sum(axis=0).min()
        columns = self.controls.shape[2] + 1
        needed = UNITS_PER_COLUMN * columns if self.covariates.shape[2] else 2
        return bool(counts.min() >= 2 and smaller >= needed)

    def _alone(self, at: int) -> tuple[float, float, float]:
        covariates = self.covariates[at if len(self.covariates) > 1 else 0]
        trial = Trial(
            self.outcome[at],
            np.array(self.treatment[at]),
            self.cluster,
            self.block,
            self.weight,
            covariates if covariates.size else np.empty((0, 0)),
        )
        found = primary_effect(trial)
        if found.estimate is None or found.ci_low is None or found.std_error is None or found.df is None:
            return np.nan, np.nan, np.nan
        return found.estimate, found.std_error, found.df


def _lin(treatment: Floats, controls: Floats, answered: NDArray[np.bool_], weight: Floats) -> Floats:
    """Lin's regressors [T, n, p], rows without an answer 0: constant, treatment, centred controls, and these times treatment."""
    mass = answered * weight
    total = np.maximum(mass.sum(axis=1), 1e-300)[:, None, None]
    middle = np.einsum("tn,tnk->tk", mass, np.broadcast_to(controls, (*mass.shape, controls.shape[2])))[:, None] / total
    centred = controls - middle
    arm = treatment[:, :, None]
    return np.concatenate([np.ones_like(arm), arm, centred, centred * arm], axis=2) * answered[:, :, None]


def _orthonormal(design: Floats, weight: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Which designs have independent columns, and the matrix [T, p, p] that makes their columns orthonormal in the weights."""
    products = np.swapaxes(design, 1, 2) @ (design * weight[:, None])
    size = np.sqrt(np.einsum("tpp->tp", products))
    size = np.where(size > 0, size, 1.0)
    products = products / size[:, :, None] / size[:, None, :]
    fits = np.linalg.eigvalsh(products)[:, 0] > SMALLEST_EIGENVALUE
    products = np.where(fits[:, None, None], products, np.eye(design.shape[2]))
    lower = np.linalg.inv(np.linalg.cholesky(products))
    return fits, np.swapaxes(lower, 1, 2) / size[:, :, None]


def _welch(outcome: Floats, treatment: Floats, answered: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Welch's comparison in every trial: difference, standard error, degrees of freedom."""
    means, parts, free = [], [], []
    with np.errstate(invalid="ignore", divide="ignore"):
        for arm in (answered * treatment, answered * (1 - treatment)):
            count = arm.sum(axis=1)
            mean = (arm * outcome).sum(axis=1) / count
            spread = (arm * (outcome - mean[:, None]) ** 2).sum(axis=1)
            means.append(np.where(count > 1, mean, np.nan))
            parts.append(spread / (count - 1) / count)
            free.append(count - 1)
        variance = parts[0] + parts[1]
        df = variance**2 / (parts[0] ** 2 / free[0] + parts[1] ** 2 / free[1])
    return means[0] - means[1], np.sqrt(variance), df


def _codes(labels: ArrayLike | None) -> Codes | None:
    return None if labels is None else np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
