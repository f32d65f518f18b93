"""Cases that thousands of trials can be estimated for at once: differences in means, Lin's regression, clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from coverage_case import Case, Intervals, cluster_sizes, drawn_arms

from commonbeat.estimate.effects import batch_effects, primary_effect
from commonbeat.estimate.trial import Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BETWEEN = 0.3  # SD between clusters beside 1 within: an intra-cluster correlation of .08
EFFECT = 0.25


def of_batch(outcomes: Floats, treatment: Floats, truth: float, **columns: NDArray) -> Intervals:
    """The intervals of all trials; the warning is that of the first trial estimated alone, as it hangs on counts only."""
    found = batch_effects(outcomes, treatment, **columns)
    low, high = found.intervals()
    names = {"clusters": "cluster", "weights": "weight", "blocks": "block"}
    given = {names[name]: column for name, column in columns.items() if name in names}
    alone = primary_effect(Trial(outcomes[0], treatment[0], **given))
    weak = any("cluster" in each for each in alone.warnings)
    return Intervals(found.estimate, low, high, truth, np.full(len(outcomes), weak))


def unequal_arms(seed: int, trials: int) -> Intervals:
    """60 treated of 200; the treated vary twice as much."""
    random = np.random.default_rng(seed)
    arm = drawn_arms(random, trials, 200, 60)
    return of_batch(random.normal(size=arm.shape) * (1 + arm) + EFFECT * arm, arm, EFFECT)


def skewed(seed: int, trials: int) -> Intervals:
    """Log-normal outcomes; the effect multiplies."""
    random = np.random.default_rng(seed)
    arm = drawn_arms(random, trials, 400, 200)
    outcome = random.lognormal(0, 0.8, arm.shape) * (1 + 0.2 * arm)
    return of_batch(outcome, arm, 0.2 * float(np.exp(0.32)))


def blocked(seed: int, trials: int) -> Intervals:
    """Five blocks with shares treated from .2 to .7, levels and effects that differ between them."""
    random = np.random.default_rng(seed)
    size, share = np.array([60, 50, 40, 40, 30]), np.array([0.2, 0.3, 0.5, 0.6, 0.7])
    effects = np.array([0.0, 0.2, 0.4, 0.1, 0.6])
    arm = np.concatenate(
        [drawn_arms(random, trials, n, round(n * part)) for n, part in zip(size, share, strict=True)], axis=1
    )
    block = np.repeat(np.arange(5), size)
    outcome = random.normal(size=arm.shape) + block * 0.8 + effects[block] * arm
    return of_batch(outcome, arm, float(effects @ size / size.sum()), blocks=block)


def adjusted(seed: int, trials: int) -> Intervals:
    """Two covariates, one skewed, whose slopes differ between the arms; 60 of 150 treated."""
    random = np.random.default_rng(seed)
    arm = drawn_arms(random, trials, 150, 60)
    known = np.stack([random.normal(size=arm.shape), random.exponential(size=arm.shape) - 1.0], axis=2)
    outcome = random.normal(size=arm.shape) + known @ [0.6, 0.4] + arm * (EFFECT + 0.4 * known[:, :, 0])
    return of_batch(outcome, arm, EFFECT, covariates=known)


def weighted(seed: int, trials: int) -> Intervals:
    """Weights from .5 to 3 that go with the effect: the truth is the population's, not the sample's."""
    random = np.random.default_rng(seed)
    weight = np.repeat([0.5, 1.0, 3.0], [200, 150, 150])
    effects = np.repeat([0.0, 0.2, 0.6], [200, 150, 150])
    arm = drawn_arms(random, trials, 500, 250)
    outcome = random.normal(size=arm.shape) + effects * (0.5 + arm)
    return of_batch(outcome, arm, float(weight @ effects / weight.sum()), weights=weight)


def clustered(clusters: int, shape: str, treated: int | None = None, between: float = BETWEEN) -> Case:
    """Whole clusters drawn, half of them treated unless said otherwise."""
    sizes = cluster_sizes(clusters, 25, shape)
    cluster = np.repeat(np.arange(clusters), sizes)
    in_treatment = clusters // 2 if treated is None else treated

    def draw(seed: int, trials: int) -> Intervals:
        random = np.random.default_rng(seed)
        arm = drawn_arms(random, trials, clusters, in_treatment)[:, cluster]
        level = between * random.normal(size=(trials, clusters))[:, cluster]
        outcome = random.normal(size=arm.shape) + level + EFFECT * arm
        return of_batch(outcome, arm, EFFECT, clusters=cluster)

    words = f"{shape} clusters" if treated is None else f"{shape} clusters, {treated} treated"
    words += ", as different as people" if between == 1.0 else ""
    return Case(words, "CR2, Satterthwaite", len(cluster), clusters, draw)


def clustered_in_blocks(seed: int, trials: int) -> Intervals:
    """Four blocks of six unequal clusters, three treated in each."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(24), cluster_sizes(24, 20, "unequal"))
    block = cluster // 6
    by_block = [drawn_arms(random, trials, 6, 3) for _ in range(4)]
    arm = np.concatenate(by_block, axis=1)[:, cluster]
    level = BETWEEN * random.normal(size=(trials, 24))[:, cluster]
    outcome = random.normal(size=arm.shape) + level + 0.5 * block + EFFECT * arm
    return of_batch(outcome, arm, EFFECT, clusters=cluster, blocks=block)


def clustered_and_weighted(seed: int, trials: int) -> Intervals:
    """Thirty unequal clusters, survey weights, and a covariate."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(30), cluster_sizes(30, 20, "unequal"))
    weight = np.random.default_rng(1).uniform(0.5, 2.0, len(cluster))
    arm = drawn_arms(random, trials, 30, 15)[:, cluster]
    age = random.normal(size=arm.shape)
    level = BETWEEN * random.normal(size=(trials, 30))[:, cluster]
    outcome = random.normal(size=arm.shape) + level + 0.5 * age + EFFECT * arm
    return of_batch(outcome, arm, EFFECT, clusters=cluster, weights=weight, covariates=age[:, :, None])


def batch_cases() -> list[Case]:
    """All cases of this file."""
    return [
        Case("complete, arms unlike in size and spread", "difference in means, HC2", 200, None, unequal_arms),
        Case("complete, skewed outcome", "difference in means, HC2", 400, None, skewed),
        Case("blocks with varying shares", "blocked, HC2", 220, None, blocked),
        Case("complete, covariates", "Lin, HC2", 150, None, adjusted),
        Case("complete, survey weights", "weighted, HC2", 500, None, weighted),
        *(clustered(clusters, shape) for clusters in (4, 6, 8, 10, 20, 40) for shape in ("equal", "unequal")),
        *(clustered(clusters, "very unequal", between=1.0) for clusters in (6, 10, 20, 40)),
        *(clustered(20, "unequal", treated) for treated in (2, 3, 4, 6)),
        Case("blocks of unequal clusters", "blocked, CR2, Satterthwaite", 480, 24, clustered_in_blocks),
        Case(
            "unequal clusters, weights, covariate", "Lin, weighted, CR2, Satterthwaite", 600, 30, clustered_and_weighted
        ),
    ]
