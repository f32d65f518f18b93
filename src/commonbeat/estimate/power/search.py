"""The smallest effect that a sample sees, and the smallest sample that sees an effect."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from commonbeat.estimate.power.closed import (
    binned,
    power_at,
    power_of_difference,
    power_of_t,
    precision,
    variance_with,
)
from commonbeat.estimate.power.comparison import compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from commonbeat.estimate.power.comparison import Comparison
    from commonbeat.estimate.power.dilution import Dilution
    from commonbeat.estimate.power.fading import Fading
    from commonbeat.estimate.power.model import Arm, PowerDesign

LARGEST_EFFECT = 20.0
LARGEST_SAMPLE = 20_000_000
LAID_OUT = 6_000  # units beyond which a sample is a scaled copy of a smaller one
STEPS = 40


def smallest_effect(question: Comparison, power: float) -> float:
    """The effect on somebody reached, true SD, that is seen with this power; inf where none is."""
    exact = precision(question)
    return _lowest(lambda effect: power_at(question, effect, exact) >= power)


def smallest_difference(question: Comparison, power: float) -> float:
    """The difference between the arms, SDs of the answers, that is seen with this power."""
    exact = precision(question)
    return _lowest(lambda difference: power_of_difference(question, difference, exact) >= power)


def _lowest(enough: Callable[[float], bool]) -> float:
    """The smallest number for which it is enough, by halving, to one part in a million."""
    low, high = 0.0, 0.05
    while not enough(high):
        if high > LARGEST_EFFECT:
            return math.inf
        low, high = high, 2 * high
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
        if high - low < 1e-6 * high:
            break
    return high


def needed_units(
    design: PowerDesign,
    arm: Arm,
    wave: int,
    effect: float,
    faded: Fading,
    diluted: Dilution | None = None,
    law: Literal["student", "normal"] = "student",
) -> float:
    """The fewest units in all arms with which the comparison has the wanted power; inf beyond twenty million.

    `diluted` stands in for the design's own dilution, for instance of an effect that was measured later. Shares of arms are
    kept, so two equal arms give an even number.
    """
    per_unit = sum(each.share for each in design.arms) / design.arms[0].share

    def enough(of_first: int) -> bool:
        units = max(round(of_first * per_unit), 2 * len(design.arms))
        return scaled_power(design, arm, wave, units, effect, faded, diluted, law) >= design.power

    most = int(LARGEST_SAMPLE / per_unit)
    low, high = 1, 2
    while not enough(high):
        if high >= most:
            return math.inf
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return float(max(round(high * per_unit), 2 * len(design.arms)))


def scaled_power(
    design: PowerDesign,
    arm: Arm,
    wave: int,
    units: int,
    effect: float,
    faded: Fading,
    diluted: Dilution | None,
    law: Literal["student", "normal"],
) -> float:
    """Power by formula; of a large sample, from the precision of a smaller one of the same kind."""
    laid = min(units, LAID_OUT)
    question = compare(design, arm, wave, laid, faded)
    if diluted is not None:
        question = replace(question, dilution=diluted)
    found = precision(question)
    ratio = units / laid
    df, true_df = (math.inf, math.inf) if law == "normal" else (found.df * ratio, found.true_df * ratio)
    bias = 1.0 if law == "normal" else 1 + (found.bias - 1) / ratio
    shift = abs(effect) * binned(question.dilution.factor) / math.sqrt(variance_with(question, found, effect) / ratio)
    return float(power_of_t(shift, replace(found, df=df, true_df=true_df, bias=bias), question.level).mean())
