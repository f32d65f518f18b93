"""Power over sample size: the formula everywhere, and simulated trials until the answer is clear."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from commonbeat.estimate.power.closed import power_at
from commonbeat.estimate.power.comparison import compare
from commonbeat.estimate.power.result import Point
from commonbeat.estimate.power.sequential import confidence, settled
from commonbeat.estimate.power.trials import batch_size, rejected, simulate

if TYPE_CHECKING:
    from commonbeat.estimate.power.comparison import Comparison
    from commonbeat.estimate.power.fading import Fading
    from commonbeat.estimate.power.model import Arm, PowerDesign

MULTIPLES = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
LEAST_TRIALS = 400  # so that no point of a curve is off by more than some 5 points of power, however clear its side
LOOK = 200
MOST_ANSWERS = 40_000_000  # units simulated for one point: some ten seconds of work
FEWEST = 100


def curve_sizes(design: PowerDesign) -> tuple[int, ...]:
    """The sample sizes of the curve, the planned one among them, small to large."""
    planned = design.planned_size
    given = design.simulation.sizes or tuple(round(planned * times) for times in MULTIPLES)
    least = 4 if design.clustered else 2 * len(design.arms)
    return tuple(sorted({max(size, least, 2 * len(design.arms)) for size in (*given, planned)}))


def simulated_point(design: PowerDesign, arm: Arm, wave: int, units: int, effect: float, faded: Fading) -> Point:
    """Power of this comparison with so many units: by formula, and by trials until it is clear or all are spent.

    Luck belongs to (seed, arm, wave, units), so a point does not depend on which others are asked for.
    """
    question = compare(design, arm, wave, units, faded)
    place = design.arms.index(arm)
    luck = np.random.Generator(np.random.Philox(np.random.SeedSequence([design.seed, place, wave, units])))
    seen, side = tried(question, effect, luck, design)
    share = float(seen.mean())
    low, high = confidence(seen)
    people = int(design.mean_cluster_size * units) if design.clustered else units
    return Point(
        arm=arm.name,
        delay_days=design.waves[wave].delay_days,
        units=units,
        people=people,
        closed=power_at(question, effect),
        simulated=share,
        error=math.sqrt(max(share * (1 - share), 0.25 / len(seen)) / len(seen)),
        low=low,
        high=high,
        trials=len(seen),
        side=side,
    )


def most_trials(design: PowerDesign, units: int) -> int:
    """As many trials as the design wants, or as many as very large samples allow; the Monte Carlo error says what that costs."""
    return min(design.simulation.trials, max(FEWEST, MOST_ANSWERS // units))


def tried(
    question: Comparison, effect: float, luck: np.random.Generator, design: PowerDesign
) -> tuple[np.ndarray, str]:
    """[trials]: which of them saw the effect; and on which side of the wanted power the answer lies, if that is clear."""
    most, error = most_trials(design, question.layout.units), design.simulation.error
    at_once = min(batch_size(question), LOOK)
    seen, side = np.zeros(0, dtype=bool), ""
    while len(seen) < most and not (side and len(seen) >= min(LEAST_TRIALS, most)):
        more = simulate(question, effect, luck, min(at_once, most - len(seen)))
        seen = np.concatenate([seen, rejected(more, question.level)])
        side = side or settled(seen, design.power, error)
    return seen, side
