"""Cases in which time does the comparing, paths through a mediator, and pooled studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from coverage_batches import EFFECT
from coverage_case import Case, one_by_one

from commonbeat.estimate.mediation import MediationData, mediate
from commonbeat.estimate.panel import PanelData, TwoByTwo, compare_panel, difference_in_differences
from commonbeat.estimate.pool import pool_effects
from commonbeat.estimate.rollout import RolloutData, staggered_rollout
from commonbeat.estimate.row import student_estimate
from commonbeat.estimate.series import SeriesData
from commonbeat.estimate.series.autoregression import fit_autoregression
from commonbeat.estimate.series.shape import changes, shape_columns
from commonbeat.estimate.series.warnings import series_warnings

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator

    from commonbeat.estimate.row import Estimate


def roll_out(random: Generator, places: int) -> Estimate:
    """Places begin in period 2, 3, 4 or never; effects grow by a quarter a period."""
    first = np.array([2.0, 3.0, 4.0, np.inf])[np.arange(places) % 4]
    unit, time = np.repeat(np.arange(places), 6), np.tile(np.arange(6), places)
    since = time - first[unit]
    effect = np.where(since >= 0, EFFECT * (1 + np.where(since >= 0, since, 0)), 0.0)
    outcome = random.normal(size=places)[unit] + 0.1 * time + 0.5 * random.normal(size=len(unit)) + effect
    data = RolloutData(outcome, unit, time, np.where(np.isfinite(first), first, np.nan)[unit])
    return staggered_rollout(data).overall[0]


# Mean effects of the cohorts that begin in 2, 3 and 4, over their 4, 3 and 2 periods; cohorts are alike in size.
ROLL_OUT_TRUTH = EFFECT * float(np.mean([2.5, 2.0, 1.5]))


def series(random: Generator, periods: int, hanging: float) -> Estimate:
    """A level that rises by EFFECT in the middle; errors of one period hang on those of the last.

    Only the fit that stands in the first row: the searches for deciding periods and placebo starts, which take most of the time, are left out.
    """
    noise = np.empty(periods)
    noise[0] = random.normal() / np.sqrt(1 - hanging**2)
    for period in range(1, periods):
        noise[period] = hanging * noise[period - 1] + random.normal()
    start = periods // 2
    outcome = noise + 0.02 * np.arange(periods) + EFFECT * (np.arange(periods) >= start)
    columns = shape_columns(periods, start, None)
    fit = fit_autoregression(outcome, columns)
    level = changes(columns, start, "period")[0]
    told = series_warnings(SeriesData(outcome, tuple(map(str, range(periods))), start))
    return student_estimate(
        "", *fit.contrast(level.contrast), fit.df, n=periods, clusters=None, method="", warnings=told
    )


def panel(random: Generator) -> Estimate:
    """A hundred people in four waves; those who are exposed more stand lower to begin with."""
    person, time = np.repeat(np.arange(100), 4), np.tile(np.arange(4), 100)
    level = random.normal(size=100)
    exposure = random.poisson(np.exp(-0.5 - 0.5 * level))[person] + random.poisson(0.4, 400)
    outcome = level[person] + 0.1 * time - EFFECT * exposure + random.normal(size=400)
    return compare_panel(PanelData(outcome, exposure.astype(float), person, time)).rows[0]


def before_after(random: Generator, places: int) -> Estimate:
    """Places before and after, half of them with the programme."""
    unit, after = np.repeat(np.arange(places), 2), np.tile([0.0, 1.0], places)
    group = (unit % 2).astype(float)
    outcome = random.normal(size=places)[unit] + 0.5 * group + 0.3 * after + random.normal(size=2 * places)
    outcome += EFFECT * group * after
    return difference_in_differences(TwoByTwo(outcome, group, after, unit=unit, row_kind="place"))


def mediated(random: Generator) -> Estimate:
    """Treatment moves trust by .5, trust moves cooperation by .4, and nothing hidden moves both."""
    arm = random.permutation(np.arange(200) % 2).astype(float)
    trust = 0.5 * arm + random.normal(size=200)
    data = MediationData(arm, trust, 0.1 * arm + 0.4 * trust + random.normal(size=200), draws=400)
    return mediate(data).rows[0]


def pooled(random: Generator, studies: int) -> Estimate:
    """Studies of unlike size whose true effects vary by .15."""
    error = np.linspace(0.05, 0.3, studies)
    effects = EFFECT + 0.15 * random.normal(size=studies) + error * random.normal(size=studies)
    return pool_effects(effects, error).row


def time_cases() -> list[Case]:
    """All cases of this file."""

    def case(
        design: str,
        estimator: str,
        rows: int,
        clusters: int | None,
        truth: float,
        estimate: Callable[[Generator], Estimate],
        words: str = "",
    ) -> Case:
        return Case(
            design,
            estimator,
            rows,
            clusters,
            lambda seed, trials: one_by_one(trials, seed, truth, estimate, words),
        )

    return [
        *(
            case(
                f"staggered roll-out, {places} places",
                "Callaway-Sant'Anna",
                places * 6,
                places,
                ROLL_OUT_TRUTH,
                lambda random, places=places: roll_out(random, places),
                "Only",
            )
            for places in (16, 40)
        ),
        *(
            case(
                f"{periods} periods, errors hang together by {hanging:g}",
                "interrupted series, level",
                periods,
                None,
                EFFECT,
                lambda random, periods=periods, hanging=hanging: series(random, periods, hanging),
                "less often than it says",
            )
            for periods, hanging in ((40, 0.0), (40, 0.4), (100, 0.4))
        ),
        case("four waves", "within person", 400, 100, -EFFECT, panel),
        *(
            case(
                f"two periods, {places} places",
                "difference in differences",
                places * 2,
                places,
                EFFECT,
                lambda random, places=places: before_after(random, places),
                "luster",
            )
            for places in (10, 30)
        ),
        case("a path with nothing hidden", "mediated effect", 200, None, 0.2, mediated),
        *(
            case(
                f"{studies} studies that differ",
                "pooled, REML, Hartung-Knapp",
                studies,
                None,
                EFFECT,
                lambda random, studies=studies: pooled(random, studies),
                "studies",
            )
            for studies in (5, 10, 20, 40)
        ),
    ]
