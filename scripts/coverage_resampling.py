"""Cases of inference by drawing again, of compliers, and of people who did not answer: trials estimated one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from coverage_batches import BETWEEN, EFFECT
from coverage_case import Case, Intervals, cluster_sizes, one_by_one

from commonbeat.estimate.attrition import lee_bounds, response_weighted_effects
from commonbeat.estimate.design import Assignment
from commonbeat.estimate.effects import complier_effect
from commonbeat.estimate.interference import exposure_effects, mutual_ties
from commonbeat.estimate.interference.ties import exposures
from commonbeat.estimate.resampling import plan_reassignment, randomisation_inference, wild_cluster_bootstrap
from commonbeat.estimate.trial import Trial

if TYPE_CHECKING:
    from numpy.random import Generator

    from commonbeat.estimate.row import Estimate

DRAWS = 599  # of the bootstrap and of permutations: (599 + 1) * .05 is a whole number


def half(random: Generator, units: int) -> np.ndarray:
    """Half of the units treated."""
    return random.permutation(np.arange(units) % 2).astype(float)


def clustered_trial(random: Generator, clusters: int, shape: str, mean: int = 20) -> Trial:
    """A clustered trial with a constant effect."""
    cluster = np.repeat(np.arange(clusters), cluster_sizes(clusters, mean, shape))
    arm = half(random, clusters)[cluster]
    outcome = random.normal(size=len(cluster)) + BETWEEN * random.normal(size=clusters)[cluster] + EFFECT * arm
    return Trial(outcome, arm, cluster=cluster)


def wild(clusters: int, shape: str) -> Case:
    """The wild cluster bootstrap's interval."""

    def draw(seed: int, trials: int) -> Intervals:
        return one_by_one(
            trials,
            seed,
            EFFECT,
            lambda random: wild_cluster_bootstrap(clustered_trial(random, clusters, shape), seed=seed, draws=DRAWS),
            "wild cluster bootstrap is not reliable",
        )

    people = int(cluster_sizes(clusters, 20, shape).sum())
    return Case(f"{shape} clusters", "wild cluster bootstrap", people, clusters, draw)


def redrawn(words: str, kind: str, people: int, clusters: int | None) -> Case:
    """Randomisation inference's inverted interval."""
    assignment = Assignment(kind=kind, permutations=DRAWS)

    def estimate(random: Generator) -> Estimate:
        if clusters is None:
            arm = half(random, people)
            trial = Trial(random.normal(size=people) + EFFECT * arm, arm)
        else:
            trial = clustered_trial(random, clusters, "unequal")
        return randomisation_inference(trial, assignment, seed=int(random.integers(2**31)))

    people = people if clusters is None else int(cluster_sizes(clusters, 20, "unequal").sum())
    return Case(
        words,
        "randomisation inference, inverted",
        people,
        clusters,
        lambda seed, trials: one_by_one(trials, seed, EFFECT, estimate),
    )


def stepped_wedge(random: Generator) -> Estimate:
    """Twelve clusters cross over in turn over four steps; levels drift."""
    cluster, period = np.repeat(np.arange(12), 40), np.tile(np.repeat(np.arange(5), 8), 12)
    crossover = random.permutation(1 + np.arange(12) % 4)
    arm = (period >= crossover[cluster]).astype(float)
    outcome = random.normal(size=480) + BETWEEN * random.normal(size=12)[cluster] + 0.2 * period + EFFECT * arm
    assignment = Assignment(kind="stepped wedge", step="period", permutations=DRAWS)
    seed = int(random.integers(2**31))
    return randomisation_inference(Trial(outcome, arm, cluster=cluster), assignment, seed=seed, period=period)


def complier_trial(random: Generator, people: int, take_up: float, clusters: int | None = None) -> Trial:
    """Only those assigned may take part; takers start higher, and the effect on them is .5."""
    cluster = None if clusters is None else np.arange(people) % clusters
    arm = half(random, people) if clusters is None else half(random, clusters)[cluster]
    taker = (random.random(people) < take_up).astype(float)
    outcome = random.normal(size=people) + 0.6 * taker + 0.5 * arm * taker
    if cluster is not None:
        outcome += BETWEEN * random.normal(size=clusters)[cluster]
    return Trial(outcome, arm, cluster=cluster, complied=arm * taker)


