"""Cases of pairs, of blocks with a single unit in an arm, of a stepped wedge, of groups, and of a place against its synthetic twin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from coverage_batches import BETWEEN, EFFECT
from coverage_case import Case, one_by_one

from commonbeat.estimate.effects import primary_effect
from commonbeat.estimate.groups import effects_by_group
from commonbeat.estimate.row import Estimate
from commonbeat.estimate.series import PlaceSeries
from commonbeat.estimate.series.gaps import donor_gaps, exact_interval, place_gap
from commonbeat.estimate.trial import Trial

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.random import Generator

SINGLE = "single unit in an arm"
RISING = 0.3  # by which the effect grows for each person more in a block


def pairs(random: Generator, *, clustered: bool) -> Estimate:
    """Twenty pairs of people, or eight pairs of clusters of 3 to 39 people; one of each pair treated."""
    count = 8 if clustered else 20
    first = random.integers(0, 2, count)
    unit = np.repeat(np.arange(2 * count), random.integers(3, 40, 2 * count) if clustered else 1)
    arm = (unit % 2 == first[unit // 2]).astype(float)
    outcome = random.normal(size=count)[unit // 2] + random.normal(size=len(unit)) + EFFECT * arm
    if clustered:
        outcome += 0.5 * random.normal(size=2 * count)[unit]
    return primary_effect(Trial(outcome, arm, unit if clustered else None, unit // 2))


def small_blocks(random: Generator, sizes: Sequence[int], treated: Sequence[int], rising: float) -> Estimate:
    """Blocks of people; the effect grows with the block's size, and the truth weighs blocks by it."""
    block = np.repeat(np.arange(len(sizes)), sizes)
    arm = np.concatenate([random.permutation(size) < count for size, count in zip(sizes, treated, strict=True)]).astype(
        float
    )
    outcome = (
        random.normal(size=len(sizes))[block] + random.normal(size=len(block)) + rising * np.array(sizes)[block] * arm
    )
    return primary_effect(Trial(outcome, arm, block=block))


def clusters_in_threes(random: Generator) -> Estimate:
    """Twelve blocks of three clusters of 3 to 19 people, one treated in each."""
    unit = np.repeat(np.arange(36), random.integers(3, 20, 36))
    chosen = random.integers(0, 3, 12)
    arm = (unit % 3 == chosen[unit // 3]).astype(float)
    outcome = (
        random.normal(size=12)[unit // 3]
        + 0.5 * random.normal(size=36)[unit]
        + random.normal(size=len(unit))
        + EFFECT * arm
    )
    return primary_effect(Trial(outcome, arm, unit, unit // 3))


def wedge(random: Generator, clusters: int) -> Estimate:
    """Clusters cross over in turn over four steps, and differ by period; the regression within periods."""
    cluster, period = np.repeat(np.arange(clusters), 40), np.tile(np.repeat(np.arange(5), 8), clusters)
    crossover = random.permutation(1 + np.arange(clusters) % 4)
    arm = (period >= crossover[cluster]).astype(float)
    level = BETWEEN * (random.normal(size=clusters)[cluster] + random.normal(size=(clusters, 5))[cluster, period])
    outcome = random.normal(size=len(arm)) + level + 0.2 * period + EFFECT * arm
    return primary_effect(Trial(outcome, arm, cluster=cluster, block=period, block_word="period"))


def worst_off(random: Generator, *, clustered: bool) -> Estimate:
    """The first row by group: that of the group whose controls stand lowest, which luck never hides here. Half of each cluster is in it."""
    cluster = np.arange(400) // 20
    drawn = random.permutation(np.arange(20) % 2)[cluster] if clustered else random.permutation(np.arange(400) % 2)
    group = np.arange(400) % 2
    level = BETWEEN * random.normal(size=20)[cluster] if clustered else 0.0
    outcome = random.normal(size=400) + level + 3.0 * group + (EFFECT + group) * drawn
    trial = Trial(
        outcome, drawn.astype(float), cluster if clustered else None, group=group, group_names=("low", "high")
    )
    return effects_by_group(trial)[0]


def synthetic(random: Generator) -> Estimate:
    """Twenty-one places that follow two common paths with shares of their own; one of them, by lot, is treated in the last eight of 28 periods."""
    paths = np.cumsum(random.normal(size=(2, 28)), axis=1)
    table = random.random((21, 2)) @ paths + 0.5 * random.normal(size=(21, 28))
    treated = int(random.integers(21))
    table[treated, 20:] += EFFECT
    places = PlaceSeries(table, tuple(map(str, range(21))), tuple(map(str, range(28))), treated, 20)
    own = place_gap(places, treated, places.start)
    low, high = exact_interval(own, np.array([gap.ratio for gap in donor_gaps(places, places.start)]), places.level)
    return Estimate("", own.mean_after, None, None, low, high, None, table.size, None, "")


def layout_cases() -> list[Case]:
    """All cases of this file."""

    def case(
        design: str,
        estimator: str,
        people: int,
        clusters: int | None,
        truth: float,
        estimate: Callable[[Generator], Estimate],
        words: str = "",
    ) -> Case:
        return Case(
            design, estimator, people, clusters, lambda seed, trials: one_by_one(trials, seed, truth, estimate, words)
        )

    rising = [2, 3, 4, 8] * 6
    lone = [4] * 7 + [3]
    mixed = [3, 5] * 6
    return [
        case("pairs of people", "matched pairs", 40, None, EFFECT, lambda random: pairs(random, clustered=False)),
        case(
            "pairs of unequal clusters",
            "matched pairs",
            336,
            16,
            EFFECT,
            lambda random: pairs(random, clustered=True),
            "luster",
        ),
        case(
            "24 blocks with one treated, effects rise with size",
            "blocked, HC2",
            sum(rising),
            None,
            RISING * sum(size**2 for size in rising) / sum(rising),
            lambda random: small_blocks(random, rising, [1] * 24, RISING),
            SINGLE,
        ),
        case(
            "24 blocks with one treated, no effect",
            "blocked, HC2",
            sum(rising),
            None,
            0.0,
            lambda random: small_blocks(random, rising, [1] * 24, 0.0),
            SINGLE,
        ),
        case(
            "8 blocks, one with one treated",
            "blocked, HC2",
            sum(lone),
            None,
            RISING * sum(size**2 for size in lone) / sum(lone),
            lambda random: small_blocks(random, lone, [2] * 7 + [1], RISING),
            SINGLE,
        ),
        case(
            "12 blocks, six with one treated",
            "blocked, HC2",
            sum(mixed),
            None,
            RISING * sum(size**2 for size in mixed) / sum(mixed),
            lambda random: small_blocks(random, mixed, [1, 2] * 6, RISING),
            SINGLE,
        ),
        case("12 blocks of three clusters, one treated", "blocked, CR2", 396, 36, EFFECT, clusters_in_threes, SINGLE),
        *(
            case(
                "stepped wedge",
                "within periods, CR2",
                40 * clusters,
                clusters,
                EFFECT,
                lambda random, clusters=clusters: wedge(random, clusters),
                "luster",
            )
            for clusters in (8, 12)
        ),
        case(
            "the worst-off of two groups",
            "by group, HC2",
            200,
            None,
            EFFECT,
            lambda random: worst_off(random, clustered=False),
        ),
        case(
            "the worst-off of two groups",
            "by group, CR2",
            200,
            20,
            EFFECT,
            lambda random: worst_off(random, clustered=True),
        ),
        case("one of 21 places, by lot", "synthetic control", 588, None, EFFECT, synthetic),
    ]
