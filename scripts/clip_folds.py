"""Training clips by folds: what the shipped priors rest on, and how far their intervals have to be widened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from commonbeat.fit.growth import DAY, HOUR, Memory, draw_futures, learn, levels
from commonbeat.fit.growth.reading import Asked, read_share_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commonbeat.fit.growth import GrowthPrior, ShareLog

DATA = Path(__file__).parents[2] / "shared" / "data" / "tideh_retweets" / "training"
TRAINING, TEST = range(1, 71), range(71, 101)
STOPPED = 47  # ends for good after 1.7 hours with 4,505 shares, presumably taken down: no teacher of growth, but forecast like the others
FOLDS = 5
# Chosen on the training clips from a small grid, by the median errors and the CRPS of forecasts from 1, 2, 3, 6 and 12 hours.
MEMORY, MARK_EXPONENT, FEEDBACK = Memory(300.0, 0.5), 0.4, 0.6
OBSERVED_HOURS = (1.0, 3.0, 6.0, 12.0, 24.0)
HORIZONS = (DAY, 7 * DAY)
NOTHING = 0.5  # new shares, on the log scale
CENTRAL = 0.9


class Forecast(NamedTuple):
    """One forecast and what came: the clip's number, hours observed, age forecast to, shares then and now, and five quantiles."""

    clip: int
    hours: float
    age: float
    truth: int
    now: int
    levels: tuple[float, ...]


def read_clips(numbers: Sequence[int], folder: Path = DATA) -> dict[int, ShareLog]:
    """The clips by their numbers, followed for a week, with followers and the time of day."""
    clips = {number: read_share_log(folder / f"RT{number}.txt", Asked(observed="6h")).whole for number in numbers}
    return {number: replace(clip, observed=7 * DAY) for number, clip in clips.items()}


def known(clip: ShareLog, *, followers: bool, clock: bool) -> ShareLog:
    """The clip as somebody sees it who does not know everything."""
    return replace(clip, followers=clip.followers if followers else None, clock=clip.clock if clock else None)


def taught(
    clips: dict[int, ShareLog], *, followers: bool, clock: bool, start: GrowthPrior | None = None
) -> GrowthPrior:
    """The prior that these clips teach."""
    teachers = [clip for number, clip in clips.items() if number != STOPPED]
    others = {} if start is None else {"start": start.variation}
    return learn(
        teachers,
        MEMORY,
        mark_exponent=MARK_EXPONENT,
        feedback=FEEDBACK,
        uses_followers=followers,
        uses_clock=clock,
        **others,
    )


def forecasts(
    clips: dict[int, ShareLog], prior: GrowthPrior, hours: Sequence[float], draws: int = 1000
) -> list[Forecast]:
    """Each clip from each number of hours to a day and to a week, where that lies ahead."""
    found = []
    for number, clip in clips.items():
        seen = known(clip, followers=prior.uses_followers, clock=prior.uses_clock)
        for each in hours:
            drawn = draw_futures(seen.cut(each * HOUR), prior, 7 * DAY, marks=[DAY], draws=draws)
            for age in HORIZONS:
                if age > each * HOUR:
                    row = levels(drawn.shares)[int(np.argmin(np.abs(drawn.ages - age)))]
                    found.append(Forecast(number, each, age, clip.count(age), clip.count(each * HOUR), tuple(row)))
    return found


def left_out(
    clips: dict[int, ShareLog], whole: GrowthPrior, hours: Sequence[float], draws: int = 1000
) -> tuple[list[Forecast], list[GrowthPrior]]:
    """Forecasts of every clip by a prior that it did not teach, without widening; and the prior of each fold."""
    found, priors = [], []
    for fold in range(FOLDS):
        teachers = {number: clip for number, clip in clips.items() if number % FOLDS != fold}
        others = {number: clip for number, clip in clips.items() if number % FOLDS == fold}
        prior = taught(teachers, followers=whole.uses_followers, clock=whole.uses_clock, start=whole)
        priors.append(prior)
        found += forecasts(others, prior, hours, draws)
    return found, priors


def calibration(found: Sequence[Forecast]) -> tuple[tuple[float, float], ...]:
    """For each number of hours the factor with which 90 % intervals would have held 90 % of what came, a day and a week together."""
    pairs = []
    for hours in sorted({each.hours for each in found}):
        needed = [_needed(each) for each in found if each.hours == hours]
        pairs.append((hours, round(float(np.quantile(needed, CENTRAL)), 3)))
    return tuple(pairs)


def widened(found: Sequence[Forecast], factors: Sequence[tuple[float, float]]) -> list[Forecast]:
    """The same forecasts with their intervals widened."""
    by_hours, out = dict(factors), []
    for each in found:
        new = np.log(np.maximum(np.array(each.levels) - each.now, NOTHING))
        row = each.now + np.exp(new[2] + by_hours[each.hours] * (new - new[2]))
        out.append(each._replace(levels=tuple(row)))
    return out


def _needed(each: Forecast) -> float:
    """By what factor the interval would have to be wider, or could be narrower, to end at what came."""
    low, _, middle, _, high = np.log(np.maximum(np.array(each.levels) - each.now, NOTHING))
    came = np.log(max(each.truth - each.now, NOTHING))
    half = high - middle if came > middle else middle - low
    return float(abs(came - middle) / max(half, 1e-9))