def compliers(words: str, people: int, take_up: float, row: int, clusters: int | None = None) -> Case:
    """Two-stage least squares (row 0) or the interval of Anderson and Rubin (row 1)."""
    name = ("2SLS", "Anderson-Rubin")[row] + (", HC2" if clusters is None else ", CR2")

    def draw(seed: int, trials: int) -> Intervals:
        return one_by_one(
            trials,
            seed,
            0.5,
            lambda random: complier_effect(complier_trial(random, people, take_up, clusters))[row],
            "weak",
        )

    return Case(words, name, people, clusters, draw)


def silent_trial(random: Generator, people: int) -> Trial:
    """Answering hangs on a covariate, and on the arm: treatment brings some people to answer who would not have otherwise."""
    arm, known = half(random, people), random.normal(size=people)
    answers = random.random(people) < 1 / (1 + np.exp(-(0.6 + 0.8 * known + 0.5 * arm)))
    outcome = random.normal(size=people) + 0.8 * known + (EFFECT + 0.3 * known) * arm
    outcome[~answers] = np.nan
    return Trial(outcome, arm, covariates=known[:, None], covariate_names=("age",))


def bounded_trial(random: Generator, people: int) -> Trial:
    """One in ten answers only when treated, and stands low: the effect on those who always answer is EFFECT."""
    arm, kind = half(random, people), random.random(people)
    outcome = random.normal(size=people) + EFFECT * arm - 1.5 * (kind < 0.1)
    outcome[(kind < 0.1) & (arm == 0)] = np.nan
    outcome[kind > 0.8] = np.nan
    return Trial(outcome, arm)


RING = np.arange(240)
TIES = mutual_ties(240, np.concatenate([RING, RING]), np.concatenate([(RING + 1) % 240, (RING * 7 + 3) % 240]))


def exposed(random: Generator, row: int) -> Estimate | None:
    """A quarter treated on a network; row 0: reached through others only, against nobody, by Hajek; 1: Horvitz-Thompson."""
    arm = random.permutation(np.arange(240) % 4 == 0).astype(float)
    met = exposures(arm[None, :] > 0, TIES)[0]
    trial = Trial(random.normal(1, 1, 240) + np.array([0.0, 0.3, 0.6, 0.9])[met], arm)
    plan = plan_reassignment(trial, "complete")
    return exposure_effects(trial, TIES, plan, seed=1, permutations=400).rows[row]


def single_cases() -> list[Case]:
    """All cases of this file."""
    return [
        *(wild(clusters, shape) for clusters in (6, 10, 20) for shape in ("equal", "unequal")),
        redrawn("complete", "complete", 40, None),
        redrawn("unequal clusters", "clustered", 0, 12),
        Case(
            "stepped wedge",
            "randomisation inference, inverted",
            480,
            12,
            lambda seed, trials: one_by_one(trials, seed, EFFECT, stepped_wedge),
        ),
        compliers("complete, 60 % take-up", 300, 0.6, 0),
        compliers("complete, 12 % take-up", 300, 0.12, 0),
        compliers("complete, 12 % take-up", 300, 0.12, 1),
        compliers("20 clusters, 60 % take-up", 600, 0.6, 0, 20),
        Case(
            "answering hangs on arm and covariate",
            "weighted by inverse chance of answering",
            500,
            None,
            lambda seed, trials: one_by_one(
                trials, seed, EFFECT, lambda random: response_weighted_effects(silent_trial(random, 500))[0]
            ),
        ),
        Case(
            "one in ten answers only when treated",
            "Lee bounds, Imbens-Manski",
            600,
            None,
            lambda seed, trials: one_by_one(
                trials, seed, EFFECT, lambda random: lee_bounds(bounded_trial(random, 600))[2]
            ),
        ),
        *(
            Case(
                "a network, a quarter treated",
                f"{name}, Aronow-Samii",
                240,
                None,
                lambda seed, trials, row=row: one_by_one(trials, seed, 0.3, lambda random: exposed(random, row)),
            )
            for row, name in enumerate(("Hajek", "Horvitz-Thompson"))
        ),
    ]
