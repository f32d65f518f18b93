"""The wild cluster bootstrap: a p value for few clusters that does not lean on their number being large."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

from commonbeat import luck
from commonbeat.errors import DesignError, Mistake
from commonbeat.estimate.resampling.null_curve import NullCurve
from commonbeat.estimate.resampling.sums import add_up, known_before
from commonbeat.estimate.row import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from commonbeat.estimate.trial import Trial

    Floats = NDArray[np.float64]

RADEMACHER = np.array([-1.0, 1.0])
WEBB = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
FEWEST_FOR_SIGNS = 6  # below this, all sign vectors together cannot reach p = .05 by enough
_WEIGHTS_AT_ONCE = 4_000_000
FEWEST_IN_AN_ARM = (
    4  # fewer treated (or control) clusters make the restricted bootstrap reject far too seldom or too often
)


def wild_cluster_bootstrap(
    trial: Trial,
    *,
    seed: int,
    draws: int = 9_999,
    weights: Literal["by clusters", "rademacher", "webb"] = "by clusters",
) -> Estimate:
    """The regression's effect with the p value and interval of the restricted wild cluster bootstrap.

    outcome = effect * treatment + b' (1, blocks, covariates, baseline) + error, by (weighted) least squares. Under the tested effect c
    the residuals u are those of outcome - c * treatment without treatment; each redrawn world multiplies a cluster's residuals by one
    random weight v_g, is fitted again, and gives t = (effect* - c) / SE*, SE by CR0 (a constant factor cancels). p is the share of |t*| at
    least |t|; the interval holds the c that are not rejected (Cameron, Gelbach & Miller 2008, doi 10.1162/rest.90.3.414;
    Roodman et al. 2019, doi 10.1177/1536867X19830877). v_g is -1 or 1, or Webb's six values below six clusters (Webb 2023,
    doi 10.1111/caje.12661). All weight vectors are used where they are no more than `draws` + 1. std_error: CR1 as Stata has it.
    Raises DesignError without clusters, or when treatment follows from blocks and covariates.
    """
    asked = trial.answered()
    regression = _regression(asked)
    clusters = len(regression.strength)
    values = {"rademacher": RADEMACHER, "webb": WEBB}.get(weights, RADEMACHER if clusters >= FEWEST_FOR_SIGNS else WEBB)
    listed = len(values) ** clusters <= draws + 1
    worlds = np.concatenate([regression.worlds(each) for each in _weight_vectors(values, clusters, draws, seed)])
    curve = NullCurve(regression.centre, regression.worlds(np.ones((1, clusters)))[0], worlds, listed)
    low, high = curve.interval(asked.level)
    kind = "signs" if len(values) == 2 else "Webb's weights"
    number = f"all {len(worlds):,}" if listed else f"{len(worlds):,} draws of"
    return Estimate(
        estimand=f"intention to treat: {trial.outcome_name}",
        estimate=curve.estimate,
        std_error=regression.factor * curve.std_error,
        df=None,
        ci_low=low,
        ci_high=high,
        p_value=curve.p_value(0.0),
        n=len(asked.outcome),
        clusters=clusters,
        method=f"regression{regression.beside}, wild cluster bootstrap, null imposed, {number} {kind}",
        warnings=_warnings(asked),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """What the bootstrap needs of the regression, summed by cluster; index 0: of the outcome, 1: of the treatment.

    pulled [2, G]: T~_g' e_g, with T~ the treatment less what the other columns explain, and e the residual of outcome or treatment on
    the other columns. leverage [G, k]: T~_g' X_g and moved [2, G, k]: e_g' X_g, with X an orthonormal basis of the other columns.
    strength [G]: T~_g' T~_g. factor: from CR0 to CR1. Roots of weights are inside all of them.
    """

    centre: float
    pulled: Floats
    leverage: Floats
    moved: Floats
    strength: Floats
    factor: float
    beside: str

    def worlds(self, vectors: Floats) -> Floats:
        """The five numbers [R, 5] of worlds in which cluster g's residuals are multiplied by vectors[:, g].

        effect* - c = sum_g v_g pulled_g / sum strength; cluster h's score = v_h pulled_h - leverage_h' (sum_g v_g moved_g)
        - strength_h (effect* - c), each linear in the tested effect c.
        """
        whole = self.strength.sum()
        effects, scores = [], []
        for pulled, moved in zip(self.pulled, self.moved, strict=True):
            effect = vectors @ pulled / whole
            scores.append(vectors * pulled - (vectors @ moved) @ self.leverage.T - effect[:, None] * self.strength)
            effects.append(effect)
        parabola = [(scores[a] * scores[b]).sum(axis=1) / whole**2 for a, b in ((0, 0), (0, 1), (1, 1))]
        return np.column_stack([*effects, *parabola])


def _regression(trial: Trial) -> _Regression:
    heading = "The wild cluster bootstrap cannot be drawn:"
    if trial.cluster is None:
        raise DesignError(heading, [Mistake("cluster", None, "is missing", "Name the column with `cluster`.")])
    cluster = np.unique(trial.cluster, return_inverse=True)[1]
    root = np.sqrt(np.ones(len(trial.outcome)) if trial.weight is None else trial.weight)
    beside = _independent(root[:, None] * _beside(trial))
    columns = root[:, None] * np.column_stack([trial.outcome, trial.treatment])
    residual = (columns - beside @ (beside.T @ columns)).T  # `beside` has orthonormal columns
    clusters = int(cluster.max()) + 1
    whole = float(residual[1] @ residual[1])
    if clusters < 2 or whole <= 1e-10 * float(columns[:, 1] @ columns[:, 1]):
        rule = "does not vary once blocks and covariates are known"
        raise DesignError(heading, [Mistake("treatment", None, rule, "Leave out what decides it.")])
    centre = float(residual[0] @ residual[1]) / whole
    residual[0] -= centre * residual[1]
    leverage, *moved = (_by_cluster(beside * each[:, None], cluster, clusters) for each in (residual[1], *residual))
    n, k = len(trial.outcome), beside.shape[1] + 1
    return _Regression(
        centre,
        np.stack([add_up(cluster, residual[1] * each) for each in residual]),
        leverage,
        np.stack(moved),
        add_up(cluster, residual[1] ** 2),
        float(np.sqrt(clusters / (clusters - 1) * (n - 1) / (n - k))) if n > k else 1.0,
        _said_beside(trial),
    )


def _beside(trial: Trial) -> Floats:
    known = known_before(trial)
    if trial.block is None:
        return np.column_stack([np.ones(len(trial.outcome)), known])
    codes = np.unique(trial.block, return_inverse=True)[1]
    return np.column_stack([np.eye(codes.max() + 1)[codes], known])


def _independent(columns: Floats) -> Floats:
    """An orthonormal basis of what the columns span."""
    scale = np.sqrt((columns**2).sum(axis=0))
    left, size, _ = np.linalg.svd(columns[:, scale > 0] / scale[scale > 0], full_matrices=False)
    return left[:, size > 1e-10 * size[0]]


def _by_cluster(rows: Floats, cluster: NDArray[np.int64], clusters: int) -> Floats:
    return np.stack([add_up(cluster, column, clusters) for column in rows.T], axis=1)


def _weight_vectors(values: Floats, clusters: int, draws: int, seed: int) -> Iterator[Floats]:
    """Weights [R, clusters], a few million at a time: all vectors, when there are no more than `draws` + 1 of them."""
    if len(values) ** clusters <= draws + 1:
        yield np.array(list(product(values, repeat=clusters)))
        return
    at_once = max(1, _WEIGHTS_AT_ONCE // clusters)
    for first in range(0, draws, at_once):
        rows = np.arange(first, min(first + at_once, draws))
        chosen = luck.uniforms(seed, luck.SIGN, rows[:, None], np.arange(clusters)[None, :])
        yield values[(chosen * len(values)).astype(np.int64)]


def _said_beside(trial: Trial) -> str:
    known = [*trial.covariate_names, *(["baseline"] if trial.baseline is not None else [])]
    blocks = [f"levels of {trial.block_name}"] if trial.block is not None else []
    return f" beside {', '.join(blocks + known)}" if blocks + known else ""


def _warnings(trial: Trial) -> tuple[str, ...]:
    found = []
    if trial.cluster is None:
        return ()
    for arm, name in ((1, trial.treated_name), (0, trial.control_name)):
        clusters = len(np.unique(trial.cluster[trial.treatment == arm]))
        if clusters < FEWEST_IN_AN_ARM:
            found.append(
                f"only {clusters} of the clusters have people in the arm '{name}': the wild cluster bootstrap is not reliable "
                "with so few on one side (MacKinnon & Webb 2017, doi 10.1002/jae.2508); trust randomisation inference more"
            )
    return tuple(found)
