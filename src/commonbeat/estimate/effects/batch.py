"""Thousands of simulated trials at once, by the same algebra as a single one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from commonbeat.estimate.effects.adjusted import UNITS_PER_COLUMN
from commonbeat.estimate.effects.columns import block_columns
from commonbeat.estimate.effects.intention import primary_effect
from commonbeat.estimate.effects.many import Many, by_clusters, by_rows, by_welch
from commonbeat.estimate.trial import Trial
from commonbeat.kernels.trials import count_units

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from commonbeat.estimate.trial import Codes, Floats

CHUNK_NUMBERS = 1_000_000  # numbers held at once by one piece of the work: 8 MB, which caches hold


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
    found = np.atleast_2d(np.asarray(outcomes, dtype=np.float64))
    arms = np.asarray(treatment, dtype=np.float64)
    block, people = _codes(blocks), found.shape[1]
    known = np.empty((1, people, 0)) if covariates is None else np.asarray(covariates, dtype=np.float64)
    known = known[None] if known.ndim == 2 else known
    many = Many(
        np.require(found, requirements=["C", "W"]),  # kernels take no read-only arrays
        np.require(arms if arms.shape == found.shape else np.broadcast_to(arms, found.shape), requirements=["C", "W"]),
        _with_blocks(known, block),
        None if weights is None else np.asarray(weights, dtype=np.float64) / np.mean(np.asarray(weights)),
        _codes(clusters),
    )
    chosen = _chosen(many, block, covariates is not None)
    estimate, std_error, df = (np.concatenate(each) for each in zip(*_parts(many), strict=True))
    alone = np.flatnonzero(~chosen | np.isnan(estimate))
    for trial in alone:
        estimate[trial], std_error[trial], df[trial] = _alone(many, known, block, int(trial))
    return BatchEffects(estimate, std_error, df)


def _parts(many: Many) -> list[tuple[Floats, Floats, Floats]]:
    """The trials' figures, some trials at a time so that what lies between stays small."""
    columns = 2 + 2 * many.controls.shape[2]
    if many.cluster is None:
        estimator = by_rows if many.weight is not None or many.controls.shape[2] else by_welch
        width = columns * many.outcome.shape[1]
    else:
        estimator = by_clusters
        width = 12 * many.clusters * columns**2 + many.outcome.shape[1]
    count = max(1, CHUNK_NUMBERS // width)
    return [estimator(many.some(slice(start, start + count))) for start in range(0, len(many.outcome), count)]


def _chosen(many: Many, block: Codes | None, adjusts: bool) -> NDArray[np.bool_]:  # noqa: FBT001  says what was given
    """Trials for which `intention_to_treat` takes Lin's regression: two units in every block and arm, and units for the columns."""
    trials, people = many.outcome.shape
    codes = np.zeros(people, np.int64) if block is None else block
    cells = 2 * (int(codes.max()) + 1)
    counts = np.zeros((trials, cells), np.int64)
    cluster = np.empty(0, np.int64) if many.cluster is None else many.cluster
    seen = np.zeros((cells, max(many.clusters, 1)), np.uint8)
    count_units(many.outcome, many.treatment, codes, cluster, seen, counts)
    smaller = counts.reshape(trials, -1, 2).sum(axis=1).min(axis=1)
    needed = UNITS_PER_COLUMN * (many.controls.shape[2] + 1) if adjusts else 2
    return (counts.min(axis=1) >= 2) & (smaller >= needed)


def _alone(many: Many, covariates: Floats, block: Codes | None, at: int) -> tuple[float, float, float]:
    own = covariates[at if len(covariates) > 1 else 0]
    trial = Trial(
        many.outcome[at],
        np.array(many.treatment[at]),
        many.cluster,
        block,
        many.weight,
        own if own.size else np.empty((0, 0)),
    )
    found = primary_effect(trial)
    if found.estimate is None or found.ci_low is None or found.std_error is None or found.df is None:
        return np.nan, np.nan, np.nan
    return found.estimate, found.std_error, found.df


def _with_blocks(covariates: Floats, block: Codes | None) -> Floats:
    """Covariates and block columns [1 or T, n, k], less their means over everybody, so that sums lose no digits."""
    columns = block_columns(block, covariates.shape[1])
    controls = np.concatenate([covariates, np.broadcast_to(columns, (len(covariates), *columns.shape))], axis=2)
    return controls - controls.mean(axis=1, keepdims=True)


def _codes(labels: ArrayLike | None) -> Codes | None:
    return None if labels is None else np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
