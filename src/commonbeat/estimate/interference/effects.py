"""What reached people through others, beside what reached them directly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.errors import DesignError, Mistake
from commonbeat.estimate.interference.aronow_samii import Worlds, differences
from commonbeat.estimate.interference.ties import (
    BOTH,
    CONDITIONS,
    CONTROL,
    DIRECT,
    INDIRECT,
    exposed_controls,
    exposures,
)
from commonbeat.estimate.row import Estimate, student_estimate
from commonbeat.estimate.trial import SMALLEST_CELL, Trial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from commonbeat.estimate.interference.ties import Ties
    from commonbeat.estimate.resampling import Reassignment

    Floats = NDArray[np.float64]

LEAST_LIKELY = 0.01  # people less likely than this to meet a condition would carry weights above 100
MOST_PEOPLE = 5_000  # joint probabilities of all pairs take a minute here, and four times as long for twice as many


@dataclass(frozen=True, slots=True)
class Condition:
    """How many people met a condition, and how likely they were to on average; people None in cells that may not be shown."""

    name: str
    people: int | None
    mean_probability: float


@dataclass(frozen=True, slots=True)
class ExposureAccount:
    """Effects of exposure through ties, the conditions they compare, and what weakens the plain comparison of arms."""

    rows: tuple[Estimate, ...]
    conditions: tuple[Condition, ...]
    warnings: tuple[str, ...]


def exposure_effects(
    trial: Trial, ties: Ties, plan: Reassignment, *, seed: int, permutations: int = 5_000
) -> ExposureAccount:
    """Effects of being reached through a tie only, directly only, and both, each against neither: Hajek, then Horvitz-Thompson.

    The declared assignment is drawn again `permutations` times (all assignments where they are no more) to learn how likely each person
    was to meet each condition; intervals are normal, with the conservative variance of Aronow & Samii (see aronow_samii.py). A comparison is
    among people who could have met both conditions with a chance of at least LEAST_LIKELY and who answered; who they are follows
    from ties and design, not from luck. Assumes that only the ties listed matter, one step far, and not how many.
    Raises DesignError when ties and trial have different people, or in a stepped wedge.
    """
    heading = "Exposure through ties cannot be estimated:"
    if ties.people != len(trial.outcome):
        rule = f"are among {ties.people:,} people, the trial has {len(trial.outcome):,}"
        raise DesignError(heading, [Mistake("interference.ties", None, rule, "Give one row for each person.")])
    if plan.period is not None:
        rule = "exposure through ties is not defined for clusters that cross over"
        raise DesignError(heading, [Mistake("assignment.kind", plan.kind, rule, "Use one period.")])
    worlds = redraw_exposures(trial, ties, plan, seed=seed, permutations=permutations)
    listed = plan.is_listed(permutations)
    rows = [
        row
        for condition in (INDIRECT, DIRECT, BOTH)
        for row in _contrast(trial, worlds, condition, 0.0 if listed else LEAST_LIKELY, plan.said(permutations))
    ]
    clusters = len(plan.labels) if "cluster" in plan.kind else None
    found = [exposed_controls(trial.treatment, ties)]
    alone = int(np.count_nonzero(ties.counts() == 0))
    if alone:
        found.append(
            f"{alone:,} of {ties.people:,} people have no tie in the list and can never be reached through others"
        )
    return ExposureAccount(
        tuple(_with_clusters(row, clusters) for row in rows),
        tuple(_condition(worlds, each) for each in range(len(CONDITIONS))),
        tuple(each for each in found if each),
    )


def redraw_exposures(trial: Trial, ties: Ties, plan: Reassignment, *, seed: int, permutations: int) -> Worlds:
    """The observed exposures and those of redrawn assignments; the observed world counts as one of them, so no probability is 0."""
    observed = exposures(trial.treatment[None, :] > 0, ties)
    drawn = [exposures(plan.treatment(labels), ties) for labels in plan.chunks(permutations, seed)]
    if not plan.is_listed(permutations):
        drawn.append(observed)
    return Worlds.of(observed[0], np.concatenate(drawn), len(CONDITIONS))


def _contrast(trial: Trial, worlds: Worlds, condition: int, least: float, draws: str) -> tuple[Estimate, ...]:
    possible = (worlds.chance[condition] > least) & (worlds.chance[CONTROL] > least)
    people = possible & ~np.isnan(trial.outcome)
    here, outcome = worlds.among(people), trial.outcome[people]
    words = f"exposure effect: {trial.outcome_name}, {CONDITIONS[condition]} against {CONDITIONS[CONTROL]}"
    cells = [int(np.count_nonzero(here.observed == each)) for each in (condition, CONTROL)]
    warnings = _possible_warning(possible, condition, least)
    if min(cells) < SMALLEST_CELL:
        hidden = (*warnings, f"fewer than {SMALLEST_CELL} people met one of the two conditions: not shown")
        return (Estimate(words, None, None, None, None, None, None, len(outcome), None, "not shown", hidden),)
    weight = np.ones(len(outcome)) if trial.weight is None else trial.weight[people] / trial.weight[people].mean()
    if len(outcome) > MOST_PEOPLE:
        return (_without_error(here, outcome, weight, condition, words, draws, warnings),)
    found = zip(("Hajek", "Horvitz-Thompson"), differences(here, outcome, weight, condition, CONTROL), strict=True)
    heavy = _weight_warning(here, condition)
    return tuple(
        _row(trial, words, estimate, variance, len(outcome), f"{name}, Aronow-Samii, {draws}", (*warnings, *heavy))
        for name, (estimate, variance) in found
    )


def _row(
    trial: Trial, words: str, estimate: float, variance: float, n: int, method: str, warnings: tuple[str, ...]
) -> Estimate:
    if not variance > 0:
        below = "the estimated variance fell below zero, as it can with few people in a condition: no interval"
        return Estimate(words, estimate, None, None, None, None, None, n, None, method, (*warnings, below))
    return student_estimate(
        words,
        estimate,
        float(np.sqrt(variance)),
        float("inf"),
        level=trial.level,
        n=n,
        clusters=None,
        method=method,
        warnings=warnings,
    )


def _without_error(
    worlds: Worlds, outcome: Floats, weight: Floats, condition: int, words: str, draws: str, warnings: tuple[str, ...]
) -> Estimate:
    means = []
    for each in (condition, CONTROL):
        met = worlds.observed == each
        means.append(np.average(outcome[met], weights=weight[met] / worlds.chance[each, met]))
    many = f"no standard error: the pairs among more than {MOST_PEOPLE:,} people are too many"
    estimate = float(means[0] - means[1])
    method = f"Hajek, {draws}"
    return Estimate(words, estimate, None, None, None, None, None, len(outcome), None, method, (*warnings, many))


def _possible_warning(possible: NDArray[np.bool_], condition: int, least: float) -> tuple[str, ...]:
    left_out = int(np.count_nonzero(~possible))
    if left_out == 0:
        return ()
    chance = f"less than {least:.0%} likely" if least else "impossible"
    names = f"'{CONDITIONS[condition]}' or '{CONDITIONS[CONTROL]}'"
    return (f"{left_out:,} of {len(possible):,} people are left out: for them {names} was {chance}",)


def _weight_warning(worlds: Worlds, condition: int) -> tuple[str, ...]:
    for each in (condition, CONTROL):
        met = worlds.observed == each
        share = 1.0 / worlds.chance[each, met]
        effective = share.sum() ** 2 / (share**2).sum()
        if effective < 0.5 * met.sum():
            warning = (
                f"{int(met.sum()):,} people met '{CONDITIONS[each]}', but a few of them were unlikely to and carry most of the "
                f"weight (as good as {effective:.0f} equal ones)"
            )
            return (warning,)
    return ()


def _condition(worlds: Worlds, condition: int) -> Condition:
    people = int(np.count_nonzero(worlds.observed == condition))
    shown = people if people >= SMALLEST_CELL or people == 0 else None
    return Condition(CONDITIONS[condition], shown, float(worlds.chance[condition].mean()))


def _with_clusters(row: Estimate, clusters: int | None) -> Estimate:
    return replace(row, clusters=clusters)
