"""All groups in one regression, for clusters that have people of several groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg

from commonbeat.estimate.effects.adjusted import UNITS_PER_COLUMN
from commonbeat.estimate.effects.columns import additive, block_columns, independent_count, interacted, known_before
from commonbeat.estimate.effects.units import comparable, layout, unit_counts
from commonbeat.estimate.linear import LinearFit, Regression, prepare_regression
from commonbeat.estimate.linear.clustered import Adjustment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.estimate.trial import Floats, Trial

LARGEST_TABLE = 30_000_000  # clusters times columns squared, above which one regression would take gigabytes


@dataclass(frozen=True, slots=True, eq=False)
class JointFit:
    """The regression, its fit, and effects [groups, p]: each row picks a group's effect out of the coefficients."""

    regression: Regression
    fit: LinearFit
    effects: Floats

    def hotelling_df(self, steps: Floats) -> float:
        """Degrees eta of the approximate Hotelling test of `steps` [q, p]: q (q + 1) / sum over s, t of Var(V_st), V standardised.

        V_st is a sum over clusters of products of adjusted scores, whose working covariance is (g = h) own + reach_g' K reach_h, so that
        Var(V_st) = sum over g, h of P_ss P_tt + P_st P_ts is found from sums over single clusters.
        """
        adjustment = self.regression.adjustment
        if not isinstance(adjustment, Adjustment):
            raise TypeError("the approximate Hotelling test needs CR2")
        turned = steps @ self.regression.basis.inverse
        own, within, _ = _working_parts(adjustment, turned)
        root = np.linalg.inv(
            np.linalg.cholesky((own + within).sum(axis=0))
        )  # any root: the sum below is the same in all axes
        own, within, reach = _working_parts(adjustment, root @ turned)
        crossed = np.einsum("grs,gut->stru", reach, reach)
        middle = np.einsum("ab,stbc->stac", adjustment.between, crossed)
        total = 0.0
        for first, second in np.ndindex(len(steps), len(steps)):
            diagonal = own[:, first, first], own[:, second, second], within[:, first, first], within[:, second, second]
            mixed, mixed_within = own[:, first, second], within[:, first, second]
            total += float((diagonal[0] * (diagonal[1] + diagonal[3]) + diagonal[2] * diagonal[1]).sum())
            total += float((mixed * (mixed + 2 * mixed_within)).sum())
            # sums over g, h of W_ss W_tt and of W_st W_ts, as traces
            back = middle[second, first]
            total += float(np.trace((middle[first, second] + back) @ back))
        return len(steps) * (len(steps) + 1) / total


def _working_parts(adjustment: Adjustment, contrasts: Floats) -> tuple[Floats, Floats, Floats]:
    """Own [G, q, q], within [G, q, q] and reach [G, r, q] along the contrasts [q, p], given in the basis."""
    own = contrasts @ adjustment.own @ contrasts.T
    reach = adjustment.reach @ contrasts.T
    within = np.swapaxes(reach, -1, -2) @ adjustment.between @ reach
    return own, within, reach


def fit_jointly(trial: Trial, parts: Sequence[Trial]) -> JointFit | None:
    """One regression in which each group (a part of the trial) has its own constant, effect and controls, CR2 over all clusters.

    Within a group the columns are those of the adjusted effect: baseline, covariates and blocks less their mean in the group, and
    these times treatment where the smaller arm has two units for each; its coefficients are those of a regression of the group alone.
    None where clusters times columns squared would take gigabytes, and where a block has a single unit in an arm, as no regression then
    gives the groups' own effects with their variance.
    """
    used = [comparable(part)[0] for part in parts]
    if any(layout(part) in {"single", "pairs"} for part in used):
        return None
    most = sum(most_columns(part) for part in used)
    if (trial.treatment.size + most * np.unique(np.asarray(trial.cluster)).size) * most > LARGEST_TABLE:
        return None
    columns = [adjusted_columns(part) for part in used]
    regressors = np.asarray(linalg.block_diag(*columns), dtype=np.float64)
    names = [f"{group}:{at}" for group, each in enumerate(columns) for at in range(each.shape[1])]
    weights = (
        None if trial.weight is None else np.concatenate([part.weight for part in used if part.weight is not None])
    )
    clusters = np.concatenate([part.cluster for part in used if part.cluster is not None])
    regression = prepare_regression(regressors, weights=weights, clusters=clusters, names=names)
    fit = regression.fit(np.concatenate([part.outcome for part in used]))
    effects = np.array([[float(name == f"{group}:1") for name in fit.names] for group in range(len(parts))])
    return JointFit(regression, fit, effects)


def most_columns(part: Trial) -> int:
    """How many columns `adjusted_columns` may have."""
    covariates = part.covariates.shape[1] + (0 if part.baseline is None else 2)
    blocks = 0 if part.block is None else int(np.unique(part.block).size) - 1
    return 2 * (1 + covariates + blocks)


def adjusted_columns(part: Trial) -> Floats:
    """The columns [n, p] of the adjusted effect, the treatment second; `part` has answers only, as from `comparable`.

    Blocks in which an arm has a single unit, and arms too small for so many columns, get controls without interactions: the effect is then
    weighted otherwise than by the blocks' sizes.
    """
    known = known_before(part).columns
    blocks = block_columns(part.block, len(part.outcome))
    controls = np.column_stack([known, blocks])
    smaller = int(unit_counts(part).sum(axis=0).min())
    small = bool(known.size) and smaller < UNITS_PER_COLUMN * (independent_count(controls) + 1)
    if small or not controls.size or layout(part) in {"crossed", "single", "pairs"}:
        return additive(part.treatment, controls)
    return interacted(part.treatment, controls, part.weight)
