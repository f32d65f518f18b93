"""The difference in means between arms: plain, weighted, clustered, within blocks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.estimate.effects.columns import TREATMENT, additive, block_columns, interacted, labels
from commonbeat.estimate.effects.pairs import paired_difference
from commonbeat.estimate.effects.single import size_weighted
from commonbeat.estimate.effects.units import clusters_cross_blocks, count_clusters, layout, renumbered, unit_counts
from commonbeat.estimate.linear import Contrast, LinearFit, fit_linear

if TYPE_CHECKING:
    from commonbeat.estimate.linear.fit import Kind
    from commonbeat.estimate.trial import Floats, Trial


LARGEST_TABLE = 20_000_000  # clusters times columns squared: CR2 keeps a few tables of as many numbers
ENDINGS: dict[Kind, str] = {
    "HC2": "HC2, Satterthwaite",
    "CR2": "CR2, Satterthwaite",
    "stata": "CR1S, clusters less one (too many columns for CR2)",
}
PASSED = "The fit passes through {} of the {}, which therefore say nothing about error: the interval may be too short."


class Difference(NamedTuple):
    """A contrast, the words for how it came about, and what weakens it."""

    contrast: Contrast
    method: str
    warnings: tuple[str, ...] = ()


CROSSED = (
    "Some {0}s have a single unit in an arm, and clusters lie in several {0}s or arms: {0}s weigh by how much they can tell (fixed effects), not "
    "by their size, and the effect is that weighted mean."
)
SINGLE = "An arm has a single unit: nothing tells its luck from the effect, so there is no interval."


def difference_in_means(trial: Trial) -> Difference:
    """The difference in means with the variance that the trial's design allows; every block has answers of both arms."""
    ending = ENDINGS["HC2" if trial.cluster is None else "CR2"]
    arranged = layout(trial)
    if arranged == "pairs":
        return Difference(paired_difference(trial), "matched pairs, variance between pairs")
    if arranged == "blocks":
        return Difference(block_weighted(trial), f"{trial.block_word}-weighted difference in means, {ending}")
    if unit_counts(trial).sum(axis=0).min() < 2:
        return Difference(Contrast(_difference(trial), math.nan, 0.0), "difference in means, no interval", (SINGLE,))
    if arranged == "single":
        contrast, warning = size_weighted(trial)
        ending = ending if math.isfinite(contrast.std_error) else "no interval"
        return Difference(contrast, f"{trial.block_word}-weighted difference in means, {ending}", (warning,))
    if arranged == "crossed":
        columns = additive(trial.treatment, block_columns(trial.block, len(trial.outcome)))
        fit = regress(trial, columns)
        words = f"difference in means with {trial.block_word} fixed effects, {ENDINGS[fit.kind]}"
        return Difference(fit.of(TREATMENT), words, (CROSSED.format(trial.block_word), *passed_through(fit)))
    if trial.cluster is None and trial.weight is None:
        return Difference(welch(trial.outcome, trial.treatment), "difference in means, HC2, Welch")
    contrast = regress(trial, np.column_stack([np.ones(len(trial.outcome)), trial.treatment])).of(TREATMENT)
    return Difference(contrast, f"difference in means, {ending}")


def regress(trial: Trial, columns: Floats) -> LinearFit:
    """The trial's outcome on these columns (constant, treatment, others), with its weights and clusters."""
    return fit_linear(
        trial.outcome,
        columns,
        weights=trial.weight,
        clusters=trial.cluster,
        names=labels(columns),
        kind=covariance_kind(trial, columns.shape[1]),
    )


def covariance_kind(trial: Trial, columns: int) -> Kind:
    """HC2, or with clusters CR2; CR1S where CR2's tables would take gigabytes, and clusters are so many that it hardly matters."""
    clusters = count_clusters(trial)
    if clusters is None:
        return "HC2"
    return "CR2" if clusters * columns**2 <= LARGEST_TABLE else "stata"


def passed_through(fit: LinearFit) -> tuple[str, ...]:
    """A sentence where rows or clusters are fitted without residual."""
    what = "people" if fit.clusters is None else "clusters"
    return (PASSED.format(fit.fully_fitted, what),) if fit.fully_fitted else ()


def welch(outcome: Floats, treatment: Floats) -> Contrast:
    """The difference of two means with a variance for each arm (HC2 is the same) and Welch's degrees of freedom.

    df = (v1 + v0)**2 / (v1**2 / (n1 - 1) + v0**2 / (n0 - 1)), v = variance / n. Welch (1947), Biometrika 34: 28. At least two an arm.
    """
    treated, control = outcome[treatment > 0], outcome[treatment == 0]
    parts = [(float(arm.var(ddof=1)) / len(arm), len(arm) - 1) for arm in (treated, control)]
    total = sum(part for part, _ in parts)
    below = sum(part**2 / free for part, free in parts)
    estimate = float(treated.mean() - control.mean())
    return Contrast(estimate, math.sqrt(total), total**2 / below if below > 0 else 0.0)


def block_weighted(trial: Trial) -> Contrast:
    """The blocks' differences, weighted by their share of people (of weights); at least two units an arm and block.

    It is the treatment's coefficient in Lin's regression on block columns, whose HC2 or CR2 and working covariance fall apart into those
    of the blocks: variance = sum share**2 V_b, df = (sum share**2 trace_b)**2 / sum share**4 norm_b.
    """
    if clusters_cross_blocks(trial):
        columns = interacted(trial.treatment, block_columns(trial.block, len(trial.outcome)), trial.weight)
        return regress(trial, columns).of(TREATMENT)
    codes = renumbered(np.zeros(len(trial.outcome), np.int64) if trial.block is None else trial.block)
    mass = np.bincount(codes, trial.weight).astype(np.float64)
    estimate = variance = trace = norm = 0.0
    order = np.argsort(codes, kind="stable")
    for share, rows in zip(mass / mass.sum(), np.split(order, np.cumsum(np.bincount(codes))[:-1]), strict=True):
        columns = np.column_stack([np.ones(len(rows)), trial.treatment[rows]])
        weights = None if trial.weight is None else trial.weight[rows]
        clusters = None if trial.cluster is None else trial.cluster[rows]
        fit = fit_linear(trial.outcome[rows], columns, weights=weights, clusters=clusters)
        block_trace, block_norm = fit.working_moments([0, 1])
        estimate += share * fit.coefficients[1]
        variance += share**2 * fit.covariance[1, 1]
        trace += share**2 * block_trace
        norm += share**4 * block_norm
    return Contrast(float(estimate), math.sqrt(variance), float(trace**2 / norm))


def _difference(trial: Trial) -> float:
    means = [
        np.average(trial.outcome[at], weights=None if trial.weight is None else trial.weight[at]) for at in _arms(trial)
    ]
    return float(means[0] - means[1])


def _arms(trial: Trial) -> tuple[np.ndarray, np.ndarray]:
    return trial.treatment > 0, trial.treatment == 0
